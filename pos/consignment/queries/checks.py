"""What must hold between settlement lines, statements and the books: for `pos check`, tests, the nightly job.

Source: money.md "Invariants" 2, 4 and 5. Each function answers with what is wrong; empty means it holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from pos.consignment.models import (
    BankFile,
    Payout,
    PayoutAttempt,
    ProducerNote,
    SettlementLine,
    Share,
    Statement,
    StatementClaim,
    StatementDocument,
)
from pos.consignment.queries.payable import claimed
from pos.consignment.rules.shares import COPIED
from pos.kernel.canonical import digest
from pos.ledger.models import JournalEntry, Posting


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that does not hold: which rule, about what, what is there, what should be."""

    rule: str
    about: str
    found: int | str
    expected: int | str


def settlement_problems(session: Session, operator_id: str) -> list[Wrong]:
    """Everything wrong in one operator's settlements."""
    return [
        *unsettled_is_what_is_unclaimed(session, operator_id),
        *each_line_is_its_postings(session, operator_id),
        *each_line_says_what_its_share_says(session, operator_id),
        *settled_is_what_waits_for_payment(session, operator_id),
        *statements_are_what_they_claim(session, operator_id),
        *nothing_is_open_below_a_watermark(session, operator_id),
        *reserves_are_what_statements_kept(session, operator_id),
        *notes_are_what_their_lines_say(session, operator_id),
        *carried_amounts_follow_each_other(session, operator_id),
        *documents_are_untouched(session, operator_id),
        *attempts_stay_within_payouts(session, operator_id),
        *in_transit_is_what_was_sent(session, operator_id),
        *bank_files_are_untouched(session, operator_id),
    ]


def _by_producer(session: Session, operator_id: str, account: str) -> dict[str, int]:
    rows = session.execute(
        select(Posting.dimension, func.sum(Posting.amount_vnd))
        .where(Posting.operator_id == operator_id, Posting.account == account)
        .group_by(Posting.dimension)
    )
    return {producer_id: int(total) for producer_id, total in rows}


def _differ(rule: str, found: dict[str, int], expected: dict[str, int]) -> Iterator[Wrong]:
    for key in sorted(found.keys() | expected.keys()):
        if found.get(key, 0) != expected.get(key, 0):
            yield Wrong(rule, key, found.get(key, 0), expected.get(key, 0))


def unsettled_is_what_is_unclaimed(session: Session, operator_id: str) -> Iterator[Wrong]:
    """unsettled:p = −Σ settlement lines on no live statement."""
    rows = session.execute(
        select(SettlementLine.producer_id, func.sum(SettlementLine.amount_vnd))
        .where(SettlementLine.operator_id == operator_id, ~claimed(SettlementLine))
        .group_by(SettlementLine.producer_id)
    )
    expected = {producer_id: -int(total) for producer_id, total in rows}
    yield from _differ("unsettled", _by_producer(session, operator_id, "unsettled"), expected)


def each_line_is_its_postings(session: Session, operator_id: str) -> Iterator[Wrong]:
    """A line's amount is −Σ of the postings to `unsettled` that name it."""
    total = func.coalesce(func.sum(Posting.amount_vnd), 0)
    rows = session.execute(
        select(SettlementLine.id, SettlementLine.amount_vnd, total)
        .outerjoin(Posting, (Posting.settlement_line_id == SettlementLine.id) & (Posting.account == "unsettled"))
        .where(SettlementLine.operator_id == operator_id)
        .group_by(SettlementLine.id, SettlementLine.amount_vnd)
        .having(total != -SettlementLine.amount_vnd)
    )
    for line_id, amount, posted in rows:
        yield Wrong("settlement_line", line_id, -int(posted), amount)


def each_line_says_what_its_share_says(session: Session, operator_id: str) -> Iterator[Wrong]:
    """What a line repeats of its share (rates, gross, discount, commission and its VAT) is the share's."""
    differ = or_(*(getattr(SettlementLine, name).is_distinct_from(getattr(Share, name)) for name in COPIED))
    rows = session.execute(
        select(SettlementLine.id, SettlementLine.gross_vnd, Share.gross_vnd)
        .join(Share, Share.id == SettlementLine.share_id)
        .where(SettlementLine.operator_id == operator_id, differ)
    )
    for line_id, here, there in rows:
        yield Wrong("line_share", line_id, here, there)


