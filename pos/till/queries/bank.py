"""Lines of the bank that wait for somebody, and the tickets, payouts and bags they may be."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from pos.consignment.models import Payout, PayoutAttempt
from pos.kernel.errors import NotFound
from pos.kernel.money import allocate
from pos.kernel.text import fold
from pos.ledger.queries.money import list_bags as open_bags
from pos.payments.models import BankLine
from pos.places.models import Site
from pos.producers.models import BankAccount, Producer
from pos.till.models import BankMatch, Sale, SaleLine, Tender

__all__ = ["open_attempts", "open_bags", "open_transfers"]
PAGE = 100


@dataclass(frozen=True, slots=True)
class OpenTransfer:
    """A ticket's transfer that waits for its money, or for the rest of it."""

    tender_id: str
    receipt_no: str
    day: date
    site: str
    open_vnd: int
    reference: str | None


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """A payout the bank has not answered."""

    attempt_id: str
    producer: str
    amount_vnd: int
    text: str
    account: str | None  # last four digits


def open_transfers(
    session: Session, operator_id: str, *, tender_id: str | None = None, limit: int = 500
) -> list[OpenTransfer]:
    """Transfers of this operator not wholly matched, oldest first. One query."""
    paid, mended = func.coalesce(func.sum(BankMatch.applied_vnd), 0), aliased(Tender)
    wanted = (
        select(Tender.id, Sale.receipt_no, Sale.day, Site.name, Tender.amount_vnd - paid, Tender.reference)
        .join(Sale, Sale.id == Tender.sale_id)
        .join(Site, Site.id == Sale.site_id)
        .outerjoin(BankMatch, BankMatch.tender_id == Tender.id)
        .where(
            Sale.operator_id == operator_id, Tender.account == "qr_clearing", Tender.amount_vnd > 0,
            ~exists().where(mended.sale_id == Tender.sale_id, mended.id == Tender.id, mended.amount_vnd < 0),
        )
        .group_by(Tender.id, Sale.receipt_no, Sale.day, Site.name, Tender.amount_vnd, Tender.reference)
        .having(Tender.amount_vnd > paid)
        .order_by(Sale.day, Sale.receipt_no)
        .limit(limit)
    )  # fmt: skip
    if tender_id is not None:
        wanted = wanted.where(Tender.id == tender_id)
    return [
        OpenTransfer(id_, no, day, site, int(left), ref) for id_, no, day, site, left, ref in session.execute(wanted)
    ]


def open_attempts(session: Session, operator_id: str) -> list[OpenAttempt]:
    """Attempts sent and not answered."""
    rows = session.execute(
        select(
            PayoutAttempt.id, Producer.name, PayoutAttempt.amount_vnd, PayoutAttempt.payment_text,
            BankAccount.number_last4,
        )
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .join(Producer, Producer.id == Payout.producer_id)
        .outerjoin(BankAccount, BankAccount.id == PayoutAttempt.bank_account_id)
        .where(Payout.operator_id == operator_id, PayoutAttempt.state.in_(("exported", "uncertain")))
        .order_by(PayoutAttempt.made_at, PayoutAttempt.id)
    )  # fmt: skip
    return [OpenAttempt(*row) for row in rows]


def waiting_lines(operator_id: str) -> Select[Any]:
    """Lines nobody has decided, oldest first."""
    return (
        select(BankLine)
        .where(BankLine.operator_id == operator_id, ~exists().where(BankMatch.line_id == BankLine.id))
        .order_by(BankLine.booked_on, BankLine.id)
    )


def kept_unknown(operator_id: str) -> Select[Any]:
    """Receipts kept as nobody's that no ticket was found for yet, oldest first."""
    first, later = aliased(BankMatch), aliased(BankMatch)
    return (
        select(BankLine)
        .join(first, and_(first.line_id == BankLine.id, first.kind == "unknown"))
        .where(BankLine.operator_id == operator_id, BankLine.amount_vnd > 0)
        .where(~exists().where(later.line_id == BankLine.id, later.n == 1))
        .order_by(BankLine.booked_on, BankLine.id)
    )


def squeezed(text: str) -> str:
    """Letters and digits only: banks run the memo together."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


def says(line: BankLine, words: str | None) -> bool:
    """The line's memo names it. Too short a word names nothing."""
    wanted = squeezed(words or "")
    return len(wanted) >= 6 and wanted in squeezed(line.text)


def card_basis(session: Session, operator_id: str, first_on: date, last_on: date) -> dict[str, int]:
    """Card takings of these days by producer, đồng: each ticket's card money shared by what its lines were paid."""
    card = defaultdict(int)
    for sale_id, amount in session.execute(
        select(Sale.id, func.sum(Tender.amount_vnd))
        .join(Tender, Tender.sale_id == Sale.id)
        .where(
            Sale.operator_id == operator_id, Sale.day.between(first_on, last_on), Tender.account == "card_clearing",
        )
        .group_by(Sale.id)
    ):  # fmt: skip
        card[sale_id] = int(amount)
    paid: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for sale_id, producer_id, amount in session.execute(
        select(SaleLine.sale_id, SaleLine.producer_id, func.sum(SaleLine.paid_vnd))
        .where(SaleLine.sale_id.in_(list(card)))
        .group_by(SaleLine.sale_id, SaleLine.producer_id)
    ):
        paid[sale_id][producer_id or ""] += int(amount)
    basis: dict[str, int] = defaultdict(int)
    for sale_id, amount in card.items():
        lines = sorted(paid[sale_id].items())
        if amount > 0 and sum(vnd for _, vnd in lines) > 0:
            for (producer_id, _), part in zip(lines, allocate(amount, [vnd for _, vnd in lines]), strict=True):
                basis[producer_id] += part
    return dict(basis)


def bearers(agreed: Collection[str], basis: dict[str, int], fee_vnd: int) -> dict[str, int]:
    """What each producer that agreed to bear card fees bears of this one; the rest is the operator's."""
    names = sorted(basis)
    weights = [max(0, basis[name]) for name in names]
    if not sum(weights):
        return {}
    return {n: part for n, part in zip(names, allocate(fee_vnd, weights), strict=True) if n in agreed and part}


def operator_of_line(session: Session, line_id: str) -> str:
    """Raises NotFound."""
    found = session.scalar(select(BankLine.operator_id).where(BankLine.id == line_id))
    if found is None:
        raise NotFound("bank.unknown")
    return found
