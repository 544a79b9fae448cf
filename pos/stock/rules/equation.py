"""The goods equation: every movement belongs to one column, so that the columns add up. Pure.

opening + delivered + found (+ in from elsewhere) = sold − returned + back to the producer + used + written off + lost
(+ out to elsewhere) + on hand + quarantine + in transit. Of one place "elsewhere" is the other places and the road.
Source: money.md, invariant 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pos.stock.rules import OURS

# goods to the producer by these: less was delivered; merged and told_apart come back as another product or lot
TAKEN_BACK = ("intake", "goods_in", "correction", "opening", "merged", "told_apart")
PLUS = ("opening", "delivered", "found", "moved_in")
MINUS = ("sold", "to_producer", "consumed", "written_off", "lost", "moved_out")
LEFT = ("site", "quarantine", "transit")


def column_of(from_kind: str, to_kind: str, reason: str) -> list[tuple[str, int]]:
    """(column, sign) a movement counts in; kinds as `far` says. A customer's goods given straight to their producer
    count twice: as returned and as handed back.

    >>> column_of("producer", "here", "intake"), column_of("here", "producer", "intake")
    ([('delivered', 1)], [('delivered', -1)])
    >>> column_of("customer", "producer", "return")
    [('returned', 1), ('to_producer', 1)]
    """
    found: list[tuple[str, int]] = []
    if "elsewhere" in (from_kind, to_kind) and "here" not in (from_kind, to_kind):
        return []  # another place's business
    if from_kind == "producer":
        found.append(("to_producer", -1) if reason == "to_producer" else ("delivered", 1))
    elif from_kind == "customer":
        found.append(("returned", 1))
    elif from_kind == "lost":
        found.append(("lost", -1) if reason in ("lost", "correction") else ("found", 1))
    elif from_kind in ("consumed", "written_off"):
        found.append((from_kind, -1))
    elif from_kind == "elsewhere":
        found.append(("moved_in", 1))
    if to_kind == "producer":
        found.append(("delivered", -1) if reason in TAKEN_BACK and from_kind == "here" else ("to_producer", 1))
    elif to_kind == "customer":
        found.append(("sold", 1))
    elif to_kind in ("consumed", "written_off", "lost"):
        found.append((to_kind, 1))
    elif to_kind == "elsewhere":
        found.append(("moved_out", 1))
    return found


@dataclass(frozen=True, slots=True)
class Sum:
    """So much that moved, as the database adds it up. Kinds as stored; `from_here`, `to_here`: at the place asked."""

    key: tuple[str, ...]
    from_kind: str
    to_kind: str
    from_here: bool
    to_here: bool
    reason: str
    before: bool  # the period
    qty_milli: int


@dataclass(slots=True)
class Equation:
    """One product's (or lot's, at a place's) columns in thousandths."""

    key: tuple[str, ...]
    columns: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, column: str) -> int:
        return self.columns.get(column, 0)

    @property
    def came(self) -> int:
        """The left side."""
        return sum(self[c] for c in PLUS)

    @property
    def went(self) -> int:
        """The right side; what is left is part of it."""
        return sum(self[c] for c in MINUS) - self["returned"] + sum(self[c] for c in LEFT)

    @property
    def closes(self) -> bool:
        return self.came == self.went


def far(kind: str, here: bool) -> str:
    """A place's kind as the columns know it."""
    if kind in OURS:
        return "here" if here else "elsewhere"
    return kind


def tally(sums: Iterable[Sum]) -> dict[tuple[str, ...], Equation]:
    """The equations by key. What is left is summed apart from the columns, so that they prove each other."""
    found: dict[tuple[str, ...], Equation] = {}
    for s in sums:
        one = found.setdefault(s.key, Equation(s.key)).columns
        gain = s.qty_milli * ((s.to_here and s.to_kind in OURS) - (s.from_here and s.from_kind in OURS))
        if s.before:
            one["opening"] = one.get("opening", 0) + gain
        else:
            for column, sign in column_of(far(s.from_kind, s.from_here), far(s.to_kind, s.to_here), s.reason):
                one[column] = one.get(column, 0) + sign * s.qty_milli
        for kind, here, sign in ((s.to_kind, s.to_here, 1), (s.from_kind, s.from_here, -1)):
            if here and kind in OURS:
                one[kind] = one.get(kind, 0) + sign * s.qty_milli
    return found
