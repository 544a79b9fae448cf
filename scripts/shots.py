"""Screenshots of the README and the guides: a fresh demo, the system's Chromium, PNGs into docs/images.

`make shots`; `python -m scripts.shots first-day` makes the helper's guide alone.

The demo sells up to the present minute, so pictures taken after noon in Hanoi have a full day in them.
It refuses to run without Chromium, and touches neither var/ nor a server that is already running.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, expect, sync_playwright

from config import ROOT
from pos.kernel.text import fold
from pos.seed.world import PEOPLE

IMAGES = ROOT / "docs" / "images"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POS = Path(sys.executable).with_name("pos")
LARGEST = 150_000
TILL = "HG14"  # the second till of a booth in the running fair, free in the demo
BEFORE = (  # sold first, so that the shelf's best sellers are this booth's
    ("Trà sen Hiền Xiêm", "Giò lụa", "Cốm Na Lo", "Bánh chả", "Ruốc lợn bản Mường Khương"),
    ("Trà nụ vối", "Chả cốm", "Phở tươi", "Trà Shan tuyết", "Bánh đa cua khô"),
    ("Chè Đinh Tân Cương", "Giò tai nấm", "Thịt hun khói Minh Hương", "Bánh dẻo thập cẩm", "Hồng trà Phìn Hồ"),
)
CART = ("Cốm Na Lo", "Giò lụa", "Bánh chả")
TABLET, PHONE, DESK = (1280, 800), (390, 844), (1280, 900)


@dataclass(frozen=True)
class Demo:
    """A demo that answers at `url`, with its data in a folder of its own."""

    url: str
    environment: dict[str, str]

    def enrol_code(self) -> str:
        """What `pos enrol-code` prints."""
        done = subprocess.run([POS, "enrol-code", TILL], env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout.strip()


@contextmanager
def running_demo() -> Iterator[Demo]:
    """`pos serve` on a free port in a temporary POS_VAR, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="pos-shots-") as folder:
        environment = os.environ | {"POS_VAR": folder, "POS_DEMO": "1", "POS_ORIGIN": url}
        server = subprocess.Popen([POS, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"{url}/login", server)
            yield Demo(url, environment)
        finally:
            server.terminate()
            server.wait(20)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Until the page answers; the seed takes some seconds. Raises SystemExit when the server ends or is silent."""
    for _ in range(900):
        if server.poll() is not None:
            raise SystemExit(f"the demo ended with {server.returncode}")
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise SystemExit("the demo did not answer")


def keep(page: Page, name: str, *, tall: bool = False, clip: FloatRect | None = None) -> None:
    """One PNG of at most 150 kB, of the page or a part of it: fewer colours until it fits."""
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(400)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=tall, clip=clip))).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        few = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(out, "PNG", optimize=True)
        if out.tell() < LARGEST:
            break
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / f"{name}.png").write_bytes(out.getvalue())
    print(f"docs/images/{name}.png  {out.tell() // 1000} kB, {colours} colours")


def open_page(browser: Browser, size: tuple[int, int]) -> Page:
    """A page of a new visitor in Hanoi."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def log_in(page: Page, demo: Demo, login: str) -> None:
    """Through the log-in page, as a person would."""
    page.goto(f"{demo.url}/login")
    page.get_by_label("Tên đăng nhập", exact=True).fill(login)
    page.get_by_label("Mật khẩu", exact=True).fill(PEOPLE[login][0])
    page.get_by_label("Mật khẩu", exact=True).press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.wait_for_load_state("networkidle")


def tap(page: Page, name: str) -> None:
    """Find a product without accents and tap it."""
    page.get_by_test_id("search").fill(fold(name))
    page.get_by_test_id("tile").filter(has=page.get_by_text(name, exact=True)).first.click()
    page.get_by_test_id("search").fill("")


def fill_cart(page: Page, names: Sequence[str]) -> None:
    """These goods, one each, and the pay row alive."""
    for name in names:
        tap(page, name)
    expect(page.get_by_test_id("line")).to_have_count(len(names))
    page.locator("[data-testid=pay-row][data-ready=true]").wait_for()


def begin_selling(page: Page) -> None:
    """The first person on the list sells; an only seller is not asked."""
    page.locator("[data-testid=staff], [data-testid=tile]").first.wait_for(timeout=20_000)
    if page.get_by_test_id("staff").count():
        page.get_by_test_id("staff").first.click()
    expect(page.get_by_test_id("tile").first).to_be_visible(timeout=20_000)


def the_till(browser: Browser, demo: Demo) -> None:
    """Enrol, sell, change, the customer's QR, the blind count."""
    page = open_page(browser, TABLET)
    page.goto(f"{demo.url}/till/")
    page.get_by_test_id("enrol-code").fill("K7QF-2M9X")
    keep(page, "till-enrol")
    page.get_by_test_id("enrol-code").fill(demo.enrol_code())
    page.get_by_test_id("enrol-go").click()
    begin_selling(page)
    for names in BEFORE:
        fill_cart(page, names)
        page.get_by_test_id("note-exact").click()
        expect(page.get_by_test_id("change")).to_be_visible()
        page.keyboard.press("Escape")
    expect(page.get_by_test_id("pill-unsent")).to_have_attribute("data-unsent", "0", timeout=20_000)
    page.reload()
    begin_selling(page)
    fill_cart(page, CART)
    page.get_by_test_id("line").filter(has_text=CART[0]).locator("button.what").click()
    page.get_by_test_id("more").click()
    page.wait_for_timeout(800)
    keep(page, "till-sell")
    page.locator("[data-testid=pay-row] .notes button").last.click()
    expect(page.get_by_test_id("change")).to_be_visible()
    page.wait_for_timeout(900)
    keep(page, "till-change")
    page.keyboard.press("Escape")
    fill_cart(page, CART[:1])
    page.get_by_test_id("pay-qr").click()
    expect(page.get_by_test_id("qr-amount")).to_be_visible()
    keep(page, "till-qr")
    page.get_by_test_id("qr-seen").click()
    page.wait_for_timeout(900)
    page.keyboard.press("Escape")
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-shift_close").click()
    for note, count in (("100000", "2"), ("50000", "3"), ("20000", "1"), ("2000", "2")):
        page.get_by_test_id(f"count-{note}").fill(count)
    keep(page, "till-close")
    page.context.close()


def the_pages(browser: Browser, demo: Demo) -> None:
    """The producer's phone, the wall of the fair, the office."""
    page = open_page(browser, PHONE)
    log_in(page, demo, "giocha")
    keep(page, "producer")
    page.get_by_role("link", name=re.compile("Vì sao")).click()
    page.wait_for_load_state("networkidle")
    keep(page, "producer-why")
    page.context.close()

    page = open_page(browser, TABLET)
    log_in(page, demo, "bantochuc")
    keep(page, "fair-board")
    page.context.close()

    page = open_page(browser, DESK)
    log_in(page, demo, "quanly")
    keep(page, "operator-day")
    page.goto(f"{demo.url}/office/flags")
    page.wait_for_load_state("networkidle")
    keep(page, "flags")
    page.context.close()

    page = open_page(browser, DESK)
    log_in(page, demo, "ketoan")
    page.goto(f"{demo.url}/statements/run")
    page.wait_for_load_state("networkidle")
    keep(page, "statement-run")
    page.goto(f"{demo.url}/statements")
    page.get_by_role("link", name=re.compile("^BK-")).first.click()
    page.wait_for_url(re.compile(r"/statements/[0-9a-f-]{36}$"))
    page.wait_for_load_state("networkidle")
    keep(page, "statement")
    page.context.close()


def main() -> None:
    """All of them, from one demo; `first-day`: those of the helper's guide alone."""
    from scripts.first_day import the_first_day

    chromium = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if chromium is None:
        raise SystemExit("Chromium is missing: run `make system`")
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-dev-shm-usage", "--lang=vi-VN"])
        if "first-day" not in sys.argv[1:]:
            the_till(browser, demo)
            the_pages(browser, demo)
        the_first_day(browser, demo)
        browser.close()


if __name__ == "__main__":
    main()
