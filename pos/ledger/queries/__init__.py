"""Questions to the books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from pos.access.reach import Reach
from pos.kernel.clock import iso
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.models import BooksCheck, ChainHead, JournalEntry, Posting, SafeFunding
from pos.ledger.rules import GENESIS, entry_hash
from pos.places.models import Operator, Site

PAGE = 2000


def balance_of(session: Session, operator_id: str, account: str, dimension: str = "") -> int:
    """đồng on one account: + debit, − credit."""
    found = session.scalar(
        select(func.sum(Posting.amount_vnd)).where(
            Posting.operator_id == operator_id, Posting.account == account, Posting.dimension == dimension
        )
    )
    return int(found or 0)


def balances(session: Session, operator_id: str) -> dict[tuple[str, str], int]:
    """Every account and dimension that is not 0."""
    rows = session.execute(
        select(Posting.account, Posting.dimension, func.sum(Posting.amount_vnd))
        .where(Posting.operator_id == operator_id)
        .group_by(Posting.account, Posting.dimension)
    )
    return {(account, dimension): int(total) for account, dimension, total in rows if total}


def head_of(session: Session, operator_id: str) -> tuple[int, str]:
    """(seq, hash) where the operator's chain ends."""
    found = session.execute(
        select(ChainHead.seq, ChainHead.hash).where(ChainHead.operator_id == operator_id)
    ).one_or_none()
    return (found[0], found[1]) if found else (0, GENESIS)


def entries_of(session: Session, operator_id: str, after: int = 0) -> Iterator[tuple[JournalEntry, list[Posting]]]:
    """All entries with their postings in chain order, read in pages: any number fits in memory."""
    return posted_between(session, operator_id, (), after)


def posted_between(
    session: Session, operator_id: str, within: Sequence[ColumnElement[bool]], after: int = 0
) -> Iterator[tuple[JournalEntry, list[Posting]]]:
    """The same of the entries that fit."""
    mine = (JournalEntry.operator_id == operator_id, *within)
    while True:
        page = session.scalars(
            select(JournalEntry).where(*mine, JournalEntry.seq > after).order_by(JournalEntry.seq).limit(PAGE)
        ).all()
        if not page:
            return
        lines: dict[str, list[Posting]] = defaultdict(list)
        for posting in session.scalars(
            select(Posting)
            .join(JournalEntry, JournalEntry.id == Posting.entry_id)
            .where(
                JournalEntry.operator_id == operator_id, JournalEntry.seq.between(page[0].seq, page[-1].seq), *within
            )
            .order_by(Posting.entry_id, Posting.n)
        ):
            lines[posting.entry_id].append(posting)
        for entry in page:
            yield entry, lines[entry.id]
        after = page[-1].seq
        session.expunge_all()


def as_export(entry: JournalEntry, postings: list[Posting]) -> dict[str, Any]:
    """One line of `pos journal export`."""
    return {
        "id": entry.id,
        "operator": entry.operator_id,
        "seq": entry.seq,
        "kind": entry.kind,
        "business_date": entry.business_date.isoformat(),
        "occurred_at": iso(entry.occurred_at),
        "recorded_at": iso(entry.recorded_at),
        "source_kind": entry.source_kind,
        "source_id": entry.source_id,
        "reverses": entry.reverses,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
        "lines": [{"account": p.account, "dimension": p.dimension or None, "amount": p.amount_vnd} for p in postings],
    }


def rehash(entry: JournalEntry, postings: list[Posting], seq: int, prev_hash: str) -> str:
    """The hash this entry should have at this place in the chain."""
    drafts = [
        PostingDraft(
            p.account, p.amount_vnd, p.dimension, p.producer_id, p.site_id, p.shift_id, p.fair_id,
            p.settlement_line_id,
        )
        for p in postings
    ]  # fmt: skip
    draft = EntryDraft(
        entry.id, entry.kind, entry.business_date, entry.occurred_at,
        entry.source_kind, entry.source_id, tuple(drafts), entry.reverses,
    )  # fmt: skip
    return entry_hash(entry.operator_id, seq, prev_hash, draft, drafts)


def last_check(session: Session) -> BooksCheck | None:
    """The newest look at all the books."""
    return session.scalars(select(BooksCheck).order_by(BooksCheck.checked_at.desc()).limit(1)).one_or_none()


@dataclass(frozen=True, slots=True)
class Safe:
    """One site's safe and what is in it, đồng."""

    site_id: str
    site: str
    operator: str
    balance_vnd: int


def list_safes(session: Session, mine: Reach) -> list[Safe]:
    """By operator and site. One query."""
    in_it = func.coalesce(func.sum(Posting.amount_vnd), 0)
    rows = session.execute(
        select(Site.id, Site.name, Operator.name, in_it)
        .join(Operator, Operator.id == Site.operator_id)
        .outerjoin(
            Posting,
            and_(Posting.operator_id == Site.operator_id, Posting.account == "safe", Posting.dimension == Site.id),
        )
        .where(Site.active, mine.where(operator=Site.operator_id, site=Site.id))
        .group_by(Site.id, Site.name, Operator.name)
        .order_by(Operator.name, Site.name)
    )
    return [Safe(id_, site, operator, int(total)) for id_, site, operator, total in rows]


@dataclass(frozen=True, slots=True)
class FundingRow:
    """One document of cash from the bank."""

    business_date: date
    site: str
    amount_vnd: int
    note: str | None


def list_fundings(session: Session, mine: Reach) -> list[FundingRow]:
    """The newest 50."""
    rows = session.execute(
        select(SafeFunding.business_date, Site.name, SafeFunding.amount_vnd, SafeFunding.note)
        .join(Site, Site.id == SafeFunding.site_id)
        .where(mine.where(operator=SafeFunding.operator_id, site=SafeFunding.site_id))
        .order_by(SafeFunding.made_at.desc(), SafeFunding.id.desc())
        .limit(50)
    )
    return [FundingRow(*row) for row in rows]
