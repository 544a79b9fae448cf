"""The trial balance of a period, and the sums of any part of the journal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from pos.ledger.models import DaySum, DaySumHead, JournalEntry, Posting
from pos.ledger.rules import ACCOUNTS

DEBIT = func.sum(case((Posting.amount_vnd > 0, Posting.amount_vnd), else_=0))
CREDIT = func.sum(case((Posting.amount_vnd < 0, -Posting.amount_vnd), else_=0))


@dataclass(slots=True)
class TrialRow:
    """One account over a period, đồng; opening and closing + debit − credit."""

    account: str
    opening_vnd: int = 0
    debit_vnd: int = 0
    credit_vnd: int = 0

    @property
    def closing_vnd(self) -> int:
        return self.opening_vnd + self.debit_vnd - self.credit_vnd


@dataclass(frozen=True, slots=True)
class Trial:
    """The accounts that were ever moved, in the order of the plan of accounts."""

    rows: list[TrialRow]

    @property
    def debit_vnd(self) -> int:
        return sum(row.debit_vnd for row in self.rows)

    @property
    def credit_vnd(self) -> int:
        return sum(row.credit_vnd for row in self.rows)

    @property
    def opening_vnd(self) -> int:
        """0, or the books do not balance."""
        return sum(row.opening_vnd for row in self.rows)

    @property
    def closing_vnd(self) -> int:
        """0, or the books do not balance."""
        return sum(row.closing_vnd for row in self.rows)


def trial_of(session: Session, operator_id: str, from_on: date, until_on: date) -> Trial:
    """By business date, both days included. Reads the kept sums by day and the entries after them: three queries."""
    rows: dict[str, TrialRow] = {}
    kept = session.scalar(select(DaySumHead.seq).where(DaySumHead.operator_id == operator_id)) or 0
    inside = DaySum.business_date >= from_on
    days = session.execute(
        select(
            DaySum.account,
            func.sum(case((~inside, DaySum.debit_vnd - DaySum.credit_vnd), else_=0)),
            func.sum(case((inside, DaySum.debit_vnd), else_=0)),
            func.sum(case((inside, DaySum.credit_vnd), else_=0)),
        )
        .where(DaySum.operator_id == operator_id, DaySum.business_date <= until_on)
        .group_by(DaySum.account)
    )
    inside = JournalEntry.business_date >= from_on
    late = session.execute(
        select(
            Posting.account,
            func.sum(case((~inside, Posting.amount_vnd), else_=0)),
            func.sum(case((inside & (Posting.amount_vnd > 0), Posting.amount_vnd), else_=0)),
            func.sum(case((inside & (Posting.amount_vnd < 0), -Posting.amount_vnd), else_=0)),
        )
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(JournalEntry.operator_id == operator_id, JournalEntry.seq > kept, JournalEntry.business_date <= until_on)
        .group_by(Posting.account)
    )
    for account, opening, debit, credit in (*days, *late):
        row = rows.setdefault(account, TrialRow(account))
        row.opening_vnd += int(opening)
        row.debit_vnd += int(debit)
        row.credit_vnd += int(credit)
    place = {account: n for n, account in enumerate(ACCOUNTS)}
    return Trial(sorted(rows.values(), key=lambda row: place[row.account]))


def sums_of(
    session: Session, operator_id: str, from_on: date, until_on: date, *, upto: int | None = None,
    site_id: str | None = None, fair_id: str | None = None,
) -> dict[str, tuple[int, int]]:  # fmt: skip
    """{account: (debit, credit)} of the entries dated inside, up to a seq, straight from the journal. One query."""
    query = (
        select(Posting.account, DEBIT, CREDIT)
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(
            JournalEntry.operator_id == operator_id, JournalEntry.business_date >= from_on,
            JournalEntry.business_date <= until_on,
        )
        .group_by(Posting.account)
    )  # fmt: skip
    if upto is not None:
        query = query.where(JournalEntry.seq <= upto)
    if site_id:
        query = query.where(Posting.site_id == site_id)
    if fair_id:
        query = query.where(Posting.fair_id == fair_id)
    return {account: (int(debit), int(credit)) for account, debit, credit in session.execute(query)}


def day_sum_problems(session: Session, operator_id: str) -> list[tuple[date, str]]:
    """(day, account) whose kept sums are not those of the journal up to the head. Two queries."""
    kept = session.scalar(select(DaySumHead.seq).where(DaySumHead.operator_id == operator_id)) or 0
    told: dict[tuple[date, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in session.execute(
        select(JournalEntry.business_date, Posting.account, DEBIT, CREDIT)
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .where(JournalEntry.operator_id == operator_id, JournalEntry.seq <= kept)
        .group_by(JournalEntry.business_date, Posting.account)
    ):
        told[row[0], row[1]] = (int(row[2]), int(row[3]))
    have = {
        (row.business_date, row.account): (row.debit_vnd, row.credit_vnd)
        for row in session.execute(
            select(DaySum.business_date, DaySum.account, DaySum.debit_vnd, DaySum.credit_vnd).where(
                DaySum.operator_id == operator_id
            )
        )
    }
    return sorted(key for key in told.keys() | have.keys() if told.get(key) != have.get(key))
