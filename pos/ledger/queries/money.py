"""The operator's own money for its page: bags open, shortages to decide, papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from pos.ledger.models import MoneyPaper, Posting
from pos.places.models import Operator, Site


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag on its way to the bank."""

    paper_id: str
    site: str
    day: date
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class Off:
    """A shift whose count was off and nobody has decided: + short."""

    shift_id: str
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class Paper:
    """One document."""

    kind: str
    amount_vnd: int
    day: date
    note: str | None


def list_operators(session: Session, ids: list[str] | None) -> list[tuple[str, str]]:
    """(id, name) by name; None: all."""
    wanted = select(Operator.id, Operator.name).order_by(Operator.name)
    if ids is not None:
        wanted = wanted.where(Operator.id.in_(ids))
    return [(row[0], row[1]) for row in session.execute(wanted)]


def list_bags(session: Session, operator_id: str) -> list[Bag]:
    """Not credited yet, oldest first."""
    answer = aliased(MoneyPaper)
    rows = session.execute(
        select(MoneyPaper.id, Site.name, MoneyPaper.business_date, MoneyPaper.amount_vnd)
        .join(Site, Site.id == MoneyPaper.site_id)
        .where(
            MoneyPaper.operator_id == operator_id, MoneyPaper.kind == "bag",
            ~exists().where(answer.answers == MoneyPaper.id),
        )
        .order_by(MoneyPaper.made_at)
    )  # fmt: skip
    return [Bag(*row) for row in rows]


def list_off(session: Session, operator_id: str) -> list[Off]:
    """Shifts with a variance nobody has decided, the largest first."""
    total = func.sum(Posting.amount_vnd)
    rows = session.execute(
        select(Posting.dimension, total)
        .where(Posting.operator_id == operator_id, Posting.account == "cash_variance")
        .group_by(Posting.dimension)
        .having(total != 0)
        .order_by(func.abs(total).desc())
        .limit(100)
    )
    return [Off(shift_id, int(amount)) for shift_id, amount in rows]


def list_papers(session: Session, operator_id: str) -> list[Paper]:
    """The newest 50."""
    rows = session.execute(
        select(MoneyPaper.kind, MoneyPaper.amount_vnd, MoneyPaper.business_date, MoneyPaper.note)
        .where(MoneyPaper.operator_id == operator_id)
        .order_by(MoneyPaper.made_at.desc(), MoneyPaper.id.desc())
        .limit(50)
    )
    return [Paper(*row) for row in rows]
