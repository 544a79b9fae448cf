"""Who bears goods that are missing, and at what value; what is found again takes its loss back.

Pure. Source: money.md "Losses"; golden ledger.json G08 (allowance 2, the rest at net proceeds) and G08b.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pos.consignment.commands import SoldLine, Terms
from pos.consignment.rules.shares import MARGIN, OWN, freeze
from pos.kernel.money import line_gross, part, pct

AGREEMENT, OPERATOR, PRODUCER = "agreement", "operator", "producer"
LIABILITIES = (AGREEMENT, OPERATOR, PRODUCER)
NET_PROCEEDS, DECLARED_COST, PERCENT = "net_proceeds", "declared_cost", "percent"
BASES = (NET_PROCEEDS, DECLARED_COST, PERCENT)
UNIT = 1000


@dataclass(frozen=True, slots=True)
class Borne:
    """A loss in thousandths, divided: the producer's part is nobody's money, the operator's is compensated."""

    producer_milli: int
    operator_milli: int


@dataclass(frozen=True, slots=True)
class EarlierLoss:
    """A loss posted before, with what has come back of it: all ≥ 0, in thousandths and đồng."""

    id: str
    producer_milli: int
    operator_milli: int
    amount_vnd: int
    producer_back_milli: int = 0
    operator_back_milli: int = 0


@dataclass(frozen=True, slots=True)
class Back:
    """What a find takes back of one earlier loss."""

    loss_id: str
    producer_milli: int
    operator_milli: int
    amount_vnd: int


def year_start(first_on: date, day: date) -> date:
    """The first day of the agreement year a day lies in: the anniversary of the first terms at or before it."""
    year = day.year if (day.month, day.day) >= (first_on.month, first_on.day) else day.year - 1
    try:
        return max(first_on, first_on.replace(year=year))
    except ValueError:  # 29 February
        return max(first_on, date(year, 3, 1))


def allowance(received_milli: int, shrinkage_bp: int, *, weighed: bool) -> int:
    """`floor(received·bp/10000)`: whole units of what is counted, thousandths of what is weighed."""
    milli = max(0, received_milli) * shrinkage_bp // 10_000
    return milli if weighed else milli // UNIT * UNIT


def bear(lost_milli: int, liability: str, *, allowance_milli: int, used_milli: int) -> Borne:
    """By the agreement: what is left of the allowance is the producer's, the rest the operator's."""
    if liability == OPERATOR:
        return Borne(0, lost_milli)
    if liability == PRODUCER:
        return Borne(lost_milli, 0)
    theirs = min(lost_milli, max(0, allowance_milli - used_milli))
    return Borne(theirs, lost_milli - theirs)


def unit_value(
    terms: Terms, *, price_vnd: int, vat_class: str, basis: str, percent_bp: int, declared_vnd: int | None
) -> int:
    """What one missing unit is worth to who is compensated. Margin and own: the cost. Commission: by the agreement's
    basis; a declared cost nobody declared is the net proceeds."""
    if terms.mode in (MARGIN, OWN):
        return terms.cost_vnd or 0
    if basis == PERCENT:
        return pct(price_vnd, percent_bp)
    if basis == DECLARED_COST and declared_vnd is not None:
        return declared_vnd
    sold = SoldLine(1, None, terms.producer_id, UNIT, price_vnd, 0, 0, 0, 0, vat_class)
    return freeze(sold, terms).producer_due_vnd


def compensation(unit_vnd: int, borne: Borne, mode: str) -> int:
    """đồng: of the operator's part; of own goods all of it, there is nobody else."""
    milli = borne.operator_milli + (borne.producer_milli if mode == OWN else 0)
    return line_gross(unit_vnd, milli)


def found_again(milli: int, earlier: Sequence[EarlierLoss]) -> tuple[list[Back], int]:
    """(what is taken back, what is left over): the latest loss first (as given), of each the operator's part first.

    Afterwards the books stand as if so much less had been missing; parts of a full find net to 0 (`part`).
    """
    backs, left = [], milli
    for loss in earlier:
        ours = min(left, loss.operator_milli - loss.operator_back_milli)
        theirs = min(left - ours, loss.producer_milli - loss.producer_back_milli)
        if ours or theirs:
            amount = (
                part(loss.amount_vnd, loss.operator_back_milli, ours, loss.operator_milli) if loss.operator_milli else 0
            )
            backs.append(Back(loss.id, theirs, ours, amount))
            left -= ours + theirs
    return backs, left
