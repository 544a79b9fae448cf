"""A tasting, goods named at the booth with a picture, a code linked by name: by touch, without a network, then sent."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from sqlalchemy import select

from pos.kernel.db import db
from pos.stock.models import Movement
from pos.till.models import NewProduct, Photo, SaleLine
from tests.browser.conftest import Live, complaints
from tests.browser.test_story import enrol, ready

pytestmark = pytest.mark.browser


def test_goods_move_and_are_named_at_the_booth(page: Page, context: BrowserContext, live: Live) -> None:
    wrong = complaints(context)
    enrol(page, live)
    context.set_offline(True)

    # A tasting: ⋯, what, write. Undone from the list.
    page.get_by_test_id("tile-more").first.click()
    page.get_by_test_id("goods-sample").click()
    page.get_by_test_id("goods-write").click()
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-goods").click()
    page.get_by_test_id("goods-undo").click()
    expect(page.get_by_test_id("goods-moved")).to_have_attribute("data-undone", "true")
    page.keyboard.press("Escape")

    # Goods nobody has entered, with a picture: in the cart at once, on the shelf with a badge.
    picture = io.BytesIO()
    Image.new("RGB", (1600, 900), "olive").save(picture, "JPEG")
    page.get_by_test_id("tab-fresh").click()
    page.get_by_test_id("fresh-name").fill("Chè lam Thạch Xá")
    for key in ("3", "5", "000"):
        page.get_by_test_id(f"pad-{key}").click()
    file = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=picture.getvalue())
    page.get_by_test_id("fresh-photo").set_input_files(files=[file])
    expect(page.locator(".photo img")).to_be_visible()
    page.get_by_test_id("fresh-sell").click()
    expect(page.get_by_test_id("total")).to_have_text("35.000₫")
    expect(page.locator("[data-testid=tile] .new")).to_have_count(1)

    # A code nobody knows, its goods found by name: the line carries the code.
    for digit in "8938500001234":
        page.keyboard.press(digit)
    page.keyboard.press("Enter")
    page.get_by_test_id("strip-act").click()
    expect(page.get_by_test_id("linking")).to_be_visible()
    page.get_by_test_id("search").fill("gio lua")
    page.get_by_test_id("tile").first.click()
    expect(page.get_by_test_id("linking")).to_have_count(0)
    ready(page)
    page.get_by_test_id("note-exact").click()
    expect(page.get_by_test_id("change")).to_be_visible()

    context.set_offline(False)
    expect(page.get_by_test_id("pill-unsent")).to_have_attribute("data-unsent", "0", timeout=30_000)
    with live.app.app_context():
        for _ in range(50):
            db.session.remove()
            if photo := db.session().scalar(select(Photo.sha256)):
                break
            page.wait_for_timeout(200)
        new = db.session().scalars(select(NewProduct)).one()
        assert (new.name, new.price_vnd, new.photo) == ("Chè lam Thạch Xá", 35_000, photo)
        tasted = db.session().execute(
            select(Movement.from_kind, Movement.to_kind)
            .where(Movement.reason == "sample")
            .order_by(Movement.recorded_at)
        )
        assert [tuple(way) for way in tasted][-2:] == [("site", "consumed"), ("consumed", "site")]
        assert db.session().scalar(select(SaleLine.name).where(SaleLine.barcode == "8938500001234")) == "Giò lụa"
        db.session.remove()
    assert wrong == []
