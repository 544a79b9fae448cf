"""What may go wrong on the way from lines to money: a process killed at any statement, two clicks, an answer twice,
an account changed meanwhile, and any mixture of it all. Everything holds, nobody is paid twice, nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from pos.consignment.adapters.bank_files import layouts, writer
from pos.consignment.models import (
    AccountCheck,
    BankFile,
    Payout,
    PayoutAttempt,
    SettlementLine,
    Statement,
    StatementClaim,
    StatementDocument,
)
from pos.consignment.queries.checks import settlement_problems
from pos.consignment.queries.payouts import get_file
from pos.consignment.service.accounts import check_account, point_to_account
from pos.consignment.service.agreements import agree
from pos.consignment.service.attempts import confirm_attempts
from pos.consignment.service.exports import export_payouts, send_by_transfer
from pos.consignment.service.payouts import approve_statement
from pos.consignment.service.statements import freeze_statement, freeze_statements
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Trouble
from pos.kernel.seal import seal
from pos.ledger.queries import balance_of
from pos.producers.models import BankAccount
from pos.producers.service import add_account
from tests.consignment.shop import DAY, Shop, later, noon
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


def test_an_agreement_edited_while_a_run_freezes_changes_no_line_of_it(app: Flask, shop: Shop) -> None:
    """New terms, a new sale on them and the freeze at the same moment: each line keeps what its day agreed."""
    ids, names = [shop.producer(name) for name in ("P1", "P2")], iter(["terms", "freeze", "terms", "sell"])

    def work(session: Session) -> object:
        what = next(names)
        if what == "freeze":
            return freeze_statements(session, shop.operator_id, ids, DAY, run_on=later(1), at=AT, by=None)[0]
        if what == "terms":
            return agree(
                session, operator_id=shop.operator_id, producer_id=ids[0], starts_on=later(2), commission_bp=4_000,
                return_window_days=9, min_payout_vnd=10**9, at=AT, by=None,
            ).id  # fmt: skip
        mine = Shop.__new__(Shop)
        mine.session, mine.operator_id, mine.site_id = session, shop.operator_id, shop.site_id
        return mine.sell(("P1", 1), day=later(2))

    answers = both(app, work)

    assert answers.count("agreement.day_taken") == 1
    session = db.session()
    body = session.scalars(
        select(StatementDocument.body)
        .join(Statement, Statement.id == StatementDocument.statement_id)
        .where(Statement.producer_id == ids[0])
    ).one()
    assert json.loads(body)["agreement"]["commission_bp"] == 1_500
    frozen = select(SettlementLine.commission_bp).join(StatementClaim, StatementClaim.line_id == SettlementLine.id)
    assert set(session.scalars(frozen.where(SettlementLine.producer_id == ids[0]))) <= {1_500, 0}
    assert settlement_problems(session, shop.operator_id) == []
