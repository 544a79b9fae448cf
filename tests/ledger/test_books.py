"""Slips without gaps, sums by day, seals that remember: the services, and the pages a bookkeeper reads them on."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.ledger.models import BooksSeal, CashSlip, DaySum, SlipCounter
from pos.ledger.queries.seals import corrections_of, seal_problem, sums_of_seal
from pos.ledger.queries.trial import day_sum_problems, trial_of
from pos.ledger.service import fund_safe
from pos.ledger.service.seals import refuse_sealed, seal_period
from pos.ledger.service.slips import write_slip
from pos.ledger.service.sums import keep_day_sums
from pos.till.service.slips import number_cash
from tests.till.golden import SETUP, World, build

SITE = SETUP["site"]["id"]
OCTOBER, END = date(2026, 10, 1), date(2026, 10, 31)


@pytest.fixture
def world(session: Session) -> World:
    return build()


def fund(vnd: int, day: date) -> str:
    with unit_of_work() as work:
        return fund_safe(work, site_id=SITE, amount_vnd=vnd, day=day, at=now(), by=None).id


def test_a_slip_has_the_next_number_of_its_year_and_side_and_a_rollback_gives_it_back(world: World) -> None:
    def one(work: Session, side: str, day: date, source: str) -> int:
        return write_slip(
            work, world.operator_id, side, amount_vnd=1_000, what="payout", day=day, source_kind="payout_attempt",
            source_id=source, at=now(), by=None, party="Bà Hoa",
        ).no  # fmt: skip

    with unit_of_work() as work:
        made = [one(work, "out", OCTOBER, "a"), one(work, "in", OCTOBER, "b"), one(work, "out", date(2027, 1, 2), "c")]
    with pytest.raises(ZeroDivisionError), unit_of_work() as work:
        one(work, "out", END, "lost")
        1 / 0  # noqa: B018
    with unit_of_work() as work:
        made.append(one(work, "out", END, "d"))
        with pytest.raises(Conflict, match=r"slip\.written"):
            one(work, "out", END, "d")

    assert made == [1, 1, 1, 2]
    assert {(c.year, c.side): c.last for c in db.session().scalars(select(SlipCounter))} == {
        (2026, "out"): 2, (2026, "in"): 1, (2027, "out"): 1,
    }  # fmt: skip


def test_cash_nobody_wrote_a_slip_for_is_numbered_once_in_the_order_of_the_books(world: World) -> None:
    fund(500_000, OCTOBER)
    with unit_of_work() as work:
        assert number_cash(work, world.operator_id, at=now(), by=None) == 1
    fund(300_000, END)
    with unit_of_work() as work:
        assert number_cash(work, world.operator_id, at=now(), by=None) == 1
        assert number_cash(work, world.operator_id, at=now(), by=None) == 0

    slips = db.session().scalars(select(CashSlip).order_by(CashSlip.no)).all()
    assert [(s.side, s.year, s.no, s.amount_vnd, s.what) for s in slips] == [
        ("in", 2026, 1, 500_000, "safe_funding"), ("in", 2026, 2, 300_000, "safe_funding"),
    ]  # fmt: skip


def test_a_trial_balance_is_the_same_from_the_kept_days_and_from_the_journal(world: World, session: Session) -> None:
    fund(500_000, date(2026, 9, 30))
    before = trial_of(session, world.operator_id, OCTOBER, END)
    session.rollback()
    with unit_of_work() as work:
        keep_day_sums(work, world.operator_id)
    fund(200_000, OCTOBER)  # after what is kept
    fund(100_000, date(2026, 11, 1))  # after the period
    found = trial_of(session, world.operator_id, OCTOBER, END)

    assert [(r.account, r.opening_vnd, r.debit_vnd, r.credit_vnd, r.closing_vnd) for r in found.rows] == [
        ("safe", 500_000, 200_000, 0, 700_000), ("operating_bank", -500_000, 0, 200_000, -700_000),
    ]  # fmt: skip
    assert (before.rows[0].closing_vnd, found.opening_vnd, found.closing_vnd) == (500_000, 0, 0)
    session.rollback()
    with unit_of_work() as work:
        keep_day_sums(work, world.operator_id)
        keep_day_sums(work, world.operator_id)
    assert trial_of(session, world.operator_id, OCTOBER, END) == found
    assert day_sum_problems(session, world.operator_id) == []
    assert len(session.scalars(select(DaySum)).all()) == 6


def test_a_sealed_month_keeps_what_it_was_and_shows_what_came_after(world: World, session: Session) -> None:
    fund(500_000, OCTOBER)
    with unit_of_work() as work:
        id_ = seal_period(work, world.operator_id, "month", from_on=OCTOBER, until_on=END, at=now(), by=None).id
    fund(10_000, date(2026, 11, 2))
    with unit_of_work() as work, pytest.raises(Conflict, match=r"books\.sealed"):
        refuse_sealed(work, world.operator_id, END)
    with pytest.raises(Conflict, match=r"books\.sealed"):
        fund(70_000, END)  # a paper of the office says its true day on an open one

    seal = session.get_one(BooksSeal, id_)
    assert (seal.no, seal.seq) == (1, 1)
    assert seal_problem(session, seal) is None
    assert corrections_of(session, seal) == []
    assert [(r.account, r.original.debit_vnd, r.corrected.debit_vnd) for r in sums_of_seal(session, seal)] == [
        ("safe", 500_000, 500_000), ("operating_bank", 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "from_on", "until_on", "code"),
    [
        ("month", OCTOBER, date(2026, 10, 30), "seal.period"),
        ("day", OCTOBER, END, "seal.period"),
        ("month", date(2126, 10, 1), date(2126, 10, 31), "seal.not_over"),
    ],
)
def test_only_a_whole_period_that_is_over_is_sealed(
    world: World, kind: str, from_on: date, until_on: date, code: str
) -> None:
    with unit_of_work() as work, pytest.raises(Invalid, match=code):
        seal_period(work, world.operator_id, kind, from_on=from_on, until_on=until_on, at=now(), by=None)
