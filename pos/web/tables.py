"""A table as a file: CSV that Excel opens with Vietnamese marks, and XLSX. Text never becomes a formula or a link."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

from pos.kernel.clock import local

Cell = str | int | date | datetime | None
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_file(kind: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], *, title: str) -> bytes:
    """`kind` csv or xlsx. Moments are written in Hanoi's time."""
    return _csv(heads, rows) if kind == "csv" else _xlsx(heads, rows, title)


def plain(cell: Cell) -> str | int:
    """As CSV has it: moments in Hanoi, days as ISO, text that cannot become a formula."""
    if isinstance(cell, int):
        return cell
    if isinstance(cell, datetime):
        return local(cell).strftime("%Y-%m-%d %H:%M:%S")
    text = cell.isoformat() if isinstance(cell, date) else cell or ""
    return "'" + text if text[:1] in tuple("=+-@\t\r") and text else text


def _csv(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    out = StringIO()
    write = csv.writer(out)
    write.writerow(heads)
    write.writerows([plain(cell) for cell in row] for row in rows)
    return "\ufeff".encode() + out.getvalue().encode()


def _xlsx(heads: Sequence[str], rows: Sequence[Sequence[Cell]], title: str) -> bytes:
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False}
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "#,##0"})
    day, moment = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet = book.add_worksheet(title[:31])
    for at, head in enumerate(heads):
        sheet.write_string(0, at, head, bold)
        sheet.set_column(at, at, max(12, min(40, len(head) + 4)))
    for n, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(n, at, cell, money)
            elif isinstance(cell, datetime):
                sheet.write_datetime(n, at, local(cell).replace(tzinfo=None), moment)
            elif isinstance(cell, date):
                sheet.write_datetime(n, at, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001  (a day)
            elif cell:
                sheet.write_string(n, at, cell)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
