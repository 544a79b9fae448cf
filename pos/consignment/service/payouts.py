"""Approve a statement, pay it by hand, or void it: compare-and-set, a row of history, one entry each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from pos.consignment.models import Payout, PayoutAttempt, SettlementLine, Statement, StatementClaim
from pos.consignment.queries.statements import authorized_people, get_statement, live_attempts
from pos.consignment.rules.settlement import CASH_LIMIT_VND, number_of, payment_text_of
from pos.consignment.service.attempts import note_attempts
from pos.consignment.service.locks import lock_settlement
from pos.consignment.service.own_lines import SOURCE
from pos.consignment.service.statements import move_state, note_steps
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid, NotFound, Refused
from pos.kernel.ids import new_id
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.models import JournalEntry, Posting
from pos.ledger.service import post_entries
from pos.ledger.service.slips import write_slip
from pos.places.models import Site
from pos.producers.models import Producer


def approve_statement(session: Session, statement_id: str, *, at: datetime, by: str | None) -> str:
    """frozen → approved (with its payout), or → closed when there is nothing to pay. Answers the new state.

    By another person than who froze it; by the same one only where the operator has no other authorized
    person, or from the command line (`by` None), and then labelled. Raises Refused
    `statement.second_person`, Conflict `statement.state`.
    """
    found = get_statement(session, statement_id)
    alone = by == found.frozen_by
    if alone and by is not None and len(authorized_people(session, found.operator_id) - {by}) > 0:
        raise Refused("statement.second_person")
    after = "approved" if found.payout_vnd else "closed"
    moved = move_state(session, found.id, ["frozen"], state=after, approved_at=at, approved_by=by, self_approved=alone)
    if not moved:
        raise Conflict("statement.state", state=found.state)
    note_steps(session, [found.id], "frozen", after, at=at, by=by, note="self" if alone else None)
    if found.payout_vnd:
        session.execute(
            insert(Payout).values(
                id=new_id(), statement_id=found.id, operator_id=found.operator_id, producer_id=found.producer_id,
                bank_account_id=found.bank_account_id, amount_vnd=found.payout_vnd, state="open", made_at=at,
            )
        )  # fmt: skip
    return after


def pay_by_hand(
    session: Session,
    statement_id: str,
    *,
    channel: str,
    paid_on: date,
    at: datetime,
    by: str | None,
    site_id: str | None = None,
    reference: str | None = None,
    reason: str | None = None,
) -> str:
    """Mark an approved statement paid: `transfer` from the trust account, `cash` from a site's safe.

    One attempt, confirmed at once; cash gets its phiếu chi. Cash of a producer reaching 5,000,000 đ a day needs a
    reason. Raises Invalid `payout.channel`, `payout.site`, `payout.future`; Refused `payout.cash_limit`; Conflict
    `statement.state`. Answers the attempt's id.
    """
    if channel not in ("transfer", "cash"):
        raise Invalid("payout.channel")
    if paid_on > local_date(at):
        raise Invalid("payout.future")
    found = get_statement(session, statement_id)
    if channel == "cash":
        _check_site(session, found.operator_id, site_id)
    lock_settlement(session, found.operator_id, [found.producer_id])
    payout = session.execute(
        update(Payout)
        .where(Payout.statement_id == found.id, Payout.state == "open")
        .values(state="paid")
        .returning(Payout.id, Payout.amount_vnd)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if payout is None or not move_state(session, found.id, ["approved"], state="closed"):
        raise Conflict("statement.state", state=found.state)
    if channel == "cash":
        _check_cash(session, found, paid_on, payout.amount_vnd, reason)
    tries = session.scalar(select(func.count()).where(PayoutAttempt.payout_id == payout.id)) or 0
    attempt_id = new_id()
    site = site_id if channel == "cash" else None
    session.execute(
        insert(PayoutAttempt).values(
            id=attempt_id, payout_id=payout.id, n=tries + 1, channel=channel, state="confirmed",
            amount_vnd=payout.amount_vnd, payment_text=payment_text_of(found.no, tries + 1), reference=reference,
            site_id=site,
            bank_account_id=None if site else found.bank_account_id, paid_on=paid_on, reason=reason, made_at=at,
            made_by=by,
        )
    )  # fmt: skip
    if site is not None:
        write_slip(
            session, found.operator_id, "out", amount_vnd=payout.amount_vnd, what="payout", day=paid_on,
            source_kind="payout_attempt", source_id=attempt_id, at=at, by=by, site_id=site,
            party=session.scalar(select(Producer.name).where(Producer.id == found.producer_id)),
            note=number_of(found.no),
        )  # fmt: skip
    note_steps(session, [found.id], "approved", "closed", at=at, by=by, note=channel)
    note_attempts(session, [attempt_id], None, "confirmed", at=at, by=by, note=channel)
    source = (
        PostingDraft("safe", -payout.amount_vnd, site, found.producer_id, site)
        if site
        else PostingDraft("trust_bank", -payout.amount_vnd, producer_id=found.producer_id)
    )
    paid = PostingDraft("settled", payout.amount_vnd, found.producer_id, found.producer_id)
    entry = EntryDraft(new_id(), "payout", paid_on, at, "payout_attempt", attempt_id, (paid, source))
    post_entries(session, found.operator_id, [entry], recorded_at=at)
    return attempt_id


def void_statement(session: Session, statement_id: str, *, at: datetime, by: str | None, reason: str) -> None:
    """frozen or approved → void: its lines are free again, its entries are reversed, its number stays used.

    Only the newest live statement of a producer, so that the chain of carried amounts holds. Its own VAT
    rounding line stays on it together with the line that undoes it. Raises Conflict `statement.state`,
    `statement.not_newest`, `statement.paid`; Invalid `field.required` without a reason.
    """
    if not reason.strip():
        raise Invalid("field.required")
    found = get_statement(session, statement_id)
    lock_settlement(session, found.operator_id, [found.producer_id])
    newest = session.scalar(
        select(func.max(Statement.no)).where(
            Statement.operator_id == found.operator_id,
            Statement.producer_id == found.producer_id,
            Statement.state != "void",
        )
    )
    if newest is not None and newest > found.no:
        raise Conflict("statement.not_newest")
    if live_attempts(session, found.id):
        raise Conflict("statement.paid")
    before = found.state
    if not move_state(session, found.id, ["frozen", "approved"], state="void"):
        raise Conflict("statement.state", state=before)
    session.execute(
        update(Payout)
        .where(Payout.statement_id == found.id, Payout.state == "open")
        .values(state="void")
        .execution_options(synchronize_session=False)
    )
    own = _own_lines(session, found.id)
    session.execute(
        update(StatementClaim)
        .where(StatementClaim.statement_id == found.id, StatementClaim.line_id.not_in([line.id for line in own]))
        .values(released_at=at)
        .execution_options(synchronize_session=False)
    )
    note_steps(session, [found.id], before, "void", at=at, by=by, note=reason.strip())
    _reverse(session, found, own, at=at)


def _own_lines(session: Session, statement_id: str) -> Sequence[SettlementLine]:
    """The settlement lines the statement's own entries made."""
    return session.scalars(
        select(SettlementLine)
        .join(JournalEntry, JournalEntry.id == SettlementLine.entry_id)
        .where(JournalEntry.source_kind == SOURCE, JournalEntry.source_id == statement_id)
    ).all()


