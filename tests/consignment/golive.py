"""A go-live workbook for tests, made the way people make them: by a spreadsheet."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

GOODS = [
    ("Tên sản phẩm", "Chủ thể", "Đơn vị tính", "Bán theo cân", "Giá bán", "Giá vốn", "Mã vạch", "Thuế suất"),
    ("Mật ong hoa nhãn", "HTX Mật ong Ba Vì", "hũ", "", 125500, "", "8935049501404", "8%"),
    ("Chè búp", "HTX Mật ong Ba Vì", "kg", "có", 500000, "", "", "8%"),
    ("Bát gốm", "Gốm Tây Hồ", "chiếc", "", 89000, 52000, "", "8%"),
]
STOCK = [
    ("Tên sản phẩm", "Chủ thể", "Nơi", "Số lượng", "Hàng của", "Hạn sử dụng"),
    ("Mật ong hoa nhãn", "HTX Mật ong Ba Vì", "Cửa hàng Hàng Bồ", 24, "ký gửi", "31/12/2027"),
    ("Chè búp", "", "Cửa hàng Hàng Bồ", 3.5, "", ""),
    ("Bát gốm", "Gốm Tây Hồ", "Cửa hàng Hàng Bồ", 10, "của đơn vị", ""),
]
OWED = [("Chủ thể", "Số tiền", "Ghi chú"), ("HTX Mật ong Ba Vì", 1_250_000, "tháng 10")]
ADVANCES = [("Chủ thể", "Số tiền"), ("Gốm Tây Hồ", 500_000)]
CASH = [
    ("Khoản", "Nơi", "Số tiền"), ("Két sắt", "Cửa hàng Hàng Bồ", 3_000_000),
    ("Ngân hàng, tiền của chủ thể", "", 1_250_000), ("Ngân hàng, tiền của đơn vị", "", 8_000_000),
]  # fmt: skip
CONTROL = [
    ("Mục", "Giá trị"), ("Ngày mở sổ", "22/11/2026"), ("Số mặt hàng", 3), ("Tổng số lượng tồn", 37.5),
    ("Giá trị hàng của đơn vị", 520_000), ("Tổng phải trả chủ thể", 1_250_000), ("Tổng tạm ứng", 500_000),
    ("Tổng tiền mặt", 3_000_000), ("Tổng tiền ngân hàng", 9_250_000),
]  # fmt: skip
SHEETS: dict[str, list[Any]] = {
    "Hàng hóa": GOODS, "Tồn kho": STOCK, "Phải trả chủ thể": OWED, "Tạm ứng": ADVANCES, "Tiền": CASH,
    "Kiểm tra": CONTROL,
}  # fmt: skip


def workbook(sheets: dict[str, list[Any]] | None = None) -> bytes:
    """An XLSX of these sheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name, rows in (sheets or SHEETS).items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return out.getvalue()


def changed(sheet: str, row: int, column: int, value: Any, **more: list[Any]) -> dict[str, list[Any]]:
    """The workbook with one cell changed; row 0 is the header."""
    made = {name: [list(cells) for cells in rows] for name, rows in SHEETS.items()}
    made[sheet][row][column] = value
    return made
