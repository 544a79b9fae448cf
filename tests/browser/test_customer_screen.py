"""The customer's screen on another tablet: two browsers that share nothing but the server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update

from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.till.models import CustomerDisplay
from tests.browser.conftest import Live, complaints
from tests.browser.test_paying import put_in, total_of
from tests.browser.test_story import enrol, ready

pytestmark = pytest.mark.browser


def test_the_customer_sees_the_sale_on_another_tablet(
    page: Page, context: BrowserContext, browser: Browser, live: Live
) -> None:
    wrong = complaints(context)
    enrol(page, live)
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-display").click()
    page.get_by_test_id("display-pair").click()
    address = page.get_by_test_id("display-code").get_attribute("data-address") or ""
    expect(page.get_by_test_id("display-heard")).to_have_attribute("data-state", "alone")

    other = browser.new_context(viewport={"width": 800, "height": 1280})
    wrong_there = complaints(other)
    guest = other.new_page()
    guest.goto(address)  # as its camera reads it
    screen = guest.get_by_test_id("display")
    expect(screen).to_have_attribute("data-state", "idle", timeout=10_000)
    assert "#" not in guest.url
    expect(page.get_by_test_id("display-heard")).to_have_attribute("data-state", "watched", timeout=25_000)
    page.get_by_test_id("back").click()

    # Goods, the total, and the very code of the till.
    put_in(page)
    expect(guest.get_by_test_id("display-total")).to_have_attribute("data-sum", str(total_of(page)), timeout=10_000)
    page.get_by_test_id("pay-qr").click()
    expect(screen).to_have_attribute("data-state", "qr", timeout=10_000)
    shown = page.get_by_test_id("qr").get_attribute("data-text")
    assert guest.get_by_test_id("qr").get_attribute("data-text") == shown
    page.get_by_test_id("qr-cash").click()
    ready(page)
    page.get_by_test_id("note-exact").click()
    expect(screen).to_have_attribute("data-state", "thanks", timeout=10_000)
    page.keyboard.press("Escape")
    expect(screen).to_have_attribute("data-state", "idle", timeout=10_000)

    # The screen loses the network and comes back by itself, also after it was opened anew from its own address.
    other.set_offline(True)
    expect(screen).to_have_attribute("data-why", "offline", timeout=30_000)
    put_in(page, 2)
    other.set_offline(False)
    expect(guest.get_by_test_id("display-total")).to_have_attribute("data-sum", str(total_of(page)), timeout=30_000)
    guest.reload()
    expect(guest.get_by_test_id("display-total")).to_have_attribute("data-sum", str(total_of(page)), timeout=10_000)

    # It opens without the network too, names its till, and comes back by itself.
    guest.evaluate("navigator.serviceWorker.ready.then(() => true)")
    other.set_offline(True)
    guest.reload()
    expect(screen).to_have_attribute("data-why", "offline", timeout=10_000)
    expect(guest.locator("h1")).to_contain_text("Gian 01")
    other.set_offline(False)
    expect(guest.get_by_test_id("display-total")).to_have_attribute("data-sum", str(total_of(page)), timeout=30_000)

    # The till goes silent: no sum of it stays on the screen.
    context.set_offline(True)
    page.wait_for_timeout(300)  # what was on its way has arrived
    with live.app.app_context(), unit_of_work() as session:  # half a minute goes by
        session.execute(update(CustomerDisplay).values(said_at=now() - timedelta(seconds=30)))
    expect(screen).to_have_attribute("data-why", "silent", timeout=10_000)
    expect(guest.get_by_test_id("display-total")).to_have_count(0)
    context.set_offline(False)
    expect(guest.get_by_test_id("display-total")).to_have_attribute("data-sum", str(total_of(page)), timeout=40_000)

    # The cashier ends it: the screen says so, and nothing of it stays at the server.
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-display").click()
    page.get_by_test_id("display-end").click()
    expect(screen).to_have_attribute("data-why", "ended", timeout=10_000)
    with live.app.app_context():
        assert db.session().query(CustomerDisplay).count() == 0
    other.close()
    assert (wrong, wrong_there) == ([], [])
