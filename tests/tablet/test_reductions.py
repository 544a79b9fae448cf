"""What a tablet is told may be taken off, and what the server says of what was taken off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pos.catalogue.models import Certificate, Product
from pos.catalogue.service.promotions import add_bundle, add_promotion, stop_bundle, stop_promotion
from pos.consignment.models import Agreement, AgreementVersion, Share
from pos.kernel.clock import iso, now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from tests.reports.market import Market, a_market

OPERATOR = [{"who": "operator", "bp": 10_000}]


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def promote(market: Market, **more: Any) -> str:
    """Ten per cent off for everybody, or what is asked."""
    asked: dict[str, Any] = {
        "operator_id": market.ids["gifts"], "name": "Giảm 10 %", "kind": "percent", "value": 1_000, "at": now(),
        "by": None, "starts_on": today(), "ends_on": today() + timedelta(days=1),
    }  # fmt: skip
    with unit_of_work() as session:
        return add_promotion(session, **(asked | more)).id


def told(market: Market, place: str = "shop") -> dict[str, Any]:
    device = market.devices[place]
    answer = device.client.get("/api/till/catalogue?since=0", headers=device.headers)
    found: dict[str, Any] = answer.get_json()
    return found


def sell(market: Market, promotion: str | None, amount: int, funders: Any = OPERATOR, **more: Any) -> list[str]:
    """One honey at 100,000 with something taken off; the codes of its flags."""
    device = market.devices["shop"]
    line: dict[str, Any] = {
        "line": 1, "product": market.ids["honey"], "qty_milli": 1_000, "price": 100_000, "gross": 100_000,
        "line_discounts": [{"amount": amount, "reason": "x", "promotion": promotion, "funders": funders}] if amount
        else [], "basket_discount": 0, "paid": 100_000 - amount, "vat_bp": 800, "vat_class": "standard",
    }  # fmt: skip
    total = 100_000 - amount
    event = device.sale(
        lines=[line | more.pop("line", {})], total=total, at=more.pop("at", None),
        tenders=[{"id": market.ids["tea"], "kind": "cash", "amount": total}], **more,
    )  # fmt: skip
    return [flag["code"] if isinstance(flag, dict) else flag for flag in device.send(event)["results"][0]["flags"]]


def agree(market: Market, share_bp: int, most_bp: int) -> None:
    """From now on the honey maker pays this much of a discount."""
    with unit_of_work() as session:
        version = session.scalars(
            select(AgreementVersion)
            .join(Agreement)
            .where(Agreement.operator_id == market.ids["gifts"], Agreement.producer_id == market.ids["honey maker"])
        ).one()
        version.discount_producer_bp, version.discount_max_bp = share_bp, most_bp


def test_a_promotion_the_tablet_gave_raises_nothing_and_one_it_missed_does(market: Market) -> None:
    assert sell(market, None, 0) == []
    id_ = promote(market)
    assert [p["id"] for p in told(market)["promotions"]] == [id_]
    assert sell(market, id_, 10_000) == []
    assert "price_differs" in sell(market, None, 0)
    assert "price_differs" in sell(market, id_, 9_999)
    assert "price_differs" in sell(market, id_, 10_000, [{"who": "organizer", "bp": 10_000}])
    with unit_of_work() as session:
        stop_promotion(session, id_, by=market.people["manager"], at=now())
    assert told(market)["promotions"] == []
    assert sell(market, None, 0) == []


def test_a_cart_put_together_before_the_end_keeps_its_price(market: Market) -> None:
    id_ = promote(market)
    before = now()
    with unit_of_work() as session:
        stop_promotion(session, id_, by=market.people["manager"], at=before + timedelta(seconds=1))
    later = before + timedelta(minutes=2)
    assert sell(market, id_, 10_000, at=later, priced_at=iso(before)) == []
    assert "price_differs" in sell(market, id_, 10_000, at=later)
    assert "price_differs" in sell(market, id_, 10_000, at=later, priced_at=iso(before - timedelta(days=3)))


def test_a_promotion_holds_where_it_was_made_for(market: Market) -> None:
    fair = promote(market, scope_kind="fair", scope_id=market.ids["fair"])
    site = promote(market, scope_kind="site", scope_id=market.ids["shop"], name="Cửa hàng")
    assert [p["id"] for p in told(market)["promotions"]] == [site]
    assert [p["id"] for p in told(market, "booth one")["promotions"]] == [fair]
    assert told(market, "booth two")["promotions"] == []


def test_the_producer_bears_what_it_agreed_to_and_its_share_is_frozen(market: Market) -> None:
    agree(market, 4_000, 1_000)
    assert told(market)["terms"] == [
        {"producer": market.ids["honey maker"], "from": told(market)["terms"][0]["from"],
         "discount_producer_bp": 4_000, "discount_max_bp": 1_000}
    ]  # fmt: skip
    both = [{"who": "producer", "bp": 4_000}, {"who": "operator", "bp": 6_000}]
    assert sell(market, None, 10_000, both) == []
    assert "price_differs" in sell(market, None, 10_001, both)
    share = db.session().scalars(select(Share).order_by(Share.id).limit(1)).one()
    assert share.discount_producer_vnd == 4_000


def test_a_strong_drink_is_never_reduced(market: Market) -> None:
    with unit_of_work() as session:
        session.get_one(Product, market.ids["honey"]).alcohol_bp = 3_500
    assert sell(market, None, 0, age_checked=True) == []
    assert "price_differs" in sell(market, None, 5_000, age_checked=True)
    with unit_of_work() as session, pytest.raises(Invalid, match=r"bundle\.strong"):
        parts = {market.ids["honey"]: 1_000, market.ids["tea"]: 1_000}
        add_bundle(session, operator_id=market.ids["gifts"], name="Giỏ", price_vnd=1, parts=parts, at=now())


def test_a_price_embedded_label_says_its_sum(market: Market) -> None:
    """12,345 đ of honey at 100,000: 123 thousandths, whose price would be 12,300."""
    line = {"gross": 12_345, "paid": 12_345, "qty_milli": 123, "barcode": "2112345012345"}
    labelled = {"line": line, "tenders": [{"id": market.ids["tea"], "kind": "cash", "amount": 12_345}]}
    device = market.devices["shop"]
    base = {"line": 1, "product": market.ids["honey"], "price": 100_000, "vat_bp": 800, "vat_class": "standard"}
    event = device.sale(lines=[base | line], total=12_345, tenders=labelled["tenders"])
    assert device.send(event)["results"][0]["flags"] == []
    event = device.sale(lines=[base | line | {"barcode": None}], total=12_345, tenders=labelled["tenders"])
    assert device.send(event)["results"][0]["flags"] == ["total_differs"]


def test_hampers_reach_the_tablet_until_they_are_stopped(market: Market) -> None:
    parts = {market.ids["honey"]: 1_000, market.ids["tea"]: 2_000}
    with unit_of_work() as session:
        id_ = add_bundle(
            session, operator_id=market.ids["gifts"], name="Giỏ Tết", price_vnd=180_000, parts=parts, at=now(),
            code="GIO1",
        ).id  # fmt: skip
    [bundle] = told(market)["bundles"]
    assert (bundle["id"], bundle["price"], bundle["code"]) == (id_, 180_000, "GIO1")
    assert {p["product"]: p["qty_milli"] for p in bundle["parts"]} == parts
    with unit_of_work() as session:
        stop_bundle(session, id_, at=now())
    assert told(market)["bundles"] == []
    with unit_of_work() as session, pytest.raises(Invalid, match=r"bundle\.parts"):
        one = {market.ids["honey"]: 1_000}
        add_bundle(session, operator_id=market.ids["gifts"], name="Giỏ", price_vnd=1, parts=one, at=now())


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"value": 10_001}, "promotion.value"),
        ({"kind": "x_get_y", "value": 2}, "promotion.value"),
        ({"starts_on": today() - timedelta(days=1)}, "promotion.dates"),
        ({"from_minute": 600, "to_minute": 600}, "promotion.hours"),
        ({"producer_bp": 6_000, "organizer_bp": 6_000}, "promotion.funders"),
        ({"scope_kind": "site"}, "price.scope"),
    ],
)
def test_a_promotion_that_makes_no_sense_is_refused(market: Market, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        promote(market, **wrong)


def test_the_office_makes_and_stops_them(market: Market) -> None:
    manager = market.as_("manager")
    form = {"operator": market.ids["gifts"], "name": "Giờ vàng", "kind": "x_get_y", "value": "2", "get": "1",
            "goods_kind": "products", "products": "0001", "starts_on": today().isoformat(),
            "ends_on": today().isoformat(), "from_minute": "17h30", "to_minute": "19:00", "day-6": "1",
            "producer_bp": "50"}  # fmt: skip
    numbers = {p["sku"]: p["id"] for p in told(market)["products"]}
    sku = next(iter(numbers))
    assert manager.post("/promotions/new", data=form | {"products": sku}).status_code == 303
    [made] = told(market)["promotions"]
    made = {name: value for name, value in made.items() if name not in ("id", "starts_on", "ends_on")}
    assert made == {
        "name": "Giờ vàng", "kind": "x_get_y", "value": 2, "get": 1, "products": [numbers[sku]], "from_minute": 1050,
        "to_minute": 1140, "weekdays": 64, "producer_bp": 5000,
    }  # fmt: skip
    page = manager.get("/promotions/").get_data(as_text=True)
    assert "Giờ vàng" in page
    assert "17:30" in page
    refused = manager.post("/promotions/new", data=form | {"products": "9999", "value": ""})
    assert refused.status_code == 422
    parts = " x 2\n".join(list(numbers)[:2])
    made_bundle = manager.post(
        "/promotions/bundle",
        data={"operator": market.ids["gifts"], "name": "Giỏ", "price": "150.000", "parts": parts},
    )
    assert made_bundle.status_code == 303
    assert sorted(p["qty_milli"] for p in told(market)["bundles"][0]["parts"]) == [1000, 2000]


def test_a_certificate_that_is_over_is_told_and_flagged_whatever_the_receipt_says(market: Market) -> None:
    with unit_of_work() as session:
        certificate = session.scalars(select(Certificate).where(Certificate.product_id == market.ids["honey"])).one()
        certificate.valid_from, certificate.valid_to = today() - timedelta(days=9), today() - timedelta(days=1)
    [honey] = [p for p in told(market)["products"] if p["id"] == market.ids["honey"]]
    assert honey["certificate_until"] == (today() - timedelta(days=1)).isoformat()
    assert "stars" not in honey
    assert sell(market, None, 0) == ["certificate_expired"]
    tea = {"product": market.ids["tea"], "price": 50_000, "gross": 50_000, "paid": 50_000}
    assert sell(market, None, 0, line=tea) == ["total_differs"]  # never certified: nothing to say of its stars


def test_the_lots_on_the_shelf_are_told_with_their_last_day(market: Market) -> None:
    lot, end = market.ids["fair"], today() - timedelta(days=2)
    device = market.devices["shop"]
    line = {"product": market.ids["tea"], "qty_milli": 3_000, "lot": lot, "expires": end.isoformat()}
    device.send(device.event("goods.in", {"from": market.ids["honey maker"], "announced": None, "lines": [line]}))
    [tea] = [p for p in told(market)["products"] if p["id"] == market.ids["tea"]]
    assert tea["lots"] == [{"id": lot, "code": lot[-4:], "expires": end.isoformat()}]
