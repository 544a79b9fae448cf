"""Questions about goods: levels, documents."""

from pos.stock.queries.levels import (
    PAGE,
    Countable,
    list_countable,
    list_levels,
    list_operators,
    list_sites,
    producers_offered,
)

__all__ = [
    "PAGE",
    "Countable",
    "list_countable",
    "list_levels",
    "list_operators",
    "list_sites",
    "producers_offered",
]
