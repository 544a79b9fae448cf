"""A customer on account pays: a document and its entry. Refuses more than is owed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from pos.kernel.errors import Invalid
from pos.kernel.ids import new_id
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.queries import balance_of
from pos.ledger.service import post_entries
from pos.till.models import OwedPayment
from pos.till.service.sales import lock_names

MEANS = ("cash", "bank")


def take_payment(
    session: Session,
    *,
    operator_id: str,
    customer: str,
    means: str,
    site_id: str | None,
    amount_vnd: int,
    day: date,
    at: datetime,
    by: str | None,
    note: str | None = None,
) -> OwedPayment:
    """Cash goes into the site's safe, a transfer to the producers' money (G29).

    Raises Invalid `owed.too_much` beyond what the customer owes, `safe.amount` at 0 or less.
    """
    if means not in MEANS or (means == "cash") != (site_id is not None):
        raise Invalid("field.choice", means=means)
    lock_names(session, {customer})  # two clerks, one debt
    owed = balance_of(session, operator_id, "customer_receivable", customer)
    if amount_vnd <= 0:
        raise Invalid("safe.amount", amount_vnd=amount_vnd)
    if amount_vnd > owed:
        raise Invalid("owed.too_much", owed=owed)
    paper = OwedPayment(
        id=new_id(), operator_id=operator_id, customer=customer, means=means, site_id=site_id, amount_vnd=amount_vnd,
        business_date=day, note=note, made_at=at, made_by=by,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    into = (
        PostingDraft("safe", amount_vnd, site_id, site_id=site_id)
        if site_id
        else PostingDraft("trust_bank", amount_vnd)
    )
    postings = (into, PostingDraft("customer_receivable", -amount_vnd, customer, site_id=site_id))
    entry = EntryDraft(new_id(), "owed_payment", day, at, "owed_payment", paper.id, postings)
    post_entries(session, operator_id, [entry], recorded_at=at)
    return paper
