"""How a settlement is divided: VAT true-up, carried amounts, reserve, advance, payout, and its postings.

Pure. Source: money.md "Settlement"; golden ledger.json ST1–ST3, G07; docs/algorithms/settlement.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pos.kernel.money import pct
from pos.ledger.commands import PostingDraft

DISPUTE_DAYS = 14
CASH_LIMIT_VND = 5_000_000  # a day and producer; cash from there on is no deductible cost of the payer
FREEZE, NOTHING, ZERO, BELOW = "freeze", "nothing", "zero", "below_minimum"


@dataclass(frozen=True, slots=True)
class TrueUp:
    """VAT on commission of one frozen rate: accrued line by line, invoiced once on the sum."""

    vat_bp: int
    commission_vnd: int
    accrued_vnd: int

    @property
    def invoiced_vnd(self) -> int:
        return pct(self.commission_vnd, self.vat_bp)

    @property
    def rounding_vnd(self) -> int:
        """+ for the producer: more was kept line by line than is invoiced."""
        return self.accrued_vnd - self.invoiced_vnd


@dataclass(frozen=True, slots=True)
class Division:
    """Where the subtotal goes. opening, carried ≤ 0; all others ≥ 0 but the subtotal.

    opening + subtotal − reserve_kept + reserve_used − recouped = payout + carried.
    """

    opening_vnd: int
    subtotal_vnd: int
    reserve_kept_vnd: int
    reserve_used_vnd: int
    recouped_vnd: int
    payout_vnd: int
    carried_vnd: int


def divide(
    subtotal_vnd: int,
    *,
    opening_vnd: int = 0,
    reserve_vnd: int = 0,
    reserve_base_vnd: int = 0,
    reserve_bp: int = 0,
    advance_vnd: int = 0,
    recoup_bp: int = 0,
) -> Division:
    """Below 0 the reserve pays first and the rest is carried. Above, what was carried is repaid first,
    then the reserve is kept (of the commission base), then the advance up to its cap; the rest is paid.

    `reserve_vnd` and `advance_vnd` are the balances held; `opening_vnd` ≤ 0.
    """
    if subtotal_vnd < 0:
        used = min(max(0, reserve_vnd), -subtotal_vnd)
        return Division(opening_vnd, subtotal_vnd, 0, used, 0, 0, opening_vnd + subtotal_vnd + used)
    repaid = min(subtotal_vnd, -opening_vnd)
    left = subtotal_vnd - repaid
    kept = min(left, max(0, pct(reserve_base_vnd, reserve_bp)))
    left -= kept
    recouped = min(max(0, advance_vnd), pct(left, recoup_bp))
    return Division(opening_vnd, subtotal_vnd, kept, 0, recouped, left - recouped, opening_vnd + repaid)


def verdict_of(lines: int, division: Division, min_payout_vnd: int) -> str:
    """Freeze, or why not. A negative settlement is frozen and carried; a positive one waits for the minimum."""
    if lines == 0:
        return NOTHING
    if division.subtotal_vnd < 0:
        return FREEZE
    if division.subtotal_vnd == 0:
        return ZERO
    return BELOW if division.payout_vnd < min_payout_vnd else FREEZE


def vat_postings(true_ups: Sequence[TrueUp], producer_id: str, line_ids: Mapping[int, str]) -> list[PostingDraft]:
    """VAT leaves `vat_accrued` for `vat_output`; the đồng of difference goes to the producer's own line
    (`line_ids` by rate)."""
    postings = []
    for row in true_ups:
        postings += [
            PostingDraft("vat_accrued", row.accrued_vnd, producer_id=producer_id),
            PostingDraft("vat_output", -row.invoiced_vnd, producer_id=producer_id),
        ]
        if row.rounding_vnd:
            postings.append(
                PostingDraft(
                    "unsettled", -row.rounding_vnd, producer_id, producer_id, settlement_line_id=line_ids[row.vat_bp]
                )
            )
    return postings


def claim_postings(division: Division, producer_id: str) -> list[PostingDraft]:
    """The claimed lines leave `unsettled`; the payout waits in `settled`."""

    def to(account: str, amount: int) -> PostingDraft:
        return PostingDraft(account, amount, producer_id, producer_id)

    return [
        to("unsettled", division.subtotal_vnd),
        to("producer_receivable", division.opening_vnd - division.carried_vnd),
        to("reserve", division.reserve_used_vnd - division.reserve_kept_vnd),
        to("producer_advance", -division.recouped_vnd),
        to("settled", -division.payout_vnd),
    ]


def number_of(no: int) -> str:
    """A statement number as printed: `BK-0047`."""
    return f"BK-{no:04d}"


def payment_text_of(no: int, attempt: int) -> str:
    """What the bank transfer says, at most 25 characters: `OCOP TT 0047 1`."""
    return f"OCOP TT {no:04d} {attempt}"


def pay_day(after: date, weekday: int) -> date:
    """The first such weekday (0 Monday) after a day."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)
