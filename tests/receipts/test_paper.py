from __future__ import annotations

import difflib
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from pos.receipts import qr
from pos.receipts.escpos_bytes import drawer_bytes, raster_bytes, receipt_bytes
from pos.receipts.lettering import font_of, wrap
from pos.receipts.raster import draw_document
from pos.receipts.rules import as_copy, link_of, receipt_document, without_drawer
from tests.receipts.decoder import Printed, Unknown, decode
from tests.receipts.papers import CAKE, GREENS, HONEY, NUMBER, ORIGIN, SALE_ID, TEA, a_sale, cash

WIDTHS = pytest.mark.parametrize("width", [384, 576])
LINK = link_of(ORIGIN, NUMBER, SALE_ID)


def printed(document: dict[str, Any], width: int, *, drawer: bool = True) -> Printed:
    return decode(receipt_bytes(document, width, drawer=drawer), width=width)


def without_code(paper: Image.Image) -> Image.Image:
    """White over the QR: to tesseract it is ten lines of noise."""
    corners = zxingcpp.read_barcodes(paper)[0].position
    points = (corners.top_left, corners.top_right, corners.bottom_left, corners.bottom_right)
    box = (
        max(0, min(p.x for p in points) - 12),
        max(0, min(p.y for p in points) - 12),
        max(p.x for p in points) + 12,
        max(p.y for p in points) + 12,
    )
    clean = paper.copy()
    clean.paste(255, box)
    return clean


