"""Keep what the bank says. Refuses the same file twice; a line of two files is kept once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.kernel.canonical import canonical, digest
from pos.kernel.errors import Conflict
from pos.kernel.ids import new_id
from pos.payments.commands import Booked
from pos.payments.models import BankLine, BankStatement


def take_statement(
    session: Session, operator_id: str, data: bytes, lines: Sequence[Booked], *, name: str, layout: str, at: datetime,
    by: str | None,
) -> tuple[str, list[BankLine]]:  # fmt: skip
    """(the statement's id, its lines that were not known). Raises Conflict `bank.known` for a file read before."""
    mark = sha256(data).hexdigest()
    known = select(BankStatement.id).where(BankStatement.operator_id == operator_id, BankStatement.sha256 == mark)
    if session.scalar(known):
        raise Conflict("bank.known")
    paper = BankStatement(
        id=new_id(), operator_id=operator_id, name=name[:200], sha256=mark, layout=layout, read_at=at, read_by=by
    )
    session.add(paper)
    session.flush()
    same: Counter[str] = Counter()
    rows = []
    for line in lines:
        what = digest(
            canonical([line.booked_on.isoformat(), line.amount_vnd, line.text, line.reference, line.counter_account])
        )
        same[what] += 1
        rows.append((line, digest(f"{what}:{same[what]}".encode())))
    wanted = [mark for _, mark in rows]
    there = set(
        session.scalars(
            select(BankLine.fingerprint).where(BankLine.operator_id == operator_id, BankLine.fingerprint.in_(wanted))
        )
    )
    made = [
        BankLine(
            id=new_id(), operator_id=operator_id, statement_id=paper.id, n=line.row, booked_on=line.booked_on,
            amount_vnd=line.amount_vnd, text=line.text, reference=line.reference,
            counter_account=line.counter_account, fingerprint=mark,
        )
        for line, mark in rows
        if mark not in there
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return paper.id, made
