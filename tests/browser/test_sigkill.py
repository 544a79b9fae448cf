"""Chromium is killed (SIGKILL, the whole tree) at random moments of selling and opened again on the same disk.

No printed sale is lost, none doubled; printed means that the receipt and its change stood on the screen. The
long run is `make kills`: 1,000.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import psutil
import pytest
from playwright.sync_api import BrowserContext, BrowserType, Error, Page
from sqlalchemy import select

from pos.access.models import DeviceLog
from pos.kernel.db import db
from pos.reports.check import check_all
from pos.till.models import Sale, TillEvent
from tests.browser.conftest import Live

KILLS = int(os.environ.get("KILLS", "30"))
SEED = int(os.environ.get("SEED", "1"))
pytestmark = pytest.mark.browser

# Sells as fast as the screen allows, and says what it shows the moment it is drawn.
SELL = """() => {
  const one = (id) => document.querySelector(`[data-testid=${id}]`);
  const seen = new Set();
  new MutationObserver(() => {
    const no = one("change") && one("receipt-no")?.textContent.trim().split(/\\s+/).at(-1);
    if (!no || seen.has(no)) return;
    seen.add(no);
    console.log(`printed ${no}`);
  }).observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
  let n = 0;
  setInterval(() => {
    if (one("staff")) return one("staff").click();
    if (one("next")) return one("next").click();
    const lines = document.querySelectorAll("[data-testid=line]").length;
    const tiles = document.querySelectorAll("[data-testid=tile]");
    if (!lines && tiles.length) return tiles[n++ % Math.min(9, tiles.length)].click();
    if (one("pay-row")?.dataset.ready === "true") one("note-exact")?.click();
  }, 20);
}"""
ROWS = """() => new Promise((done, fail) => {
  const opening = indexedDB.open("ocop-till");
  opening.onerror = () => fail(opening.error);
  opening.onsuccess = () => {
    const all = opening.result.transaction("events").objectStore("events").getAll();
    all.onsuccess = () => { opening.result.close(); done(all.result.map((row) => row.event)); };
  };
})"""


class Tablet:
    """One profile on disk, opened as often as it is killed."""

    def __init__(self, browser_type: BrowserType, launch: dict[str, Any], profile: Path, url: str) -> None:
        self.browser_type, self.launch, self.profile, self.url = browser_type, launch, profile, url
        self.printed: list[str] = []

    def open(self) -> tuple[BrowserContext, Page]:
        context = self.browser_type.launch_persistent_context(
            str(self.profile), viewport={"width": 1280, "height": 800}, locale="vi-VN", **self.launch
        )
        page = context.pages[0]
        page.on("console", lambda message: self.hear(message.text))
        return context, page

    def hear(self, text: str) -> None:
        """What came out of the printer, as far as a person could see it."""
        if text.startswith("printed "):
            self.printed.append(text.removeprefix("printed "))

    def tree(self) -> list[psutil.Process]:
        """The browser of this profile and all it has begun."""
        mark = f"--user-data-dir={self.profile}"
        mine = [p for p in psutil.Process().children(recursive=True) if mark in _words(p)]
        return [*mine, *(child for p in mine for child in _children(p))]

    def kill(self) -> None:
        """SIGKILL to all of them."""
        for process in self.tree():
            with suppress(psutil.NoSuchProcess):
                os.kill(process.pid, signal.SIGKILL)


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def till_opens(page: Page, url: str) -> None:
    """The page of the till, until somebody can be chosen or goods tapped."""
    page.goto(f"{url}/till/")
    page.locator("[data-testid=staff], [data-testid=tile]").first.wait_for(timeout=20_000)


def test_no_printed_sale_is_lost_and_none_doubled(
    live: Live, browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> None:
    random = Random(SEED)
    tablet = Tablet(browser_type, browser_type_launch_args, tmp_path / "profile", live.url)
    context, page = tablet.open()
    page.goto(f"{live.url}/till/")
    page.get_by_test_id("enrol-code").fill(live.enrol_code())
    page.get_by_test_id("enrol-go").click()
    page.get_by_test_id("tile").first.wait_for(timeout=20_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context.close()

    for _ in range(KILLS):
        context, page = tablet.open()
        till_opens(page, live.url)
        context.set_offline(random.random() < 0.5)
        # From the first tap on, or in the middle of a run of sales.
        moment = threading.Timer(random.random() * 2.2 + 0.05, tablet.kill)
        with suppress(Error):
            page.evaluate(SELL)
            moment.start()
            page.wait_for_timeout(20_000)
        moment.join()
        with suppress(Error):
            context.close()

    context, page = tablet.open()
    till_opens(page, live.url)
    page.locator("[data-testid=pill-unsent][data-unsent='0']").wait_for(timeout=60_000)
    rows = page.evaluate(ROWS)
    context.close()

    rows.sort(key=lambda event: event["seq"])
    receipts = [event["body"]["receipt_no"] for event in rows if event["kind"] == "sale"]
    assert len(set(tablet.printed)) == len(tablet.printed)
    assert set(tablet.printed) <= set(receipts), "a printed sale is gone"
    assert len(set(receipts)) == len(receipts)
    with live.app.app_context():
        log_id = db.session().scalars(select(DeviceLog.id).where(DeviceLog.device_id == _device(rows, live))).one()
        sold = db.session().scalars(select(Sale.receipt_no).where(Sale.log_id == log_id)).all()
        hashes = (
            db.session().scalars(select(TillEvent.hash).where(TillEvent.log_id == log_id).order_by(TillEvent.seq)).all()
        )
        assert sorted(sold) == sorted(receipts)
        assert list(hashes) == [event["hash"] for event in rows]
        assert [(f.number, f.problems) for f in check_all(db.session()) if not f.holds] == []
        db.session.remove()
    print(json.dumps({"kills": KILLS, "printed": len(tablet.printed), "sales": len(receipts)}))
    assert len(tablet.printed) >= KILLS // 3, "too few sales for the kills to mean anything"


def _device(rows: list[dict[str, Any]], live: Live) -> str:
    """Whose log these events are."""
    with live.app.app_context():
        found = db.session().execute(
            select(DeviceLog.device_id)
            .join(TillEvent, TillEvent.log_id == DeviceLog.id)
            .where(TillEvent.id == rows[0]["id"])
        )
        return str(found.scalar_one())
