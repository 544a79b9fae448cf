"""What a count adds up to. Pure: entries in, one figure and one moment per product out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CONFIRMED, RECHECK = "count.confirmed", "count.recheck"
SOURCE = "count"
AGREEMENT, OPERATOR, PRODUCER = "agreement", "operator", "producer"
LIABILITIES = (AGREEMENT, OPERATOR, PRODUCER)
# What reaches us later than this may be older than a count confirmed meanwhile; what is quicker is looked at once
# more soon after the confirmation.
LATE = timedelta(seconds=60)
LOOK_AGAIN = timedelta(minutes=3)
MOST_MILLI = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a count as kept."""

    id: str
    product_id: str
    round: int
    qty_milli: int
    counted_at: datetime
    counted_by: str
    voids_id: str | None = None
    spot: str | None = None


@dataclass(slots=True)
class Tally:
    """One product: what its latest round adds up to, when that was, and who counted in which round."""

    product_id: str
    round: int = 0
    counted_milli: int = 0
    first_at: datetime | None = None
    moment_at: datetime | None = None  # of the last entry: the expected figure is taken at this moment
    by: dict[int, list[str]] = field(default_factory=dict)
    spots: list[str] = field(default_factory=list)

    @property
    def people(self) -> set[str]:
        """Whoever counted it, in any round."""
        return {person for people in self.by.values() for person in people}


def tally(entries: Iterable[Entry]) -> dict[str, Tally]:
    """By product. Voided entries count for nothing; of several rounds the latest stands, within it entries add up."""
    rows = list(entries)
    voided = {row.voids_id for row in rows if row.voids_id}
    found: dict[str, Tally] = {}
    for row in sorted(rows, key=lambda row: (row.counted_at, row.id)):
        if row.voids_id or row.id in voided:
            continue
        one = found.setdefault(row.product_id, Tally(row.product_id))
        people = one.by.setdefault(row.round, [])
        if row.counted_by not in people:
            people.append(row.counted_by)
        if row.round < one.round:
            continue
        if row.round > one.round:
            one.round, one.counted_milli, one.first_at, one.spots = row.round, 0, row.counted_at, []
        one.counted_milli += row.qty_milli
        one.first_at = one.first_at or row.counted_at
        one.moment_at = row.counted_at
        if row.spot and row.spot not in one.spots:
            one.spots.append(row.spot)
    return found
