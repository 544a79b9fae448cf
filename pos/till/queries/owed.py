"""Money on its way: who owes, and transfers a till showed that nobody has seen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from pos.access.reach import Reach
from pos.kernel.errors import NotFound
from pos.kernel.seal import unseal
from pos.ledger.models import JournalEntry, Posting
from pos.places.models import Operator, Site, Till
from pos.till.models import EventPrivate, OwedPayment, Sale, Tender, TenderSeen

PAGE = 100


@dataclass(frozen=True, slots=True)
class Debt:
    """What one customer owes one operator, đồng. `name` and `phone` are "" where they were never told or erased."""

    operator_id: str
    operator: str
    customer: str
    owed_vnd: int
    since: date
    last: date
    name: str = ""
    phone: str = ""

    @property
    def masked(self) -> str:
        """The phone as a list shows it: its last three digits."""
        return f"••• {self.phone[-3:]}" if self.phone else ""


_OWED = func.sum(Posting.amount_vnd)
_SINCE = func.min(JournalEntry.business_date)
_DEBTS = (
    select(
        Posting.operator_id, Operator.name, Posting.dimension, _OWED, _SINCE, func.max(JournalEntry.business_date)
    )
    .join(JournalEntry, JournalEntry.id == Posting.entry_id)
    .join(Operator, Operator.id == Posting.operator_id)
    .where(Posting.account == "customer_receivable")
    .group_by(Posting.operator_id, Operator.name, Posting.dimension)
)  # fmt: skip


def list_debts(session: Session, mine: Reach, *, secret: str, page: int = 1) -> tuple[list[Debt], bool]:
    """Who owes what, the oldest debt first. Two queries."""
    query = _DEBTS.where(mine.where(operator=Posting.operator_id)).having(_OWED != 0)
    rows = session.execute(query.order_by(_SINCE, Posting.dimension).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    names = names_of(session, [row[2] for row in rows[:PAGE]], secret=secret)
    return [_debt(row, names) for row in rows[:PAGE]], len(rows) > PAGE


def get_debt(session: Session, operator_id: str, customer: str, *, secret: str) -> Debt:
    """One customer's account, settled or not. Raises NotFound when the operator never had it."""
    query = _DEBTS.where(Posting.operator_id == operator_id, Posting.dimension == customer)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("owed.unknown")
    return _debt(row, names_of(session, [customer], secret=secret))


def _debt(row: Any, names: dict[str, tuple[str, str]]) -> Debt:
    operator_id, operator, customer, owed, since, last = row
    return Debt(operator_id, operator, customer, int(owed), since, last, *names.get(customer, ("", "")))


def names_of(session: Session, customers: list[str], *, secret: str) -> dict[str, tuple[str, str]]:
    """{customer: (name, phone)} as last told at a till, unsealed. One query."""
    rows = session.execute(
        select(Tender.dimension, EventPrivate.sealed)
        .join(EventPrivate, EventPrivate.event_id == Tender.event_id)
        .where(
            Tender.account == "customer_receivable", Tender.dimension.in_(customers), EventPrivate.sealed.is_not(None)
        )
        .order_by(EventPrivate.received_at)
    )
    found: dict[str, tuple[str, str]] = {}
    for customer, sealed in rows:
        told = json.loads(unseal(secret, str(sealed)))
        one = told.get("customers", {}).get(customer) if isinstance(told, dict) else None
        if isinstance(one, dict):
            found[customer] = (str(one.get("name", ""))[:80], str(one.get("phone", ""))[:20])
    return found


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a customer's account: bought on account (+), paid or given back (−)."""

    day: date
    amount_vnd: int
    sale_id: str | None
    receipt_no: str | None
    means: str | None
    site: str | None
    note: str | None


def list_moves(session: Session, operator_id: str, customer: str) -> list[Move]:
    """The account, oldest first."""
    bought = session.execute(
        select(Sale.day, Tender.amount_vnd, Sale.id, Sale.receipt_no, Site.name)
        .join(Sale, Sale.id == Tender.sale_id)
        .join(Site, Site.id == Sale.site_id)
        .where(Sale.operator_id == operator_id, Tender.account == "customer_receivable", Tender.dimension == customer)
    )
    paid = session.execute(
        select(OwedPayment.business_date, OwedPayment.amount_vnd, OwedPayment.means, Site.name, OwedPayment.note)
        .outerjoin(Site, Site.id == OwedPayment.site_id)
        .where(OwedPayment.operator_id == operator_id, OwedPayment.customer == customer)
        .order_by(OwedPayment.made_at)
    )
    moves = [Move(day, amount, id_, no, None, site, None) for day, amount, id_, no, site in bought]
    moves += [Move(day, -amount, None, None, means, site, note) for day, amount, means, site, note in paid]
    return sorted(moves, key=lambda move: move.day)


@dataclass(frozen=True, slots=True)
class Unseen:
    """A transfer whose code a till showed; nobody has said that the money came."""

    sale_id: str
    receipt_no: str
    at: datetime
    site: str
    till: str
    amount_vnd: int
    reference: str | None


def list_unseen(session: Session, mine: Reach, *, page: int = 1) -> tuple[list[Unseen], bool]:
    """Oldest first: not marked seen, not mended into another way, the sale not undone. One query."""
    mended, undo = aliased(Tender), aliased(Sale)
    rows = session.execute(
        select(Sale.id, Sale.receipt_no, Sale.at, Site.name, Till.name, Tender.amount_vnd, Tender.reference)
        .join(Sale, Sale.id == Tender.sale_id)
        .join(Site, Site.id == Sale.site_id)
        .join(Till, Till.id == Sale.till_id)
        .where(
            Tender.state == "shown",
            Tender.amount_vnd > 0,
            mine.where(operator=Sale.operator_id, site=Sale.site_id, fair=Sale.fair_id),
            ~exists().where(TenderSeen.tender_id == Tender.id),
            ~exists().where(and_(mended.sale_id == Tender.sale_id, mended.id == Tender.id, mended.amount_vnd < 0)),
            ~exists().where(undo.undo_of_id == Sale.id),
        )
        .order_by(Sale.at, Sale.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return [Unseen(*row) for row in rows[:PAGE]], len(rows) > PAGE
