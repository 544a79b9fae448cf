"""Two people at once: on SQLite one waits for the other, on PostgreSQL for the settlement lock."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.consignment.models import PayoutAttempt, Statement
from pos.consignment.queries.checks import settlement_problems
from pos.consignment.service.payouts import approve_statement, pay_by_hand
from pos.consignment.service.statements import freeze_statement
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Trouble
from tests.consignment.shop import DAY, Shop, later, noon

AT = noon(later(1))


@pytest.fixture
def shop(app: Flask) -> Shop:
    with unit_of_work() as session:
        made = Shop(session)
        for _ in range(20):
            made.sell(("P1", 1), ("P2", 2))
    return made


def both(app: Flask, work: Callable[[Session], object], clients: int = 4) -> list[object]:
    """The same work from several threads at the same moment; troubles are answers."""
    start = Barrier(clients)

    def one(_n: int) -> object:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work() as session:
                    return work(session)
            except Trouble as trouble:
                return trouble.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, range(clients)))


def test_runs_over_the_same_producer_claim_each_line_once(app: Flask, shop: Shop) -> None:
    producer_id = shop.producer("P1")

    answers = both(
        app,
        lambda session: freeze_statement(session, shop.operator_id, producer_id, DAY, run_on=later(1), at=AT, by=None),
    )

    assert sorted(answers, key=str).count("statement.nothing") == 3
    session = db.session()
    assert session.scalar(select(func.count()).select_from(Statement)) == 1
    assert settlement_problems(session, shop.operator_id) == []


def test_runs_over_different_producers_number_without_gaps(app: Flask, shop: Shop) -> None:
    names = iter(["P1", "P2"])

    answers = both(
        app,
        lambda session: freeze_statement(
            session, shop.operator_id, shop.producer(next(names)), DAY, run_on=later(1), at=AT, by=None
        ),
        clients=2,
    )

    assert len(set(answers)) == 2
    session = db.session()
    assert sorted(session.scalars(select(Statement.no))) == [1, 2]
    assert settlement_problems(session, shop.operator_id) == []


def test_a_payout_clicked_at_once_by_many_is_paid_once(app: Flask, shop: Shop) -> None:
    with unit_of_work() as session:
        id_ = freeze_statement(session, shop.operator_id, shop.producer("P1"), DAY, run_on=later(1), at=AT, by=None)

    approved = both(app, lambda session: approve_statement(session, id_, at=AT, by=None))
    paid = both(app, lambda session: pay_by_hand(session, id_, channel="transfer", paid_on=later(1), at=AT, by=None))

    assert sorted(map(str, approved)) == ["approved"] + ["statement.state"] * 3
    assert sorted(map(str, paid)).count("statement.state") == 3
    session = db.session()
    assert session.scalar(select(func.count()).select_from(PayoutAttempt)) == 1
    assert settlement_problems(session, shop.operator_id) == []
