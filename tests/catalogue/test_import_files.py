"""Files as offices send them: every encoding, titles above the header, and what must not be opened."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pos.catalogue.adapters import MAX_BYTES, safe_cell, spoken_cell, written_csv
from pos.catalogue.imports import FileRead, read_file, read_products
from pos.catalogue.imports.headers import meaning_of

HEAD = ["Tên sản phẩm", "Chủ thể", "Giá bán"]
ROW = ["Chè Đinh Tân Cương", "Hợp tác xã chè Hảo Đạt", "125.000 đ"]


def as_csv(*rows: list[str], sign: str = ",") -> str:
    made = io.StringIO()
    csv.writer(made, delimiter=sign).writerows(rows)
    return made.getvalue()


def as_xlsx(*rows: list[Any], sheet: str = "Hàng", before: str | None = None) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    if before:
        book.add_worksheet(before).write(0, 0, "Đọc kỹ trước khi dùng")
    page = book.add_worksheet(sheet)
    for n, row in enumerate(rows):
        page.write_row(n, 0, row)
    book.close()
    return made.getvalue()


def names(found: FileRead) -> list[tuple[str, str, int | None]]:
    assert found.problems == []
    return [(row.facts.name, row.producer, row.price_vnd) for row in found.good]


EXPECTED = [("Chè Đinh Tân Cương", "Hợp tác xã chè Hảo Đạt", 125_000)]


def vietnamese_1258(text: str, *, composed: bool) -> bytes:
    """Windows-1258 writes â ê ô ơ ư and a tone; some programs keep à á è é whole, others write the tone apart."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258") if composed else b"" + _apart(letter)
        except UnicodeEncodeError:
            out += _apart(letter)
    return out


def _apart(letter: str) -> bytes:
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
    rest = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
    return (rest + tones).encode("cp1258")


@pytest.mark.parametrize("composed", [True, False])
def test_windows_1258_composed_and_apart(composed: bool) -> None:
    data = vietnamese_1258(as_csv(HEAD, ["Chè Đinh Tân Cương", ROW[1], "125.000 đ"]), composed=composed)

    assert names(read_file(data, "a.csv")) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_unicode_in_every_dress(encoding: str, form: Any, sign: str) -> None:
    data = unicodedata.normalize(form, as_csv(HEAD, ROW, sign=sign)).encode(encoding)

    assert names(read_file(data, "a.csv")) == EXPECTED


TCVN3 = "Tªn s¶n phÈm,Chñ thÓ,Gi¸ b¸n\nChÌ §inh T©n C­¬ng,Hîp t¸c x· chÌ H¶o §¹t,125.000 ®\n"
VNI = "Teân saûn phaåm,Chuû theå,Giaù baùn\nCheø Ñinh Taân Cöông,Hôïp taùc xaõ cheø Haûo Ñaït,125.000 ñ\n"
BROKEN = {
    "tcvn3": (TCVN3.encode("latin-1"), TCVN3.encode("utf-8")),
    "vni": (VNI.encode("latin-1"), VNI.encode("utf-8")),
    "mojibake": (as_csv(HEAD, ROW).encode().decode("cp1252", "replace").encode(),),
    "lost": (as_csv(HEAD, ROW).encode("ascii", "replace"),),
    "encoding": (b"\xff\xfe\x00", "Tên,Chủ thể".encode("utf-16-le")[:-1] + b"\xd8\x00\xd8"),
}


@pytest.mark.parametrize(("code", "data"), [(code, data) for code, ones in BROKEN.items() for data in ones])
def test_broken_text_is_named_and_refused(code: str, data: bytes) -> None:
    found = read_file(data, "a.csv")

    assert found.good == []
    assert [(p.row, p.code) for p in found.problems] == [(0, code)]
    assert found.problems[0].expected != found.problems[0].expected_en


def test_font_text_inside_a_workbook_is_refused_too() -> None:
    rows = [line.split(",") for line in TCVN3.splitlines()]

    assert [p.code for p in read_file(as_xlsx(*rows), "a.xlsx").problems] == ["tcvn3"]


def test_foreign_names_are_not_taken_for_an_encoding() -> None:
    found = read_file(as_csv(HEAD, ["Trà® Oolong© No.1", "Café naïve", "95k"]).encode(), "a.csv")

    assert names(found) == [("Trà® Oolong© No.1", "Café naïve", 95_000)]


def test_titles_above_the_header_are_left_alone() -> None:
    titles: list[list[Any]] = [
        ["ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI"],
        [],
        ["DANH SÁCH SẢN PHẨM OCOP"],
        ["Đợt 2 năm 2025"],
        [],
    ]
    rows = [*titles, ["STT", *HEAD], [1, *ROW], [2], ["", "Chè Nõn", ROW[1], 150000]]

    found = read_file(as_xlsx(*rows), "a.xlsx")

    assert [(row.row, row.facts.name, row.price_vnd) for row in found.good] == [
        (7, "Chè Đinh Tân Cương", 125_000), (9, "Chè Nõn", 150_000),
    ]  # fmt: skip
    assert (found.problems, found.ignored, found.rows) == ([], ("STT",), 2)


