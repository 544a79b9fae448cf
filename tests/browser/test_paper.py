"""The tablet prints by itself, offline too: Bluetooth, USB, RawBT; never twice, never instead of a sale."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageChops
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from config import ROOT
from pos.kernel.db import db
from pos.receipts.models import PrintJob, Receipt, TabletPrint
from pos.receipts.raster import draw_document
from pos.tablet.shell import folder_of
from pos.till.models import Sale
from tests.browser.conftest import Live, complaints, log_in, sent
from tests.browser.devices import plug, steer, taken, wait
from tests.browser.test_story import enrol, ready, tap
from tests.receipts.decoder import Printed, decode

pytestmark = pytest.mark.browser


def choose(page: Page, kind: str, *, width: int = 58) -> None:
    """Through the menu, as a cashier does."""
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-printer").click()
    page.locator(f"[data-testid=printer-choose][data-kind={kind}]").click()
    card = page.get_by_test_id("printer-card")
    expect(card).to_have_attribute("data-state", "ready")
    page.get_by_test_id("printer-drawer-on").click()
    page.get_by_test_id(f"printer-{width}").click()
    expect(card).to_have_attribute("data-state", "ready")


def sell(page: Page) -> str:
    """One thing for cash; the receipt's number."""
    tap(page, "gio lua", "Giò lụa")
    ready(page)
    page.get_by_test_id("note-exact").click()
    return page.get_by_test_id("receipt-no").inner_text().strip()


def job(page: Page, way: str, n: int = 1, *, width: int = 384) -> Printed:
    """The n-th job of that way, read strictly."""
    wait(page, f"window.printers.jobs.{way}.length >= {n}")
    expect(page.locator("[data-state=printing]")).to_have_count(0)
    return decode(taken(page, way)[n - 1], width=width)


def printed(page: Page) -> None:
    expect(page.get_by_test_id("paper-state")).to_have_attribute("data-state", "printed")


def code_on(paper: Printed) -> str:
    image = paper.paper.resize((paper.paper.width * 2, paper.paper.height * 2), Image.Resampling.NEAREST)
    found = zxingcpp.read_barcodes(image)
    assert len(found) == 1
    return found[0].text


def held(live: Live, receipt_no: str) -> tuple[dict[str, Any], list[tuple[str, int]], list[int]]:
    """What the office knows: (the document it made, sheets of the tablet, copies of jobs of its own)."""
    with live.app.app_context():
        session = db.session()
        sale = session.scalars(select(Sale).where(Sale.receipt_no == receipt_no)).one()
        document = json.loads(session.get_one(Receipt, sale.id).document)
        sheets = select(TabletPrint.printer, TabletPrint.copy).where(TabletPrint.receipt_id == sale.id)
        jobs = select(PrintJob.copy).where(PrintJob.receipt_id == sale.id)
        found = (
            document,
            [(p, c) for p, c in session.execute(sheets.order_by(TabletPrint.copy))],
            list(session.scalars(jobs)),
        )
        db.session.remove()
    return found


SAME_LINES = """async ([no]) => {
  const [{ Disk }, { Catalogue }, { factsOf }, { receiptDocument }, { receiptLink }] = await Promise.all([
    import("/static/till/idb.js"), import("/static/till/catalogue.js"), import("/static/till/paper/facts.js"),
    import("/static/till/paper/document.js"), import("/static/till/screen/paid.js")]);
  const store = await Disk.open({ blocked() {}, closed() {} });
  const [{ device, till }] = await store.enrolments();
  const catalogue = new Catalogue(store, device);
  await catalogue.load();
  const row = (await store.latest("sale", 50)).find((one) => one.event.body.receipt_no === no);
  const { settings } = catalogue.about;
  return receiptDocument(factsOf({ settings, till, catalogue }, row, receiptLink({ settings }, row)));
}"""


def test_a_bluetooth_printer_prints_offline_what_the_server_would(
    page: Page, context: BrowserContext, live: Live
) -> None:
    wrong = complaints(context)
    plug(page)
    enrol(page, live)
    choose(page, "bluetooth")
    page.get_by_test_id("printer-test").click()
    test = job(page, "serial")
    assert (test.pulses, test.cuts) == (0, 1)
    assert code_on(test) == f"{live.url}/till/"
    page.get_by_test_id("back").click()
    wait(page, f"caches.match('{folder_of(ROOT)}/later.js').then(Boolean)")

    # Offline and after a reload the printer is there again without a question.
    context.set_offline(True)
    page.reload()
    expect(page.get_by_test_id("paper-pill")).to_have_attribute("data-state", "ready", timeout=15_000)
    if page.get_by_test_id("staff").count():
        page.get_by_test_id("staff").first.click()
    receipt_no = sell(page)
    printed(page)
    paper = job(page, "serial")
    assert (paper.pulses, paper.cuts) == (1, 1)
    assert page.evaluate("window.printers.asked") == 0

    # A copy says so and leaves the drawer shut.
    page.get_by_test_id("reprint").click()
    copy = job(page, "serial", 2)
    assert copy.pulses == 0
    assert copy.paper.height > paper.paper.height  # BẢN SAO
    context.set_offline(False)
    sent(page)

    # The server has the sale, prints nothing, knows both sheets; its document is the tablet's to the letter.
    document, sheets, jobs = held(live, receipt_no)
    assert (sheets, jobs) == ([("bluetooth", 0), ("bluetooth", 1)], [])
    assert page.evaluate(SAME_LINES, [receipt_no]) == document
    assert code_on(paper) == next(block["data"] for block in document["blocks"] if block["t"] == "qr")
    drawn = draw_document(document, 384)
    assert abs(drawn.height + 6 * 30 - paper.paper.height) <= 60  # of another type size a line might break elsewhere
    assert likeness(drawn.convert("L"), paper.paper) > 0.9

    # The office reads it on the sale's page, and its own copy counts on.
    log_in(page, live, "quanly")
    page.goto(f"{live.url}/office/sales")
    page.get_by_text(receipt_no).first.click()
    expect(page.locator("#prints")).to_contain_text("máy in Bluetooth của quầy")
    page.get_by_role("button", name="In bản sao").click()
    expect(page.locator("#prints")).to_contain_text("Bản sao 2")
    until = time.monotonic() + 20
    while not live.printer.jobs and time.monotonic() < until:
        page.wait_for_timeout(200)
    live.printer.close()
    assert [decode(one, width=576).pulses for one in live.printer.jobs] == [0]
    assert wrong == []


