"""One thing comes back twice: on another tablet, and here without a network. The cashier is told once it is known."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from pos.kernel.db import db
from pos.till.models import Sale, TillEvent
from tests.browser.conftest import Live, complaints, sent
from tests.browser.test_returns import back_online, receipt_link, scan
from tests.browser.test_story import enrol, ready, tap
from tests.tablet.device import Device

pytestmark = pytest.mark.browser


def takes_back(live: Live) -> None:
    """The other tablet of the booth gives the money back for the newest sale."""
    other = Device(live.app.test_client())
    other.enrol(live.enrol_code())
    with live.app.app_context():
        sale = db.session().scalars(select(Sale).where(Sale.receipt_no.like("HG13%")).order_by(Sale.at.desc())).first()
        assert sale
        [line] = json.loads(db.session().get_one(TillEvent, sale.id).canonical)["body"]["lines"]
        back = {
            "sale": sale.id, "line": line["line"], "product": line["product"], "qty_milli": line["qty_milli"],
            "paid": line["paid"], "disposition": "shelf",
        }  # fmt: skip
    answer = other.send(other.open(), other.sale(returns=[back]))
    assert [result["status"] for result in answer["results"]] == ["recorded", "recorded"]


def test_what_came_back_elsewhere_is_told_when_the_network_is_back(
    page: Page, context: BrowserContext, live: Live
) -> None:
    wrong = complaints(context)
    enrol(page, live)
    tap(page, "gio lua", "Giò lụa")
    ready(page)
    page.get_by_test_id("note-exact").click()
    expect(page.get_by_test_id("change")).to_be_visible()
    page.keyboard.press("Escape")
    sent(page)
    link = receipt_link(page)
    context.set_offline(True)
    takes_back(live)

    scan(page, link)
    page.locator("[data-testid=give-back][data-line='1']").click()
    page.get_by_test_id("back-done").click()
    ready(page)
    page.get_by_test_id("refund-as-paid").click()
    expect(page.get_by_test_id("change")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("strip")).to_have_count(0)

    back_online(page, context)
    expect(page.get_by_test_id("strip")).to_contain_text("hàng này đã trả ở nơi khác rồi")
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-receipts").click()
    expect(page.get_by_test_id("receipt-too-much")).to_have_count(1)
    expect(page.get_by_test_id("camera")).to_be_visible()
    assert wrong == []
