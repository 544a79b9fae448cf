"""Where goods can be, which papers move them, and in what order lots go. Pure.

A place is (kind, id). A shop, booth, warehouse, van or design centre is a `site`; which of them it is stands on the
site itself. Source: money.md, "Invariants" 3; issue 5, "Stock".
"""

from __future__ import annotations

from dataclasses import dataclass

PLACES = {
    "site": "site",  # on a shelf or in a store, for sale
    "quarantine": "site",  # here, but nobody may sell it yet
    "transit": "site",  # on the way to that site
    "producer": "producer",
    "customer": "site",  # sold there
    "consumed": "site",  # tasted, given, used there
    "written_off": "site",  # broken, expired, stolen there: somebody saw it
    "lost": "site",  # missing there, nobody saw it; what is found again comes back out of it
}
OURS = ("site", "quarantine", "transit")  # in our hands
GONE = ("consumed", "written_off", "lost")

SERIES = {
    "intake": "NK", "transfer": "CK", "receipt": "NC", "return": "TH", "write_off": "XH", "correction": "DC",
    "stocktake": "KK", "opening": "DK",
}  # fmt: skip
KINDS = tuple(SERIES)
# Why goods are written off, and the place they go to. The first eight are the till's words (`goods.out`).
GONE_TO = {
    "sample": "consumed", "gift": "consumed", "own_use": "consumed", "broken": "written_off",
    "lost": "written_off", "theft": "written_off", "expired": "written_off", "recalled": "written_off",
}  # fmt: skip
# What a movement of a kind is called; a write-off is called by its reason.
REASONS = {
    "intake": "intake", "transfer": "to_site", "receipt": "received", "return": "to_producer",
    "correction": "correction", "stocktake": "stocktake", "opening": "opening",
}  # fmt: skip
LIABILITIES = ("agreement", "operator", "producer")  # the first is what holds if nobody says
DIFFERENCES = ("under_way", "lost", "not_sent", "sent_more")


@dataclass(frozen=True, slots=True)
class Step:
    """One movement a line makes: `line` is unique within its document."""

    line: str
    qty_milli: int
    from_: tuple[str, str]
    to: tuple[str, str]


def steps_of(
    line: int, qty_milli: int, from_: tuple[str, str], to: tuple[str, str], *,
    expected_milli: int | None = None, difference: str | None = None, sender: tuple[str, str] | None = None,
    corrects: bool = False,
) -> list[Step]:  # fmt: skip
    """What a confirmed line moves. Only a receipt knows a sender: what it did not find, or found too much, moves
    as its difference says (`under_way`: stays in transit). A correction moves from what stood to what is right.

    >>> [s.to for s in steps_of(1, 8, ("transit", "b"), ("site", "b"), expected_milli=10, difference="lost",
    ...  sender=("site", "a"))]
    [('site', 'b'), ('lost', 'b')]
    """
    if corrects:
        more = qty_milli - (expected_milli or 0)
        ends = (from_, to) if more > 0 else (to, from_)
        return [Step(str(line), abs(more), *ends)] if more else []
    if sender is None or expected_milli is None or expected_milli == qty_milli:
        return [Step(str(line), qty_milli, from_, to)] if qty_milli else []
    both = min(qty_milli, expected_milli)
    steps = [Step(str(line), both, from_, to)] if both else []
    rest = Step(f"{line}d", abs(expected_milli - qty_milli), from_, to)
    if qty_milli > expected_milli:
        steps.append(Step(rest.line, rest.qty_milli, sender, to))  # they sent more than they wrote
    elif difference == "lost":
        steps.append(Step(rest.line, rest.qty_milli, from_, ("lost", to[1])))
    elif difference == "not_sent":
        steps.append(Step(rest.line, rest.qty_milli, from_, sender))
    return steps