def likeness(one: Image.Image, other: Image.Image) -> float:
    """The part of dots that are alike, over the length both have."""
    box = (0, 0, one.width, min(one.height, other.height))
    difference = ImageChops.difference(one.crop(box), other.crop(box)).histogram()
    return difference[0] / sum(difference)


def test_usb_at_80_mm_out_of_paper_and_a_cable_pulled(page: Page, context: BrowserContext, live: Live) -> None:
    wrong = complaints(context)
    plug(page)
    enrol(page, live)
    choose(page, "usb", width=80)
    page.get_by_test_id("back").click()
    sell(page)
    printed(page)
    assert job(page, "usb", width=576).pulses == 1

    # Out of paper: the sale is made, nothing was sent; once there is paper the original comes, once.
    steer(page, paper=False)
    page.keyboard.press("Escape")
    empty = sell(page)
    expect(page.get_by_test_id("strip")).to_contain_text("hết giấy")
    expect(page.get_by_test_id("paper-pill")).to_have_attribute("data-state", "trouble")
    assert len(taken(page, "usb")) == 1
    steer(page, paper=True)
    page.get_by_test_id("strip-act").click()
    printed(page)
    assert len(taken(page, "usb")) == 2

    # The cable goes in the middle: nobody knows what is on the paper, so the next one is a copy.
    steer(page, dies_after=4096)
    page.keyboard.press("Escape")
    broken = sell(page)
    expect(page.get_by_test_id("strip")).to_contain_text("giữa chừng")
    steer(page, dies_after=None)
    page.get_by_test_id("strip-act").click()
    printed(page)
    assert job(page, "usb", 4, width=576).pulses == 0

    # Gone: the till sells on, says so, and joins it again by itself.
    steer(page, absent=True)
    expect(page.get_by_test_id("paper-pill")).to_have_attribute("data-state", "lost")
    page.keyboard.press("Escape")
    unplugged = sell(page)
    expect(page.get_by_test_id("strip")).to_contain_text("Không gặp máy in")
    steer(page, absent=False)
    expect(page.get_by_test_id("paper-pill")).to_have_attribute("data-state", "ready")
    page.get_by_test_id("strip-act").click()
    printed(page)
    sent(page)
    assert [held(live, no)[1:] for no in (empty, broken, unplugged)] == [
        ([("usb", 0)], []),
        ([("usb", 1)], []),
        ([("usb", 0)], []),
    ]
    assert wrong == []


def test_a_serial_printer_that_talks_says_when_it_has_no_paper(page: Page, live: Live) -> None:
    plug(page)
    enrol(page, live)
    choose(page, "serial")
    page.get_by_test_id("printer-baud-9600").click()
    expect(page.get_by_test_id("printer-card")).to_have_attribute("data-state", "ready")
    steer(page, talks=True, paper=False)
    page.get_by_test_id("printer-test").click()
    expect(page.get_by_test_id("printer-why")).to_have_attribute("data-why", "no_paper")
    assert taken(page, "serial") == []
    steer(page, paper=True)
    page.get_by_test_id("printer-test").click()
    assert job(page, "serial").cuts == 1

    # Forgotten: the server prints again.
    page.get_by_test_id("printer-forget").click()
    expect(page.get_by_test_id("printer-none")).to_be_visible()
    page.get_by_test_id("back").click()
    receipt_no = sell(page)
    sent(page)
    assert held(live, receipt_no)[1:] == ([], [0])


def test_rawbt_gets_the_bytes_by_a_link(page: Page, live: Live) -> None:
    plug(page)
    page.add_init_script("Object.defineProperty(navigator, 'userAgent', { value: 'Mozilla/5.0 (Linux; Android 14)' })")
    enrol(page, live)
    choose(page, "rawbt")
    page.get_by_test_id("back").click()
    receipt_no = sell(page)
    printed(page)
    paper = job(page, "rawbt")
    assert (paper.pulses, paper.cuts) == (1, 1)
    assert code_on(paper).startswith(f"{live.url}/r/{receipt_no}#")


def test_practice_says_so_and_a_sealed_drawer_prints_its_report(page: Page, live: Live) -> None:
    plug(page)
    enrol(page, live)
    choose(page, "bluetooth", width=80)
    page.get_by_test_id("back").click()
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-practice").click()
    price = tap(page, "gio lua", "Giò lụa")
    ready(page)
    page.get_by_test_id("note-exact").click()
    training = job(page, "serial", width=576)
    assert training.pulses == 0
    assert zxingcpp.read_barcodes(training.paper) == []
    page.get_by_test_id("practice-leave").click()
    sell(page)
    job(page, "serial", 2, width=576)
    page.keyboard.press("Escape")
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-shift_close").click()
    page.get_by_test_id("count-1000").fill(str(price // 1000))
    page.get_by_test_id("close-seal").click()
    page.get_by_test_id("z-print").click()
    report = job(page, "serial", 3, width=576)
    assert (report.pulses, report.cuts) == (0, 1)
    assert report.paper.height > 600
