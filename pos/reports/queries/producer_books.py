"""What a producer may read of the books themselves: its reserve, the takings it kept, and where its money lies now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from pos.consignment.models import SettlementLine, Share, Statement
from pos.consignment.queries.watermarks import may_be_open
from pos.ledger.models import JournalEntry, Posting
from pos.places.models import Operator, Site
from pos.reports.queries.producer_lines import unclaimed_lines
from pos.till.models import OPEN_STATES, Sale, Shift, Tender

PAGE = 50
ACCOUNTS = {"reserve": "reserve", "taken": "held_by_producer", "advance": "producer_advance"}
DAYS = 70  # a line older than the longest return window and a late settlement is not looked for tender by tender


@dataclass(frozen=True, slots=True)
class Booked:
    """One entry that moved an account of this producer; `vnd` + for what is still to come to it."""

    kind: str
    day: date
    operator: str
    receipt_no: str | None
    statement_no: int | None
    vnd: int


def list_booked(session: Session, producer_id: str, part: str, page: int) -> tuple[list[Booked], bool]:
    """Of its reserve, its kept takings or its advances, newest first."""
    rows = session.execute(
        select(
            JournalEntry.kind, JournalEntry.business_date, Operator.name, Sale.receipt_no, Statement.no,
            -func.sum(Posting.amount_vnd),
        )
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .join(Operator, Operator.id == JournalEntry.operator_id)
        .outerjoin(Sale, Sale.id == JournalEntry.source_id)
        .outerjoin(Statement, Statement.id == JournalEntry.source_id)
        .where(
            Posting.operator_id.in_(select(Operator.id)), Posting.account == ACCOUNTS[part],
            Posting.dimension == producer_id,
        )
        .group_by(JournalEntry.id, JournalEntry.kind, JournalEntry.business_date, Operator.name, Sale.receipt_no,
                  Statement.no)
        .order_by(JournalEntry.business_date.desc(), JournalEntry.id.desc())
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()  # fmt: skip
    return [Booked(*row[:5], int(row[5])) for row in rows[:PAGE]], len(rows) > PAGE


@dataclass(frozen=True, slots=True)
class Lies:
    """So much of a producer's unsettled money at one operator lies there: `where` is drawer (of an open shift at
    `site`), safe, bank, card, voucher, self (the producer has it) or other."""

    operator_id: str
    where: str
    site: str
    vnd: int


PLACES = {
    "drawer": "safe", "safe": "safe", "trust_bank": "bank", "operating_bank": "bank", "qr_clearing": "bank",
    "card_clearing": "card", "voucher_clearing": "voucher", "held_by_producer": "self",
}  # fmt: skip


def list_places(session: Session, producer_id: str, day: date) -> list[Lies]:
    """Where customers' money for its unsettled lines went, most first: each line by the largest tender of its ticket.
    Fees and corrections belong to no ticket and are not told."""
    biggest = aliased(Tender)
    tender = (
        select(biggest.id)
        .where(biggest.sale_id == Share.event_id)
        .order_by(func.abs(biggest.amount_vnd).desc(), biggest.n)
        .limit(1)
        .correlate(Share)
        .scalar_subquery()
    )
    rows = session.execute(
        unclaimed_lines(
            Tender.account, Shift.state, Site.name, SettlementLine.operator_id, func.sum(SettlementLine.amount_vnd)
        )
        .join(Share, Share.id == SettlementLine.share_id)
        .join(Tender, Tender.id == tender)
        .join(Site, Site.id == Share.site_id)
        .outerjoin(Shift, Shift.id == Tender.shift_id)
        .where(may_be_open(session, producer_id), SettlementLine.business_date > day - timedelta(days=DAYS))
        .group_by(Tender.account, Shift.state, Site.name, SettlementLine.operator_id)
    )
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for account, state, site, operator_id, vnd in rows:
        in_drawer = account == "drawer" and state in OPEN_STATES
        where = "drawer" if in_drawer else PLACES.get(account, "other")
        sums[operator_id, where, site if in_drawer else ""] += int(vnd)
    return sorted((Lies(*key, vnd) for key, vnd in sums.items() if vnd > 0), key=lambda p: (-p.vnd, p.where))
