"""The agreement's form: three ways of selling, agreed costs, and what they come to before anything is kept."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from pos.catalogue.models import Price
from pos.consignment.models import AgreementVersion, GoodsTerms, Share
from pos.consignment.rules.agreements import worked_example
from pos.kernel.clock import now, today
from pos.kernel.db import db
from pos.ledger.queries import balances
from tests.consignment.shop import Shop
from tests.consignment.test_statements_views import ha, shop, web
from tests.reports.market import Market, a_market

__all__ = ["ha", "shop", "web"]
TOMORROW = today() + timedelta(days=1)


def here(shop: Shop) -> str:
    return f"/agreements/{shop.operator_id}/{shop.producer('P1')}"


@pytest.mark.parametrize(
    ("mode", "sums"),
    [
        # price, commission, its VAT, the producer's, VAT of the goods, cost, kept
        ("commission", (100_000, 15_000, 1_200, 83_800, 7_407, 0, 15_000)),
        ("margin", (100_000, 0, 0, 70_000, 7_407, 70_000, 22_593)),
        ("own", (100_000, 0, 0, 0, 7_407, 70_000, 22_593)),
    ],
)
def test_an_example_adds_up_in_every_mode(mode: str, sums: tuple[int, ...]) -> None:
    e = worked_example(1_500, 800, mode=mode, cost_vnd=70_000)

    assert sums == (
        e.price_vnd, e.commission_vnd, e.commission_vat_vnd, e.producer_vnd, e.goods_vat_vnd, e.cost_vnd, e.kept_vnd,
    )  # fmt: skip
    if mode == "commission":
        assert e.commission_vnd + e.commission_vat_vnd + e.producer_vnd == e.price_vnd
    else:
        assert e.goods_vat_vnd + e.cost_vnd + e.kept_vnd == e.price_vnd


def test_the_example_follows_what_is_typed(shop: Shop, ha: FlaskClient) -> None:
    asked = {"mode": "margin", "commission_bp": "", "example_cost": "95.000"}

    page = ha.post(f"{here(shop)}/example", data=asked, headers={"HX-Request": "true"}).text

    for amount in ("100.000", "−7.407", "−95.000", "−2.407"):
        assert amount in page
    assert "lỗ 2.407" in page


def test_a_margin_agreement_and_its_costs_are_kept(shop: Shop, ha: FlaskClient) -> None:
    tea = shop.product("P1")
    made = ha.post(here(shop), data={"mode": "margin", "commission_bp": "", "starts_on": TOMORROW.isoformat()})
    before = ha.get(here(shop)).text

    cost = ha.post(
        f"{here(shop)}/goods", data={"product_id": tea, "cost": "120.000", "from_on": TOMORROW.strftime("%d/%m/%Y")}
    )

    assert (made.status_code, cost.status_code) == (303, 303)
    assert "chưa có: bán ra sẽ chờ người gán" in before
    newest = db.session().scalars(select(AgreementVersion).order_by(AgreementVersion.starts_on.desc())).first()
    assert newest is not None
    assert (newest.mode, newest.commission_bp) == ("margin", 0)
    kept = db.session().scalars(select(GoodsTerms)).one()
    assert (kept.product_id, kept.cost_vnd, kept.starts_on, kept.mode) == (tea, 120_000, TOMORROW, None)
    assert "120.000" in ha.get(here(shop)).text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"product_id": "x"}, "product_id"),
        ({"cost": "abc"}, "cost"),
        ({"cost": ""}, "cost"),
        ({"cost": "-5"}, "cost"),
        ({"from_on": "mai"}, "from_on"),
        ({"goods_mode": "gift"}, "goods_mode"),
    ],
)
def test_a_wrong_cost_is_said_beside_its_field(shop: Shop, ha: FlaskClient, wrong: dict[str, Any], field: str) -> None:
    asked = {"product_id": shop.product("P1"), "cost": "70.000", "from_on": TOMORROW.isoformat()} | wrong

    answer = ha.post(f"{here(shop)}/goods", data=asked)

    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert db.session().scalars(select(GoodsTerms)).all() == []


def test_a_day_already_sold_is_past_and_a_day_is_said_once(shop: Shop, ha: FlaskClient) -> None:
    asked = {"product_id": shop.product("P1"), "cost": "70.000", "from_on": (today() - timedelta(days=20)).isoformat()}
    past = ha.post(f"{here(shop)}/goods", data=asked)
    first = ha.post(f"{here(shop)}/goods", data=asked | {"from_on": TOMORROW.isoformat()})
    again = ha.post(f"{here(shop)}/goods", data=asked | {"from_on": TOMORROW.isoformat()})

    assert (past.status_code, first.status_code, again.status_code) == (422, 303, 422)
    assert f"{TOMORROW:%d/%m/%Y}" in past.text
    assert len(db.session().scalars(select(GoodsTerms)).all()) == 1


@pytest.fixture
def market(app: Any) -> Market:
    return a_market(app)


def test_own_goods_sold_at_their_standard_cost(market: Market) -> None:
    """From the price page and the agreement's page to the books, through a real sale."""
    manager, ids = market.as_("manager"), market.ids
    page = f"/agreements/{ids['gifts']}/{ids['honey maker']}"
    own = {"product_id": ids["tea"], "goods_mode": "own", "cost": "", "from_on": today().isoformat()}
    assert manager.post(f"{page}/goods", data=own).status_code == 303
    offer = {"operator": ids["gifts"], "offered": "1", "cost": "30.000"}
    assert manager.post(f"/products/{ids['tea']}/offer", data=offer).status_code == 303

    market.sell("shop", "tea", 2, 50_000)

    session = db.session()
    session.rollback()
    newest = session.scalars(
        select(Price).where(Price.product_id == ids["tea"]).order_by(Price.starts_at.desc())
    ).first()
    assert newest is not None
    assert (newest.price_vnd, newest.cost_vnd) == (50_000, 30_000)
    share = session.scalars(select(Share)).one()
    assert (share.mode, share.cost_vnd, share.producer_due_vnd) == ("own", 60_000, 0)
    books = balances(session, ids["gifts"])
    assert (books["inventory", ""], books["cost_of_goods", ""]) == (-60_000, 60_000)
    assert newest.starts_at <= now()


def test_a_new_agreement_needs_a_rate_and_a_pay_day_alone_and_is_printed_to_sign(shop: Shop, ha: FlaskClient) -> None:
    path = f"/agreements/{shop.operator_id}/{shop.producer('P1')}"
    typed = {"starts_on": TOMORROW.isoformat(), "commission_bp": "12,5", "pay_weekday": "4"}
    assert ha.post(path, data=typed).status_code == 303
    (version,) = db.session.scalars(select(AgreementVersion).where(AgreementVersion.starts_on == TOMORROW)).all()
    safe = (version.mode, version.reserve_bp, version.tier_from_vnd, version.min_payout_vnd, version.fair_window_days)
    assert (version.commission_bp, version.pay_weekday, safe) == (1_250, 4, ("commission", 0, 0, 0, None))

    made = ha.get(f"{path}/{version.id}.pdf")

    words = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made.data)).pages).split())
    for text in ("Bản 2", "12,5 %", "thứ Sáu", "Hộ kinh doanh P1", "MST 0109999888", "86.500"):
        assert text in words, text
    assert "dự phòng" not in words
    assert "Bên B quét để xem trang của mình" in words
    assert made.data == ha.get(f"{path}/{version.id}.pdf").data
    assert ha.get(f"{path}/{shop.operator_id}.pdf").status_code == 404
