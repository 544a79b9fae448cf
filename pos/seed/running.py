"""Days of selling as steps in the order they happened, through the real intake. Shared by the demo and the city."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.catalogue.queries.tablet import version_of
from pos.kernel.db import db, unit_of_work
from pos.seed.goods import Good
from pos.seed.loading import Loading
from pos.seed.selling import Batch, Counter
from pos.seed.stocking import Delivery
from pos.seed.tablet import Tablet
from pos.seed.world import Spot, World
from pos.till.service.intake import take_events


@dataclass(frozen=True)
class Seeded:
    """What was made, for tests and for the last line on the terminal."""

    events: int
    sales: int
    flagged: int


NOTHING = Seeded(0, 0, 0)


@dataclass(frozen=True)
class Step:
    """Something that happens at a moment."""

    at: datetime
    work: Callable[[], Seeded]


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


def counter_at(session: Session, spot: Spot, shelf: Sequence[Good], step: int, dice: Random) -> Counter:
    """A tablet with its shelf, knowing the catalogue as it is now."""
    version = version_of(session, spot.operator_id)
    return Counter(spot, Tablet(spot.log_id, spot.device_id, spot.till_code, version, dice), shelf, step, dice)


def worked(
    world: World,
    counters: Sequence[Counter],
    first: date,
    today: date,
    now: datetime,
    silent: Mapping[str, timedelta],
) -> list[Batch]:
    """What all tablets sent from the first day to now; booths from the fair's first day. `silent`: since how long."""
    batches: list[Batch] = []
    for counter in counters:
        spot = counter.spot
        start = max(first, world.fair_starts_on) if spot.fair_id else first
        for n in range((today - start).days):
            batches += counter.work(start + timedelta(days=n))
        batches += counter.work(today, until=now - silent.get(spot.till_code, timedelta()))
    return batches


def steps_of(batches: Sequence[Batch], notes: Sequence[Delivery], secret: str) -> list[Step]:
    """Goods that come in and tablets that send, each as a step."""

    def receive(batch: Batch) -> Callable[[], Seeded]:
        return lambda: _take(batch, secret)

    def bring(delivery: Delivery) -> Callable[[], Seeded]:
        def work() -> Seeded:
            with unit_of_work() as session:
                delivery.count_in(session)
            return NOTHING

        return work

    steps = [Step(batch.received_at, receive(batch)) for batch in batches]
    return steps + [Step(delivery.at, bring(delivery)) for delivery in notes]


def run(words: str, steps: Sequence[Step], progress: Loading) -> Seeded:
    """Do the steps in their order; returns their sum."""
    total = NOTHING
    with hasty(db.engine):
        for step in progress.each(words, sorted(steps, key=lambda step: step.at), len(steps)):
            done = step.work()
            total = Seeded(total.events + done.events, total.sales + done.sales, total.flagged + done.flagged)
    return total


def _take(batch: Batch, secret: str) -> Seeded:
    answer = take_events(batch.log_id, batch.raw, received_at=batch.received_at, secret=secret, seeded=True)
    states = [result["status"] for result in answer["results"]]
    if bad := [result for result in answer["results"] if result["status"] not in ("recorded", "flagged")]:
        raise RuntimeError(f"a seeded tablet sent what the intake does not take: {bad[0]}")
    return Seeded(len(states), batch.sales, states.count("flagged"))


def heard(world: World, now: datetime, silent: Mapping[str, timedelta]) -> None:
    """A tablet asks for news every few seconds, so all but the silent ones were heard just now."""
    with unit_of_work() as session:
        for spot in world.spots:
            if spot.till_code not in silent:
                session.execute(update(DeviceLog).where(DeviceLog.id == spot.log_id).values(last_seen_at=now))
