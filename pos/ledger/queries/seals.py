"""Questions about sealed periods: which, what was entered after, do they still say what the journal says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from pos.kernel.canonical import parse
from pos.ledger.models import BooksSeal, JournalEntry, Posting
from pos.ledger.queries.trial import TrialRow, sums_of
from pos.ledger.rules import ACCOUNTS, GENESIS, seal_digest
from pos.places.models import Fair, Site


@dataclass(frozen=True, slots=True)
class SealRow:
    """One seal in the list; `late` entries dated inside came after it."""

    id: str
    no: int
    kind: str
    place: str | None
    from_on: date
    until_on: date
    seq: int
    hash: str
    sealed_at: datetime
    sealed_by: str | None
    late: int


def list_seals(session: Session, operator_id: str, *, before: int | None = None, most: int = 50) -> list[SealRow]:
    """Newest first, by number. One query; what came late is counted by an index of days."""
    late = (
        select(func.count())
        .select_from(JournalEntry)
        .where(_inside(BooksSeal), JournalEntry.seq > BooksSeal.seq, BooksSeal.kind == "month")
        .correlate(BooksSeal)
        .scalar_subquery()
    )
    query = (
        select(
            BooksSeal.id, BooksSeal.no, BooksSeal.kind, func.coalesce(Site.name, Fair.name), BooksSeal.from_on,
            BooksSeal.until_on, BooksSeal.seq, BooksSeal.hash, BooksSeal.sealed_at, BooksSeal.sealed_by, late,
        )
        .outerjoin(Site, and_(BooksSeal.kind == "day", Site.id == BooksSeal.scope_id))
        .outerjoin(Fair, and_(BooksSeal.kind == "fair", Fair.id == BooksSeal.scope_id))
        .where(BooksSeal.operator_id == operator_id)
        .order_by(BooksSeal.no.desc())
        .limit(most)
    )  # fmt: skip
    if before is not None:
        query = query.where(BooksSeal.no < before)
    return [SealRow(*row) for row in session.execute(query)]


def _inside(seal: type[BooksSeal] | BooksSeal) -> ColumnElement[bool]:
    return and_(
        JournalEntry.operator_id == seal.operator_id, JournalEntry.business_date >= seal.from_on,
        JournalEntry.business_date <= seal.until_on,
    )  # fmt: skip


def scope_of(seal: BooksSeal) -> dict[str, Any]:
    """The dimension its sums are cut by: a site, a fair, or none."""
    return {"day": {"site_id": seal.scope_id}, "fair": {"fair_id": seal.scope_id}}.get(seal.kind, {})


def corrections_of(session: Session, seal: BooksSeal, *, most: int = 200) -> list[JournalEntry]:
    """Entries dated inside that came after the seal, in the order of the chain."""
    query = select(JournalEntry).where(_inside(seal), JournalEntry.seq > seal.seq)
    if scope := scope_of(seal):
        ((name, id_),) = scope.items()
        mine = select(Posting.n).where(Posting.entry_id == JournalEntry.id, getattr(Posting, name) == id_)
        query = query.where(mine.exists())
    return list(session.scalars(query.order_by(JournalEntry.seq).limit(most)))


@dataclass(frozen=True, slots=True)
class SealedRow:
    """One account of a sealed period: as sealed, and as the entries since have corrected it."""

    account: str
    original: TrialRow
    corrected: TrialRow


def sums_of_seal(session: Session, seal: BooksSeal) -> list[SealedRow]:
    """In the order of the plan of accounts. One query."""
    told: dict[str, list[int]] = parse(seal.totals)
    now = sums_of(session, seal.operator_id, seal.from_on, seal.until_on, **scope_of(seal))
    return [
        SealedRow(
            account,
            TrialRow(account, 0, *told.get(account, (0, 0))),
            TrialRow(account, 0, *now.get(account, (0, 0))),
        )
        for account in ACCOUNTS
        if account in told or account in now
    ]


def seal_problem(session: Session, seal: BooksSeal) -> tuple[str, str] | None:
    """What does not hold of a seal, (Vietnamese, English); None when it says what the journal says."""
    totals: dict[str, list[int]] = parse(seal.totals)
    if seal.sha256 != seal_digest(
        seal.operator_id, seal.kind, seal.scope_id, seal.from_on, seal.until_on, seal.seq, seal.hash, totals
    ):
        return "dấu niêm không khớp nội dung của nó", "its digest is not that of what it says"
    mine = (JournalEntry.operator_id == seal.operator_id, JournalEntry.seq == seal.seq)
    if (session.scalar(select(JournalEntry.hash).where(*mine)) or GENESIS) != seal.hash:
        return f"chuỗi sổ ở số {seal.seq} không còn như lúc niêm", f"the chain at {seal.seq} is not what it was"
    found = sums_of(session, seal.operator_id, seal.from_on, seal.until_on, upto=seal.seq, **scope_of(seal))
    if {account: list(sums) for account, sums in found.items()} != totals:
        return "tổng các tài khoản không còn như lúc niêm", "the sums of its accounts are not what they were"
    return None
