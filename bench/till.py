"""The till in real Chromium at 20,000 products, with and without a throttled processor: `python -m bench.till`.

A demo is served, a tablet enrolled; the catalogue's answer is swapped for 20,000 products made by rules. The rest is
the product's own. Each number of the table in the till's contract that a browser can tell is measured: cold start
offline, scan → line, key → result, note → change, first visit, catalogue. `worked` is script, style and layout until
the change stands in the page; `painted` also waits for the screen's next picture (up to 17 ms). Exit 1 over a limit.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, Route, sync_playwright

from config import ROOT, Config
from pos.app import create_app
from pos.tablet.shell import shell_files
from scripts.shots import CHROMIUM, Demo, running_demo
from tests.catalogue.test_size import compressed, products

PRODUCTS, DELTA = 20_000, 100
QUERIES = ("che tan cuong", "mat ong", "giot", "htx thach", "bat trang gom", "chua", "c")
SCRIPT = (Path(__file__).parent / "till.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Figure:
    """One measured thing: its worst, its median, its limit (None: only told)."""

    name: str
    throttle: int
    median: float
    worst: float
    limit: float | None
    unit: str = "ms"

    @property
    def holds(self) -> bool:
        """95 of 100 are within the limit."""
        return self.limit is None or self.worst <= self.limit

    def row(self) -> str:
        """One line of a Markdown table."""
        limit = "" if self.limit is None else f"{self.limit:,.0f}"
        return (
            f"| {self.name} | {self.throttle}× | {self.median:,.1f} | {self.worst:,.1f} | {limit} | {self.unit} "
            f"| {'' if self.limit is None else 'yes' if self.holds else '**no**'} |"
        )


def figure(name: str, throttle: int, values: list[float], limit: float | None) -> Figure:
    """Median and 95th percentile (of few values: the worst)."""
    ordered = sorted(values)
    return Figure(name, throttle, statistics.median(ordered), ordered[max(0, -(-len(ordered) * 95 // 100) - 1)], limit)


def swap_catalogue(page: Page, goods: list[dict[str, Any]]) -> None:
    """Let the server's answer carry 20,000 products; the settings and people stay its own."""

    def answer(route: Route) -> None:
        if "since=0" not in route.request.url:
            return route.fulfill(status=304)
        body = route.fetch().json()
        body |= {"products": goods, "removed": [], "full": True, "version": 1731}
        return route.fulfill(status=200, content_type="application/json", body=json.dumps(body))

    page.route("**/api/till/catalogue*", answer)


def enrolled(browser: Browser, demo: Demo, goods: list[dict[str, Any]]) -> Page:
    """A tablet with all the goods on its disk, its shell kept."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    page = context.new_page()
    page.add_init_script(SCRIPT)
    swap_catalogue(page, goods)
    page.goto(f"{demo.url}/till/")
    page.get_by_test_id("enrol-code").fill(demo.enrol_code())
    page.get_by_test_id("enrol-go").click()
    page.locator("[data-testid=staff], [data-testid=tile]").first.wait_for()
    page.wait_for_timeout(3000)  # who sells is drawn anew while the catalogue comes, and one seller is not asked
    if page.get_by_test_id("staff").count():
        page.get_by_test_id("staff").first.click()
    page.get_by_test_id("tile").first.wait_for(timeout=60_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(4000)
    return page


def processor_ms(session: CDPSession) -> float:
    """What the page's main thread has worked since it opened: neighbours on the machine do not count."""
    told = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(told["TaskDuration"]) * 1000


def measure(page: Page, goods: list[dict[str, Any]], throttle: int, rounds: int) -> list[Figure]:
    """All a browser can tell, at one speed of the processor."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    page.context.set_offline(True)
    slow = throttle > 1
    coded = [p for p in goods if p.get("barcodes") and not p.get("weighed")]
    dice = Random(7)  # noqa: S311 - which goods are scanned
    starts, first, worked = [], [], []
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    for _ in range(rounds):
        page.reload(wait_until="commit")
        starts.append(page.evaluate("bench.start()"))
        worked.append(processor_ms(session))
        one = dice.choice(coded)
        first.append(page.evaluate("([c, p]) => bench.scan(c, p)", [one["barcodes"][0], one["id"]])["worked"])
        page.wait_for_timeout(1500 * throttle)
        page.get_by_test_id("cancel-cart").click()
    scans, keys, notes = [], [], []
    for _ in range(30):
        one = dice.choice(coded)
        scans.append(page.evaluate("([c, p]) => bench.scan(c, p)", [one["barcodes"][0], one["id"]]))
        page.wait_for_timeout(60)
    for query in QUERIES:
        keys += page.evaluate("(q) => bench.type(q)", query)
    for _ in range(8):
        page.locator("[data-testid=pay-row][data-ready=true]").wait_for()
        notes.append(page.evaluate("bench.tap('[data-testid=note-exact]', '[data-testid=change]')"))
        one = dice.choice(coded)
        page.keyboard.press("Escape")
        page.evaluate("([c, p]) => bench.scan(c, p)", [one["barcodes"][0], one["id"]])
    page.context.set_offline(False)
    session.detach()

    def of(took: list[dict[str, float]], what: str) -> list[float]:
        return [one[what] for one in took]

    return [
        figure("cold start offline → first tile painted", throttle, starts, 3000 if slow else 1000),
        *([] if slow else [figure("of it, processor time of the page's thread", throttle, worked, None)]),
        figure("first scan after the start → line, worked", throttle, first, 100 if slow else 50),
        figure("scan → line, worked", throttle, of(scans, "worked"), 100 if slow else 50),
        figure("scan → line, painted", throttle, of(scans, "painted"), 100 if slow else 50),
        figure("key → results, worked", throttle, of(keys, "worked"), 50 if slow else 16),
        figure("key → results, painted", throttle, of(keys, "painted"), None),
        figure("note → change, durable", throttle, of(notes, "worked"), None if slow else 100),
    ]


def sizes(goods: list[dict[str, Any]]) -> list[Figure]:
    """What travels as the door sends it: the shell as brotli, the catalogue as gzip 6."""
    door = create_app(Config("sqlite://", "-", demo=True, origin="")).test_client()
    takes = {"Accept-Encoding": "br"}
    shell = sum(len(door.get(path, headers=takes, buffered=True).data) for path in shell_files(ROOT))
    delta = sorted(Random(1).sample(goods, DELTA), key=lambda p: (p["producer"], p["name"]))  # noqa: S311
    told = (
        ("till page, first visit", shell / 1000, 200),
        ("catalogue of 20,000", compressed(goods) / 1000, 1500),
        ("delta of 100", compressed(delta) / 1000, 20),
    )
    return [Figure(name, 1, kb, kb, limit, "kB") for name, kb, limit in told]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_known_args()[0]
    goods = products(PRODUCTS, Random(148))  # noqa: S311
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit("Chromium is missing: run `make system`")
    figures = []
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--disable-dev-shm-usage"])
        page = enrolled(browser, demo, goods)
        for throttle in (1, 4):
            figures += measure(page, goods, throttle, asked.rounds)
        browser.close()
    print("| what | CPU | median | 95 % | limit | | holds |\n|---|---|---|---|---|---|---|")
    figures += sizes(goods)
    for one in figures:
        print(one.row())
    if not all(one.holds for one in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
