"""The whole run: a booth sells offline, the receipt prints, everybody sees it, the producer is settled."""

from __future__ import annotations

import io
import json
import re

import pytest
import zxingcpp
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader
from sqlalchemy import func, select

from pos.access.models import DeviceLog
from pos.kernel.db import db
from pos.kernel.text import dong
from pos.reports.check import check_all
from pos.till.models import Sale, Shift
from pos.till.rules.proof import key_id_of, read_proof, verify_proof
from tests.browser.conftest import Live, complaints, log_in
from tests.receipts.decoder import Printed, decode

pytestmark = [pytest.mark.browser, pytest.mark.story]


def enrol(page: Page, live: Live, seller: int | None = None) -> None:
    """Make this browser the device of the free till; who sells is asked only where there are several."""
    page.goto(f"{live.url}/till/")
    page.get_by_test_id("enrol-code").fill(live.enrol_code())
    page.get_by_test_id("enrol-go").click()
    if seller is not None:
        page.get_by_test_id("staff").nth(seller).click()
    expect(page.get_by_test_id("tile").first).to_be_visible(timeout=15_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def ready(page: Page) -> None:
    page.locator("[data-testid=pay-row][data-ready=true]").wait_for()


def tap(page: Page, words: str, name: str) -> int:
    """Find a product by words without accents and tap it; answers its price."""
    page.get_by_test_id("search").fill(words)
    tile = page.get_by_test_id("tile").filter(has=page.get_by_text(name, exact=True))
    expect(tile).to_have_count(1)
    shown = tile.locator(".foot .num")
    expect(shown).to_have_text(re.compile(r"\d"))
    price = int(re.sub(r"\D", "", shown.text_content() or ""))
    tile.click()
    page.get_by_test_id("search").fill("")
    return price


def test_a_booth_sells_and_the_producer_is_settled(page: Page, context: BrowserContext, live: Live) -> None:
    wrong = complaints(context)
    page.on("dialog", lambda dialog: dialog.accept())
    enrol(page, live)

    # The network goes; the till opens again from its own memory, and sells three goods of two producers.
    context.set_offline(True)
    page.reload()
    expect(page.get_by_test_id("tile").first).to_be_visible(timeout=15_000)
    total = tap(page, "gio lua", "Giò lụa") + tap(page, "thao nguyen", "Chả cốm")
    total += tap(page, "xuc xich chay", "Xúc xích chay")
    expect(page.get_by_test_id("line")).to_have_count(3)
    ready(page)
    page.get_by_test_id("note-exact").click()
    expect(page.get_by_test_id("change")).to_have_attribute("data-sum", "0")
    receipt_no = page.get_by_test_id("receipt-no").inner_text().split()[-1]

    # She counts the drawer blind and closes, still without a network.
    page.keyboard.press("Escape")
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-shift_close").click()
    page.get_by_test_id("count-1000").fill(str(total // 1000))
    page.get_by_test_id("close-seal").click()
    expect(page.get_by_test_id("sealed-expected")).to_have_text(dong(total))
    page.get_by_test_id("sealed-done").click()
    expect(page.get_by_test_id("pill-unsent")).not_to_have_attribute("data-unsent", "0")

    # The network returns: everything arrives by itself, the shift posts, the receipt comes out of the printer.
    context.set_offline(False)
    expect(page.get_by_test_id("pill-unsent")).to_have_attribute("data-unsent", "0", timeout=30_000)
    with live.app.app_context():
        sale = db.session().scalars(select(Sale).where(Sale.receipt_no == receipt_no)).one()
        shift = db.session().get_one(Shift, sale.shift_id)
        assert (sale.total_vnd, shift.state, shift.drawer_vnd) == (total, "closed", 0)
        sale_id = sale.id
    paper = the_paper(page, live)
    assert paper.pulses == 1
    link, _, proof = read_qr(paper).partition("#")
    assert link == f"{live.url}/r/{receipt_no}"
    assert signed_sale(live, proof) == sale_id

    # The customer's phone shows the same receipt.
    page.goto(read_qr(paper))
    expect(page.get_by_text(receipt_no).first).to_be_visible()
    expect(page.get_by_text(dong(total)).first).to_be_visible()

    # The organizer's board has it.
    log_in(page, live, "bantochuc")
    expect(page.locator("body")).to_contain_text("Gian 01")
    board = page.locator("body").inner_text()
    with live.app.app_context():
        taken = db.session().scalar(
            select(func.sum(Sale.total_vnd)).where(Sale.fair_id == sale.fair_id, Sale.day == sale.day)
        )
    assert dong(int(taken or 0)) in board
    context.clear_cookies()

    # The producer sees it on a phone, down to the receipt, without JavaScript.
    the_producer_sees(page, live, receipt_no)

    # The bookkeeper freezes the statement, the manager approves it, the PDF opens.
    log_in(page, live, "ketoan")
    page.goto(f"{live.url}/statements/run")
    page.get_by_role("link", name="Cơ sở Sản xuất chay sạch Chúc hạnh").click()
    page.get_by_role("button", name="Chốt bảng kê").click()
    page.wait_for_url(re.compile(r"/statements/[0-9a-f-]{36}$"))
    statement = page.url
    context.clear_cookies()
    log_in(page, live, "quanly")
    page.goto(statement)
    page.get_by_role("button", name="Duyệt").click()
    expect(page.get_by_text("đã duyệt, chờ chi").first).to_be_visible()
    pdf = page.request.get(f"{statement}.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert "Chúc hạnh" in PdfReader(io.BytesIO(pdf.body())).pages[0].extract_text()

    context.clear_cookies()
    log_in(page, live, "ketoan")
    page.goto(statement)
    page.get_by_role("button", name="Ghi đã trả").click()
    expect(page.get_by_text("Đã trả").first).to_be_visible()

    with live.app.app_context():
        found = check_all(db.session())
        assert [(f.number, f.problems) for f in found if not f.holds] == []
        idle = {f.number for f in found if not f.looked_at}
        assert idle <= {12, 13}  # nobody sealed books or wrote a slip of cash
    assert wrong == []


def the_paper(page: Page, live: Live) -> Printed:
    """What the printer got, once it has got it."""
    for _ in range(100):
        if live.printer.jobs:
            return decode(live.printer.jobs[0])
        page.wait_for_timeout(200)
    raise AssertionError("nothing was printed")


def read_qr(paper: Printed) -> str:
    """By a program that is not ours."""
    [code] = zxingcpp.read_barcodes(paper.paper)
    return str(code.text)


def signed_sale(live: Live, text: str) -> str:
    """The sale a receipt's QR proves, by the key of the tablet that made it."""
    proof = read_proof(text)
    assert proof is not None
    with live.app.app_context():
        keys = [json.loads(key) for key in db.session().scalars(select(DeviceLog.public_key)) if key]
    assert [key for key in keys if key_id_of(key) == proof.key_id and verify_proof(text, key)]
    return proof.sale_id


def the_producer_sees(page: Page, live: Live, receipt_no: str) -> None:
    """First screen, then "Vì sao?" down to the receipt."""
    assert page.context.browser is not None
    phone = page.context.browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False, locale="vi-VN"
    )
    try:
        one = phone.new_page()
        log_in(one, live, "giocha")
        expect(one.get_by_text("Hôm nay bán")).to_be_visible()
        one.get_by_role("link", name=re.compile("Vì sao")).click()
        one.get_by_role("link", name="Chờ hết hạn đổi trả").click()
        one.get_by_role("link", name=re.compile("Giò lụa")).first.click()
        expect(one.locator("body")).to_contain_text(receipt_no)
    finally:
        phone.close()
