"""`pos seed demo`: a city's OCOP points and a running fair, sold through the real intake up to a few minutes ago."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from flask import current_app
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.catalogue.queries.tablet import version_of
from pos.consignment.service.payouts import approve_statement, pay_by_hand
from pos.consignment.service.statements import freeze_statement
from pos.kernel import clock
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Refused
from pos.kernel.ids import named_id
from pos.seed.goods import Goods, bring_goods
from pos.seed.loading import Loading, loading
from pos.seed.selling import Batch, Counter
from pos.seed.stocking import deliveries
from pos.seed.tablet import Tablet
from pos.seed.world import OPERATORS, TRANG_AN, World, build_world, let_people_in, person_id
from pos.till.service.intake import take_events

SEED = 148  # the decision of the groups
DAYS = 14
SETTLED = "Công ty TNHH thực phẩm Thảo Nguyên"
SILENT = {"HG09A": timedelta(minutes=48), "CG01A": timedelta(minutes=95)}  # tablets nobody has heard of since


@contextmanager
def hasty(engine: Engine) -> Iterator[None]:
    """SQLite does not wait for the disk meanwhile: what a power cut would spoil here is made again by one command."""
    if engine.dialect.name != "sqlite":
        yield
        return
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA synchronous = OFF")
    try:
        yield
    finally:
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA synchronous = FULL")


@dataclass(frozen=True)
class Seeded:
    """What was made, for tests and for the last line on the terminal."""

    events: int
    sales: int
    flagged: int


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
    batches = _batches(world, counters, first, today, now)
    steps = _schedule(world, counters, batches, first, today, now, secret, dice)
    total = NOTHING
    with hasty(db.engine):
        for step in progress.each("Hai tuần bán hàng · two weeks of sales", steps, len(steps)):
            done = step.work()
            total = Seeded(total.events + done.events, total.sales + done.sales, total.flagged + done.flagged)
    _heard(world, now)
    progress.say(f"{total.sales} đơn từ {len(counters)} quầy · {total.sales} sales from {len(counters)} tills")
    return total


def _counters(
    session: Session, world: World, goods: Goods, today: date, dice: Random, pace_percent: int
) -> list[Counter]:
    counters = []
    for spot in world.spots:
        mine = Random(dice.random())  # noqa: S311
        version = version_of(session, spot.operator_id)
        tablet = Tablet(spot.log_id, spot.device_id, spot.till_code, version, mine)
        counter = Counter(
            spot, tablet, goods.shelf(session, spot, mine), OPERATORS[spot.operator][4], mine, pace_percent
        )
        if spot.till_code == "DA01A":
            counter.old_price_on = today - timedelta(days=1)
        counters.append(counter)
    return counters


def _batches(world: World, counters: Sequence[Counter], first: date, today: date, now: datetime) -> list[Batch]:
    batches: list[Batch] = []
    for counter in counters:
        spot = counter.spot
        start = max(first, world.fair_starts_on) if spot.fair_id else first
        for n in range((today - start).days):
            batches += counter.work(start + timedelta(days=n))
        batches += counter.work(today, until=now - SILENT.get(spot.till_code, timedelta()))
    return batches


@dataclass(frozen=True)
class Step:
    """Something that happens at a moment."""

    at: datetime
    work: Callable[[], Seeded]


NOTHING = Seeded(0, 0, 0)


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

    def receive(batch: Batch) -> Callable[[], Seeded]:
        return lambda: _take(batch, secret)

    def bring(count_in: Callable[[Session], None]) -> Callable[[], Seeded]:
        def work() -> Seeded:
            with unit_of_work() as session:
                count_in(session)
            return NOTHING

        return work

    steps = [Step(batch.received_at, receive(batch)) for batch in batches]
    steps += [Step(d.at, bring(d.count_in)) for d in deliveries(world, counters, first, today, dice)]
    settle_on = today - timedelta(days=7) if (today - first).days > 8 else today
    steps.append(
        Step(min(now, clock.day_bounds(settle_on)[0] + timedelta(hours=9)), _settlement(world, settle_on, now))
    )
    return sorted(steps, key=lambda step: step.at)


def _take(batch: Batch, secret: str) -> Seeded:
    answer = take_events(batch.log_id, batch.raw, received_at=batch.received_at, secret=secret, seeded=True)
    states = [result["status"] for result in answer["results"]]
    if bad := [result for result in answer["results"] if result["status"] not in ("recorded", "flagged")]:
        raise RuntimeError(f"the demo's tablet sent what the intake does not take: {bad[0]}")
    return Seeded(len(states), batch.sales, states.count("flagged"))


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


def _heard(world: World, now: datetime) -> None:
    """A tablet asks for news every few seconds, so all but the silent ones were heard just now."""
    with unit_of_work() as session:
        for spot in world.spots:
            if spot.till_code not in SILENT:
                heard = update(DeviceLog).where(DeviceLog.id == spot.log_id).values(last_seen_at=now)
                session.execute(heard)
