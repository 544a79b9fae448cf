"""When a place runs out, how much to ask for, what to do before goods expire, why a level is below zero. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

UNIT = 1000
LOOK_BACK_DAYS = 28
LOW_DAYS = 7  # of cover: below it the place is asked to be filled
FILL_DAYS = 14  # how long a delivery should last
EXPIRY_DAYS = 30
TWICE_WITHIN = timedelta(minutes=3)


def cover_days(on_hand_milli: int, sold_milli: int) -> int | None:
    """How many days the goods last at the pace of the last 28; None when nothing was sold. Never below 0."""
    if sold_milli <= 0:
        return None
    return max(0, on_hand_milli) * LOOK_BACK_DAYS // sold_milli


def is_low(on_hand_milli: int, sold_milli: int) -> bool:
    """It sells, and lasts less than a week."""
    days = cover_days(on_hand_milli, sold_milli)
    return days is not None and days < LOW_DAYS


def fill(on_hand_milli: int, sold_milli: int, *, weighed: bool = False) -> int:
    """How much to ask for so that it lasts two weeks: whole units of what is counted, half units of what is weighed."""
    step = UNIT // 2 if weighed else UNIT
    wanted = -(-sold_milli * FILL_DAYS // LOOK_BACK_DAYS) - max(0, on_hand_milli)
    return max(0, -(-wanted // step) * step)


def days_left(expires_on: date, today: date) -> int:
    """Days a lot may still be sold: 0 on its last day, below that it is over."""
    return (expires_on - today).days


def markdown_bp(days: int) -> int | None:
    """What to take off so that it sells before its end: None when nothing is to be gained."""
    if days < 0:
        return None
    return 5_000 if days <= 3 else 3_000 if days <= 10 else 1_500


def too_much(on_hand_milli: int, sold_milli: int, days: int) -> int:
    """Of a lot, what will not be sold by its end at the pace of the last 28 days."""
    return max(0, on_hand_milli - max(0, sold_milli) * max(0, days) // LOOK_BACK_DAYS)


# --- below zero -------------------------------------------------------------------------------------------------

ANNOUNCED, ELSEWHERE, LOOKALIKE, TWICE, LOSS, NEVER_IN, UNEXPLAINED = (
    "announced", "elsewhere", "lookalike", "twice", "loss", "never_in", "unexplained",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One movement at the place: + in, − out, as it happened; `known_at` when it reached us."""

    at: datetime
    known_at: datetime
    milli: int
    reason: str
    source_id: str


@dataclass(frozen=True, slots=True)
class Around:
    """What else is known about a product below zero at a place."""

    drafts: tuple[str, ...] = ()  # papers not confirmed yet that would bring it here
    elsewhere: tuple[tuple[str, int], ...] = ()  # (site, thousandths) where it lies
    lookalikes: tuple[tuple[str, int], ...] = ()  # (product of the same maker here, thousandths)


@dataclass(frozen=True, slots=True)
class Cause:
    """A likely cause with what it rests on: ids of papers, sites, products or tickets, and how much it explains."""

    code: str
    ids: tuple[str, ...]
    milli: int


def causes(short_milli: int, steps: Sequence[Step], around: Around) -> list[Cause]:
    """Likely causes of a level below zero by `short_milli` > 0, the likeliest first.

    Sold before it was counted in: a paper waits, or nothing ever came. Sold twice: two sales of the same quantity
    within three minutes. A count or a write-off took more than was there. It lies at another place. Another product
    of the maker, of which enough is here, was meant.
    """
    found: list[Cause] = []
    if around.drafts:
        found.append(Cause(ANNOUNCED, around.drafts, short_milli))
    pairs = _twice(steps)
    if pairs:
        found.append(Cause(TWICE, tuple(step.source_id for step in pairs), sum(-step.milli for step in pairs)))
    lost = [
        step for step in steps if step.milli < 0 and step.reason in ("stocktake", "broken", "lost", "theft", "expired")
    ]
    if lost and sum(-step.milli for step in lost) >= short_milli:
        found.append(Cause(LOSS, tuple(step.source_id for step in lost), sum(-step.milli for step in lost)))
    if around.elsewhere:
        found.append(
            Cause(ELSEWHERE, tuple(site for site, _ in around.elsewhere), sum(milli for _, milli in around.elsewhere))
        )
    if not any(step.milli > 0 and step.reason != "return" for step in steps):
        found.append(Cause(NEVER_IN, (), short_milli))
    alike = [(product, milli) for product, milli in around.lookalikes if milli >= short_milli]
    if alike:
        found.append(Cause(LOOKALIKE, tuple(product for product, _ in alike), max(milli for _, milli in alike)))
    return found or [Cause(UNEXPLAINED, (), short_milli)]


def _twice(steps: Sequence[Step]) -> list[Step]:
    """The second of each pair of sales that look like one."""
    sales = sorted((step for step in steps if step.reason == "sale"), key=lambda step: step.at)
    return [
        later
        for before, later in pairwise(sales)
        if later.source_id != before.source_id and later.milli == before.milli and later.at - before.at <= TWICE_WITHIN
    ]
