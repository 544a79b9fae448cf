"""Doubts close by themselves when their cause goes, and only then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pos.catalogue import service as catalogue
from pos.catalogue.commands import ProductFacts
from pos.catalogue.service import offer_product
from pos.kernel.clock import iso, now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.outbox.models import Job
from pos.outbox.service import do_one
from pos.stock.commands import Receive
from pos.stock.service import receive
from pos.till.jobs import EVERY, RECHECK, REPLAY, keep_rechecking, recheck_flags, replay_events
from pos.till.models import Flag
from tests import factories as f
from tests.counting import counted
from tests.reports.market import Market, a_market


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def states() -> dict[str, bool]:
    """Code → closed."""
    db.session().rollback()
    return {code: closed is not None for code, closed in db.session().execute(select(Flag.code, Flag.closed_at))}


def recheck() -> None:
    recheck_flags({})


def test_stock_that_is_back_closes_its_doubt(market: Market) -> None:
    market.sell("booth one", "honey", 2, 100_000)
    recheck()
    assert states() == {"negative_stock": False}

    ids = market.ids
    with unit_of_work() as session:
        receive(
            session,
            Receive(ids["gifts"], ids["honey maker"], ids["booth one"], today(), ((ids["honey"], 2_000, None),)),
            at=now(), by=None,
        )  # fmt: skip
    recheck()

    assert states() == {"negative_stock": True}
    assert db.session().scalars(select(Flag.done_because)).one() == "cause_gone"


def test_goods_registered_and_offered_since(market: Market) -> None:
    shop, unknown = market.devices["shop"], new_id()
    shop.send(shop.sale((unknown, 1_000, 20_000)))
    recheck()
    assert states() == {"unknown_product": False, "no_agreement": False, "negative_stock": False}

    with unit_of_work() as session:
        catalogue.add_product(session, market.ids["bowl maker"], ProductFacts(name="Ấm gốm"), at=now(), id_=unknown)
    recheck()

    assert states()["unknown_product"]
    assert not states()["negative_stock"]


def test_foreign_goods_once_offered(market: Market) -> None:
    with unit_of_work() as session:
        from pos.producers.models import Producer

        maker = session.get_one(Producer, market.ids["bowl maker"])
        dish = f.a_product(session, maker, name="Đĩa gốm", unit="chiếc")
        id_ = dish.id
    shop = market.devices["shop"]
    shop.send(shop.sale((id_, 1_000, 20_000)))
    recheck()
    assert states()["foreign_goods"] is False

    with unit_of_work() as session:
        offer_product(session, operator_id=market.ids["village"], product_id=id_)
    recheck()
    assert states()["foreign_goods"] is False
    with unit_of_work() as session:
        offer_product(session, operator_id=market.ids["gifts"], product_id=id_)
    recheck()

    assert states()["foreign_goods"] is True


def test_a_shift_whose_opening_came_late(market: Market) -> None:
    shop = market.devices["shop"]
    opening = shop.open()
    shop.send(shop.sale((market.ids["honey"], 1_000, 100_000)))
    recheck()
    assert states()["unknown_shift"] is False

    shop.send(opening)
    recheck()

    assert states()["unknown_shift"] is True


def test_a_correction_whose_sale_came_late(market: Market) -> None:
    shop = market.devices["shop"]
    sale = shop.sale((market.ids["honey"], 1_000, 100_000))
    tender = sale["body"]["tenders"][0]
    shop.send(shop.event("tender.correct", {
        "sale": sale["id"], "from": {"id": tender["id"], "kind": "cash", "amount": 100_000},
        "tenders": [{"id": new_id(), "kind": "vietqr", "amount": 100_000, "state": "seen"}], "reason": "bấm nhầm",
    }))  # fmt: skip
    recheck()
    assert states()["unknown_sale"] is False

    shop.send(sale)
    recheck()

    assert states()["unknown_sale"] is True


def test_somebody_known_since(market: Market) -> None:
    shop = market.devices["shop"]
    shop.staff = new_id()
    shop.send(shop.sale((market.ids["honey"], 1_000, 100_000)))
    recheck()
    assert states()["unknown_staff"] is False

    with unit_of_work() as session:
        from pos.access.models import Person

        session.add(Person(id=shop.staff, name="Người mới", made_at=now()))
    recheck()

    assert states()["unknown_staff"] is True


def test_a_clock_put_right(market: Market) -> None:
    import json

    shop = market.devices["shop"]
    skewed = shop.sale((market.ids["honey"], 1_000, 100_000))
    body = {"sent_at": iso(now() - timedelta(days=2)), "events": [skewed]}
    shop.client.post("/api/till/events", data=json.dumps(body).encode(), headers=shop.headers)
    recheck()
    assert states() == {"clock_skew": False}

    shop.send(shop.sale((market.ids["honey"], 1_000, 100_000)))
    recheck()

    assert states() == {"clock_skew": True}


def test_a_price_and_a_certificate_never_close_by_themselves(market: Market) -> None:
    market.sell("shop", "honey", 1, 90_000)

    recheck()

    assert states() == {"price_differs": False}


def test_one_promise_is_kept_again_and_again(market: Market) -> None:
    at = now()
    with unit_of_work() as session:
        keep_rechecking(session, at=at)
        keep_rechecking(session, at=at)

    work = {RECHECK: recheck_flags, REPLAY: replay_events}
    assert [do_one(work, at) for _ in range(3)] == [True, True, False]

    jobs = db.session().execute(select(Job.kind, Job.done_at, Job.not_before).where(Job.kind.in_(work))).all()
    assert sorted((kind, done) for kind, done, _ in jobs) == [(REPLAY, None), (RECHECK, None)]
    assert min(not_before for *_, not_before in jobs) >= at + EVERY


def test_rechecking_asks_the_same_for_one_doubt_and_many(market: Market) -> None:
    from pos.till.service.recheck import list_gone

    shop = market.devices["booth one"]
    shop.send(shop.sale((market.ids["honey"], 1_000, 100_000)))
    with counted() as one:
        list_gone(db.session())
    shop.send(*[shop.sale((market.ids["honey"], 1_000, 100_000)) for _ in range(20)])
    with counted() as many:
        list_gone(db.session())

    assert len(many) == len(one)
