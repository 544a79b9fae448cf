"""The workbook to fill in: every sheet with its columns and an example."""

from __future__ import annotations

from io import BytesIO

from pos.consignment.golive.sheets import GOODS_TITLE, SHEETS

GOODS_SAMPLE = (
    (
        "Tên sản phẩm",
        "Chủ thể",
        "Xã/phường",
        "Mã nhóm",
        "Đơn vị tính",
        "Giá bán",
        "Giá vốn",
        "Thuế suất",
        "Mã vạch (nhiều mã cách nhau bằng dấu ;)",
    ),
    ("Chè sen (ví dụ)", "Hợp tác xã Ví Dụ", "Phường Tây Hồ", "I.5.a", "hộp", 125000, "", "8%", ""),
    ("Bát gốm (ví dụ)", "Hộ kinh doanh Ví Dụ", "Xã Bát Tràng", "IV.1", "chiếc", 85000, "", "8%", ""),
)
WIDTH = 22


def golive_template() -> bytes:
    """An XLSX whose examples add up to its control sheet."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#f4efe6"})
    text, money = book.add_format({"num_format": "@"}), book.add_format({"num_format": "#,##0.###"})
    for title, rows in ((GOODS_TITLE, GOODS_SAMPLE), *((sheet.title, sheet.sample) for sheet in SHEETS.values())):
        page = book.add_worksheet(title)
        page.set_column(0, len(rows[0]) - 1, WIDTH)
        page.freeze_panes(1, 0)
        for n, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(n, place, cell, money)
                else:
                    page.write_string(n, place, str(cell), text if n else head)
    book.close()
    return out.getvalue()
