"""Which account a producer is paid to by an operator, and what that operator knows of it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from pos.consignment.models import AccountCheck, Payout, PayoutAttempt
from pos.consignment.rules.payouts import AccountFacts
from pos.producers.models import BankAccount


def accounts_of(session: Session, operator_id: str, producer_ids: Collection[str]) -> dict[str, BankAccount]:
    """The account to pay to: the newest confirmed one (by the register or by this operator), the newest of all where
    none is confirmed yet."""
    rows = session.scalars(
        select(BankAccount)
        .outerjoin(
            AccountCheck,
            and_(AccountCheck.account_id == BankAccount.id, AccountCheck.operator_id == operator_id),
        )
        .where(BankAccount.producer_id.in_(producer_ids))
        .order_by(
            or_(BankAccount.confirmed_at.is_not(None), AccountCheck.account_id.is_not(None)), BankAccount.made_at,
            BankAccount.id,
        )
    )  # fmt: skip
    return {account.producer_id: account for account in rows}


def account_facts(session: Session, operator_id: str, account: BankAccount) -> AccountFacts:
    """What the changed-account rule asks."""
    earlier = exists().where(BankAccount.producer_id == account.producer_id, BankAccount.made_at < account.made_at)
    paid = exists().where(
        PayoutAttempt.bank_account_id == account.id, PayoutAttempt.state == "confirmed",
        PayoutAttempt.payout_id == Payout.id, Payout.operator_id == operator_id,
    )  # fmt: skip
    changed, before = session.execute(select(earlier, paid)).one()
    check = session.get(AccountCheck, (operator_id, account.id))
    return AccountFacts(
        account.made_at, bool(changed), bool(before), check.checked_by if check else None, check is not None
    )
