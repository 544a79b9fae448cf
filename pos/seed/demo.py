"""`pos seed demo`: a city's OCOP points and a running fair, sold through the real intake up to a few minutes ago."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random

from flask import current_app
from sqlalchemy.orm import Session

from pos.consignment.service.payouts import approve_statement, pay_by_hand
from pos.consignment.service.statements import freeze_statement
from pos.kernel import clock
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Refused
from pos.kernel.ids import named_id
from pos.seed.goods import Goods, bring_goods
from pos.seed.loading import Loading, loading
from pos.seed.running import NOTHING, Seeded, Step, counter_at, heard, run, steps_of, worked
from pos.seed.selling import Batch, Counter
from pos.seed.stocking import deliveries
from pos.seed.world import OPERATORS, TRANG_AN, World, build_world, let_people_in, person_id

SEED = 148  # the decision of the groups
DAYS = 14
SETTLED = "Công ty TNHH thực phẩm Thảo Nguyên"
SILENT = {"HG09A": timedelta(minutes=48), "CG01A": timedelta(minutes=95)}  # tablets nobody has heard of since


def seed_demo(
    progress: Loading | None = None, *, now: datetime | None = None, days: int = DAYS, pace_percent: int = 100
) -> Seeded:
    """Fill an empty, migrated database (inside an application context); the same for the same `now`.

    Everything money and goods depend on goes through the services and the tablets' intake, never around them.
    """
    if progress is None:
        with loading() as bars:
            return _seed(bars, now or clock.now(), days, pace_percent)
    return _seed(progress, now or clock.now(), days, pace_percent)


def _seed(progress: Loading, now: datetime, days: int, pace_percent: int) -> Seeded:
    now = now.replace(microsecond=0)
    dice = Random(SEED)  # noqa: S311 - a demo's dice
    today = clock.local_date(now)
    first = today - timedelta(days=days)
    opened_at = clock.day_bounds(first)[0] - timedelta(days=20)
    secret, origin = current_app.config["SECRET_KEY"], current_app.config["POS_ORIGIN"]
    with unit_of_work() as session:
        world = build_world(
            session, today=today, opened_at=opened_at, now=now, secret=secret,
            origin=origin or "http://127.0.0.1:8000",
        )  # fmt: skip
        goods = bring_goods(session, world, today=today, opened_at=opened_at, now=now, secret=secret, dice=dice)
        let_people_in(session, world, at=opened_at)
    counters = _counters(db.session(), world, goods, today, dice, pace_percent)
    batches = worked(world, counters, first, today, now, SILENT)
    steps = _schedule(world, counters, batches, first, today, now, secret, dice)
    total = run("Hai tuần bán hàng · two weeks of sales", steps, progress)
    heard(world, now, SILENT)
    progress.say(f"{total.sales} đơn từ {len(counters)} quầy · {total.sales} sales from {len(counters)} tills")
    return total


def _counters(
    session: Session, world: World, goods: Goods, today: date, dice: Random, pace_percent: int
) -> list[Counter]:
    counters = []
    for spot in world.spots:
        mine = Random(dice.random())  # noqa: S311
        counter = counter_at(session, spot, goods.shelf(session, spot, mine), OPERATORS[spot.operator][4], mine)
        counter.pace_percent = pace_percent
        if spot.till_code == "DA01A":
            counter.old_price_on = today - timedelta(days=1)
        counters.append(counter)
    return counters


def _schedule(
    world: World,
    counters: Sequence[Counter],
    batches: Sequence[Batch],
    first: date,
    today: date,
    now: datetime,
    secret: str,
    dice: Random,
) -> list[Step]:
    """Everything in the order it happened: goods come in, tablets send, a statement is settled."""
    steps = steps_of(batches, deliveries(world, counters, first, today, dice), secret)
    settle_on = today - timedelta(days=7) if (today - first).days > 8 else today
    steps.append(
        Step(min(now, clock.day_bounds(settle_on)[0] + timedelta(hours=9)), _settlement(world, settle_on, now))
    )
    return sorted(steps, key=lambda step: step.at)


def _settlement(world: World, day: date, now: datetime) -> Callable[[], Seeded]:
    """One producer's statement: frozen by the bookkeeper, approved by the manager, paid the same afternoon."""

    def work() -> Seeded:
        operator_id, producer_id = world.operators[TRANG_AN], named_id("producer", SETTLED)
        at = min(now, clock.day_bounds(day)[0] + timedelta(hours=9))
        clerk, manager = person_id("ketoan"), person_id("quanly")
        with unit_of_work() as session:
            try:
                id_ = freeze_statement(
                    session, operator_id, producer_id, day - timedelta(days=1), run_on=day, at=at, by=clerk
                )
            except Refused:  # a demo of few days: nothing is due yet
                return NOTHING
            approve_statement(session, id_, at=min(now, at + timedelta(minutes=40)), by=manager)
            pay_by_hand(
                session, id_, channel="cash", paid_on=day, at=min(now, at + timedelta(hours=6)), by=manager,
                site_id=world.sites["HK"], reference="Phiếu chi 01 (mẫu)", reason="Chủ thể nhận tại điểm bán",
            )  # fmt: skip
        return NOTHING

    return work
