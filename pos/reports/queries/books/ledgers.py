"""What one account or one producer had before, moved and has after a period; one entry whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.ledger.models import JournalEntry, Posting
from pos.ledger.queries.trial import TrialRow
from pos.ledger.rules import ACCOUNTS
from pos.places.models import Fair, Organizer, Site
from pos.producers.models import Producer
from pos.reports.queries.books.journal import OF_PRODUCER
from pos.reports.queries.books.sources import Source, sources_of
from pos.till.models import Shift

PARTS = 60


def _sides(from_on: date) -> tuple[Any, Any, Any]:
    inside = JournalEntry.business_date >= from_on
    return (
        func.sum(case((~inside, Posting.amount_vnd), else_=0)),
        func.sum(case((inside & (Posting.amount_vnd > 0), Posting.amount_vnd), else_=0)),
        func.sum(case((inside & (Posting.amount_vnd < 0), -Posting.amount_vnd), else_=0)),
    )


def account_of(
    session: Session, operator_id: str, account: str, dimension: str, from_on: date, until_on: date
) -> TrialRow:
    """One account's one dimension over a period. One query over its postings."""
    row = session.execute(
        select(*_sides(from_on))
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(
            Posting.operator_id == operator_id, Posting.account == account, Posting.dimension == dimension,
            JournalEntry.business_date <= until_on,
        )
    ).one()  # fmt: skip
    return TrialRow(account, *(int(amount or 0) for amount in row))


@dataclass(frozen=True, slots=True)
class Part:
    """One dimension of an account that moved in the period."""

    dimension: str
    name: str
    debit_vnd: int
    credit_vnd: int


def parts_of(
    session: Session, operator_id: str, account: str, from_on: date, until_on: date
) -> tuple[list[Part], bool]:
    """The largest movers of the period and whether there are more. Two queries."""
    debit = func.sum(case((Posting.amount_vnd > 0, Posting.amount_vnd), else_=0))
    credit = func.sum(case((Posting.amount_vnd < 0, -Posting.amount_vnd), else_=0))
    rows = session.execute(
        select(Posting.dimension, debit, credit)
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(
            Posting.operator_id == operator_id, Posting.account == account,
            JournalEntry.operator_id == operator_id, JournalEntry.business_date >= from_on,
            JournalEntry.business_date <= until_on,
        )
        .group_by(Posting.dimension)
        .order_by((debit + credit).desc(), Posting.dimension)
        .limit(PARTS + 1)
    ).all()  # fmt: skip
    names = names_of(session, ACCOUNTS[account], [row[0] for row in rows])
    return [Part(d, names.get(d, d), int(up), int(down)) for d, up, down in rows[:PARTS]], len(rows) > PARTS


def names_of(session: Session, of: str, ids: list[str]) -> dict[str, str]:
    """What a dimension's ids are called. One query."""
    models: dict[str, Any] = {
        "site": Site,
        "producer": Producer,
        "person": Person,
        "organizer": Organizer,
        "fair": Fair,
    }
    if of == "shift":
        query = (
            select(Shift.id, Shift.z_no, Shift.day, Site.name)
            .join(Site, Site.id == Shift.site_id)
            .where(Shift.id.in_(ids))
        )
        return {id_: f"{z or f'{day:%d/%m/%Y}'} · {site}" for id_, z, day, site in session.execute(query)}
    if of not in models:
        return {}
    model = models[of]
    rows = session.execute(select(model.id, model.name).where(model.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def producer_accounts(
    session: Session, operator_id: str, producer_id: str, from_on: date, until_on: date
) -> list[TrialRow]:
    """Each account that is kept by producer. One query over this producer's postings."""
    rows = session.execute(
        select(Posting.account, *_sides(from_on))
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(
            Posting.operator_id == operator_id, Posting.account.in_(OF_PRODUCER), Posting.dimension == producer_id,
            JournalEntry.business_date <= until_on,
        )
        .group_by(Posting.account)
    )  # fmt: skip
    found = {row[0]: TrialRow(row[0], *(int(amount) for amount in row[1:])) for row in rows}
    return [found[account] for account in OF_PRODUCER if account in found]


@dataclass(frozen=True, slots=True)
class Line:
    """One posting with the names of its dimensions."""

    account: str
    dimension: str
    name: str
    amount_vnd: int
    producer_id: str | None
    producer: str | None
    site_id: str | None
    site: str | None


@dataclass(frozen=True, slots=True)
class Whole:
    """An entry, its document, what it reverses and what reverses it, and the entries beside it of the same source."""

    entry: JournalEntry
    source: Source
    lines: list[Line]
    reverses: JournalEntry | None
    reversed_by: JournalEntry | None
    beside: list[JournalEntry]


def find_entry(session: Session, entry_id: str) -> Whole | None:
    """None when there is no such entry."""
    entry = session.get(JournalEntry, entry_id)
    if entry is None:
        return None
    rows = session.execute(
        select(Posting, Producer.name, Site.name)
        .outerjoin(Producer, Producer.id == Posting.producer_id)
        .outerjoin(Site, Site.id == Posting.site_id)
        .where(Posting.entry_id == entry.id)
        .order_by(Posting.n)
    ).all()
    names: dict[str, str] = {}
    for of in {ACCOUNTS[p.account] for p, _, _ in rows if p.dimension}:
        names |= names_of(session, of, [p.dimension for p, _, _ in rows if ACCOUNTS[p.account] == of])
    lines = [
        Line(
            p.account, p.dimension, names.get(p.dimension, p.dimension), p.amount_vnd, p.producer_id, producer,
            p.site_id, site,
        )
        for p, producer, site in rows
    ]  # fmt: skip
    named = (entry.source_kind, entry.source_id)
    return Whole(
        entry,
        sources_of(session, [named])[named],
        sorted(lines, key=lambda line: line.amount_vnd < 0),
        session.get(JournalEntry, entry.reverses) if entry.reverses else None,
        session.scalars(select(JournalEntry).where(JournalEntry.reverses == entry.id)).one_or_none(),
        list(
            session.scalars(
                select(JournalEntry)
                .where(
                    JournalEntry.source_kind == entry.source_kind, JournalEntry.source_id == entry.source_id,
                    JournalEntry.id != entry.id,
                )
                .order_by(JournalEntry.seq)
            )
        ),
    )  # fmt: skip
