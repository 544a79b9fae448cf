"""A tablet without a network saves its sales into a file; the office takes the file on the page of the device, once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select

from pos.access.models import DeviceLog
from pos.kernel.db import db
from pos.reports.check import check_all
from pos.till.models import Sale
from tests.browser.conftest import Live, complaints, log_in
from tests.browser.test_paying import put_in, total_of
from tests.browser.test_returns import back_online
from tests.browser.test_story import enrol

pytestmark = pytest.mark.browser


def booked(live: Live) -> tuple[int, int]:
    """How many sales of the tablet the books have, and their sum."""
    with live.app.app_context():
        n, total = (
            db.session()
            .execute(select(func.count(), func.sum(Sale.total_vnd)).where(Sale.receipt_no.like("HG13A-%")))
            .one()
        )
        db.session.remove()
        return n, total or 0


def test_the_office_takes_a_tablets_file(
    page: Page, context: BrowserContext, browser: Browser, live: Live, tmp_path: Path
) -> None:
    wrong = complaints(context)
    enrol(page, live)
    context.set_offline(True)
    total = 0
    for n in (0, 2):
        put_in(page, n)
        total += total_of(page)
        page.get_by_test_id("note-exact").click()
        expect(page.get_by_test_id("change")).to_be_visible()
        page.keyboard.press("Escape")
    page.get_by_test_id("pill-unsent").click()
    page.get_by_test_id("rescue-open").click()
    with page.expect_download() as saving:
        page.get_by_test_id("rescue-file").click()
    file = tmp_path / saving.value.suggested_filename
    saving.value.save_as(file)
    assert file.name.startswith("ocop-HG13A-")
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert (kept["ocop_rescue"], kept["till"], "Giò" in json.dumps(kept, ensure_ascii=False)) == (1, "HG13A", False)
    assert booked(live) == (0, 0)

    # In the office: the wrong file says so, the right one is booked, the same again changes nothing.
    office = browser.new_context(locale="vi-VN").new_page()
    log_in(office, live, "quanly")
    with live.app.app_context():
        log_id = db.session().scalars(select(DeviceLog.id).where(DeviceLog.till_code == "HG13A")).one()
        db.session.remove()
    address = f"{live.url}/office/devices/{log_id}"
    office.goto(address)
    other = tmp_path / "other.json"
    other.write_text('{"ocop_rescue": 1, "parcels": []}', encoding="utf-8")
    for path in (other, file, file):
        office.get_by_label("Tệp cứu đơn").set_input_files(path)
        office.get_by_role("button", name="Nhận đơn", exact=True).click()
        if path is other:
            expect(office.locator("#file-error")).to_be_visible()
        else:
            office.wait_for_url(address)
            expect(office.locator("#file-error")).to_have_count(0)
            assert booked(live) == (2, total)
    office.context.close()

    # The tablet finds the network again: everything it has to say is known already.
    page.get_by_test_id("back").click()
    back_online(page, context)
    assert booked(live) == (2, total)
    with live.app.app_context():
        assert [(f.number, f.problems) for f in check_all(db.session()) if not f.holds] == []
    assert wrong == []
