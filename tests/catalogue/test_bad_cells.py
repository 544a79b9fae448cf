"""A real workbook with 500 bad cells among good rows: each is told by row, column, value and what should stand there,
in the office and on the command line, and nothing of the file is in the books."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from pos.catalogue.adapters.workbooks import written_xlsx
from pos.catalogue.import_models import ImportRun
from pos.catalogue.models import Barcode, Certificate, Offer, Price, Product, ProductChange, VatRate
from pos.catalogue.queries.tablet import version_of
from pos.cli.imports import import_file
from pos.kernel.db import db
from pos.producers.models import Producer
from tests.catalogue.test_import_views import sent, words
from tests.reports.market import Market, a_market

DATE, STARS = "ngày như 22/11/2026 hoặc 22-11-26", "3, 4 hoặc 5 sao, hoặc để trống"
VAT, ALCOHOL = "8%, 10%, 5%, 0%, KCT, KKKNT hoặc trực tiếp", "độ cồn như 29 hoặc 29,5 %"
DAYS, YES = "số ngày, tháng hoặc năm như 90 ngày, 6 tháng, 1 năm", "có hoặc không"
BAD: dict[str, list[tuple[str | int, str]]] = {  # column → what people write there, and what should stand there
    "Mã nhóm": [("Đồ ăn", "mã nhóm như I.5.a (Quyết định 148)"), ("IX.9", "mã nhóm như I.5.a (Quyết định 148)")],
    "Hạng sao": [(6, STARS), ("năm sao", STARS), ("★★", STARS)],
    "Ngày công nhận": [("31/02/2026", DATE), ("11/22/2026", DATE), ("hôm qua", DATE)],
    "Ngày hết hạn": [("30/02/2027", DATE), ("mãi mãi", DATE)],
    "Bán theo cân": [("đôi khi", YES), (7, YES)],
    "Giá bán": [
        ("abc", "giá như 125.000, 125.000 đ hoặc 125k"), ("-5000", "giá từ 0 đồng trở lên"),
        (125, "giá đủ đồng: viết 125.000 hoặc 125k nếu là nghìn đồng"), ("125.000,50", "đồng chẵn, không có phần lẻ"),
        ("=1+1", "một giá trị, không phải công thức"),
        ("#REF!", "một giá trị; công thức trong ô này đang báo lỗi"),
    ],
    "Thuế suất": [("7%", VAT), ("tám", VAT)],
    "Mã vạch": [
        ("8935049501405", "số kiểm tra (số cuối) là 4; hãy xem lại mã trên bao bì"),
        ("8.93505E+12", "đủ các số của mã; bảng tính đã làm tròn, hãy định dạng cột là Văn bản rồi gõ lại"),
        ("123", "mã 8, 12, 13 hoặc 14 số có số kiểm tra đúng"),
    ],
    "Độ cồn": [("mạnh", ALCOHOL), (290, ALCOHOL)],
    "Hạn sử dụng": [("lâu", DAYS), ("6 tuần", DAYS)],
}  # fmt: skip
TABLES = (Product, Producer, Offer, Price, VatRate, Barcode, Certificate, ProductChange, ImportRun)
Told = list[tuple[str, str, str, str]]


def a_bad_file() -> tuple[bytes, Told]:
    """50 rows with ten bad cells each, a good row of a new producer before every one; and what must be told."""
    titles = ["Tên sản phẩm", "Chủ thể", *BAD]
    rows: list[list[str | int | None]] = []
    told: Told = []
    for n in range(50):
        rows.append([f"Hàng đúng {n}", f"Chủ thể mới {n}", *[None] * len(BAD)])
        rows.append([f"Hàng sai {n}", "HTX Sai"])
        for column, kinds in BAD.items():
            value, expected = kinds[n % len(kinds)]
            rows[-1].append(value)
            told.append((str(len(rows) + 1), column, str(value), expected))
    return written_xlsx("Hàng hóa", titles, rows), told


def kept() -> list[int]:
    """How much is in the books."""
    db.session.rollback()
    return [db.session().scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def listed(answer: TestResponse) -> Told:
    """The list to take away, as its cells say it; the quote that keeps a formula a text is the spreadsheet's."""
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1:]
    return [(row, column, value.removeprefix("'"), expected) for row, column, value, expected, _ in rows]


@pytest.fixture
def market(app: Flask, tmp_path: Path) -> Market:
    app.instance_path = str(tmp_path)
    return a_market(app)


def test_the_office_tells_each_of_500_bad_cells_and_takes_nothing_in(market: Market) -> None:
    data, told = a_bad_file()
    client, before, version = market.as_("manager"), kept(), version_of(db.session(), market.ids["gifts"])
    begun = time.monotonic()

    url = str(sent(client, data, name="hàng.xlsx").location)
    pages = [words(client.get(f"{url}?page={n}")) for n in range(1, 7)]
    took_s = time.monotonic() - begun
    mend = listed(client.get(f"{url}/problems.csv"))
    applied = client.post(url)

    assert len(told) == 500
    assert sorted(mend) == sorted(told)
    assert [int(row) for row, *_ in mend] == sorted(int(row) for row, *_ in told)  # from top to bottom
    assert "Còn 500 chỗ cần sửa. Chưa nhập gì cả." in pages[0]
    for n in range(5):  # a hundred a page, every cell on one of them
        assert [cell for cell in mend[n * 100 : n * 100 + 100] if " ".join(cell) not in pages[n]] == []
    assert mend[-1][3] not in pages[5]
    assert applied.location == url
    assert (kept(), version_of(db.session(), market.ids["gifts"])) == (before, version)
    assert took_s < 20  # 0.4 s where nothing else runs


def test_the_command_tells_each_too(market: Market, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, told = a_bad_file()
    (tmp_path / "hang.xlsx").write_bytes(data)
    before = kept()

    code = import_file(tmp_path / "hang.xlsx", market.ids["gifts"], dry_run=False)

    out, err = capsys.readouterr()
    lines = [line.split(" / ")[0].strip() for line in out.splitlines()]
    assert sorted(lines) == sorted(f"hang.xlsx:{row} [{col}] {value!r}: {should}" for row, col, value, should in told)
    assert (code, "500 chỗ cần sửa; chưa nhập gì" in err, kept()) == (1, True, before)
