"""Say what a bank line is: a ticket's transfer, payouts, a bag, or nobody's yet. Each line is decided once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.service.attempts import confirm_attempts
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.service import post_entries
from pos.ledger.service.money import credit_bag
from pos.payments.commands import Booked
from pos.payments.models import BankLine
from pos.payments.service import take_statement
from pos.till.models import BankMatch
from pos.till.queries.bank import open_attempts, open_bags, open_transfers, says
from pos.till.service.flags import bank_line_named, raise_of_bank
from pos.till.service.sales import lock_names

SOURCE, FOUND_LATER = "bank_line", "bank_line_found"
UNIDENTIFIED = "bank_unidentified"


def take_bank_statement(
    session: Session, operator_id: str, data: bytes, lines: Sequence[Booked], *, name: str, layout: str, at: datetime,
    by: str | None,
) -> tuple[int, int]:  # fmt: skip
    """Keep a statement and decide what its texts tell without a doubt: (new lines, decided by themselves)."""
    _, made = take_statement(session, operator_id, data, lines, name=name, layout=layout, at=at, by=by)
    waiting = [line for line in made if not _by_text(session, line, at)]
    for line in waiting:
        raise_of_bank(session, line, UNIDENTIFIED, at=at)
    return len(made), len(made) - len(waiting)


def _by_text(session: Session, line: BankLine, at: datetime) -> bool:
    """A payout by text, amount and account; a transfer by its reference and whole amount; only when just one fits."""
    if line.amount_vnd < 0:
        fits = [
            attempt
            for attempt in open_attempts(session, line.operator_id)
            if attempt.amount_vnd == -line.amount_vnd
            and says(line, attempt.text)
            and line.counter_account in (None, attempt.account)
        ]
        if len(fits) == 1:
            match_payouts(session, line.id, [fits[0].attempt_id], at=at, by=None)
        return len(fits) == 1
    named = [
        transfer
        for transfer in open_transfers(session, line.operator_id)
        if transfer.open_vnd == line.amount_vnd and (says(line, transfer.receipt_no) or says(line, transfer.reference))
    ]
    if len(named) == 1:
        match_transfer(session, line.id, named[0].tender_id, at=at, by=None)
    return len(named) == 1


def match_transfer(session: Session, line_id: str, tender_id: str, *, at: datetime, by: str | None) -> None:
    """The money of a ticket's transfer: what is more is nobody's yet (G18a), what lacks stays open (G18b).

    A line that was kept as nobody's may be named so later: then its money comes from there.
    Raises Conflict `bank.matched`, `bank.not_open`; Invalid `bank.way`.
    """
    line = _lock(session, line_id, tender_id, also_unknown=True)
    later = session.scalar(select(BankMatch.line_id).where(BankMatch.line_id == line_id)) is not None
    if line.amount_vnd < 0:
        raise Invalid("bank.way")
    found = open_transfers(session, line.operator_id, tender_id=tender_id)
    if not found:
        raise Conflict("bank.not_open")
    applied = min(found[0].open_vnd, line.amount_vnd)
    postings = [
        PostingDraft("unidentified_receipts" if later else "trust_bank", line.amount_vnd),
        PostingDraft("qr_clearing", -applied),
        PostingDraft("unidentified_receipts", applied - line.amount_vnd),
    ]
    _decide(session, line, "transfer", at, by, postings, tender_id=tender_id, applied=applied, later=later)
    bank_line_named(session, line.id, line.amount_vnd - applied, at=at)


def keep_unknown(session: Session, line_id: str, *, at: datetime, by: str | None) -> None:
    """Money nobody can name yet is nobody's (G18c), in or out. Its doubt stays until somebody can."""
    line = _lock(session, line_id)
    postings = [
        PostingDraft("trust_bank", line.amount_vnd),
        PostingDraft("unidentified_receipts", -line.amount_vnd),
    ]
    _decide(session, line, "unknown", at, by, postings)


def match_payouts(
    session: Session, line_id: str, attempt_ids: Sequence[str], *, at: datetime, by: str | None, fee_vnd: int = 0
) -> None:
    """The bank paid these attempts by this line: their sum must be the line's. Raises Invalid `bank.amount`."""
    line = _lock(session, line_id)
    waiting = {attempt.attempt_id: attempt.amount_vnd for attempt in open_attempts(session, line.operator_id)}
    wanted = sum(waiting.get(id_, 0) for id_ in attempt_ids)
    if wanted != -line.amount_vnd:
        raise Invalid("bank.amount", line=-line.amount_vnd, wanted=wanted)
    _decide(session, line, "payout", at, by, ())
    bank_line_named(session, line.id, 0, at=at)
    confirm_attempts(
        session, attempt_ids, booked_on=line.booked_on, at=at, by=by, fee_vnd=fee_vnd, reference=line.reference,
        bank_line_id=line.id,
    )  # fmt: skip


def match_bag(session: Session, line_id: str, paper_id: str, *, at: datetime, by: str | None) -> None:
    """The bank credited a bag with this line's amount."""
    line = _lock(session, line_id)
    if line.amount_vnd < 0 or paper_id not in {bag.paper_id for bag in open_bags(session, line.operator_id)}:
        raise Invalid("bank.way")
    _decide(session, line, "bag", at, by, ())
    bank_line_named(session, line.id, 0, at=at)
    credit_bag(session, paper_id, counted_vnd=line.amount_vnd, day=line.booked_on, at=at, by=by, note=line.reference)


def _lock(session: Session, line_id: str, *more: str, also_unknown: bool = False) -> BankLine:
    lock_names(session, {line_id, *more})
    line = session.get(BankLine, line_id)
    if line is None:
        raise NotFound("bank.unknown")
    decided = session.scalars(select(BankMatch.kind).where(BankMatch.line_id == line_id)).all()
    if decided and not (also_unknown and decided == ["unknown"]):
        raise Conflict("bank.matched")
    return line


def _decide(
    session: Session, line: BankLine, kind: str, at: datetime, by: str | None, postings: Sequence[PostingDraft], *,
    tender_id: str | None = None, applied: int = 0, later: bool = False,
) -> None:  # fmt: skip
    session.add(
        BankMatch(
            line_id=line.id, n=int(later), operator_id=line.operator_id, kind=kind, tender_id=tender_id,
            applied_vnd=applied, made_at=at, made_by=by,
        )
    )  # fmt: skip
    session.flush()
    if postings:
        kind_of_entry, day = (FOUND_LATER, local_date(at)) if later else (SOURCE, line.booked_on)
        entry = EntryDraft(new_id(), kind_of_entry, day, at, SOURCE, line.id, tuple(postings))
        post_entries(session, line.operator_id, [entry], recorded_at=at)