def settled_is_what_waits_for_payment(session: Session, operator_id: str) -> Iterator[Wrong]:
    """settled:p = −(payouts of live statements − attempts that left)."""
    expected: dict[str, int] = defaultdict(int)
    for producer_id, total in session.execute(
        select(Statement.producer_id, func.sum(Statement.payout_vnd))
        .where(Statement.operator_id == operator_id, Statement.state != "void")
        .group_by(Statement.producer_id)
    ):
        expected[producer_id] -= int(total)
    for producer_id, total in session.execute(
        select(Payout.producer_id, func.sum(PayoutAttempt.amount_vnd))
        .join(PayoutAttempt, PayoutAttempt.payout_id == Payout.id)
        .where(Payout.operator_id == operator_id, PayoutAttempt.state != "returned")
        .group_by(Payout.producer_id)
    ):
        expected[producer_id] += int(total)
    yield from _differ("settled", _by_producer(session, operator_id, "settled"), dict(expected))


def statements_are_what_they_claim(session: Session, operator_id: str) -> Iterator[Wrong]:
    """A live statement's subtotal is the sum of its lines."""
    rows = session.execute(
        select(Statement.id, Statement.subtotal_vnd, func.sum(SettlementLine.amount_vnd))
        .join(StatementClaim, StatementClaim.statement_id == Statement.id)
        .join(SettlementLine, SettlementLine.id == StatementClaim.line_id)
        .where(Statement.operator_id == operator_id, Statement.state != "void", StatementClaim.released_at.is_(None))
        .group_by(Statement.id, Statement.subtotal_vnd)
        .having(func.sum(SettlementLine.amount_vnd) != Statement.subtotal_vnd)
    )
    for statement_id, subtotal, total in rows:
        yield Wrong("statement_lines", statement_id, int(total), subtotal)


def nothing_is_open_below_a_watermark(session: Session, operator_id: str) -> Iterator[Wrong]:
    """A line up to the greatest `claimed_through_seq` of its pair's live statements is on one of them."""
    mark = func.max(Statement.claimed_through_seq).label("seq")
    marks = (
        select(Statement.producer_id, mark)
        .where(Statement.operator_id == operator_id, Statement.state != "void")
        .group_by(Statement.producer_id)
        .subquery()
    )
    rows = session.execute(
        select(SettlementLine.id, SettlementLine.seq, marks.c.seq)
        .join(marks, marks.c.producer_id == SettlementLine.producer_id)
        .where(
            SettlementLine.operator_id == operator_id, SettlementLine.seq <= marks.c.seq, ~claimed(SettlementLine)
        )
    )  # fmt: skip
    for line_id, seq, through in rows:
        yield Wrong("watermark", line_id, seq, f"> {through}")


def reserves_are_what_statements_kept(session: Session, operator_id: str) -> Iterator[Wrong]:
    """reserve:p = −Σ (kept − used) of live statements + Σ released; producer_advance:p = Σ given − Σ recouped."""
    rows = session.execute(
        select(
            Statement.producer_id,
            func.sum(Statement.reserve_used_vnd - Statement.reserve_kept_vnd),
            -func.sum(Statement.recouped_vnd),
        )
        .where(Statement.operator_id == operator_id, Statement.state != "void")
        .group_by(Statement.producer_id)
    ).all()
    for rule, n, kind in (("reserve", 1, "reserve_release"), ("producer_advance", 2, "advance")):
        expected = defaultdict(int, {row[0]: int(row[n]) for row in rows})
        for producer_id, total in session.execute(
            select(ProducerNote.producer_id, func.sum(ProducerNote.amount_vnd))
            .where(ProducerNote.operator_id == operator_id, ProducerNote.kind == kind)
            .group_by(ProducerNote.producer_id)
        ):
            expected[producer_id] += int(total)
        yield from _differ(rule, _by_producer(session, operator_id, rule), expected)


def notes_are_what_their_lines_say(session: Session, operator_id: str) -> Iterator[Wrong]:
    """A paper's amount is its settlement line's."""
    line = func.coalesce(func.sum(SettlementLine.amount_vnd), 0)
    rows = session.execute(
        select(ProducerNote.no, ProducerNote.amount_vnd, line)
        .outerjoin(
            JournalEntry,
            (JournalEntry.source_kind == "producer_note") & (JournalEntry.source_id == ProducerNote.id),
        )
        .outerjoin(SettlementLine, SettlementLine.entry_id == JournalEntry.id)
        .where(ProducerNote.operator_id == operator_id, ProducerNote.kind != "advance")
        .group_by(ProducerNote.id, ProducerNote.no, ProducerNote.amount_vnd)
        .having(line != ProducerNote.amount_vnd)
    )
    for no, amount, found in rows:
        yield Wrong("note", str(no), int(found), amount)


