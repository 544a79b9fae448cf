"""A table as XLSX: a header that stays in sight, codes and days as text so that no spreadsheet changes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO


def written_xlsx(name: str, titles: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """One sheet. Text never becomes a formula or a link; whole numbers are numbers."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#f4efe6"})
    text, number = book.add_format({"num_format": "@"}), book.add_format({"num_format": "#,##0"})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(titles) - 1, 18)
    sheet.set_column(0, 1, 34)
    for place, title in enumerate(titles):
        sheet.write_string(0, place, title, head)
    for n, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(n, place, cell, number)
            elif cell:
                sheet.write_string(n, place, cell, text)
    book.close()
    return out.getvalue()
