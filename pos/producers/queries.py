"""Producers as the office lists them. Reads only; account numbers are never unsealed here."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.kernel.errors import NotFound
from pos.kernel.text import fold
from pos.producers.models import BankAccount, Producer

PAGE = 50


def list_producers(session: Session, *, q: str, kind: str, page: int) -> tuple[list[Producer], bool]:
    """By name, 50 to a page; `q` finds name, commune, code and tax code without accents. One query."""
    query = select(Producer)
    for word in fold(q).split():
        looks = Producer.search + " " + func.lower(Producer.code) + " " + func.coalesce(Producer.tax_code, "")
        query = query.where(looks.contains(word, autoescape=True))
    if kind:
        query = query.where(Producer.kind == kind)
    found = list(session.scalars(query.order_by(Producer.name, Producer.id).limit(PAGE + 1).offset((page - 1) * PAGE)))
    return found[:PAGE], len(found) > PAGE


def count_by_kind(session: Session) -> dict[str, int]:
    """How many of each kind."""
    rows = session.execute(select(Producer.kind, func.count()).group_by(Producer.kind))
    return dict(rows.all())


def get_producer(session: Session, producer_id: str) -> Producer:
    """The producer. Raises NotFound."""
    found = session.get(Producer, producer_id)
    if found is None:
        raise NotFound("producer.unknown")
    return found


def list_accounts(session: Session, producer_id: str) -> list[BankAccount]:
    """All versions of its account, the newest first."""
    versions = select(BankAccount).where(BankAccount.producer_id == producer_id)
    return list(session.scalars(versions.order_by(BankAccount.made_at.desc(), BankAccount.id.desc())))


def choices(session: Session) -> list[tuple[str, str]]:
    """(id, words) of all producers for a select."""
    rows = session.execute(select(Producer.id, Producer.name, Producer.commune).order_by(Producer.name))
    return [(id_, f"{name} · {commune}" if commune else name) for id_, name, commune in rows]
