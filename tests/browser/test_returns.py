"""What comes after a sale: found by its code, partly returned, exchanged, refunded as paid, with no network."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from pos.access.service import set_pin
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.places.models import Till
from pos.reports.check import check_all
from pos.till.models import ControlNote, Flag, InvoiceRequest, Sale, SaleReturn, Tender, TillEvent
from pos.till.rules.buyers import Buyer, digest_of
from pos.till.service.invoices import buyer_of
from pos.till.service.private import read_private
from tests.browser.conftest import TILL, Live, complaints, sent
from tests.browser.test_story import enrol, ready, tap
from tests.databases import SECRET
from tests.factories import a_person

pytestmark = pytest.mark.browser


def receipt_link(page: Page) -> str:
    """What the QR of the newest receipt says: opened from the list, read from the drawn code."""
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-receipts").click()
    page.get_by_test_id("receipt-row").first.click()
    text = page.get_by_test_id("qr").get_attribute("data-text") or ""
    page.get_by_test_id("back").click()
    page.get_by_test_id("back").click()
    return text


def scan(page: Page, text: str) -> None:
    """A scanner types, faster than any hand, and ends with Enter."""
    page.evaluate(
        """(text) => {
          for (const key of [...text, "Enter"]) {
            const letter = /[a-z]/i.test(key) ? `Key${key.toUpperCase()}` : "Unidentified";
            const code = key === "Enter" ? "Enter" : /[0-9]/.test(key) ? `Digit${key}` : letter;
            const about = { key, code, shiftKey: /[A-Z]/.test(key), bubbles: true, cancelable: true };
            document.body.dispatchEvent(new KeyboardEvent("keydown", about));
          }
        }""",
        text,
    )


def back_online(page: Page, context: BrowserContext) -> None:
    """The network returns, and the cashier asks to send now."""
    context.set_offline(False)
    page.get_by_test_id("pill-unsent").click()
    page.get_by_test_id("send-now").click()
    page.get_by_test_id("unsent-close").click()
    sent(page)


def test_goods_come_back_and_the_books_balance(page: Page, context: BrowserContext, live: Live) -> None:
    wrong = complaints(context)
    enrol(page, live)

    # Two of one thing and one of another, half by transfer: 3 things paid by two means.
    price = tap(page, "gio lua", "Giò lụa")
    page.get_by_test_id("tile").first.wait_for()
    tap(page, "gio lua", "Giò lụa")
    other = tap(page, "thao nguyen", "Chả cốm")
    total = 2 * price + other
    ready(page)
    page.get_by_test_id("pay-split").click()
    page.locator("[role=group][aria-disabled=false]").wait_for()
    for digit in str(total // 2):
        page.get_by_test_id(f"pad-{digit}").click()
    page.get_by_test_id("way-vietqr").click()
    page.wait_for_timeout(500)
    page.get_by_test_id("way-cash").click()
    page.wait_for_timeout(500)
    page.get_by_test_id("split-done").click()
    expect(page.get_by_test_id("change")).to_be_visible()
    page.keyboard.press("Escape")

    # The network goes. The customer's paper is scanned at the counter: one of two comes back, damaged.
    link = receipt_link(page)
    context.set_offline(True)
    scan(page, link)
    expect(page.get_by_test_id("receipt-from")).to_have_attribute("data-source", "here")
    page.locator("[data-testid=give-back][data-line='1']").click()
    page.get_by_test_id("to-damaged").click()
    expect(page.get_by_test_id("back-sum")).to_have_attribute("data-sum", str(price))
    page.get_by_test_id("back-done").click()
    expect(page.get_by_test_id("return-line")).to_have_count(1)
    # As it was paid: half of it by transfer, half in cash; the explanation says so.
    expect(page.get_by_test_id("refund-why")).to_contain_text("theo tỷ lệ")
    ready(page)
    page.get_by_test_id("refund-as-paid").click()
    expect(page.get_by_test_id("change")).to_be_visible()
    page.keyboard.press("Escape")

    # Again: the tablet knows what is gone; the rest is exchanged for something else, one ticket, one net sum.
    scan(page, link)
    expect(page.get_by_test_id("sold-line").first).to_have_attribute("data-left", "1000")
    page.locator("[data-testid=give-back][data-line='1']").click()
    page.get_by_test_id("back-done").click()
    tap(page, "thao nguyen", "Chả cốm")
    tap(page, "xuc xich chay", "Xúc xích chay")
    ready(page)
    expect(page.get_by_test_id("return-line")).to_have_count(1)
    page.get_by_test_id("note-exact" if other > price else "refund-as-paid").click()
    expect(page.get_by_test_id("change")).to_be_visible()
    page.keyboard.press("Escape")

    # A code that is not ours, and one that was changed.
    scan(page, re.sub(r"^https?://[^/]+", "https://elsewhere.vn", link).replace("#", "#AAAA", 1))
    expect(page.get_by_test_id("strip")).to_contain_text("không phải của đơn vị mình")

    back_online(page, context)
    with live.app.app_context():
        session = db.session()
        [sale_id, refund_id, exchange_id] = session.scalars(
            select(Sale.id).where(Sale.receipt_no.like("HG13%")).order_by(Sale.received_at, Sale.at)
        ).all()
        backs = session.execute(
            select(SaleReturn.sale_id, SaleReturn.of_sale_id, SaleReturn.qty_milli, SaleReturn.disposition).order_by(
                SaleReturn.sale_id
            )
        ).all()
        mine = [tuple(row) for row in backs if row.of_sale_id == sale_id]
        assert mine == [(refund_id, sale_id, 1000, "damaged"), (exchange_id, sale_id, 1000, "shelf")]
        tenders = dict(session.execute(select(Tender.kind, Tender.amount_vnd).where(Tender.sale_id == refund_id)).all())
        assert set(tenders) == {"cash", "vietqr"}
        assert abs(tenders["vietqr"] + price // 2) < 500  # the cash part of the sale was rounded
        codes = session.scalars(select(Flag.code).where(Flag.event_id.in_([sale_id, refund_id, exchange_id]))).all()
        assert [code for code in codes if code in ("returned_too_much", "total_differs", "unknown_sale")] == []
        found = check_all(session)
        assert [(f.number, f.problems) for f in found if not f.holds] == []
    assert wrong == []


def a_supervisor(live: Live, pin: str) -> str:
    """Somebody at the free till's site who may approve, with a PIN; their id."""
    with live.app.app_context(), unit_of_work() as session:
        till = session.scalars(select(Till).where(Till.code == TILL)).one()
        person = a_person(session, "supervisor", "site", till.site_id, "Đỗ Trưởng Ca")
        set_pin(session, person.id, pin, secret=SECRET, by=person.id, at=now())
        return person.id


