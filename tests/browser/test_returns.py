"""What comes after a sale: found by its code, partly returned, exchanged, refunded as paid, with no network."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from pos.kernel.db import db
from pos.reports.check import check_all
from pos.till.models import Flag, Sale, SaleReturn, Tender
from tests.browser.conftest import Live, complaints
from tests.browser.test_story import enrol, ready, tap

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


def sent(page: Page) -> None:
    expect(page.get_by_test_id("pill-unsent")).to_have_attribute("data-unsent", "0", timeout=30_000)


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
    page.wait_for_timeout(500)
    page.get_by_test_id("split-transfer").click()
    for digit in str(total // 2):
        page.get_by_test_id(f"pad-{digit}").click()
    page.get_by_test_id("split-cash").click()
    for digit in str(total - total // 2):
        page.get_by_test_id(f"pad-{digit}").click()
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

    context.set_offline(False)
    page.get_by_test_id("pill-unsent").click()
    page.get_by_test_id("send-now").click()
    page.get_by_test_id("unsent-close").click()
    sent(page)
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


def test_goods_without_a_receipt_want_a_supervisor(page: Page, live: Live) -> None:
    enrol(page, live)
    page.get_by_test_id("take-back").click()
    page.get_by_test_id("no-receipt").click()
    page.get_by_test_id("no-receipt-search").fill("gio lua")
    page.get_by_test_id("no-receipt-product").first.click()
    expect(page.get_by_test_id("no-receipt-done")).to_be_disabled()
    page.get_by_test_id("why-lost_paper").click()
    page.get_by_test_id("no-receipt-done").click()
    expect(page.get_by_test_id("return-line")).to_contain_text("không có phiếu")
