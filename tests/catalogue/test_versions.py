"""Two people change prices at once: no tablet misses either change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask

from pos.catalogue.queries.tablet import catalogue_for, version_of
from pos.catalogue.service import set_price
from pos.kernel.db import db, unit_of_work
from tests.catalogue.shelf import NOON, World, a_tea, a_world

TIMES = 12


def test_changes_at_once_get_versions_of_their_own(app: Flask) -> None:
    with unit_of_work() as session:
        world = a_world(session)
        teas = [a_tea(session, world, f"Chè số {n}") for n in range(2)]
    before = version_of(db.session(), world.ours)
    db.session.remove()

    with ThreadPoolExecutor(3) as pool:
        heard = pool.submit(listen, app, world, before)
        for done in [pool.submit(change, app, world, tea) for tea in teas]:
            done.result()
        since, prices = heard.result()

    assert since == version_of(db.session(), world.ours) == before + 2 * TIMES
    assert prices == dict.fromkeys(teas, TIMES)


def change(app: Flask, world: World, tea: str) -> None:
    with app.app_context():
        for n in range(1, TIMES + 1):
            with unit_of_work() as session:
                set_price(
                    session, operator_id=world.ours, product_id=tea, price_vnd=n, at=NOON,
                    starts_at=NOON + timedelta(minutes=n),
                )  # fmt: skip


def listen(app: Flask, world: World, since: int) -> tuple[int, dict[str, int]]:
    """A tablet that only ever asks for what changed after what it knows."""
    prices: dict[str, int] = {}
    last = since + 2 * TIMES
    with app.app_context():
        while since < last:
            answer = catalogue_for(
                db.session(), operator_id=world.ours, site_id=world.shop, fair_id=None, since=since,
                at=NOON + timedelta(hours=1),
            )  # fmt: skip
            since = answer["version"]
            prices |= {p["id"]: p["price"] for p in answer["products"]}
            db.session.remove()
    return since, prices
