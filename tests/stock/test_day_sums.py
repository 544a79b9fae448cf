"""Sums of days: the goods equation says the same with them as without, whenever they were made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import floor_id, is_id, new_id
from pos.reports.queries.invariants_goods import goods
from pos.stock.commands import DraftLine, Move
from pos.stock.models import DaySum, DaySumRun, Movement
from pos.stock.queries.equation import Asked, list_equations
from pos.stock.service import move
from pos.stock.service.day_sums import add_up
from tests.stock.shelves import AT, DAY, Shelves, confirmed, shelves


def add(hours: int) -> int:
    with unit_of_work() as work:
        return add_up(work, at=now() + timedelta(hours=hours))


def sell(here: Shelves, days_ago: int) -> None:
    with unit_of_work() as work:
        day = DAY - timedelta(days=days_ago)
        ends = ("site", here.shop, "customer", here.shop)
        gone = [Move(here.honey, 1_000, *ends, "sale", day, AT, "test", new_id(), str(n), None) for n in range(3)]
        move(work, here.operator, gone, recorded_at=AT)


def told(here: Shelves) -> list[Any]:
    db.session.rollback()
    day, shop = DAY - timedelta(days=2), here.shop
    asked = [Asked([here.operator]), Asked([here.operator], shop, day, DAY), Asked(None, shop, None, day)]
    return [
        [(line.product_id, line.lot_id, line.sums.columns) for line in list_equations(db.session(), a, here.maker,
                                                                                     by_lot=True)]
        for a in asked
    ]  # fmt: skip


def doubted() -> list[str]:
    """What `pos check` says of the sums."""
    return [problem for problem in goods(db.session()).problems if "day sums" in problem]


def test_the_equation_is_the_same_before_between_and_after_the_sums(app: Flask) -> None:
    here = shelves()
    confirmed(here.intake(DraftLine(here.honey, 30_000), DraftLine(here.tea, 9_000, lot_code="L1")))
    confirmed(here.transfer(DraftLine(here.honey, 4_000)))
    for days in (3, 2, 0):
        sell(here, days)
    plain = told(here)

    assert (add(0), add(2), add(2)) == (0, 12, 0)  # the last hour waits
    assert told(here) == plain
    db.session.rollback()
    kept = db.session.scalars(select(DaySum)).all()
    assert (len(kept), sum(row.qty_milli for row in kept)) == (6, 52_000)

    with unit_of_work() as work:  # the run ended just now, so that what comes is younger
        work.execute(update(DaySumRun).values(upto_id=new_id()))
    sell(here, 1)
    between = told(here)
    assert add(3) == 3
    assert told(here) == between != plain
    db.session.rollback()
    assert doubted() == []


def test_what_fell_between_two_runs_is_found_and_mended(app: Flask) -> None:
    here = shelves()
    confirmed(here.intake(DraftLine(here.honey, 30_000)))
    assert add(2) == 1
    sell(here, 0)  # its ids are below the end of the run, as of a transaction that was too slow
    assert len(doubted()) == 1

    add(2)

    assert doubted() == []
    db.session.rollback()
    assert db.session.scalars(select(DaySumRun.movements)).all() == [4]
    assert len(db.session.scalars(select(Movement.id)).all()) == 4


def test_a_floor_is_below_every_id_of_its_moment() -> None:
    floors = [floor_id(ms) for ms in (0, 1_700_000_000_000)]
    assert all(is_id(text) for text in floors)
    assert floors[1] <= new_id(1_700_000_000_000) < floor_id(1_700_000_000_001)
