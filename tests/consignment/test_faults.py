"""What may go wrong on the way from lines to money: a process killed at any statement, two clicks, an answer twice,
an account changed meanwhile, and any mixture of it all. Everything holds, nobody is paid twice, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from pos.consignment.adapters.bank_files import layouts, writer
from pos.consignment.models import AccountCheck, BankFile, Payout, PayoutAttempt, Statement
from pos.consignment.queries.checks import settlement_problems
from pos.consignment.queries.payouts import get_file
from pos.consignment.service.accounts import check_account, point_to_account
from pos.consignment.service.attempts import confirm_attempts, doubt_attempt, take_payout_back
from pos.consignment.service.exports import export_payouts, send_by_transfer
from pos.consignment.service.notes import adjust, charge_fee, give_advance, release_reserve, undo_note
from pos.consignment.service.payouts import approve_statement, void_statement
from pos.consignment.service.statements import freeze_statement, freeze_statements
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Trouble
from pos.kernel.seal import seal
from pos.ledger.queries import balance_of
from pos.producers.models import BankAccount
from pos.producers.service import add_account
from tests.consignment.shop import DAY, PRICES, Shop, later, noon
from tests.consignment.test_statements_together import both
from tests.databases import SECRET

AT = noon(later(1))
CSV = layouts()["generic-csv"]
SENT: dict[str, Any] = {"layout": CSV.code, "ending": "csv", "write": writer(CSV), "secret": SECRET, "by": None}


@pytest.fixture
def shop(app: Flask) -> Shop:
    with unit_of_work() as session:
        made = Shop(session)
        for _ in range(5):
            made.sell(("P1", 1), ("P2", 2), price=125_050)
        readable_accounts(session)
    return made


def readable_accounts(session: Session) -> None:
    session.execute(update(BankAccount).values(number_sealed=seal(SECRET, b"0011001234417")))


class Killed(Exception):
    """The process ended here."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """The n-th statement to the database never comes back."""
    left = count(statement, -1)

    def die(*_: object) -> None:
        if next(left) == 0:
            raise Killed

    event.listen(db.engine, "before_cursor_execute", die)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", die)


def killed_everywhere(work: Callable[[Session], object], untouched: Callable[[Session], bool]) -> int:
    """Do it, killed at its first, second … statement, until it gets through; answers how often it was killed."""
    for n in count():
        try:
            with killed_at(n), unit_of_work() as session:
                work(session)
        except Killed:
            db.session.remove()
            assert untouched(db.session())
        else:
            return n
    raise AssertionError


def test_a_freeze_killed_at_every_statement_leaves_all_or_nothing(shop: Shop) -> None:
    ids = [shop.producer(name) for name in ("P1", "P2", "P3")]

    def work(session: Session) -> object:
        return freeze_statements(session, shop.operator_id, ids, DAY, run_on=later(1), at=AT, by=None)

    def untouched(session: Session) -> bool:
        return not session.scalar(select(func.count()).select_from(Statement)) and not settlement_problems(
            session, shop.operator_id
        )

    assert killed_everywhere(work, untouched) > 15
    assert db.session().scalars(select(Statement.no).order_by(Statement.no)).all() == [1, 2]
    assert settlement_problems(db.session(), shop.operator_id) == []


def ready(shop: Shop, *names: str) -> list[str]:
    """Approved payouts of these producers."""
    for name in names:
        with unit_of_work() as session:
            made = freeze_statement(
                session, shop.operator_id, shop.producer(name), DAY, run_on=later(1), at=AT, by=None
            )
            approve_statement(session, made, at=AT, by=None)
    with unit_of_work() as session:
        return list(session.scalars(select(Payout.id).order_by(Payout.id)))


def test_an_export_killed_between_claim_and_file_leaves_all_or_nothing(shop: Shop) -> None:
    payouts = ready(shop, "P1", "P2")

    def work(session: Session) -> object:
        return export_payouts(session, shop.operator_id, payouts, at=AT, **SENT)

    def untouched(session: Session) -> bool:
        made = [session.scalar(select(func.count()).select_from(table)) for table in (BankFile, PayoutAttempt)]
        return made == [0, 0] and not settlement_problems(session, shop.operator_id)

    assert killed_everywhere(work, untouched) > 10
    file, data = get_file(db.session(), db.session().scalars(select(BankFile.id)).one(), secret=SECRET)
    assert (file.no, file.count, data.decode("utf-8-sig").count("0011001234417")) == (1, 2, 2)
    assert settlement_problems(db.session(), shop.operator_id) == []


def test_a_payout_sent_by_two_clicks_goes_once(app: Flask, shop: Shop) -> None:
    payouts = ready(shop, "P1", "P2")

    answers = both(app, lambda session: export_payouts(session, shop.operator_id, payouts, at=AT, **SENT))

    assert sorted(map(str, answers)).count("payout.taken") == 3
    assert db.session().scalar(select(func.count()).select_from(PayoutAttempt)) == 2
    again = both(app, lambda s: send_by_transfer(s, shop.operator_id, payouts[0], at=AT, by=None), clients=2)
    assert again == ["payout.taken"] * 2
    assert settlement_problems(db.session(), shop.operator_id) == []


def test_a_bank_file_confirmed_twice_is_paid_once(app: Flask, shop: Shop) -> None:
    payouts = ready(shop, "P1", "P2")
    with unit_of_work() as session:
        export_payouts(session, shop.operator_id, payouts, at=AT, **SENT)
        tries = list(session.scalars(select(PayoutAttempt.id)))
        total = int(session.scalar(select(func.sum(PayoutAttempt.amount_vnd))) or 0)

    answers = both(app, lambda session: confirm_attempts(session, tries, booked_on=later(1), at=AT, by=None))

    assert sorted(map(str, answers)).count("payout.state") == 3
    assert balance_of(db.session(), shop.operator_id, "trust_bank") == -total
    assert balance_of(db.session(), shop.operator_id, "payouts_in_transit") == 0
    assert settlement_problems(db.session(), shop.operator_id) == []


def test_tills_go_on_selling_while_a_run_freezes(app: Flask, shop: Shop) -> None:
    names = iter(["sell"] * 7 + ["freeze"])
    ids = [shop.producer(name) for name in ("P1", "P2")]

    def work(session: Session) -> object:
        if next(names) == "freeze":
            return freeze_statements(session, shop.operator_id, ids, DAY, run_on=later(1), at=AT, by=None)
        mine = Shop.__new__(Shop)
        mine.session, mine.operator_id, mine.site_id = session, shop.operator_id, shop.site_id
        return [mine.sell(("P1", 1), ("P2", 1)) for _ in range(3)]

    both(app, work, clients=8)

    with unit_of_work() as session:
        freeze_statements(session, shop.operator_id, ids, DAY, run_on=later(1), at=AT, by=None)
    assert balance_of(db.session(), shop.operator_id, "unsettled", ids[0]) == 0
    assert settlement_problems(db.session(), shop.operator_id) == []


def test_a_changed_account_waits_for_a_call_and_a_day_and_the_pinned_one_stays(shop: Shop) -> None:
    (payout,) = ready(shop, "P1")
    producer, operator = shop.producer("P1"), shop.operator_id
    with unit_of_work() as session:
        new = add_account(
            session, producer, bank_bin="970436", bank_name="VCB", number="99998888", holder="KE GIAN", secret=SECRET,
            at=AT,
        ).id  # fmt: skip

    def send(at: Any, by: str | None = None) -> str:
        try:
            with unit_of_work() as session:
                return send_by_transfer(session, operator, payout, at=at, by=by)
        except Trouble as trouble:
            return trouble.code

    with unit_of_work() as session:
        pinned = session.get_one(Payout, payout).bank_account_id
        assert pinned != new
        point_to_account(session, payout, new)
    assert send(AT) == "payout.account_unchecked"
    with unit_of_work() as session:
        check_account(session, operator, new, how="gọi 0912…", at=AT, by=None)
        assert session.get_one(AccountCheck, (operator, new)).how == "gọi 0912…"
    assert send(noon(later(1))) == "payout.account_waits"
    attempt = send(noon(later(2)))
    assert db.session().get_one(PayoutAttempt, attempt).bank_account_id == new
    assert settlement_problems(db.session(), operator) == []


DAYS = (DAY, later(1), later(2))
STEPS = ("sell", "back", "fee", "adjust", "advance", "release", "undo", "freeze", "approve", "due", "due", "due",
         "send", "file", "confirm", "confirm", "doubt", "return", "void")  # fmt: skip


class Books:
    """One shop in one transaction that is never committed; a refused step leaves nothing."""

    def __init__(self, session: Session) -> None:
        self.session, self.shop = session, Shop(session)
        readable_accounts(session)
        self.session.execute(
            update(self._versions()).values(reserve_bp=500, tier_from_vnd=500_000, tier_bp=500, guarantee_vnd=0)
        )
        self.sales: list[tuple[str, str, int]] = []
        self.papers: list[str] = []
        self.day = 0

    @staticmethod
    def _versions() -> Any:
        from pos.consignment.models import AgreementVersion

        return AgreementVersion

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
        elif what == "void":
            void_statement(session, self.one(Statement, ("frozen", "approved", "closed"), n), reason="x", **how)

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
    finally:
        session.rollback()