def test_goods_without_a_receipt_want_a_supervisor(page: Page, context: BrowserContext, live: Live) -> None:
    supervisor = a_supervisor(live, "4827")
    enrol(page, live, seller=0)  # the one without a PIN
    context.set_offline(True)
    page.get_by_test_id("take-back").click()
    page.get_by_test_id("no-receipt").click()
    page.get_by_test_id("no-receipt-search").fill("gio lua")
    page.get_by_test_id("no-receipt-product").first.click()
    expect(page.get_by_test_id("no-receipt-done")).to_be_disabled()
    page.get_by_test_id("why-lost_paper").click()
    page.get_by_test_id("no-receipt-done").click()
    expect(page.get_by_test_id("return-line")).to_contain_text("không có phiếu")

    # Without a yes nothing is paid out; with the PIN it is, offline too, and the event says who.
    ready(page)
    page.get_by_test_id("refund-as-paid").click()
    expect(page.get_by_test_id("approve")).to_have_attribute("data-action", "return_without_receipt")
    page.get_by_test_id("approve-no").click()
    expect(page.get_by_test_id("return-line")).to_have_count(1)
    page.get_by_test_id("refund-as-paid").click()
    for digit in "4827":
        page.get_by_test_id("approve").get_by_test_id(f"pad-{digit}").click()
    expect(page.get_by_test_id("approve")).to_have_count(0)  # the right PIN is taken by itself
    expect(page.get_by_test_id("change")).to_be_visible()
    page.keyboard.press("Escape")

    # A line is removed and put back; a cart is cancelled.
    tap(page, "gio lua", "Giò lụa")
    page.get_by_test_id("remove").click()
    page.get_by_test_id("strip-act").click()
    expect(page.get_by_test_id("line")).to_have_count(1)
    page.get_by_test_id("cancel-cart").click()
    expect(page.get_by_test_id("cart-empty")).to_be_visible()

    # The customer of the refund's own sale wants no invoice; another does, at the till, still offline.
    price = tap(page, "gio lua", "Giò lụa")
    ready(page)
    page.get_by_test_id("note-exact").click()
    expect(page.get_by_test_id("change")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("take-back").click()
    page.get_by_test_id("receipt-search").fill(f"gio lua {price}")
    page.get_by_test_id("receipt-row").first.click()
    page.get_by_test_id("invoice").click()
    about = {"name": "Công ty Lụa", "code": "0314409058-002", "address": "1 Hàng Bồ", "email": "a@b.vn"}
    for field, value in about.items():
        page.get_by_test_id(f"buyer-{field}").fill(value)
    page.get_by_test_id("buyer-agreed").check()
    page.get_by_test_id("buyer-send").click()
    expect(page.get_by_test_id("strip")).to_contain_text("Đã ghi yêu cầu hóa đơn")

    back_online(page, context)
    with live.app.app_context():
        session = db.session()
        notes = session.execute(
            select(ControlNote.kind, ControlNote.what, ControlNote.times, ControlNote.staff_id)
            .join(TillEvent, TillEvent.id == ControlNote.event_id)
            .where(TillEvent.app != "1.0.0")
            .order_by(TillEvent.seq)
        ).all()
        assert [tuple(row)[:3] for row in notes] == [
            ("approval", "return_without_receipt", 1), ("line.remove", "Giò lụa", 1), ("line.remove", "Giò lụa", -1),
            ("cart.cancel", "Giò lụa", 1),
        ]  # fmt: skip
        assert notes[0].staff_id == supervisor
        request = session.scalars(select(InvoiceRequest)).one()
        buyer = buyer_of(session, request, secret=SECRET)
        assert buyer == Buyer("Công ty Lụa", "0314409058002", "1 Hàng Bồ", "a@b.vn")
        assert digest_of(buyer, json.loads(read_private(session, request.id, secret=SECRET) or "")["salt"]) == (
            request.buyer_sha256
        )
        assert [(f.number, f.problems) for f in check_all(session) if not f.holds] == []
