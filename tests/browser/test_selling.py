"""Selling with everything taken off: a promotion, a hamper, haggling approved by PIN, the age asked, a scale label."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from pos.access.models import Grant, Person
from pos.access.service.pins import set_pin
from pos.catalogue.models import Offer, Product
from pos.catalogue.service.promotions import add_bundle, add_promotion
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.places.models import Operator, Till
from pos.till.models import Flag, Sale, TillEvent
from tests.browser.conftest import TILL, Live, complaints
from tests.browser.test_returns import scan
from tests.databases import SECRET

pytestmark = [pytest.mark.browser]
CASHIER, SUPERVISOR = "2580", "1379"


def prepare(live: Live) -> dict[str, str]:
    """PINs, a supervisor, a promotion, a hamper, a strong drink and a label pattern; numbers on the tiles by use."""
    with live.app.app_context(), unit_of_work() as session:
        till = session.scalars(select(Till).where(Till.code == TILL)).one()
        for grant in session.scalars(select(Grant).where(Grant.role == "cashier")).all():
            set_pin(session, grant.person_id, CASHIER, secret=SECRET, by=grant.person_id, at=now())
            boss = Person(id=new_id(), name="Nguyễn Thu Mai", active=True, made_at=now())
            session.add(boss)
            session.flush()
            session.add(
                Grant(
                    id=new_id(), person_id=boss.id, role="supervisor", scope_kind=grant.scope_kind,
                    scope_id=grant.scope_id, made_at=now(),
                )
            )  # fmt: skip
            session.flush()
            set_pin(session, boss.id, SUPERVISOR, secret=SECRET, by=boss.id, at=now())
        goods = session.execute(
            select(Offer.sku, Product)
            .join(Product, Product.id == Offer.product_id)
            .where(Offer.operator_id == till.operator_id, Offer.active, Product.weighed.is_(False))
            .order_by(Product.name, Product.id)
            .limit(5)
        ).all()
        (off, reduced), (_, one), (_, two), (strong, spirit), (label, _) = goods
        days: dict[str, Any] = {"starts_on": today(), "ends_on": today() + timedelta(days=1), "at": now(), "by": None}
        add_promotion(
            session, operator_id=till.operator_id, name="Giờ vàng", kind="percent", value=1_000,
            goods={"products": [reduced.id]}, **days,
        )  # fmt: skip
        add_bundle(
            session, operator_id=till.operator_id, name="Giỏ quà Tết", price_vnd=50_000, at=now(),
            parts={one.id: 1_000, two.id: 1_000}, code="GIO0001",
        )  # fmt: skip
        spirit.alcohol_bp = 3_900
        session.get_one(Operator, till.operator_id).label_patterns = '[{"mask": "21IIIIIPPPPPK", "scale": 1}]'
        return {"off": off, "strong": strong, "label": label}


def enrol(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/till/")
    page.get_by_test_id("enrol-code").fill(live.enrol_code())
    page.get_by_test_id("enrol-go").click()
    page.locator("[data-testid=staff]", has_text="Thu ngân").first.click()
    type_pin(page, CASHIER)
    expect(page.get_by_test_id("tile").first).to_be_visible(timeout=20_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def type_pin(page: Page, pin: str) -> None:
    for digit in pin:
        page.get_by_test_id(f"pad-{digit}").click()


def put_in(page: Page, sku: str) -> None:
    """By the number on its tile."""
    page.get_by_test_id("search").fill(sku)
    page.locator(f"[data-testid=tile][data-sku='{sku}']").first.click()
    page.get_by_test_id("search").fill("")


def ean(digits: str) -> str:
    total = sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(digits))
    return digits + str(-total % 10)


def test_what_is_taken_off_is_what_the_server_reckons(page: Page, context: BrowserContext, live: Live) -> None:
    skus = prepare(live)
    wrong = complaints(context)
    enrol(page, live)
    context.set_offline(True)  # approvals work without the network

    put_in(page, skus["off"])
    expect(page.get_by_test_id("promo")).to_contain_text("Giờ vàng")
    scan(page, "GIO0001")
    expect(page.get_by_test_id("hamper")).to_have_attribute("data-n", "1")
    scan(page, ean(f"21{skus['label']:0>5}12345"))
    expect(page.get_by_test_id("line").last.locator(".sum")).to_have_text("12.345")

    # Within the limit nobody is asked; above it a supervisor says yes to one sum.
    page.get_by_test_id("bot").click()
    before = page.get_by_test_id("total").inner_text()
    page.get_by_test_id("bot-10000").click()
    expect(page.get_by_test_id("approve")).to_have_attribute("data-action", "discount")
    expect(page.get_by_test_id("approve-why")).to_contain_text("5 %")
    type_pin(page, "1111")
    page.get_by_test_id("approve-ok").click()
    expect(page.get_by_test_id("approve-said")).to_contain_text("Chưa đúng")
    page.get_by_test_id("approve-no").click()
    expect(page.get_by_test_id("total")).to_have_text(before)
    page.get_by_test_id("bot-10000").click()
    type_pin(page, SUPERVISOR)
    expect(page.get_by_test_id("basket-off")).to_contain_text("10.000")

    # The strong drink takes no share, and asks for the age before the money.
    put_in(page, skus["strong"])
    expect(page.get_by_test_id("bot-said")).to_contain_text("15 độ")
    page.locator("[data-testid=pay-row][data-ready=true]").wait_for()
    page.get_by_test_id("note-exact").click()
    expect(page.get_by_test_id("age")).to_contain_text("Trả lời trước")
    page.get_by_test_id("age-yes").click()
    page.locator("[data-testid=pay-row][data-ready=true]").wait_for()
    page.get_by_test_id("note-exact").click()
    expect(page.get_by_test_id("change")).to_be_visible()
    receipt_no = page.get_by_test_id("receipt-no").inner_text().split()[-1]

    # The next cart: a removed line comes back in its place; under eighteen the drink goes.
    page.keyboard.press("Escape")
    put_in(page, skus["off"])
    put_in(page, skus["strong"])
    page.get_by_test_id("remove").click()
    expect(page.get_by_test_id("line")).to_have_count(1)
    page.get_by_test_id("strip-act").click()
    expect(page.get_by_test_id("line")).to_have_count(2)
    page.get_by_test_id("age-no").click()
    expect(page.get_by_test_id("line")).to_have_count(1)

    context.set_offline(False)
    expect(page.get_by_test_id("pill-unsent")).to_have_attribute("data-unsent", "0", timeout=30_000)
    with live.app.app_context():
        sale = db.session().scalars(select(Sale).where(Sale.receipt_no == receipt_no)).one()
        codes = set(db.session().scalars(select(Flag.code).where(Flag.event_id == sale.id)))
        assert codes - {"negative_stock"} == {"approved_offline"}
        assert db.session().get(TillEvent, sale.id) is not None
    assert wrong == []
