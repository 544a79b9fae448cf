"""Money at the till by touch: fast double taps on every way, parts of a sum, the last sale amended, a wrong tender
mended, a transfer seen later. The books have each of them once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from pos.kernel.db import db, unit_of_work
from pos.places.models import Till
from pos.places.service import add_issuer, add_tender, set_tender
from pos.reports.check import check_all
from pos.till.models import Sale, Shift, Tender, TenderSeen
from tests.browser.conftest import TILL, Live, complaints, sent
from tests.browser.test_story import enrol, ready

pytestmark = pytest.mark.browser


def offer_everything(live: Live) -> None:
    """Vouchers, on account and producers behind "other"; an e-wallet on the row."""
    with live.app.app_context(), unit_of_work() as session:
        operator = session.scalars(select(Till.operator_id).where(Till.code == TILL)).one()
        for position, code in enumerate(("voucher", "owed", "producer"), 5):
            set_tender(session, operator, code, place="more", position=position)
        add_tender(session, operator, name="Ví MoMo", name_en=None, base="vietqr", position=4)
        set_tender(session, operator, "vi_momo", place="row", position=4, name="Ví MoMo")
        add_issuer(session, operator, name="Công đoàn Hoàn Kiếm")


def put_in(page: Page, n: int = 1) -> None:
    """The n-th tile, and wait until the pay row is alive."""
    page.get_by_test_id("tile").nth(n).click()
    ready(page)


def twice(page: Page, test_id: str) -> None:
    """Two taps as fast as a nervous finger can."""
    page.evaluate(
        """(id) => { const find = () => document.querySelector(`[data-testid="${id}"]`);
                     find().click(); find()?.click(); setTimeout(() => find()?.click(), 60); }""",
        test_id,
    )


def total_of(page: Page) -> int:
    return int("".join(c for c in page.get_by_test_id("total").inner_text() if c.isdigit()))


def tickets(live: Live) -> list[dict[str, Any]]:
    """Sales of the free till in their order: total and tenders as they came to the server."""
    with live.app.app_context():
        session = db.session()
        sales = session.scalars(
            select(Sale).join(Till, Till.id == Sale.till_id).where(Till.code == TILL).order_by(Sale.at)
        )
        return [
            {"id": s.id, "total": s.total_vnd, "tenders": [(t.kind, t.amount_vnd, t.state) for t in s.tenders]}
            for s in sales
        ]


def arrived(page: Page, live: Live, wanted: int) -> list[dict[str, Any]]:
    """The tickets once so many are here, and a moment later: one too many would have come too."""
    for _ in range(60):
        if len(tickets(live)) >= wanted:
            break
        page.wait_for_timeout(250)
    page.wait_for_timeout(1000)
    sent(page)
    return tickets(live)


def sound(live: Live) -> None:
    with live.app.app_context():
        assert [(f.number, f.problems) for f in check_all(db.session()) if not f.holds] == []


def test_a_fast_double_tap_on_any_way_makes_one_sale(page: Page, context: BrowserContext, live: Live) -> None:
    wrong = complaints(context)
    offer_everything(live)
    enrol(page, live)
    done = 0

    def finished() -> None:
        nonlocal done
        done += 1
        expect(page.get_by_test_id("change")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("cart-empty")).to_be_visible()

    for way in ("note-exact", "pay-transfer", "pay-card", "pay-vi_momo"):
        put_in(page)
        twice(page, way)
        finished()
    put_in(page)
    page.keyboard.press("F9")
    page.keyboard.press("F9")
    finished()
    for way in ("qr-seen", "qr-shown"):
        put_in(page)
        twice(page, "pay-qr")
        expect(page.get_by_test_id(way)).to_be_visible()
        page.wait_for_timeout(500)
        twice(page, way)
        finished()
    # Every way in the panel: the second tap neither adds a part nor finishes.
    for way in ("way-cash", "way-vietqr", "way-card", "way-vi_momo"):
        put_in(page)
        twice(page, "pay-split")
        page.locator("[role=group][aria-disabled=false]").wait_for()
        twice(page, way)
        expect(page.get_by_test_id("part")).to_have_count(1)
        expect(page.get_by_test_id("split-rest")).to_have_attribute("data-left", "0")
        page.wait_for_timeout(500)
        twice(page, "split-done")
        finished()

    found = arrived(page, live, done)
    assert len(found) == done
    assert [t["tenders"][0][0] for t in found] == [
        "cash", "vietqr", "card", "vi_momo", "cash", "vietqr", "vietqr", "cash", "vietqr", "card", "vi_momo",
    ]  # fmt: skip
    assert all(len(t["tenders"]) == 1 for t in found)
    sound(live)
    assert wrong == []


def test_parts_amended_mended_and_seen_later(page: Page, context: BrowserContext, live: Live) -> None:
    wrong = complaints(context)
    offer_everything(live)
    enrol(page, live)
    context.set_offline(True)

    # A voucher, a card, the rest by cash: three parts, the remainder always shown.
    put_in(page, 0)
    put_in(page, 1)
    total = total_of(page)
    page.get_by_test_id("pay-split").click()
    page.locator("[role=group][aria-disabled=false]").wait_for()
    page.get_by_test_id("pad-1").click()
    page.get_by_test_id("pad-0").click()
    page.get_by_test_id("pad-000").click()
    page.get_by_test_id("way-voucher").click()
    page.wait_for_timeout(500)
    page.get_by_test_id("pick-voucher").click()
    expect(page.get_by_test_id("split-rest")).to_have_attribute("data-left", str(total - 10_000))
    page.wait_for_timeout(500)
    page.get_by_test_id("pad-5").click()
    page.get_by_test_id("pad-000").click()
    page.get_by_test_id("way-card").click()
    expect(page.get_by_test_id("split-rest")).to_have_attribute("data-left", str(total - 15_000))
    page.wait_for_timeout(500)
    page.get_by_test_id("way-cash").click()
    page.wait_for_timeout(500)
    page.get_by_test_id("split-done").click()
    expect(page.get_by_test_id("change")).to_be_visible()

    # "Sửa đơn": one thing fewer, the money of it goes back; nothing was written before it was paid.
    page.wait_for_timeout(500)
    page.get_by_test_id("amend").click()
    expect(page.get_by_test_id("amending")).to_be_visible()
    page.get_by_test_id("line").last.get_by_role("button").first.click()
    page.get_by_test_id("remove").click() if page.get_by_test_id("remove").count() else None
    ready(page)
    less = total_of(page)
    page.get_by_test_id("note-exact").click()
    expect(page.get_by_test_id("change")).to_have_attribute("data-sum", str(total - less))
    page.keyboard.press("Escape")

    # A transfer the customer says they made; rung, finished, and on the amber list.
    put_in(page, 2)
    page.get_by_test_id("pay-qr").click()
    page.wait_for_timeout(500)
    page.get_by_test_id("qr-shown").click()
    expect(page.get_by_test_id("pill-unseen")).to_have_attribute("data-n", "1")
    page.keyboard.press("Escape")

    # And a cash sale that was really a transfer.
    put_in(page, 3)
    fourth = total_of(page)
    page.get_by_test_id("note-exact").click()
    expect(page.get_by_test_id("change")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-receipts").click()
    page.get_by_test_id("receipt-row").first.click()
    page.get_by_test_id("mend").click()
    page.wait_for_timeout(500)
    page.get_by_test_id("way-vietqr").click()
    page.wait_for_timeout(500)
    twice(page, "split-done")
    expect(page.get_by_test_id("tender")).to_have_attribute("data-kind", "vietqr")
    page.get_by_test_id("back").click()
    page.get_by_test_id("back").click()

    # The money of the shown transfer is there.
    page.get_by_test_id("pill-unseen").click()
    twice(page, "seen")
    expect(page.get_by_test_id("unseen-none")).to_be_visible()
    page.get_by_test_id("back").click()

    context.set_offline(False)
    sent(page)
    found = tickets(live)
    assert [t["total"] for t in found[:3]] == [total, -total, less]
    assert [kind for kind, _, _ in found[0]["tenders"]] == ["voucher", "card", "cash"]
    assert sorted(found[2]["tenders"]) == sorted(
        [("voucher", 10_000, "seen"), ("card", 5_000, "seen"), ("cash", less - 15_000, "seen")]
    )
    assert found[3]["tenders"][0][2] == "shown"
    assert [(kind, amount) for kind, amount, _ in found[4]["tenders"]] == [
        ("cash", fourth), ("cash", -fourth), ("vietqr", fourth),
    ]  # fmt: skip
    with live.app.app_context():
        session = db.session()
        assert len(session.scalars(select(TenderSeen)).all()) == 1
        mine = select(Tender.shift_id).where(Tender.sale_id == found[4]["id"]).limit(1)
        assert session.get_one(Shift, session.scalar(mine)).drawer_vnd == less - 15_000
    sound(live)
    assert wrong == []


def test_the_customer_sees_the_sale_beside_the_till(page: Page, context: BrowserContext, live: Live) -> None:
    wrong = complaints(context)
    enrol(page, live)
    context.set_offline(True)
    guest = context.new_page()
    guest.goto(f"{live.url}/till/display")
    screen = guest.get_by_test_id("display")
    expect(screen).to_have_attribute("data-state", "idle")

    put_in(page)
    expect(screen).to_have_attribute("data-state", "cart")
    total = total_of(page)
    expect(guest.get_by_test_id("display-total")).to_have_attribute("data-sum", str(total))
    page.get_by_test_id("pay-qr").click()
    expect(screen).to_have_attribute("data-state", "qr")
    shown = page.get_by_test_id("qr").get_attribute("data-text")
    assert guest.get_by_test_id("qr").get_attribute("data-text") == shown
    page.get_by_test_id("qr-cash").click()
    ready(page)
    page.get_by_test_id("note-exact").click()
    expect(screen).to_have_attribute("data-state", "thanks")
    expect(screen).to_have_attribute("data-state", "idle", timeout=6_000)
    page.close()
    expect(screen).to_have_attribute("data-state", "away", timeout=20_000)
    assert wrong == []
