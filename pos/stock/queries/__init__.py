"""Questions about goods: levels, intake notes, documents."""

from pos.stock.queries.intakes import get_intake, list_intakes
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
    "get_intake",
    "list_countable",
    "list_intakes",
    "list_levels",
    "list_operators",
    "list_sites",
    "producers_offered",
]
