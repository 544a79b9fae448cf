"""What the form of goods that run out says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pos.stock.queries.supply import Low
from pos.web.fields import Fields


def wanted_of(form: Mapping[str, str], low: Sequence[Low]) -> dict[tuple[str, str], dict[str, int]]:
    """Source (kind, id) → product → thousandths. `qty-<product>`, `from-<product>` (empty: the maker).
    Raises Invalid."""
    read = Fields(form)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for one in low:
        name = f"qty-{one.product_id}"
        milli = read.thousandths(name)
        if not milli:
            continue
        if milli % 1000 and not one.weighed:
            read.wrong(name, "intake.whole")
        where = read.choice(f"from-{one.product_id}", [id_ for id_, _, _ in one.elsewhere], required=False)
        source = ("site", where) if where else ("producer", one.producer_id)
        found.setdefault(source, {})[one.product_id] = milli
    if not found and not read.errors:
        read.wrong("lines", "supply.empty")
    read.finish()
    return found
