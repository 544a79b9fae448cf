"""The journal in the order of days, page by page: each page costs the same however long the books are.

A page walks at most WINDOW entries along the index of days and keeps those that fit; what is rare (one account of
one person, a capital) is found from its postings instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from pos.ledger.models import JournalEntry, Posting
from pos.ledger.rules import ACCOUNTS
from pos.producers.models import Producer
from pos.reports.queries.books.sources import source_ids

SIZE, WINDOW, FEW = 50, 3_000, 500
OF_PRODUCER = tuple(account for account, of in ACCOUNTS.items() if of == "producer")
Key = tuple[date, int]  # business date and seq of the last row shown


@dataclass(frozen=True, slots=True)
class Asked:
    """What the journal is narrowed to; empty means everything. `sites`: an auditor's, None all."""

    from_on: date
    until_on: date
    account: str = ""
    dimension: str = ""
    producer_id: str = ""
    kind: str = ""
    site_id: str = ""
    text: str = ""
    sites: tuple[str, ...] | None = None


@dataclass(slots=True)
class Row:
    """One entry of the list. `amount_vnd`: its debits, or of one account what it moved there."""

    id: str
    seq: int
    kind: str
    day: date
    at: datetime
    recorded_at: datetime
    source_kind: str
    source_id: str
    reverses: str | None
    amount_vnd: int = 0
    lines: list[tuple[str, int]] = field(default_factory=list)  # (account, amount), debits first


@dataclass(frozen=True, slots=True)
class Found:
    """One page; `next` where the following one begins, `looked_to` when a window ended before the page was full."""

    rows: list[Row]
    next: Key | None
    looked_to: Key | None = None


def list_entries(
    session: Session, operator_id: str, asked: Asked, *, after: Key | None = None, oldest_first: bool = False
) -> Found:
    """Newest first, or as a ledger reads: oldest first. Three or four queries."""
    order = (JournalEntry.business_date, JournalEntry.seq)
    within = [
        JournalEntry.operator_id == operator_id, JournalEntry.business_date >= asked.from_on,
        JournalEntry.business_date <= asked.until_on,
    ]  # fmt: skip
    if after:
        day, seq = after
        within.append(
            or_(order[0] > day, and_(order[0] == day, order[1] > seq))
            if oldest_first
            else or_(order[0] < day, and_(order[0] == day, order[1] < seq))
        )
    sort = order if oldest_first else (order[0].desc(), order[1].desc())
    fits = _fits(session, operator_id, asked)
    end: Key | None = None
    columns = (
        JournalEntry.id, JournalEntry.seq, JournalEntry.kind, JournalEntry.business_date, JournalEntry.occurred_at,
        JournalEntry.recorded_at, JournalEntry.source_kind, JournalEntry.source_id, JournalEntry.reverses,
    )  # fmt: skip
    rare = _rare(session, operator_id, asked)
    query: Any = select(*columns)
    if not fits:
        query = query.where(*within)
    elif rare is not None:
        query = query.where(*within, JournalEntry.id.in_(rare), *fits)
    else:
        window = select(JournalEntry.id).where(*within).order_by(*sort).limit(WINDOW).subquery()
        query = query.join(window, window.c.id == JournalEntry.id).where(*fits)
        last = session.execute(select(*order).where(*within).order_by(*sort).offset(WINDOW - 1).limit(1)).one_or_none()
        end = (last[0], last[1]) if last else None
    found = session.execute(query.order_by(*sort).limit(SIZE + 1)).all()
    rows = [Row(*row) for row in found[:SIZE]]
    _fill(session, rows, asked)
    if len(found) > SIZE:
        return Found(rows, (rows[-1].day, rows[-1].seq))
    return Found(rows, end, end)


def _posted(asked: Asked) -> list[ColumnElement[bool]]:
    """What a posting of the entry must say."""
    says = []
    if asked.account:
        says.append(Posting.account == asked.account)
    if asked.dimension:
        says.append(Posting.dimension == asked.dimension)
    if asked.producer_id:
        says += [Posting.account.in_(OF_PRODUCER), Posting.dimension == asked.producer_id]
    if asked.site_id:
        says.append(Posting.site_id == asked.site_id)
    if asked.sites is not None:
        says.append(Posting.site_id.in_(asked.sites))
    return says


def _fits(session: Session, operator_id: str, asked: Asked) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = []
    if says := _posted(asked):
        fits.append(select(Posting.n).where(Posting.entry_id == JournalEntry.id, *says).exists())
    if asked.kind:
        fits.append(JournalEntry.kind == asked.kind)
    if asked.text:
        fits.append(_says(session, operator_id, asked.text))
    return fits


def _says(session: Session, operator_id: str, text: str) -> ColumnElement[bool]:
    """A number of an entry, an amount, an id, or the number of a receipt, statement or other paper."""
    plain = text.replace(".", "").replace(" ", "").removesuffix("đ")
    ways: list[ColumnElement[bool]] = [JournalEntry.source_id.in_(source_ids(session, operator_id, text))]
    if plain.isascii() and plain.isdecimal() and len(plain) < 16:
        amount = select(Posting.n).where(
            Posting.entry_id == JournalEntry.id, func.abs(Posting.amount_vnd) == int(plain)
        )
        ways += [JournalEntry.seq == int(plain), amount.exists()]
    if len(text) == 36:
        ways.append(JournalEntry.id == text)
    return or_(*ways)


def _rare(session: Session, operator_id: str, asked: Asked) -> list[str] | None:
    """The entries of an account or person that moved seldom; None when they are many, or nobody is named."""
    of = [Posting.operator_id == operator_id]
    if asked.account:
        of += [Posting.account == asked.account, *([Posting.dimension == asked.dimension] if asked.dimension else [])]
    elif asked.producer_id:
        of += [Posting.account.in_(OF_PRODUCER), Posting.dimension == asked.producer_id]
    else:
        return None
    ids = session.scalars(select(Posting.entry_id).where(*of).limit(FEW + 1)).all()
    return None if len(ids) > FEW else list(set(ids))


def _fill(session: Session, rows: list[Row], asked: Asked) -> None:
    """The postings of a page. One query."""
    of = {row.id: row for row in rows}
    lines = session.execute(
        select(Posting.entry_id, Posting.account, Posting.dimension, Posting.amount_vnd)
        .where(Posting.entry_id.in_(of))
        .order_by(Posting.entry_id, Posting.n)
    )
    for entry_id, account, dimension, amount in lines:
        row = of[entry_id]
        row.lines.append((account, amount))
        if _counts(asked, account, dimension, amount):
            row.amount_vnd += amount
    for row in rows:
        row.lines.sort(key=lambda line: line[1] < 0)


def _counts(asked: Asked, account: str, dimension: str, amount: int) -> bool:
    """Does this posting stand in the figure of its row?"""
    if asked.account:
        return account == asked.account and asked.dimension in ("", dimension)
    if asked.producer_id:
        return account in OF_PRODUCER and dimension == asked.producer_id
    return amount > 0


def producers_named(session: Session, operator_id: str, text: str, most: int = 20) -> list[tuple[str, str]]:
    """(id, name) of producers with money in these books whose name has the text."""
    mine = select(Posting.n).where(
        Posting.operator_id == operator_id, Posting.account == "unsettled", Posting.dimension == Producer.id
    )
    query = select(Producer.id, Producer.name).where(mine.exists()).order_by(Producer.name).limit(most)
    if text:
        query = query.where(Producer.search.contains(text, autoescape=True))
    return [(row[0], row[1]) for row in session.execute(query)]
