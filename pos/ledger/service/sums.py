"""Keep the sums by day in step with the journal: entries after the last ones counted are added, once."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.kernel.db import is_postgresql, upsert_of
from pos.ledger.models import DaySum, DaySumHead, JournalEntry, Posting
from pos.ledger.queries import head_of
from pos.ledger.queries.trial import CREDIT, DEBIT

MOST = 200_000  # entries added up in one statement


def keep_day_sums(session: Session, operator_id: str) -> int:
    """Add the entries since the last time; answers the seq reached. The head's row is held till COMMIT."""
    made = upsert_of(is_postgresql(session), DaySumHead).values(operator_id=operator_id, seq=0)
    session.execute(made.on_conflict_do_nothing())
    after = session.scalar(select(DaySumHead.seq).where(DaySumHead.operator_id == operator_id).with_for_update()) or 0
    end = head_of(session, operator_id)[0]
    while after < end:
        upto = min(end, after + MOST)
        new = session.execute(
            select(JournalEntry.business_date, Posting.account, DEBIT, CREDIT)
            .join(Posting, Posting.entry_id == JournalEntry.id)
            .where(JournalEntry.operator_id == operator_id, JournalEntry.seq > after, JournalEntry.seq <= upto)
            .group_by(JournalEntry.business_date, Posting.account)
        ).all()
        for day, account, debit, credit in new:
            add = upsert_of(is_postgresql(session), DaySum).values(
                operator_id=operator_id, business_date=day, account=account, debit_vnd=int(debit),
                credit_vnd=int(credit),
            )  # fmt: skip
            session.execute(
                add.on_conflict_do_update(
                    index_elements=["operator_id", "business_date", "account"],
                    set_={
                        "debit_vnd": DaySum.debit_vnd + add.excluded.debit_vnd,
                        "credit_vnd": DaySum.credit_vnd + add.excluded.credit_vnd,
                    },
                )
            )
        after = upto
    session.execute(update(DaySumHead).where(DaySumHead.operator_id == operator_id).values(seq=end))
    return end