def ocr(paper: Image.Image, folder: Path) -> list[str]:
    """What tesseract reads, line by line."""
    shown = without_code(paper).convert("L")
    framed = Image.new("L", (shown.width + 80, shown.height + 80), 255)
    framed.paste(shown, (40, 40))
    twice = framed.resize((framed.width * 2, framed.height * 2), Image.Resampling.LANCZOS)
    path = folder / "paper.png"
    twice.save(path)
    done = subprocess.run(
        ["tesseract", str(path), "-", "-l", "vie", "--psm", "6"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    return [line for line in done.stdout.splitlines() if line.strip()]


def flat(words: str) -> str:
    return words.lower().replace(" ", "").replace("o", "0")


def likeness(wanted: str, lines: list[str]) -> float:
    """How like the most similar line is, 1 the same."""
    return max(difflib.SequenceMatcher(None, flat(wanted), flat(line)).ratio() for line in lines)


@WIDTHS
def test_every_byte_of_a_job_is_known_and_one_pulse_one_cut(width: int) -> None:
    job = printed(receipt_document(a_sale()), width)

    assert job.commands[:2] == ["init", "pulse"]
    assert job.commands[-2:] == ["lines", "cut"]
    assert (job.pulses, job.cuts) == (1, 1)
    assert set(job.commands[2:-2]) == {"image", "feed"}


@WIDTHS
def test_the_decoded_paper_is_the_drawn_one(width: int) -> None:
    document = receipt_document(a_sale())
    drawn = draw_document(document, width).convert("L")

    paper = printed(document, width).paper

    assert paper.crop((0, 0, *drawn.size)).tobytes() == drawn.tobytes()


def test_the_paper_is_black_and_white_and_nothing_touches_the_edge() -> None:
    for width, margin in ((384, 12), (576, 24)):
        drawn = draw_document(receipt_document(a_sale(HONEY, CAKE, GREENS, TEA, demo=True)), width)

        assert drawn.mode == "1"
        assert {shade for _, shade in drawn.convert("L").getcolors() or []} == {0, 255}
        assert drawn.convert("L").crop((0, 0, margin - 2, drawn.height)).getextrema() == (255, 255)
        right = drawn.convert("L").crop((width - margin + 2, 0, width, drawn.height))
        assert right.getextrema() == (255, 255)


def test_no_pulse_for_a_transfer_a_copy_a_late_print_or_a_printer_without_drawer() -> None:
    document = receipt_document(a_sale())

    assert printed(document, 576).pulses == 1
    assert printed(document, 576, drawer=False).pulses == 0
    assert printed(as_copy(document, 1), 576).pulses == 0
    assert printed(without_drawer(document), 576).pulses == 0


def test_the_drawer_alone_is_one_pulse() -> None:
    assert decode(drawer_bytes()).commands == ["init", "pulse"]


@WIDTHS
def test_zbar_and_zxing_read_the_link_from_the_paper(width: int, tmp_path: Path) -> None:
    paper = printed(receipt_document(a_sale()), width).paper
    paper.save(tmp_path / "paper.png")

    zbar = subprocess.run(
        ["zbarimg", "-q", "--raw", str(tmp_path / "paper.png")], check=True, capture_output=True, text=True
    )

    assert zbar.stdout.strip() == LINK
    assert [code.text for code in zxingcpp.read_barcodes(paper)] == [LINK]


@WIDTHS
def test_a_long_signed_link_still_fits_and_is_read(width: int) -> None:
    long = LINK + "A" * 180
    paper = printed(receipt_document(a_sale(link=long)), width).paper

    assert [code.text for code in zxingcpp.read_barcodes(paper)] == [long]


@WIDTHS
def test_tesseract_reads_the_lines(width: int, tmp_path: Path) -> None:
    read = ocr(printed(receipt_document(a_sale(CAKE, TEA)), width).paper, tmp_path)
    wanted = [
        "ĐIỂM BÁN OCOP HỒ GƯƠM",
        "Bánh chả",
        "2 hộp × 35.000 70.000",
        "Giảm giá −10.000",
        "Trà nụ vối",
        "1 hộp × 62.000 62.000",
        "Tiền mặt khách đưa 200.000",
        "Trả lại 78.000",
        "Cảm ơn quý khách",
    ]

    unread = {words: round(likeness(words, read), 2) for words in wanted if likeness(words, read) < 0.75}
    assert unread == {}, read


@WIDTHS
def test_tesseract_reads_sample_and_copy(width: int, tmp_path: Path) -> None:
    document = as_copy(receipt_document(a_sale(TEA, demo=True, tenders=(cash(62_000),))), 1)
    read = ocr(printed(document, width).paper, tmp_path)

    assert likeness("BẢN SAO 1", read) >= 0.7, read
    assert likeness("MẪU · KHÔNG CÓ GIÁ TRỊ", read) >= 0.7, read


@WIDTHS
def test_a_long_vietnamese_name_wraps_and_is_whole(width: int) -> None:
    font = font_of(27 if width == 576 else 24, "SemiBold")
    room = width - (48 if width == 576 else 24)

    lines = wrap(HONEY.name, font, room)

    assert " ".join(lines) == HONEY.name
    assert len(lines) > 1
    assert all(font.getlength(line) <= room for line in lines)


def test_a_word_wider_than_the_paper_is_cut_not_lost() -> None:
    font = font_of(24, "SemiBold")

    lines = wrap("a " + "W" * 60 + " b", font, 300)

    assert "".join(lines).replace(" ", "") == "a" + "W" * 60 + "b"
    assert all(font.getlength(line) <= 300 for line in lines)


@WIDTHS
def test_huge_sums_stay_on_the_paper(width: int) -> None:
    data = a_sale(HONEY, total_vnd=99_999_999_999, tenders=(cash(99_999_999_999, 100_000_000_000),))

    drawn = draw_document(receipt_document(data), width).convert("L")

    assert drawn.crop((width - 10, 0, width, drawn.height)).getextrema() == (255, 255)


def test_a_document_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 2"):
        draw_document({"v": 2, "blocks": []}, 576)
    with pytest.raises(ValueError, match="'hologram'"):
        draw_document({"v": 1, "blocks": [{"t": "hologram"}]}, 576)


def test_no_real_time_command_hides_in_an_image() -> None:
    image = Image.frombytes("1", (24, 3), bytes(255 - b for b in b"\x10\x04\x01\x10\x14\x01\xff\x10\x05"))

    job = decode(raster_bytes(image), width=24)

    assert job.bands[0].size == (24, 3)


def test_bands_are_short_and_white_is_fed() -> None:
    image = Image.new("1", (384, 1000), 1)
    image.paste(0, (0, 100, 384, 700))

    job = decode(raster_bytes(image), width=384)

    assert [band.height for band in job.bands] == [256, 256, 88]
    assert [strip for strip in job.strips if isinstance(strip, int)] == [100, 255, 45]


@pytest.mark.parametrize("job", [b"\x1b!\x00", b"hello", b"\x1dv0\x00\x48\x00\x01\x01", b"\x1dV", b"\x1bp\x00\x00\x00"])
def test_the_decoder_takes_nothing_it_does_not_know(job: bytes) -> None:
    with pytest.raises(Unknown):
        decode(job)


def test_the_page_draws_the_same_code() -> None:
    side, path = qr.svg_path(LINK)
    rows = qr.modules(LINK)

    assert side == len(rows) + 8
    assert path.startswith("M4 4h7v1h-7z")
