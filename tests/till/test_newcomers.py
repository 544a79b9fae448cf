"""Goods first named at a till, through the office: completed or merged, and what was sold of them gets its owner."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pos.catalogue.models import Barcode, Offer, Price, Product, VatRate
from pos.consignment.models import LineAssignment, Share
from pos.kernel.db import db
from pos.kernel.ids import new_id
from pos.ledger.queries import balances
from pos.reports.check import check_all
from pos.till.models import Flag, NewProductDone
from tests.reports.market import Market, a_market

CODE = "8938505970011"


@pytest.fixture
def market(app: Flask) -> Market:
    made = a_market(app)
    made.ids["new"] = new_id()
    return made


def named(market: Market, **more: Any) -> dict[str, Any]:
    """Two jams sold, then the till says what they are."""
    shop = market.devices["shop"]
    sale = shop.sale((market.ids["new"], 2_000, 45_000))
    shop.send(sale)
    shop.send(shop.event("product.new", {"id": market.ids["new"], "name": "Mứt sen", "price": 45_000, **more}))
    return sale


def here(market: Market) -> str:
    return f"/office/new-goods/{market.ids['new']}"


def form(market: Market, **more: str) -> dict[str, str]:
    return {
        "producer_id": market.ids["honey maker"], "name": "Mứt sen Tây Hồ", "unit": "hộp", "price": "45.000",
        "vat_class": "standard", "vat": "8", "barcode": CODE, **more,
    }  # fmt: skip


def waits(market: Market) -> int:
    db.session.rollback()
    return balances(db.session(), market.ids["gifts"]).get(("unidentified_receipts", ""), 0)


def open_doubts(event_id: str) -> set[str]:
    return set(db.session().scalars(select(Flag.code).where(Flag.event_id == event_id, Flag.closed_at.is_(None))))


def holds() -> bool:
    return [found.problems for found in check_all(db.session()) if not found.holds] == []


def test_completed_it_is_in_the_register_and_sold_lines_have_their_owner(market: Market) -> None:
    sale = named(market)
    manager = market.as_("manager")
    assert waits(market) == -90_000
    assert "Mứt sen" in manager.get("/office/new-goods").text
    assert manager.get(here(market)).status_code == 200

    answer = manager.post(here(market), data=form(market))

    assert (answer.status_code, waits(market)) == (303, 0)
    session = db.session()
    product = session.get_one(Product, market.ids["new"])
    assert (product.name, product.producer_id) == ("Mứt sen Tây Hồ", market.ids["honey maker"])
    assert session.get_one(Offer, (market.ids["gifts"], product.id)).active
    assert session.scalars(select(Price.price_vnd).where(Price.product_id == product.id)).all() == [45_000]
    assert session.scalars(select(VatRate.vat_bp).where(VatRate.product_id == product.id)).all() == [800]
    assert session.scalars(select(Barcode.code).where(Barcode.product_id == product.id)).all() == [CODE]
    said = session.scalars(select(LineAssignment)).one()
    assert said.made_by == market.people["manager"]
    assert not {"no_agreement", "unknown_product"} & open_doubts(sale["id"])
    assert "Mứt sen" not in manager.get("/office/new-goods").text
    assert holds()


def test_merged_its_lines_become_the_known_products(market: Market) -> None:
    named(market, barcode=CODE)

    answer = market.as_("manager").post(f"{here(market)}/merge", data={"merge": market.ids["honey"]})

    assert (answer.status_code, waits(market)) == (303, 0)
    session = db.session()
    share = session.scalars(select(Share).where(Share.kind == "assigned")).one()
    assert (share.product_id, share.producer_id) == (market.ids["honey"], market.ids["honey maker"])
    assert session.get(Product, market.ids["new"]) is None
    assert session.scalars(select(Barcode.product_id).where(Barcode.code == CODE)).all() == [market.ids["honey"]]
    assert session.get_one(NewProductDone, market.ids["new"]).product_id == market.ids["honey"]
    assert holds()


def test_registered_provisionally_it_is_completed_or_merged_with_its_own_producers_goods(market: Market) -> None:
    named(market, producer=market.ids["honey maker"], barcode=CODE)
    manager = market.as_("manager")
    assert waits(market) == 0

    other = manager.post(f"{here(market)}/merge", data={"merge": market.ids["bowl"]})
    itself = manager.post(f"{here(market)}/merge", data={"merge": market.ids["new"]})
    same = manager.post(f"{here(market)}/merge", data={"merge": market.ids["tea"]})
    again = manager.post(f"{here(market)}/merge", data={"merge": market.ids["tea"]})

    assert [a.status_code for a in (other, itself, same, again)] == [422, 422, 303, 404]
    session = db.session()
    assert not session.get_one(Offer, (market.ids["gifts"], market.ids["new"])).active
    assert session.scalars(select(Barcode.product_id).where(Barcode.code == CODE)).all() == [market.ids["tea"]]
    assert holds()


def test_completing_what_is_registered_keeps_its_producer(market: Market) -> None:
    named(market, producer=market.ids["honey maker"])

    answer = market.as_("manager").post(here(market), data=form(market, producer_id=market.ids["bowl maker"]))

    product = db.session().get_one(Product, market.ids["new"])
    assert answer.status_code == 303
    assert (product.name, product.producer_id, product.unit) == ("Mứt sen Tây Hồ", market.ids["honey maker"], "hộp")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"producer_id": ""}, "producer_id"),
        ({"name": ""}, "name"),
        ({"name": "Mật ong"}, "name"),
        ({"price": "abc"}, "price"),
        ({"barcode": "8938505970012"}, "barcode"),
        ({"vat_class": "none"}, "vat_class"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(market: Market, wrong: dict[str, str], field: str) -> None:
    named(market)

    answer = market.as_("manager").post(here(market), data=form(market) | wrong)

    assert (answer.status_code, waits(market)) == (422, -90_000)
    assert f'id="e-{field}"' in answer.text
    assert db.session().get(Product, market.ids["new"]) is None
