"""A count on two phones: scanned and typed, ended, counted again by the other, confirmed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import func, select

from pos.catalogue.models import Barcode, Product
from pos.places.models import Site
from pos.stock.models import Level
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 360, "height": 800}
SHOTS = os.environ.get("POS_SHOTS")


def shot(page: Page, name: str) -> None:
    """A picture to look at, where somebody asks for them."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def log_in(browser: Browser, live: Live, who: str) -> Page:
    page = browser.new_context(viewport=PHONE, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh").new_page()
    page.set_default_timeout(8_000)
    page.goto(f"{live.url}/login")
    page.fill("#login", who)
    page.fill("#password", f"demo-{who}")
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def goods_there(live: Live, site_name: str) -> list[tuple[str, str | None, int]]:
    """(name, barcode, units) of what one place has in whole units, three of them."""
    from pos.kernel.db import db

    with live.app.app_context():
        rows = db.session.execute(
            select(Product.name, func.min(Barcode.code), func.sum(Level.on_hand_milli.distinct()))
            .join(Level, Level.product_id == Product.id)
            .join(Site, Site.id == Level.place_id)
            .outerjoin(Barcode, Barcode.product_id == Product.id)
            .where(Level.place_kind == "site", Site.name == site_name, Product.weighed.is_(False))
            .where(Level.on_hand_milli > 2000)
            .group_by(Product.name)
            .order_by(Product.name)
            .limit(3)
        ).all()
        return [(name, code, int(milli) // 1000) for name, code, milli in rows]


def count(page: Page, words: str, units: int) -> None:
    page.fill("#q", words)
    found = page.locator("[data-one], .count-choices a").filter(has_text=words).first
    found.wait_for()
    if not page.locator("[data-one]").count():
        found.click()
        page.locator("[data-one]").wait_for()
    page.fill("#f-qty", str(units))
    shot(page, f"one-{units}")
    page.get_by_role("button", name="Ghi số đếm").click()
    expect(page.locator("#work .strip.ok")).to_contain_text(words)


def test_a_place_is_counted_on_two_phones(browser: Browser, live: Live) -> None:
    manager, helper = log_in(browser, live, "quanly"), log_in(browser, live, "ketoan")
    manager.goto(f"{live.url}/stock/counts/")
    shot(manager, "empty")
    manager.get_by_role("link", name="Mở phiếu kiểm kê").click()
    shot(manager, "new")
    site = manager.locator("#f-site_id option").first.inner_text()
    manager.select_option("#f-site_id", label=site)
    manager.get_by_role("button", name="Mở phiếu").click()
    manager.wait_for_url("**/stock/counts/0*")
    shot(manager, "open")
    address = manager.url
    (first, _, have), (second, _, there), *_ = goods_there(live, site)
    helper.goto(f"{address}/enter")
    shot(helper, "enter")
    helper.fill("#q", "a")
    helper.wait_for_timeout(700)
    shot(helper, "choices")
    count(helper, first, have - 1)
    count(helper, second, there)
    shot(helper, "kept")
    helper.fill("#q", "không có món này đâu")
    helper.wait_for_timeout(700)
    shot(helper, "nothing")

    manager.goto(address)
    shot(manager, "progress")
    manager.get_by_role("button", name="Kết thúc và xem chênh lệch").click()
    expect(manager.locator(".count-lines tbody tr")).to_have_count(1)
    shot(manager, "review")
    manager.get_by_role("button", name="Xác nhận và sửa tồn kho").click()
    expect(manager.locator("#e-reason")).to_be_visible()
    shot(manager, "refused")
    manager.get_by_role("button", name="Nhờ người khác đếm lại").click()
    manager.get_by_role("link", name="Đếm lại").click()
    manager.locator(".count-choices a", has_text=first).click()
    manager.fill("#f-qty", str(have - 1))
    manager.get_by_role("button", name="Ghi số đếm").click()
    shot(manager, "again")
    manager.goto(address)
    manager.get_by_role("button", name="Xác nhận và sửa tồn kho").click()
    expect(manager.get_by_text("đã xác nhận")).to_be_visible()
    expect(manager.get_by_text("Ai chịu phần thiếu")).to_be_visible(timeout=30_000)
    shot(manager, "done")
