"""The acquirer paid: card takings of some days, net of its reported fee; who agreed to bears its part (G09b)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from pos.consignment.queries.versions import terms_of
from pos.consignment.service.card_fees import fee_lines
from pos.consignment.service.shares import keep_settlement_lines
from pos.kernel.clock import local_date
from pos.kernel.errors import Invalid
from pos.kernel.ids import new_id
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.service import post_entries
from pos.till.models import CardPayment
from pos.till.queries.bank import bearers, card_basis


def take_card_payment(
    session: Session, operator_id: str, *, first_on: date, last_on: date, gross_vnd: int, fee_vnd: int, day: date,
    at: datetime, by: str | None,
) -> str:  # fmt: skip
    """One paper, one entry; a settlement line `payment_fee` for each producer that bears a part. Answers its id.

    The fee is shared over those days' card takings, product of what each ticket's lines were paid.
    Raises Invalid `card.amount`, `card.days`.
    """
    if not 0 <= fee_vnd < gross_vnd:
        raise Invalid("card.amount")
    if first_on > last_on or last_on > day or day > local_date(at):
        raise Invalid("card.days")
    basis = card_basis(session, operator_id, first_on, last_on)
    agreed = {
        producer_id
        for producer_id, version in terms_of(session, operator_id, last_on, list(basis)).items()
        if version.card_fee_on == "producer"
    }
    paper = CardPayment(
        id=new_id(), operator_id=operator_id, first_on=first_on, last_on=last_on, gross_vnd=gross_vnd,
        fee_vnd=fee_vnd, business_date=day, made_at=at, made_by=by,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    note = f"Phí thẻ {first_on:%d/%m}–{last_on:%d/%m/%Y}"
    theirs, lines = fee_lines(operator_id, bearers(agreed, basis, fee_vnd), day, note=note)
    postings = [
        PostingDraft("trust_bank", gross_vnd - fee_vnd),
        PostingDraft("payment_fee_expense", fee_vnd),
        PostingDraft("card_clearing", -gross_vnd),
        *theirs,
    ]
    entry = EntryDraft(new_id(), "card_payment", day, at, "card_payment", paper.id, tuple(postings))
    (posted,) = post_entries(session, operator_id, [entry], recorded_at=at)
    keep_settlement_lines(session, lines, posted.entry_id, posted.seq)
    return paper.id
