"""What the bank said: statements read, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.payments.models import BankLine, BankStatement


@dataclass(frozen=True, slots=True)
class Read:
    """One file of the bank and how many new lines it brought."""

    name: str
    read_at: datetime
    lines: int


def list_statements(session: Session, operator_id: str) -> list[Read]:
    """The newest 20."""
    rows = session.execute(
        select(BankStatement.name, BankStatement.read_at, func.count(BankLine.id))
        .outerjoin(BankLine, BankLine.statement_id == BankStatement.id)
        .where(BankStatement.operator_id == operator_id)
        .group_by(BankStatement.id, BankStatement.name, BankStatement.read_at)
        .order_by(BankStatement.read_at.desc())
        .limit(20)
    )
    return [Read(*row) for row in rows]
