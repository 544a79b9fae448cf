"""What time alone changes reaches the tablets by itself."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from pos.catalogue.jobs import ANNOUNCE, announce_coming, keep_announcing
from pos.catalogue.queries.tablet import version_of
from pos.catalogue.service import set_price
from pos.kernel.clock import day_bounds, iso, local_date, now
from pos.kernel.db import db, unit_of_work
from pos.outbox.models import Job
from tests.catalogue.shelf import a_tea, a_world


def test_a_price_that_came_near_is_announced_once_and_the_next_night_promised(app: Flask) -> None:
    at = now()
    with unit_of_work() as session:
        world = a_world(session)
        tea = a_tea(session, world)
        soon = at + timedelta(days=29)
        set_price(session, operator_id=world.ours, product_id=tea, price_vnd=9_000, starts_at=soon, at=at)
    before = version_of(db.session(), world.ours)

    announce_coming({"since": iso(at - timedelta(days=3))})
    announce_coming({"since": iso(now())})

    assert version_of(db.session(), world.ours) == before + 1
    jobs = db.session.scalars(select(Job).where(Job.kind == ANNOUNCE)).all()
    assert [job.not_before for job in jobs] == [
        day_bounds(local_date(at) + timedelta(days=1))[0] + timedelta(minutes=1)
    ]


def test_one_promise_a_day(app: Flask) -> None:
    for _ in range(2):
        with unit_of_work() as session:
            keep_announcing(session, at=now())

    assert len(db.session.scalars(select(Job)).all()) == 1
