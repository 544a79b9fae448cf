"""The journal entry by entry, in words, for files: read in pages by key, so any number fits in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pos.ledger.models import JournalEntry, Posting
from pos.ledger.rules import ACCOUNTS
from pos.reports.adapters.journal_files import Entered, Posted
from pos.reports.queries.books.ledgers import names_of
from pos.reports.queries.books.sources import sources_of
from pos.web.words import words

PAGE = 500


def count_entries(
    session: Session, operator_id: str, from_on: date, until_on: date, *, sites: tuple[str, ...] | None = None
) -> int:
    """How many there are in these days."""
    count = select(func.count()).select_from(JournalEntry)
    return session.scalar(count.where(*_within(operator_id, from_on, until_on, sites))) or 0


def _within(operator_id: str, from_on: date, until_on: date, sites: tuple[str, ...] | None) -> list[Any]:
    within: list[Any] = [
        JournalEntry.operator_id == operator_id, JournalEntry.business_date >= from_on,
        JournalEntry.business_date <= until_on,
    ]  # fmt: skip
    if sites is not None:
        touches = select(Posting.n).where(Posting.entry_id == JournalEntry.id, Posting.site_id.in_(sites))
        within.append(touches.exists())
    return within


def entries_in(
    session: Session, operator_id: str, from_on: date, until_on: date, *, sites: tuple[str, ...] | None = None
) -> Iterator[Entered]:
    """By business date and number. With `sites`, the entries that touch one of them."""
    within = _within(operator_id, from_on, until_on, sites)
    after: tuple[date, int] | None = None
    order = (JournalEntry.business_date, JournalEntry.seq)
    while True:
        query = select(JournalEntry).where(*within).order_by(*order).limit(PAGE)
        if after:
            query = query.where(or_(order[0] > after[0], and_(order[0] == after[0], order[1] > after[1])))
        found = session.scalars(query).all()
        if not found:
            return
        yield from _told(session, list(found))
        after = (found[-1].business_date, found[-1].seq)
        session.expunge_all()


def _told(session: Session, found: list[JournalEntry]) -> Iterator[Entered]:
    lines: dict[str, list[Posting]] = defaultdict(list)
    ids: dict[str, set[str]] = defaultdict(set)
    for posting in session.scalars(
        select(Posting).where(Posting.entry_id.in_([e.id for e in found])).order_by(Posting.entry_id, Posting.n)
    ):
        lines[posting.entry_id].append(posting)
        ids[ACCOUNTS[posting.account]].add(posting.dimension)
        ids["producer"].add(posting.producer_id or "")
        ids["site"].add(posting.site_id or "")
    names: dict[str, str] = {}
    for of, these in ids.items():
        if of:
            names |= names_of(session, of, sorted(these - {""}))
    sources = sources_of(session, [(e.source_kind, e.source_id) for e in found])
    for entry in found:
        source = sources[entry.source_kind, entry.source_id]
        yield Entered(
            entry.id, entry.seq, entry.business_date, entry.occurred_at, entry.recorded_at, words("entry", entry.kind),
            f"{words('source', source.kind)} {source.number}".strip(), entry.hash,
            tuple(
                Posted(
                    p.account, words("account", p.account), names.get(p.dimension, p.dimension), p.amount_vnd,
                    names.get(p.producer_id or "", ""), names.get(p.site_id or "", ""),
                )
                for p in lines[entry.id]
            ),
        )  # fmt: skip
