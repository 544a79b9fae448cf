"""Is what producers are owed covered by money that is there? Source: money.md "Settlement"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from pos.ledger.models import JournalEntry, Posting

MONEY = ("drawer", "safe", "cash_in_transit", "trust_bank", "payouts_in_transit")
CLEARING = ("card_clearing", "qr_clearing")
OWED = ("unsettled", "settled", "reserve", "producer_receivable", "held_by_producer")
CLEARING_DAYS = 5  # older is not believed any more


@dataclass(frozen=True, slots=True)
class Coverage:
    """đồng. `owed_vnd` is Σ max(0, owed) over the producers; `fresh_vnd` clearing not older than some days."""

    bank_vnd: int
    cash_vnd: int  # drawers and safes
    on_the_way_vnd: int  # bags; payouts under way are taken off
    owed_vnd: int
    fresh_vnd: int

    @property
    def covered_vnd(self) -> int:
        return self.bank_vnd + self.cash_vnd + self.on_the_way_vnd - self.owed_vnd

    @property
    def with_clearing_vnd(self) -> int:
        """The figure that alarms and blocks withdrawals."""
        return self.covered_vnd + self.fresh_vnd


def coverage_of(session: Session, operator_id: str, *, on: date, days: int = CLEARING_DAYS) -> Coverage:
    """Three queries over the journal of one operator."""
    rows = session.execute(
        select(Posting.account, func.sum(Posting.amount_vnd))
        .where(Posting.operator_id == operator_id, Posting.account.in_((*MONEY, *CLEARING)))
        .group_by(Posting.account)
    )
    held = {account: int(total) for account, total in rows}
    by_producer = (
        select(func.sum(Posting.amount_vnd).label("vnd"))
        .where(Posting.operator_id == operator_id, Posting.account.in_(OWED))
        .group_by(Posting.dimension)
        .subquery()
    )
    owed = session.scalar(select(func.sum(case((by_producer.c.vnd < 0, -by_producer.c.vnd), else_=0))))
    young = session.execute(
        select(Posting.account, func.sum(case((Posting.amount_vnd > 0, Posting.amount_vnd), else_=0)))
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(
            Posting.operator_id == operator_id, Posting.account.in_(CLEARING),
            JournalEntry.business_date >= on - timedelta(days=days),
        )
        .group_by(Posting.account)
    )  # fmt: skip
    newest = {account: int(total) for account, total in young}
    fresh = sum(min(held.get(account, 0), newest.get(account, 0)) for account in CLEARING)
    return Coverage(
        held.get("trust_bank", 0), held.get("drawer", 0) + held.get("safe", 0),
        held.get("cash_in_transit", 0) + held.get("payouts_in_transit", 0), int(owed or 0), fresh,
    )  # fmt: skip
