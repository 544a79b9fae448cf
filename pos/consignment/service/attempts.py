"""What became of an attempt to pay: the bank's word, doubts, money that came back. Compare-and-set, a row of history.

An attempt the bank has not answered is `exported`; where nobody knows, `uncertain`, and nothing retries it by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from pos.consignment.models import Payout, PayoutAttempt, PayoutConfirmation, PayoutEvent, Statement
from pos.consignment.rules.payouts import before
from pos.consignment.service.locks import lock_settlement
from pos.consignment.service.statements import move_state, note_steps
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.service import post_entries


def note_attempts(
    session: Session, attempt_ids: Sequence[str], was: str | None, now: str, *, at: datetime, by: str | None,
    note: str | None = None,
) -> None:  # fmt: skip
    """A row of history for each."""
    rows = [
        {"id": new_id(), "attempt_id": id_, "at": at, "from_state": was, "to_state": now, "person_id": by, "note": note}
        for id_ in attempt_ids
    ]
    session.execute(insert(PayoutEvent), rows)


def confirm_attempts(
    session: Session, attempt_ids: Sequence[str], *, booked_on: date, at: datetime, by: str | None,
    fee_vnd: int = 0, reference: str | None = None, bank_line_id: str | None = None,
) -> str:  # fmt: skip
    """The bank paid these, all of one operator, in one booking: one entry, its fee the operator's (PO2, PO3c).

    Raises Conflict `payout.state` when one of them is no longer waiting: nothing is confirmed twice. Answers the id
    of the confirmation.
    """
    if booked_on > local_date(at):
        raise Invalid("payout.future")
    if not 0 <= fee_vnd <= 10_000_000:
        raise Invalid("payout.fee")
    rows = _locked(session, attempt_ids)
    operator_id, total = rows[0][1].operator_id, sum(attempt.amount_vnd for attempt, _, _ in rows)
    if any(payout.operator_id != operator_id for _, payout, _ in rows):
        raise NotFound("payout.unknown")
    paper = PayoutConfirmation(
        id=new_id(), operator_id=operator_id, booked_on=booked_on, total_vnd=total, fee_vnd=fee_vnd,
        reference=reference, bank_line_id=bank_line_id, made_at=at, made_by=by,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    for attempt, payout, statement in rows:
        _move(session, attempt, "confirmed", at=at, by=by, note=reference, confirmation_id=paper.id, paid_on=booked_on)
        _payout(session, payout, statement, "paid", "closed", at=at, by=by, note="confirmed")
    postings = [PostingDraft("payouts_in_transit", a.amount_vnd, producer_id=p.producer_id) for a, p, _ in rows]
    postings += [
        PostingDraft("trust_bank", -total),
        PostingDraft("bank_fee_expense", fee_vnd),
        PostingDraft("operating_bank", -fee_vnd),
    ]
    _post(session, operator_id, "payout_confirmed", "payout_confirmation", paper.id, booked_on, postings, at)
    return paper.id


def doubt_attempt(session: Session, attempt_id: str, *, at: datetime, by: str | None, note: str) -> None:
    """Nobody knows whether it left: it stays claimed and waits for the bank's word. Raises Conflict `payout.state`."""
    ((attempt, _, _),) = _locked(session, [attempt_id])
    _move(session, attempt, "uncertain", at=at, by=by, note=note)


def take_payout_back(session: Session, attempt_id: str, *, on: date, at: datetime, by: str | None, reason: str) -> None:
    """It came back, or the bank refused it: the producer is owed it again, a new attempt needs a person (PO3a)."""
    if not reason.strip():
        raise Invalid("field.required", field="reason")
    if on > local_date(at):
        raise Invalid("payout.future")
    ((attempt, payout, statement),) = _locked(session, [attempt_id])
    was = attempt.state
    _move(session, attempt, "returned", at=at, by=by, note=reason.strip())
    _payout(session, payout, statement, "open", "approved", at=at, by=by, note="returned")
    producer, amount = payout.producer_id, attempt.amount_vnd
    if was != "confirmed":
        source = PostingDraft("payouts_in_transit", amount, producer_id=producer)
    elif attempt.site_id:
        source = PostingDraft("safe", amount, attempt.site_id, producer, attempt.site_id)
    else:
        source = PostingDraft("trust_bank", amount, producer_id=producer)
    postings = [source, PostingDraft("settled", -amount, producer, producer)]
    _post(session, payout.operator_id, "payout_returned", "payout_attempt", attempt.id, on, postings, at)


Row = tuple[PayoutAttempt, Payout, Statement]


def _locked(session: Session, attempt_ids: Sequence[str]) -> list[Row]:
    """The attempts with what they pay, their producers' settlements locked, read anew behind the lock."""
    wanted = (
        select(PayoutAttempt, Payout, Statement)
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .join(Statement, Statement.id == Payout.statement_id)
        .where(PayoutAttempt.id.in_(attempt_ids))
        .order_by(PayoutAttempt.id)
    )
    rows = session.execute(wanted).all()
    if not rows or len(rows) != len(set(attempt_ids)):
        raise NotFound("payout.unknown")
    for operator_id in sorted({payout.operator_id for _, payout, _ in rows}):
        producers = {payout.producer_id for _, payout, _ in rows if payout.operator_id == operator_id}
        lock_settlement(session, operator_id, producers)
    fresh = session.execute(wanted.execution_options(populate_existing=True)).all()
    return [(row[0], row[1], row[2]) for row in fresh]


def _move(
    session: Session, attempt: PayoutAttempt, state: str, *, at: datetime, by: str | None, note: str | None,
    **values: object,
) -> None:  # fmt: skip
    was = attempt.state
    done = session.execute(
        update(PayoutAttempt)
        .where(PayoutAttempt.id == attempt.id, PayoutAttempt.state.in_(before(state)))
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict("payout.state", state=was)
    note_attempts(session, [attempt.id], was, state, at=at, by=by, note=note)


def _payout(
    session: Session, payout: Payout, statement: Statement, state: str, after: str, *, at: datetime, by: str | None,
    note: str,
) -> None:  # fmt: skip
    session.execute(
        update(Payout).where(Payout.id == payout.id).values(state=state).execution_options(synchronize_session=False)
    )
    statement_id, was = statement.id, statement.state
    if move_state(session, statement_id, ["paying", "closed"], state=after):
        note_steps(session, [statement_id], was, after, at=at, by=by, note=note)


def _post(
    session: Session, operator_id: str, kind: str, source: str, id_: str, day: date, postings: Sequence[PostingDraft],
    at: datetime,
) -> None:  # fmt: skip
    entry = EntryDraft(new_id(), kind, day, at, source, id_, tuple(postings))
    post_entries(session, operator_id, [entry], recorded_at=at)