def _reverse(session: Session, found: Statement, own: Sequence[SettlementLine], *, at: datetime) -> None:
    day = local_date(at)
    undone = {line.id: new_id() for line in own}
    entries = session.execute(
        select(JournalEntry.id, JournalEntry.kind)
        .where(JournalEntry.source_kind == SOURCE, JournalEntry.source_id == found.id)
        .order_by(JournalEntry.seq.desc())
    ).all()
    postings = session.scalars(
        select(Posting).where(Posting.entry_id.in_([entry.id for entry in entries])).order_by(Posting.n)
    ).all()
    drafts = []
    for entry in entries:
        turned = [
            replace(
                PostingDraft(p.account, -p.amount_vnd, p.dimension, p.producer_id, p.site_id, p.shift_id, p.fair_id),
                settlement_line_id=undone.get(p.settlement_line_id or ""),
            )
            for p in postings
            if p.entry_id == entry.id
        ]
        drafts.append(
            EntryDraft(new_id(), f"{entry.kind}_void", day, at, SOURCE, found.id, tuple(turned), reverses=entry.id)
        )
    at_of = {draft.reverses: draft.id for draft in drafts}
    posted = {done.entry_id: done for done in post_entries(session, found.operator_id, drafts, recorded_at=at)}
    if own:
        session.execute(
            insert(SettlementLine),
            [
                {
                    "id": undone[line.id], "operator_id": line.operator_id, "producer_id": line.producer_id,
                    "entry_id": at_of[line.entry_id], "seq": posted[at_of[line.entry_id]].seq, "kind": line.kind,
                    "amount_vnd": -line.amount_vnd, "business_date": day, "available_on": day,
                    "share_id": None, "returns_line_id": line.id, "note": line.note,
                }
                for line in own
            ],
        )  # fmt: skip
        session.execute(insert(StatementClaim), [{"statement_id": found.id, "line_id": id_} for id_ in undone.values()])


def _check_site(session: Session, operator_id: str, site_id: str | None) -> None:
    site = session.get(Site, site_id) if site_id else None
    if site is None or site.operator_id != operator_id:
        raise NotFound("payout.site")


def _check_cash(session: Session, found: Statement, day: date, amount: int, reason: str | None) -> None:
    """Cash of one producer on one day stays below the limit, unless somebody says why not."""
    paid = session.scalar(
        select(func.sum(PayoutAttempt.amount_vnd))
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .where(
            Payout.operator_id == found.operator_id,
            Payout.producer_id == found.producer_id,
            PayoutAttempt.channel == "cash",
            PayoutAttempt.state == "confirmed",
            PayoutAttempt.paid_on == day,
        )
    )
    if int(paid or 0) + amount >= CASH_LIMIT_VND and not (reason or "").strip():
        raise Refused("payout.cash_limit", status=409, limit=CASH_LIMIT_VND)
