"""The camera scans in a real Chromium with a faked camera: goods into the cart, pairing by QR, refusals in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect
from sqlalchemy import func, select

from pos.catalogue.models import Barcode, Offer
from pos.kernel.db import db
from pos.places.models import Till
from tests.browser.camera import a_film, picture_of
from tests.browser.conftest import TILL, Live, complaints
from tests.browser.test_story import enrol

pytestmark = pytest.mark.browser


@contextmanager
def filmed(
    browser_type: BrowserType, args: dict[str, Any], film: Path | None, *, allowed: bool = True
) -> Iterator[BrowserContext]:
    """A tablet whose camera plays the film; none: a tablet without a camera."""
    fake = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"] if film else []
    browser: Browser = browser_type.launch(**{**args, "args": [*args["args"], *fake]})
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh",
        permissions=["camera"] if allowed else [],
    )  # fmt: skip
    yield context
    browser.close()


def a_barcode(live: Live) -> tuple[str, str]:
    """(EAN-13, product) of something the free till sells."""
    with live.app.app_context():
        found = db.session().execute(
            select(Barcode.code, Barcode.product_id)
            .join(Offer, Offer.product_id == Barcode.product_id)
            .join(Till, Till.operator_id == Offer.operator_id)
            .where(Till.code == TILL, Offer.active, func.length(Barcode.code) == 13)
            .order_by(Barcode.code)
        )
        code, product = found.first() or ("", "")
        db.session.remove()
    assert code
    return code, product


def test_goods_seen_by_the_camera_go_into_the_cart(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], live: Live, tmp_path: Path
) -> None:
    code, product = a_barcode(live)
    film = a_film(tmp_path / "goods.mjpeg", (picture_of(code, zxingcpp.BarcodeFormat.EAN13), 3), (None, 3))
    with filmed(browser_type, browser_type_launch_args, film) as context:
        wrong, page = complaints(context), context.new_page()
        enrol(page, live)
        page.get_by_test_id("camera").click()
        line = page.locator(f"[data-testid=line][data-product='{product}']")
        expect(line).to_have_attribute("data-qty", "1000", timeout=20_000)
        page.wait_for_timeout(1200)
        expect(line).to_have_attribute("data-qty", "1000")  # it stays in the picture: once
        expect(line).to_have_attribute("data-qty", "2000", timeout=10_000)  # it left and came back: twice
        pay, finder = page.get_by_test_id("pay-row").bounding_box(), page.get_by_test_id("finder").bounding_box()
        assert pay
        assert finder
        assert finder["x"] + finder["width"] <= pay["x"]

        # The reader was kept: without a network the camera opens again.
        page.get_by_test_id("camera").click()
        expect(page.get_by_test_id("finder")).to_have_count(0)
        page.wait_for_function("caches.match('/static/vendor/zxing-wasm-3.1.4/zxing_reader.wasm').then(Boolean)")
        context.set_offline(True)
        page.reload()
        before = int(line.get_attribute("data-qty") or 0)
        page.get_by_test_id("camera").click()
        expect(line).to_have_attribute("data-qty", str(before + 1000), timeout=20_000)
        page.get_by_test_id("menu").click()
        page.get_by_test_id("menu-about").click()
        expect(page.get_by_test_id("finder")).to_have_count(0)
        page.wait_for_function("document.querySelector('[data-testid=about-build]')")
        assert wrong == []


def test_a_tablet_is_paired_by_the_qr_of_the_office(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], live: Live, tmp_path: Path
) -> None:
    link = f"{live.url}/till/#enrol={live.enrol_code()}"
    film = a_film(tmp_path / "pair.mjpeg", (picture_of(link, zxingcpp.BarcodeFormat.QRCode), 2))
    with filmed(browser_type, browser_type_launch_args, film) as context:
        page = context.new_page()
        page.goto(f"{live.url}/till/")
        page.get_by_test_id("enrol-scan").click()
        expect(page.get_by_test_id("search")).to_be_visible(timeout=20_000)


def test_a_camera_refused_or_missing_is_told_in_words(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], live: Live, tmp_path: Path
) -> None:
    film = a_film(tmp_path / "none.mjpeg", (None, 1))
    for one, why in ((film, "denied"), (None, "none")):
        with filmed(browser_type, browser_type_launch_args, one, allowed=one is None) as context:
            page: Page = context.new_page()
            page.goto(f"{live.url}/till/")
            page.get_by_test_id("enrol-scan").click()
            trouble = page.get_by_test_id("camera-trouble")
            expect(trouble).to_have_attribute("data-why", why)
            expect(trouble).to_contain_text("máy ảnh")
