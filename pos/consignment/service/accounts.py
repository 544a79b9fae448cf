"""An operator's own check of a producer's account, and the account a payout goes to after one came back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.consignment.models import AccountCheck, Agreement, Payout
from pos.consignment.service.locks import lock_settlement
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.producers.models import BankAccount


def check_account(
    session: Session, operator_id: str, account_id: str, *, how: str, at: datetime, by: str | None
) -> None:
    """Somebody called or met the producer: this account is theirs. Each operator for itself, once.

    Raises NotFound for an account of a producer the operator has no agreement with, Conflict `payout.checked`.
    """
    if not how.strip():
        raise Invalid("field.required", field="how")
    known = session.scalar(
        select(BankAccount.id)
        .join(Agreement, Agreement.producer_id == BankAccount.producer_id)
        .where(BankAccount.id == account_id, Agreement.operator_id == operator_id)
    )
    if known is None:
        raise NotFound("payout.unknown")
    if session.get(AccountCheck, (operator_id, account_id)):
        raise Conflict("payout.checked")
    session.add(
        AccountCheck(operator_id=operator_id, account_id=account_id, checked_at=at, checked_by=by, how=how.strip())
    )
    session.flush()


def point_to_account(session: Session, payout_id: str, account_id: str) -> None:
    """A payout that waits (it came back) goes to another account of the same producer; the changed-account rule
    holds for it. Raises NotFound, Conflict `payout.taken` when it is on its way."""
    payout = session.get(Payout, payout_id)
    account = session.get(BankAccount, account_id)
    if payout is None or account is None or account.producer_id != payout.producer_id:
        raise NotFound("payout.unknown")
    lock_settlement(session, payout.operator_id, [payout.producer_id])
    done = session.execute(
        update(Payout)
        .where(Payout.id == payout_id, Payout.state == "open")
        .values(bank_account_id=account_id)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict("payout.taken")
    session.expire_all()
