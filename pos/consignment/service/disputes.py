"""A producer says that a line is not right; the operator answers once: accepted with an adjustment, or declined.

Raising and answering hold the pair's settlement lock: a freeze sees a dispute whole or not at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.consignment.models import Dispute, SettlementLine, Statement, StatementClaim
from pos.consignment.rules.disputes import KINDS, MOST_WORDS, number_of
from pos.consignment.rules.settlement import DISPUTE_DAYS
from pos.consignment.service.locks import lock_settlement
from pos.consignment.service.notes import adjust
from pos.consignment.service.numbers import take_numbers
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid, NotFound, Refused
from pos.kernel.ids import new_id

SOURCE = "dispute"


def raise_dispute(
    session: Session, producer_id: str, line_id: str, *, kind: str, words: str = "", at: datetime,
    by: str | None = None, channel: str = "producer",
) -> str:  # fmt: skip
    """Say of one's own settlement line that it is `missing`, `price` or `unsold` is wrong; answers the dispute's id.

    A credit on no statement waits for the answer. Raises NotFound for a line of somebody else, Invalid `field.choice`,
    Conflict `dispute.open`, Refused `dispute.too_late` once the statement's time to dispute is over.
    """
    if kind not in KINDS:
        raise Invalid("field.choice", field="kind")
    line = session.execute(
        select(SettlementLine.operator_id, SettlementLine.producer_id).where(SettlementLine.id == line_id)
    ).one_or_none()
    if line is None or line.producer_id != producer_id:
        raise NotFound("dispute.line")
    lock_settlement(session, line.operator_id, [producer_id])
    if session.scalar(select(Dispute.id).where(Dispute.line_id == line_id, Dispute.answered_at.is_(None))):
        raise Conflict("dispute.open")
    frozen_at = session.scalar(
        select(Statement.frozen_at)
        .join(StatementClaim, StatementClaim.statement_id == Statement.id)
        .where(StatementClaim.line_id == line_id, StatementClaim.released_at.is_(None))
    )
    if frozen_at is not None and local_date(at) > (last := local_date(frozen_at) + timedelta(days=DISPUTE_DAYS)):
        raise Refused("dispute.too_late", status=409, last=last.strftime("%d/%m/%Y"))
    made = Dispute(
        id=new_id(), operator_id=line.operator_id, producer_id=producer_id,
        no=take_numbers(session, line.operator_id, SOURCE), line_id=line_id, kind=kind,
        words=words.strip()[:MOST_WORDS], channel=channel, raised_at=at, raised_by=by,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id


def withdraw_dispute(session: Session, producer_id: str, dispute_id: str, *, at: datetime, by: str | None) -> None:
    """The producer takes it back. Raises NotFound, Conflict `dispute.answered`."""
    found = session.get(Dispute, dispute_id)
    if found is None or found.producer_id != producer_id:
        raise NotFound("dispute.unknown")
    _answer(session, found, answer="withdrawn", at=at, by=by)


def accept_dispute(
    session: Session, dispute_id: str, *, amount_vnd: int, reason: str, at: datetime, by: str | None
) -> str | None:
    """The producer is right: so many đồng (+ for the producer) as an adjustment that answers the line, on the next
    statement; with 0 the line only goes on. Answers the paper's id. Raises NotFound, Conflict `dispute.answered`.
    """
    found = _get(session, dispute_id)
    _answer(session, found, answer="accepted", reason=reason.strip() or None, at=at, by=by)
    if not amount_vnd:
        return None
    words = " · ".join(part for part in (f"Khiếu nại {number_of(found.no)}", reason.strip()) if part)
    note_id = adjust(
        session, found.operator_id, found.producer_id, amount_vnd=amount_vnd, day=local_date(at), at=at, by=by,
        reason=words, answers_line=found.line_id,
    )  # fmt: skip
    session.execute(update(Dispute).where(Dispute.id == dispute_id).values(note_id=note_id))
    session.expire_all()
    return note_id


def decline_dispute(session: Session, dispute_id: str, *, reason: str, at: datetime, by: str | None) -> None:
    """The line stands and goes on. Raises Invalid without a reason, NotFound, Conflict `dispute.answered`."""
    if not reason.strip():
        raise Invalid("field.required", field="reason")
    _answer(session, _get(session, dispute_id), answer="declined", reason=reason.strip(), at=at, by=by)


def _get(session: Session, dispute_id: str) -> Dispute:
    found = session.get(Dispute, dispute_id)
    if found is None:
        raise NotFound("dispute.unknown")
    return found


def _answer(session: Session, found: Dispute, *, at: datetime, by: str | None, **values: Any) -> None:
    """Compare and set: the first answer stands."""
    lock_settlement(session, found.operator_id, [found.producer_id])
    done = session.execute(
        update(Dispute)
        .where(Dispute.id == found.id, Dispute.answered_at.is_(None))
        .values(answered_at=at, answered_by=by, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(found)
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict("dispute.answered")
