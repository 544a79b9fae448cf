"""Any mixture of sales, returns, late arrivals, papers, disputes, new terms, runs, payouts and failures.

After every step every invariant holds, nobody is paid twice, and no money in dispute was taken.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pos.consignment.models import (
    AgreementVersion,
    Dispute,
    Payout,
    PayoutAttempt,
    SettlementLine,
    Statement,
    StatementClaim,
)
from pos.consignment.queries.payable import Cut, Origin, free_to_go, open_lines, origin_join
from pos.consignment.queries.watermarks import may_be_open
from pos.consignment.service.agreements import agree
from pos.consignment.service.attempts import confirm_attempts, doubt_attempt, take_payout_back
from pos.consignment.service.disputes import accept_dispute, decline_dispute, raise_dispute
from pos.consignment.service.exports import export_payouts, send_by_transfer
from pos.consignment.service.notes import adjust, charge_fee, give_advance, release_reserve, undo_note
from pos.consignment.service.payouts import approve_statement, void_statement
from pos.consignment.service.statements import freeze_statement
from pos.kernel.errors import Trouble
from pos.ledger.queries import balance_of
from pos.reports.queries.producer_lines import IN_DISPUTE, PAYABLE_ON, unclaimed_lines
from tests.consignment.shop import PRICES, Shop, later, noon
from tests.consignment.test_faults import SENT, readable_accounts

STEPS = ("sell", "back", "fee", "adjust", "advance", "release", "undo", "freeze", "approve", "due", "due", "due",
         "send", "file", "confirm", "confirm", "doubt", "return", "void", "dispute", "dispute", "answer",
         "terms")  # fmt: skip


class Books:
    """One shop in one transaction that is never committed; a refused step leaves nothing."""

    def __init__(self, session: Session) -> None:
        self.session, self.shop = session, Shop(session)
        readable_accounts(session)
        self.session.execute(
            update(AgreementVersion).values(reserve_bp=500, tier_from_vnd=500_000, tier_bp=500, guarantee_vnd=0)
        )
        self.sales: list[tuple[str, str, int]] = []
        self.papers: list[str] = []
        self.day = 0

    def one(self, model: Any, states: tuple[str, ...], n: int) -> str:
        found = list(self.session.scalars(select(model.id).where(model.state.in_(states)).order_by(model.id)))
        return str(found[n % len(found)]) if found else "nothing"

    def step(self, what: str, n: int) -> None:
        shop, session = self.shop, self.session
        name = ("P1", "P2", "P3")[n % 3]
        producer, operator = shop.producer(name), shop.operator_id
        self.day += n % 2
        on = later(self.day)
        how: dict[str, Any] = {"at": noon(on), "by": None}
        paper: dict[str, Any] = {"day": on, "reason": "x", **how}
        if what == "sell":
            units = n % 4 + 1
            day = later(self.day - n % 3)  # some arrive late
            self.sales.append((shop.sell((name, units), day=day), name, units))
        elif what == "back" and self.sales:
            sale, sold, units = self.sales.pop(n % len(self.sales))
            shop.take_back(sale, 1, units, paid=units * PRICES[sold], day=on)
        elif what == "fee":
            self.papers.append(
                charge_fee(session, operator, producer, what="service", unit_vnd=n * 999, units=1, vat_bp=800, **paper)
            )
        elif what == "adjust":
            self.papers.append(adjust(session, operator, producer, amount_vnd=(n - 20) * 1_001, **paper))
        elif what == "advance":
            self.papers.append(give_advance(session, operator, producer, amount_vnd=n * 10_007, **paper))
        elif what == "release":
            self.papers.append(release_reserve(session, operator, producer, amount_vnd=n * 503, **paper))
        elif what == "undo" and self.papers:
            undo_note(session, self.papers[n % len(self.papers)], reason="x", **how)
        elif what == "due":  # something to pay at once
            shop.sell((name, 9), day=on)
            made = freeze_statement(session, operator, producer, on, run_on=on, **how)
            approve_statement(session, made, **how)
        elif what == "freeze":
            freeze_statement(session, operator, producer, on, run_on=on, **how)
        elif what == "approve":
            approve_statement(session, self.one(Statement, ("frozen",), n), **how)
        elif what == "send":
            send_by_transfer(session, operator, self.one(Payout, ("open",), n), **how)
        elif what == "file":
            open_ = list(session.scalars(select(Payout.id).where(Payout.state == "open")))
            export_payouts(session, operator, open_, at=noon(on), **SENT)
        elif what == "confirm":
            attempt = self.one(PayoutAttempt, ("exported", "uncertain", "confirmed"), n)
            confirm_attempts(session, [attempt], booked_on=on, fee_vnd=n, **how)
        elif what == "doubt":
            doubt_attempt(session, self.one(PayoutAttempt, ("exported", "uncertain"), n), note="?", **how)
        elif what == "return":
            take_payout_back(session, self.one(PayoutAttempt, ("exported", "confirmed"), n), on=on, reason="x", **how)
        elif what == "dispute":
            lines = list(session.scalars(select(SettlementLine).order_by(SettlementLine.id)))
            if lines and (line := lines[n % len(lines)]):
                raise_dispute(session, line.producer_id, line.id, kind="price", **how)
        elif what == "answer":
            open_ = list(session.scalars(select(Dispute.id).where(Dispute.answered_at.is_(None))))
            if open_ and n % 3:
                accept_dispute(session, open_[n % len(open_)], amount_vnd=(n - 20) * 97, reason="x", **how)
            elif open_:
                decline_dispute(session, open_[n % len(open_)], reason="x", **how)
        elif what == "terms":
            agree(
                session, operator_id=operator, producer_id=producer, starts_on=later(self.day + 1),
                commission_bp=n * 100, return_window_days=n % 4, **how,
            )  # fmt: skip
        elif what == "void":
            void_statement(session, self.one(Statement, ("frozen", "approved", "closed"), n), reason="x", **how)

    def no_disputed_credit_was_taken(self) -> bool:
        """What is in dispute, and was when its statement was frozen, is on none."""
        taken = self.session.scalars(
            select(StatementClaim.line_id)
            .join(Dispute, (Dispute.line_id == StatementClaim.line_id) & Dispute.answered_at.is_(None))
            .join(Statement, Statement.id == StatementClaim.statement_id)
            .join(SettlementLine, SettlementLine.id == StatementClaim.line_id)
            .where(
                StatementClaim.released_at.is_(None), Statement.frozen_at > Dispute.raised_at,
                SettlementLine.amount_vnd >= 0,
            )
        ).all()  # fmt: skip
        return not taken

    def nothing_open_is_overlooked(self) -> bool:
        """Above the watermarks stand the same open lines, of the same sums, as in the whole table."""
        found = unclaimed_lines(SettlementLine.id, SettlementLine.amount_vnd, PAYABLE_ON, IN_DISPUTE)
        found = found.order_by(SettlementLine.id)
        return all(
            self.session.execute(found.where(SettlementLine.producer_id == producer)).all()
            == self.session.execute(found.where(may_be_open(self.session, producer))).all()
            for producer in map(self.shop.producer, PRICES)
        )

    def the_page_says_what_a_run_would_do(self, ahead: int) -> bool:
        """On any day the producer's page calls certain exactly the lines a run of that day could claim."""
        on = later(self.day + ahead)
        cut = Cut(self.shop.operator_id, on, on, 2**62)
        claims = select(SettlementLine.id).outerjoin(Origin, origin_join()).where(open_lines(cut, None))
        shown = unclaimed_lines(SettlementLine.id).where(on >= PAYABLE_ON, ~IN_DISPUTE)
        return set(self.session.scalars(claims.where(free_to_go(cut)))) == set(self.session.scalars(shown))

    def paid_once(self) -> bool:
        """No payout has more than one attempt that left, and the bank paid what is confirmed."""
        twice = self.session.scalars(
            select(PayoutAttempt.payout_id)
            .where(PayoutAttempt.state != "returned")
            .group_by(PayoutAttempt.payout_id)
            .having(func.count() > 1)
        ).all()
        confirmed = self.session.scalar(
            select(func.sum(PayoutAttempt.amount_vnd)).where(PayoutAttempt.state == "confirmed")
        )
        return not twice and balance_of(self.session, self.shop.operator_id, "trust_bank") == -int(confirmed or 0)


@settings(max_examples=5)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 40)), min_size=15, max_size=40))
def test_any_mixture_keeps_every_invariant(session: Session, steps: list[tuple[str, int]]) -> None:
    books = Books(session)
    try:
        for n in range(3):  # something to settle
            books.step("sell", 3 + n)
        for what, n in steps:
            try:
                with session.begin_nested():
                    books.step(what, n)
            except Trouble:
                session.expire_all()
            books.shop.check()
            assert books.paid_once()
            assert books.nothing_open_is_overlooked()
            assert books.no_disputed_credit_was_taken()
            assert all(books.the_page_says_what_a_run_would_do(ahead) for ahead in (0, 2))
    finally:
        session.rollback()
