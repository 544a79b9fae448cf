"""One product registered twice: codes and stars follow, tablets learn it, what was sold keeps its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.commands import ProductFacts
from pos.catalogue.models import Offer, Price, Product, ProductChange
from pos.catalogue.queries.known import Known
from pos.catalogue.queries.tablet import catalogue_for
from pos.catalogue.service import add_barcode, add_certificate, add_product, set_price
from pos.catalogue.service.changes import facts_of
from pos.catalogue.service.merging import merge_product
from pos.consignment.models import Share
from pos.kernel.clock import day_bounds, now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Trouble
from pos.producers.models import Producer
from pos.till.models import Flag
from tests import factories as f
from tests.catalogue.shelf import NOON, World, a_tea, a_world
from tests.reports.market import a_market


@pytest.fixture
def world(session: Session) -> World:
    with unit_of_work() as work:
        return a_world(work)


def test_codes_stars_and_prices_follow(session: Session, world: World) -> None:
    later = day_bounds(date(2026, 11, 25))[0]
    with unit_of_work() as work:
        twice = a_tea(work, world, "Chè đinh Tân Cương (hộp)", 180_000)
        right = add_product(work, world.producer, facts_of_tea(work, twice), at=NOON).id
        add_barcode(work, twice, "8938505974194")
        add_barcode(work, twice, "2900000000018", operator_id=world.ours)
        add_certificate(work, twice, stars=4, valid_from=date(2026, 1, 1), valid_to=date(2029, 1, 1))
        set_price(work, operator_id=world.ours, product_id=twice, price_vnd=190_000, starts_at=later, at=NOON)
        since = int(str(world.asked(work)["version"]))
        merge_product(work, twice, right, at=NOON + timedelta(hours=1), by=None)

    told = catalogue_for(
        session, operator_id=world.ours, site_id=world.shop, fair_id=None, since=since, at=NOON + timedelta(hours=2)
    )
    goods = told["products"][0]
    assert (told["removed"], len(told["products"]), goods["id"]) == ([twice], 1, right)
    assert (goods["barcodes"], goods["stars"], goods["price"], goods["vat_bp"], goods["sku"]) == (
        ["2900000000018", "8938505974194"], 4, 180_000, 800, "0001",
    )  # fmt: skip
    assert [step["price"] for step in goods["next"]] == [190_000]
    old = session.get_one(Product, twice)
    assert (old.active, old.merged_into_id, session.get_one(Offer, (world.ours, twice)).active) == (False, right, False)
    kept = session.scalars(select(Price.price_vnd).where(Price.product_id == twice).order_by(Price.starts_at)).all()
    assert kept == [180_000, 190_000]  # what it cost then stays written
    assert Known(session, world.ours, at=NOON).by_name[world.producer, "chè đinh tân cương (hộp)"] == right
    assert session.scalars(select(ProductChange.kind)).all() == ["merge", "merge"]


def facts_of_tea(work: Session, product_id: str) -> ProductFacts:
    return replace(facts_of(work.get_one(Product, product_id)), name="Chè Đinh Tân Cương")


def test_what_is_not_the_same_is_refused(session: Session, world: World) -> None:
    with unit_of_work() as work:
        tea, other = a_tea(work, world), a_tea(work, world, "Chè nõn tôm")
        bowl = f.a_product(work, f.a_producer(work, "Gốm"), unit="hộp").id
        jar = f.a_product(work, maker_of(work, tea), unit="hũ").id
    said = []
    for a, b in ((tea, tea), (tea, bowl), (tea, jar), (tea, other), (tea, other), (other, tea)):
        try:
            with unit_of_work() as work:
                merge_product(work, a, b, at=NOON, by=None)
                said.append("merged")
        except Trouble as trouble:
            said.append(trouble.code)

    assert said == [
        "product.same", "product.other_producer", "merge.unit", "merged", "merge.done", "merge.done",
    ]  # fmt: skip


def maker_of(work: Session, product_id: str) -> Producer:
    return work.get_one(Producer, work.get_one(Product, product_id).producer_id)


def test_a_till_that_does_not_know_yet_is_believed(app: Flask) -> None:
    market = a_market(app)
    honey, shop = market.ids["honey"], market.devices["shop"]
    with unit_of_work() as work:
        same = f.a_product(work, maker_of(work, honey), name="Mật ong Ba Vì").id
        merge_product(work, honey, same, at=now(), by=None)

    ticket = shop.sale((honey, 1_000, 100_000))
    shop.send(ticket)

    shares = db.session().execute(
        select(Share.product_id, Share.producer_id, Share.gross_vnd).where(Share.event_id == ticket["id"])
    )
    assert shares.all() == [(honey, market.ids["honey maker"], 100_000)]
    assert list(db.session().scalars(select(Flag.code).where(Flag.event_id == ticket["id"]))) == []