def carried_amounts_follow_each_other(session: Session, operator_id: str) -> Iterator[Wrong]:
    """The next opening is this carried, and the last carried is what `producer_receivable` says."""
    last: dict[str, int] = {}
    for statement_id, producer_id, opening, carried in session.execute(
        select(Statement.id, Statement.producer_id, Statement.opening_vnd, Statement.carried_vnd)
        .where(Statement.operator_id == operator_id, Statement.state != "void")
        .order_by(Statement.producer_id, Statement.no)
    ):
        if producer_id in last and last[producer_id] != opening:
            yield Wrong("opening", statement_id, opening, last[producer_id])
        last[producer_id] = carried
    owed = {producer_id: -carried for producer_id, carried in last.items()}
    yield from _differ("carried", _by_producer(session, operator_id, "producer_receivable"), owed)


def documents_are_untouched(session: Session, operator_id: str) -> Iterator[Wrong]:
    """Each frozen body still has its fingerprint."""
    rows = session.execute(
        select(StatementDocument.statement_id, StatementDocument.body, StatementDocument.sha256)
        .join(Statement, Statement.id == StatementDocument.statement_id)
        .where(Statement.operator_id == operator_id)
        .execution_options(yield_per=500)
    )
    for statement_id, body, sha256 in rows:
        if (now := digest(body.encode())) != sha256:
            yield Wrong("document", statement_id, now, sha256)


def attempts_stay_within_payouts(session: Session, operator_id: str) -> Iterator[Wrong]:
    """Σ confirmed attempts ≤ payout, and a void payout has none."""
    rows = session.execute(
        select(Payout.id, Payout.amount_vnd, Payout.state, func.sum(PayoutAttempt.amount_vnd))
        .join(PayoutAttempt, PayoutAttempt.payout_id == Payout.id)
        .where(Payout.operator_id == operator_id, PayoutAttempt.state == "confirmed")
        .group_by(Payout.id, Payout.amount_vnd, Payout.state)
    )
    for payout_id, amount, state, total in rows:
        limit = 0 if state == "void" else amount
        if total > limit:
            yield Wrong("payout", payout_id, int(total), limit)


def in_transit_is_what_was_sent(session: Session, operator_id: str) -> Iterator[Wrong]:
    """payouts_in_transit = −Σ attempts the bank has not answered; a payout's state is that of its attempts."""
    waiting = session.scalar(
        select(func.coalesce(func.sum(PayoutAttempt.amount_vnd), 0))
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .where(Payout.operator_id == operator_id, PayoutAttempt.state.in_(("exported", "uncertain")))
    )
    booked = session.scalar(
        select(func.coalesce(func.sum(Posting.amount_vnd), 0)).where(
            Posting.operator_id == operator_id, Posting.account == "payouts_in_transit"
        )
    )
    if -int(waiting or 0) != int(booked or 0):
        yield Wrong("in_transit", operator_id, int(booked or 0), -int(waiting or 0))
    live = case(
        (PayoutAttempt.state == "confirmed", "paid"),
        (PayoutAttempt.state.in_(("exported", "uncertain")), "paying"),
        else_=None,
    )
    rows = session.execute(
        select(Payout.id, Payout.state, func.coalesce(func.max(live), "open"))
        .outerjoin(PayoutAttempt, PayoutAttempt.payout_id == Payout.id)
        .where(Payout.operator_id == operator_id, Payout.state != "void")
        .group_by(Payout.id, Payout.state)
        .having(func.coalesce(func.max(live), "open") != Payout.state)
    )
    for payout_id, state, expected in rows:
        yield Wrong("payout", payout_id, state, expected)


def bank_files_are_untouched(session: Session, operator_id: str) -> Iterator[Wrong]:
    """A bank file's count and total are its attempts'."""
    total, count = func.coalesce(func.sum(PayoutAttempt.amount_vnd), 0), func.count(PayoutAttempt.id)
    rows = session.execute(
        select(BankFile.name, BankFile.total_vnd, total)
        .outerjoin(PayoutAttempt, PayoutAttempt.file_id == BankFile.id)
        .where(BankFile.operator_id == operator_id)
        .group_by(BankFile.id, BankFile.name, BankFile.total_vnd, BankFile.count)
        .having(or_(total != BankFile.total_vnd, count != BankFile.count))
    )
    for name, said, found in rows:
        yield Wrong("bank_file", name, int(found), said)
