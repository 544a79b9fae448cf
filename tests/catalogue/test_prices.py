"""Prices in time and the producer's word: silence keeps the old price, and nothing begins in the past."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.models import CatalogueHead, Price, PriceAsked
from pos.catalogue.queries.prices import list_asked
from pos.catalogue.queries.tablet import catalogue_for
from pos.catalogue.service.prices import answer_price, ask_price
from pos.kernel.clock import day_bounds, now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict
from tests import factories as f
from tests.catalogue.shelf import NOON, World, a_tea, a_world

SOON = NOON + timedelta(days=2)


@pytest.fixture
def world(session: Session) -> World:
    with unit_of_work() as work:
        return a_world(work)


def asked_about(work: Session, world: World, tea: str) -> str:
    return ask_price(
        work, operator_id=world.ours, product_id=tea, price_vnd=199_000, starts_at=SOON, at=NOON, by=None
    ).id  # fmt: skip


def at_the_till(session: Session, world: World, days: int) -> object:
    told = catalogue_for(
        session, operator_id=world.ours, site_id=world.shop, fair_id=None, since=0, at=NOON + timedelta(days=days)
    )
    return told["products"][0]["price"]


@pytest.mark.parametrize(("word", "price", "state"), [(True, 199_000, "agreed"), (False, 185_000, "refused")])
def test_the_producers_word_makes_the_price(session: Session, world: World, word: bool, price: int, state: str) -> None:
    with unit_of_work() as work:
        tea = a_tea(work, world)
        asked = asked_about(work, world, tea)
        version = work.get_one(CatalogueHead, world.ours).version
        answer_price(work, asked, agreed=word, at=NOON + timedelta(hours=1), by=None)

    assert [at_the_till(session, world, days) for days in (0, 1, 3)] == [185_000, 185_000, price]
    assert session.get_one(CatalogueHead, world.ours).version == version + word  # tablets hear of it at once
    assert session.get_one(PriceAsked, asked).state == state
    with pytest.raises(Conflict, match=r"price\.answered"), unit_of_work() as work:
        answer_price(work, asked, agreed=not word, at=NOON + timedelta(hours=2), by=None)


def test_silence_keeps_the_old_price_and_cannot_be_broken_later(session: Session, world: World) -> None:
    with unit_of_work() as work:
        asked = asked_about(work, world, a_tea(work, world))
    with pytest.raises(Conflict, match=r"price\.too_late"), unit_of_work() as work:
        answer_price(work, asked, agreed=True, at=SOON, by=None)

    assert at_the_till(session, world, 3) == 185_000
    assert [(row.state, row.before_vnd) for row in list_asked(session, SOON, operator_id=world.ours)] == [
        ("lapsed", 185_000)
    ]


class Shop:
    """One shop whose honey maker has a card, and another producer."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with unit_of_work() as session:
            operator, maker, other = f.an_operator(session), f.a_producer(session), f.a_producer(session, "Gốm")
            site = f.a_site(session, operator)
            self.operator, self.maker, self.site = operator.id, maker.id, site.id
            self.honey = f.a_product(session, maker, operator).id
            self.people = {
                "manager": f.a_person(session, "manager", "operator", operator.id).id,
                "other manager": f.a_person(session, "manager", "operator", f.an_operator(session, "Khác").id).id,
                "maker": f.a_person(session, "producer", "producer", maker.id).id,
                "other maker": f.a_person(session, "producer", "producer", other.id).id,
            }

    def as_(self, who: str) -> FlaskClient:
        return f.logged_in(self.app.test_client(), self.people[who])

    def price(self, **form: str) -> int:
        form = {"operator": self.operator, "price": "130.000", "consent": "own"} | form
        return self.as_("manager").post(f"/products/{self.honey}/price", data=form).status_code


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop(app)


def test_a_price_of_one_site_from_a_day_on(shop: Shop) -> None:
    tomorrow = today() + timedelta(days=1)
    answers = [
        shop.price(place=f"site:{shop.site}", starts_on=tomorrow.isoformat(), starts_time="07:30"),
        shop.price(consent="told", note="bà Hoa gọi 20/11"),
        shop.price(consent="told"),  # how?
        shop.price(starts_on=(today() - timedelta(days=1)).isoformat()),
        shop.price(place="site:elsewhere"),
        shop.price(price="12x"),
        shop.price(starts_on=tomorrow.isoformat(), starts_time="25:00"),
    ]

    assert answers == [303, 303, 422, 422, 422, 422, 422]
    db.session.rollback()
    made = db.session().scalars(select(Price).where(Price.made_by.is_not(None)).order_by(Price.starts_at)).all()
    assert [(p.scope_kind, p.consent, p.consent_note) for p in made] == [
        ("operator", "told", "bà Hoa gọi 20/11"),
        ("site", "own", None),
    ]
    assert made[1].starts_at == day_bounds(tomorrow)[0] + timedelta(hours=7, minutes=30)
    assert shop.as_("other manager").post(f"/prices/{made[1].id}/cancel").status_code == 404
    assert shop.as_("manager").post(f"/prices/{made[0].id}/cancel").status_code == 409
    assert shop.as_("manager").post(f"/prices/{made[1].id}/cancel").status_code == 303
    db.session.rollback()
    assert db.session().get(Price, made[1].id) is None


def test_the_producer_is_asked_on_its_phone(shop: Shop) -> None:
    assert shop.price(consent="ask", note="nguyên liệu tăng") == 303
    asked = db.session().scalars(select(PriceAsked.id)).one()
    home = shop.as_("maker").get(f"/producer/{shop.maker}").get_data(as_text=True)
    page = shop.as_("maker").get(f"/producer/{shop.maker}/register").get_data(as_text=True)
    path = f"/producer/{shop.maker}/prices/{asked}/yes"

    assert [words in page for words in ("130.000", "125.500", "nguyên liệu tăng", path)] == [True] * 4
    assert "Một giá mới chờ đồng ý" in home
    assert [shop.as_(who).post(path).status_code for who in ("manager", "other maker", "maker", "maker")] == [
        403, 404, 303, 303,
    ]  # fmt: skip
    db.session.rollback()
    made = db.session().scalars(select(Price).where(Price.consent == "page")).one()
    assert (made.price_vnd, made.starts_at) == (130_000, day_bounds(today() + timedelta(days=1))[0])
    assert made.starts_at > now()


def test_a_producer_keeps_its_own_goods(shop: Shop) -> None:
    path = f"/producer/{shop.maker}/register/{shop.honey}"
    form = {"name": "Mật ong hoa vải", "shelf_life_days": "365", "trace_url": "https://truyxuat.example/1"}
    maker = shop.as_("maker")

    assert maker.post(path, data=form | {"barcode": "8938505974194"}).status_code == 303
    assert maker.post(path, data=form | {"trace_url": "javascript:alert(1)"}).status_code == 422
    assert maker.post(path, data=form | {"barcode": "8938505974190"}).status_code == 422
    assert shop.as_("other maker").post(path, data=form).status_code == 404
    shown = maker.get(path).get_data(as_text=True)
    assert [words in shown for words in ("Mật ong hoa vải", "8938505974194", 'value="365"')] == [True] * 3
