"""The picture guide of a first-day helper: its pictures from the running demo, one A4 page as Markdown and as PDF.

`python -m scripts.shots first-day`, or with all the other pictures by `make shots`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from config import ROOT
from scripts.shots import IMAGES, Demo, begin_selling, keep, open_page

GUIDE = ROOT / "docs" / "guide"
TEMPLATE = ROOT / "scripts" / "first_day.typ"
FONTS = ROOT / "static" / "vendor" / "be-vietnam-pro-0.4.1"
TITLE = "Ngày đầu phụ bán"
LEAD = "Bấm nhầm không hỏng gì: máy nhớ hết, sửa được hết."
CALL = "Gọi ai?"
LINES = ("Trưởng ca", "Văn phòng")
WHEN = (
    "Gọi khi: viên ở màn hình khóa màu đỏ, máy xin PIN trưởng ca, khách đòi lại tiền mà không có phiếu, máy in không "
    "ra giấy, máy mất hay vỡ."
)


@dataclass(frozen=True)
class Step:
    """One picture and what the hand does."""

    picture: str
    title: str
    words: str


STEPS = (
    Step("first-open", "Mở", "Chạm tên mình, gõ PIN. Viên xanh Bán được rồi là bán được."),
    Step(
        "first-tap", "Chạm",
        "Chạm ô hàng hay quét mã. Chạm nhiều lần là nhiều món. Không thấy: gõ vào Tìm hàng, không cần dấu.",
    ),
    Step("first-note", "Nhận tiền", "Chạm tờ khách đưa, hoặc Đủ. Khách chuyển khoản: QR rồi Đã nhận, hoặc CK đã nhận."),
    Step("first-change", "Trả lại", "Đọc số to, đưa đúng các tờ máy vẽ. Chạm món của khách sau là bán tiếp."),
    Step("first-bot", "Bớt", "Khách mặc cả: Bớt, rồi −5k, −10k hay Chốt tổng. Quá mức của mình, trưởng ca gõ PIN."),
    Step("first-undo", "Nhầm?", "Hoàn tác trong 10 giây: hàng về lại đơn, tiền trả lại khách. Muộn hơn: Trả hàng."),
    Step("first-offline", "Mất mạng", "Cứ bán. Đơn nằm trong máy, có mạng tự gửi. Đừng gỡ ứng dụng, xóa dữ liệu."),
    Step("first-close", "Đóng ca", "Trình đơn, Đóng ca: đếm từng loại tờ, gõ số tờ, Niêm ca. Lệch thì máy hỏi."),
)  # fmt: skip


def box(locator: Locator) -> FloatRect:
    """Where it is on the page."""
    found = locator.bounding_box()
    if found is None:
        raise SystemExit(f"nothing to picture: {locator}")
    return found


def the_first_day(browser: Browser, demo: Demo) -> None:
    """Its eight pictures, then the page."""
    page = open_page(browser, (1024, 768))
    page.goto(f"{demo.url}/till/")
    page.get_by_test_id("enrol-code").fill(demo.enrol_code())
    page.get_by_test_id("enrol-go").click()
    page.locator("[data-testid=staff], [data-testid=tile]").first.wait_for(timeout=20_000)
    if not page.get_by_test_id("staff").count():
        page.get_by_test_id("who").click()  # its only seller was not asked
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    crop(page, "first-open", {"x": 0, "y": 150, "width": 1024, "height": 450})
    begin_selling(page)
    fill(page, 0, 2, 3)
    tiles = box(page.get_by_test_id("tile").first)
    crop(page, "first-tap", {"x": 0, "y": tiles["y"] - 66, "width": 640, "height": 400})
    crop(page, "first-note", box(page.locator(".pay")))
    page.locator("[data-testid=pay-row] .notes button").last.click()
    expect(page.get_by_test_id("change")).to_be_visible()
    page.wait_for_timeout(900)  # the ring of the undo button runs
    crop(page, "first-change", box(page.locator("section.change .give")))
    page.set_viewport_size({"width": 1280, "height": 800})
    crop(page, "first-undo", box(page.locator("section.change .acts")))
    page.set_viewport_size({"width": 1024, "height": 768})
    page.keyboard.press("Escape")
    fill(page, 2, 3)
    for _ in range(6):  # −5k is within a seller's own limit
        page.get_by_test_id("tile").nth(2).click()
    page.locator("[data-testid=pay-row][data-ready=true]").wait_for()
    page.get_by_test_id("bot").click()
    page.get_by_test_id("bot-5000").click()
    crop(page, "first-bot", box(page.locator(".pay")))
    page.context.set_offline(True)
    page.get_by_test_id("note-exact").click()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("pill-unsent")).not_to_have_attribute("data-unsent", "0")
    crop(page, "first-offline", box(page.get_by_test_id("pill-unsent")))
    page.get_by_test_id("menu").click()
    page.get_by_test_id("menu-shift_close").click()
    for note, count in (("100000", "2"), ("50000", "3"), ("20000", "1")):
        page.get_by_test_id(f"count-{note}").fill(count)
    crop(page, "first-close", {"x": 0, "y": 0, "width": 1024, "height": 768})
    page.context.close()
    write()


def fill(page: Page, *tiles: int) -> None:
    """These tiles, one each, and the pay row alive."""
    for n in tiles:
        page.get_by_test_id("tile").nth(n).click()
    expect(page.get_by_test_id("line")).to_have_count(len(tiles))
    page.locator("[data-testid=pay-row][data-ready=true]").wait_for()


def crop(page: Page, name: str, clip: FloatRect) -> None:
    """A part of the screen, as small a file as the others."""
    keep(page, name, clip=clip)


def markdown() -> str:
    """The page as read in a browser."""
    cells = [
        f"**{n}. {s.title}**<br>![{s.title}](../images/{s.picture}.png)<br>{s.words}" for n, s in enumerate(STEPS, 1)
    ]
    cells.append(f"**{CALL}**<br>{'<br>'.join(f'{line}: ……………………' for line in LINES)}<br>{WHEN}")
    rows = ["| " + " | ".join(cells[i : i + 3]) + " |" for i in range(0, len(cells), 3)]
    table = "\n".join([rows[0], "|---|---|---|", *rows[1:]])
    more = "[In ra một trang A4](first-day.vi.pdf) · [Hướng dẫn đầy đủ cho thu ngân](../cashier.md)"
    return f"# {TITLE}\n\n{LEAD}\n\n{table}\n\n{more}\n"


def pdf() -> bytes:
    """The same on one A4 page. Raises SystemExit when it needs another, or a font is missing."""
    import typst

    about = {
        "title": TITLE, "lead": LEAD, "call": CALL, "lines": LINES, "when": WHEN,
        "steps": [{"picture": f"/docs/images/{s.picture}.png", "title": s.title, "words": s.words} for s in STEPS],
    }  # fmt: skip
    made, warnings = typst.compile_with_warnings(
        str(TEMPLATE), root=str(ROOT), font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf",
        sys_inputs={"data": json.dumps(about, ensure_ascii=False)}, timestamp=0,
    )  # fmt: skip
    if warnings:
        raise SystemExit("; ".join(str(getattr(w, "message", w)) for w in warnings))
    pages = made if isinstance(made, list) else [made]
    return bytes(pages[0] or b"")


def write(folder: Path = GUIDE) -> None:
    """Both papers, from the words above and the pictures in docs/images."""
    missing = [step.picture for step in STEPS if not (IMAGES / f"{step.picture}.png").exists()]
    if missing:
        raise SystemExit(f"no pictures: {', '.join(missing)}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "first-day.vi.md").write_text(markdown(), encoding="utf-8")
    (folder / "first-day.vi.pdf").write_bytes(pdf())
