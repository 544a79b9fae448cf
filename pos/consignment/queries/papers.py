"""One producer's account with one operator: what stands where, and the papers between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from pos.access.models import Person
from pos.consignment.models import ProducerNote
from pos.ledger.models import Posting

ACCOUNTS = ("unsettled", "settled", "reserve", "held_by_producer", "producer_advance", "producer_receivable")


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper; `undone_by` is the number of the one that undid it."""

    id: str
    no: int
    kind: str
    what: str | None
    amount_vnd: int
    day: date
    reason: str
    by: str | None
    undoes: str | None
    undone_by: int | None


def balances_with(session: Session, operator_id: str, producer_id: str) -> dict[str, int]:
    """đồng by account, + owed to the producer (what it owes is negative); those that are 0 too."""
    rows = session.execute(
        select(Posting.account, func.sum(Posting.amount_vnd))
        .where(
            Posting.operator_id == operator_id, Posting.dimension == producer_id, Posting.account.in_(ACCOUNTS)
        )
        .group_by(Posting.account)
    )  # fmt: skip
    found = {account: -int(total) for account, total in rows}
    return {account: found.get(account, 0) for account in ACCOUNTS}


def list_papers(session: Session, operator_id: str, producer_id: str) -> list[Paper]:
    """The newest 100."""
    undo = aliased(ProducerNote)
    rows: Any = session.execute(
        select(
            ProducerNote.id, ProducerNote.no, ProducerNote.kind, ProducerNote.what, ProducerNote.amount_vnd,
            ProducerNote.business_date, ProducerNote.reason, Person.name, ProducerNote.undoes, undo.no,
        )
        .outerjoin(Person, Person.id == ProducerNote.made_by)
        .outerjoin(undo, undo.undoes == ProducerNote.id)
        .where(ProducerNote.operator_id == operator_id, ProducerNote.producer_id == producer_id)
        .order_by(ProducerNote.no.desc())
        .limit(100)
    )  # fmt: skip
    return [Paper(*row) for row in rows]