def test_a_merged_line_between_the_goods_is_asked_about() -> None:
    found = read_file(as_csv(HEAD, ["I. Thực phẩm", "", ""], ROW).encode(), "a.csv")

    assert [(p.row, p.value, p.code) for p in found.problems] == [(2, "I. Thực phẩm", "lonely")]


def test_the_sheet_with_our_header_is_read() -> None:
    assert names(read_file(as_xlsx(HEAD, ROW, before="Hướng dẫn"), "a.xlsx")) == EXPECTED


@pytest.mark.parametrize(
    ("title", "meaning"),
    [("GIÁ BÁN (VNĐ)", "price"), ("Giá bán\n(nghìn đồng)", "price"), ("Tên sản phẩm *", "name"), ("﻿Mã vạch", "barcode"),
     ("Đơn\u00a0vị tính", "unit"), ("TÊN  CHỦ  THỂ", "producer"), ("Hạn sử dụng", "shelf_life"), ("Ảnh", None),
     ("Xã, phường", "commune"), ("Thuế suất GTGT (%)", "vat"), ("Giá bán VNĐ", "price")],
)  # fmt: skip
def test_titles_as_people_write_them(title: str, meaning: str | None) -> None:
    assert meaning_of(title) == meaning


def test_a_column_in_thousands_is_read_as_such() -> None:
    head = ["Tên sản phẩm", "Chủ thể", "Giá bán (nghìn đồng)"]

    assert names(read_file(as_csv(head, [*ROW[:2], "125"]).encode(), "a.csv")) == EXPECTED


def test_missing_and_double_columns() -> None:
    missing = read_file(as_csv(["Sản phẩm", "Giá"], ["Chè", "90k"]).encode(), "a.csv")
    double = read_file(as_csv([*HEAD, "Đơn giá"], [*ROW, "1"]).encode(), "a.csv")

    assert [(p.row, p.column, p.code) for p in missing.problems] == [(1, "“Chủ thể”", "no_column")]
    assert [(p.row, p.value, p.code) for p in double.problems] == [(1, "Đơn giá", "two_columns")]


def test_a_barcode_twice_in_the_file() -> None:
    head = [*HEAD, "Mã vạch"]
    rows = [[*ROW, "8935049501404"], ["Chè Nõn", *ROW[1:], "8935049501404"]]

    found = read_file(as_csv(head, *rows).encode(), "a.csv")

    assert [(p.row, p.column, p.value, p.code) for p in found.problems] == [
        (3, "Mã vạch", "8935049501404", "barcode_repeats")
    ]
    assert "dòng 2" in found.problems[0].expected


def test_formulas_are_not_goods_and_errors_are_told() -> None:
    rows = [["=1+1", "HTX", "5k"], ["@SUM(A1)", "HTX", "5k"], ["Chè", "#REF!", "5k"], ["Trà", "HTX", "#N/A"]]

    found = read_file(as_csv(HEAD, *rows).encode(), "a.csv")

    assert [(p.row, p.code) for p in found.problems] == [
        (2, "formula"), (3, "formula"), (4, "formula_error"), (5, "formula_error"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+84 912", "-cmd", "@you", "\tx"])
def test_what_goes_out_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert spoken_cell(safe_cell(text)) in (text, f"'{text}")
    assert safe_cell("-5") == "-5"
    assert written_csv([[text, None, 5]]).decode("utf-8-sig").strip('"\r\n').startswith("'")


# ── What must not be opened ──────────────────────────────────────────────────
def repacked(data: bytes, name: str, change: Any) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, change(content) if member == name else content)
    return made.getvalue()


def test_a_zip_bomb_is_not_opened() -> None:
    bomb = repacked(as_xlsx(HEAD, ROW), "xl/styles.xml", lambda _: b" " * (210 * 1024 * 1024))

    assert len(bomb) < 1024 * 1024
    assert [p.code for p in read_file(bomb, "a.xlsx").problems] == ["unpacked"]


def test_a_bomb_that_lies_about_its_size_is_not_opened_either() -> None:
    bomb = repacked(as_xlsx(HEAD, ROW), "xl/styles.xml", lambda _: b" " * (210 * 1024 * 1024))
    lying = bomb.replace((210 * 1024 * 1024).to_bytes(4, "little"), (1000).to_bytes(4, "little"))

    assert lying != bomb
    assert read_file(lying, "a.xlsx").problems[0].code in {"unpacked", "format"}


def test_one_cell_at_the_end_of_the_world_does_not_fill_the_memory() -> None:
    far = repacked(
        as_xlsx(HEAD, ROW), "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )  # fmt: skip

    assert [p.code for p in read_file(far, "a.xlsx").problems] == ["cells"]


def test_fifty_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "lon.csv"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)

    good, problems = read_products(path)

    assert (good, [p.code for p in problems]) == ([], ["size"])
    assert str(MAX_BYTES // 1024 // 1024) in problems[0].expected


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "old_format"), (b"PK\x03\x04nonsense", "format"),
     (b"", "empty"), (b"\n\n;;;\n", "empty"), (b"%PDF-1.7\nobj", "no_column"),
     (b"\x89PNG\r\n\x93\xd2\x8f", "encoding")],
)  # fmt: skip
def test_other_files_are_refused_politely(data: bytes, code: str) -> None:
    found = read_file(data, "a.xls")

    assert found.good == []
    assert found.problems[0].code == code
