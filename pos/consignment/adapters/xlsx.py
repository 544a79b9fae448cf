"""A statement as a spreadsheet: the sums as printed, and every line with numbers that can be added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

HEADS = {
    "vi": ("Ngày", "Sổ", "Loại", "Sản phẩm", "Số lượng", "Tiền hàng", "Giảm, chủ thể", "Hoa hồng", "Thuế hoa hồng",
           "Về chủ thể", "Ghi chú", "Phiếu"),
    "en": ("Day", "Book", "Kind", "Product", "Quantity", "Gross", "Discount, producer", "Commission",
           "VAT on commission", "Due", "Note", "Receipt"),
}  # fmt: skip
SHEETS = {"vi": ("Bảng kê", "Từng dòng"), "en": ("Statement", "Lines")}
KINDS = {
    "sale": ("bán", "sale"), "return": ("trả lại", "return"), "fee": ("phí", "fee"),
    "payment_fee": ("phí thanh toán", "payment fee"), "compensation": ("bồi thường", "compensation"),
    "rebate": ("thưởng", "rebate"), "kept_takings": ("đã thu trực tiếp", "kept takings"),
    "adjustment": ("điều chỉnh", "adjustment"), "vat_rounding": ("làm tròn thuế", "VAT rounding"),
}  # fmt: skip
WIDTHS = (12, 8, 14, 34, 10, 14, 14, 14, 14, 14, 24, 20)


def statement_xlsx(paper: Mapping[str, Any], body: Mapping[str, Any], lines: Iterable[Any]) -> bytes:
    """`lines` are rows of `queries.annex.sold_lines`. Text never becomes a formula or a link."""
    import xlsxwriter

    language = "en" if paper["language"] == "en" else "vi"
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False}
    )
    style = {
        "bold": book.add_format({"bold": True}),
        "title": book.add_format({"bold": True, "font_size": 16}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}),
        "money": book.add_format({"num_format": "#,##0"}),
        "total": book.add_format({"num_format": "#,##0", "bold": True, "top": 1}),
        "day": book.add_format({"num_format": "dd/mm/yyyy"}),
        "qty": book.add_format({"num_format": "#,##0.###"}),
    }
    first, second = (book.add_worksheet(name) for name in SHEETS[language])
    _summary(first, style, paper, body)
    _lines(second, style, language, lines)
    book.close()
    return out.getvalue()


def _summary(sheet: Any, style: Mapping[str, Any], paper: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 18)
    sheet.write_string(0, 0, f"{paper['title']} {paper['number']}", style["title"])
    sheet.write_string(1, 0, paper["line"])
    sheet.write_string(2, 0, f"{paper['operator_word']}: {paper['operator']['name']}")
    sheet.write_string(3, 0, f"{paper['producer_word']}: {paper['producer']['name']}")
    row = 5
    for (words, _text), step in zip(paper["ladder"], body["steps"], strict=True):
        sheet.write_string(row, 0, words)
        sheet.write_number(row, 1, step["amount_vnd"], style["money"])
        row += 1
    sheet.write_string(row, 0, paper["end"], style["bold"])
    sheet.write_number(row, 1, body["payout_vnd"], style["total"])
    for text in (paper["where"], *paper["notes"], paper["fingerprint"], paper["stamp"]):
        row += 1
        sheet.write_string(row + 1, 0, text)


def _lines(sheet: Any, style: Mapping[str, Any], language: str, lines: Iterable[Any]) -> None:
    for column, (words, width) in enumerate(zip(HEADS[language], WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, words, style["head"])
    sheet.freeze_panes(1, 0)
    place = 1 if language == "en" else 0
    n = 0
    for n, line in enumerate(lines, 1):
        sheet.write_datetime(n, 0, line.business_date, style["day"])
        sheet.write_number(n, 1, line.seq)
        sheet.write_string(n, 2, KINDS.get(line.kind, (line.kind, line.kind))[place])
        sheet.write_string(n, 3, line.product or "")
        if line.qty_milli is not None:
            sign = -1 if line.kind == "return" else 1
            sheet.write_number(n, 4, sign * line.qty_milli / 1000, style["qty"])
            for column, value in enumerate(
                (line.gross_vnd, line.discount_producer_vnd, line.commission_vnd, line.commission_vat_vnd), 5
            ):
                sheet.write_number(n, column, value, style["money"])
        sheet.write_number(n, 9, line.amount_vnd, style["money"])
        sheet.write_string(n, 10, line.note or "")
        sheet.write_string(n, 11, line.receipt_no or "")
    if n:
        sheet.autofilter(0, 0, n, len(WIDTHS) - 1)
        sheet.write_formula(n + 1, 9, f"=SUM(J2:J{n + 1})", style["total"])
