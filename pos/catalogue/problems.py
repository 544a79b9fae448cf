"""What can be wrong with a file of products: each problem with its row, column, value and what was expected."""

from __future__ import annotations

from dataclasses import dataclass

EXPECTED: dict[str, tuple[str, str]] = {
    # the file as a whole
    "size": ("tệp tối đa 15 MB", "a file of 15 MB at most"),
    "unpacked": (
        "bảng tính bình thường: tệp này giải nén ra quá lớn nên không được mở",
        "an ordinary workbook: this one unpacks to far too much and was not opened",
    ),
    "cells": (
        "tối đa 100.000 dòng và 256 cột; hãy xóa các dòng, cột trống đã định dạng",
        "100,000 rows and 256 columns at most; delete empty formatted rows and columns",
    ),
    "encoding": ("tệp UTF-8, UTF-16 hoặc Windows-1258", "a file in UTF-8, UTF-16 or Windows-1258"),
    "tcvn3": (
        "chữ Unicode: tệp này gõ bằng phông TCVN3 (.VnTime); hãy chuyển mã sang Unicode rồi lưu lại",
        "Unicode text: this file is typed in TCVN3 (.VnTime) fonts; convert it to Unicode and save it again",
    ),
    "vni": (
        "chữ Unicode: tệp này gõ bằng phông VNI; hãy chuyển mã sang Unicode rồi lưu lại",
        "Unicode text: this file is typed in VNI fonts; convert it to Unicode and save it again",
    ),
    "mojibake": (
        "chữ Việt đọc được: tệp này đã bị lưu sai bảng mã; hãy xuất lại từ tệp gốc, chọn UTF-8",
        "readable Vietnamese: this file was saved in the wrong encoding; export the original again as UTF-8",
    ),
    "lost": (
        "chữ Việt có dấu: tệp này đã mất dấu (chỉ còn dấu ?); hãy xuất lại từ tệp gốc, chọn UTF-8",
        "Vietnamese letters: this file has lost them (only ? is left); export the original again as UTF-8",
    ),
    "format": ("tệp CSV hoặc XLSX đọc được", "a readable CSV or XLSX file"),
    "old_format": (
        "tệp .xlsx hoặc .csv không mật khẩu; hãy mở tệp này rồi lưu thành .xlsx",
        "an .xlsx or .csv file without a password; open this one and save it as .xlsx",
    ),
    "empty": ("ít nhất một dòng tiêu đề và một dòng hàng", "a header and at least one row"),
    # its header
    "no_column": ("một cột tên là {names}", "a column called {names}"),
    "two_columns": ("chỉ một cột cho mỗi thông tin", "one column for each fact"),
    # a go-live workbook
    "no_sheet": ("một trang tính tên là “{title}”", "a sheet called “{title}”"),
    "no_control": ("mục “{title}” ở trang Kiểm tra", "“{title}” on the control sheet"),
    "control": (
        "một mục như Ngày mở sổ, Tổng số lượng tồn, Tổng phải trả chủ thể",
        "an item such as the day, the stock or what is owed, named as in the template",
    ),
    "control_differs": (
        "{said} như trang Kiểm tra; các dòng cộng lại là {sum}, lệch {difference}",
        "{said} as the control sheet says; the rows come to {sum}, {difference} apart",
    ),
    "day_future": ("ngày không sau hôm nay", "a day no later than today"),
    "owner": ("ký gửi, hoặc của đơn vị", "consigned (ký gửi) or own (của đơn vị)"),
    "account": (
        "Két sắt; Ngân hàng, tiền của chủ thể; hoặc Ngân hàng, tiền của đơn vị",
        "the safe (Két sắt), the producers' bank account or the operator's",
    ),
    "safe_site": ("tên điểm bán có két", "the place whose safe it is"),
    "site_unknown": ("một điểm bán của đơn vị: {known}", "a place of this operator: {known}"),
    "producer_unknown": (
        "một chủ thể đã có trong sổ hoặc ở trang Hàng hóa{guess}",
        "a producer that is known or stands on the goods sheet{guess}",
    ),
    "product_unknown": (
        "một món đã có trong sổ hoặc ở trang Hàng hóa",
        "goods that are known or stand on the goods sheet",
    ),
    "product_several": (
        "cả tên chủ thể: nhiều chủ thể có món này",
        "the producer too: several have goods of this name",
    ),
    "product_not_theirs": ("chủ thể của món này: {name}", "the producer of these goods: {name}"),
    "own_cost": (
        "giá vốn của món này ở trang Hàng hóa, vì là hàng của đơn vị",
        "what it cost, on the goods sheet, because the operator owns it",
    ),
    "stock_repeats": (
        "mỗi món một dòng cho mỗi nơi và hạn dùng (đã có ở dòng {row})",
        "one row per product, place and expiry (see row {row})",
    ),
    # a cell
    "required": ("ô này không được trống", "something in this cell"),
    "long": ("tối đa {most} chữ", "{most} characters at most"),
    "lonely": (
        "một dòng hàng; dòng này chỉ có một ô, hãy xóa nếu là tiêu đề hay ghi chú",
        "a row of goods; this one has a single cell, delete it if it is a title or a note",
    ),
    "formula": ("một giá trị, không phải công thức", "a value, not a formula"),
    "formula_error": ("một giá trị; công thức trong ô này đang báo lỗi", "a value; the formula in this cell fails"),
    "price": ("giá như 125.000, 125.000 đ hoặc 125k", "a price such as 125.000 or 125k"),
    "qty": ("số lượng như 12 hoặc 1,5", "a quantity such as 12 or 1,5"),
    "qty_negative": (
        "số lượng từ 0 trở lên; tồn âm thì kiểm đếm lại rồi ghi số thật",
        "0 or more; where the old system says less, count again and write what is there",
    ),
    "qty_fine": ("nhiều nhất ba số sau dấu phẩy", "three figures after the comma at most"),
    "qty_large": ("số lượng dưới một triệu", "a quantity below a million"),
    "qty_whole": ("số nguyên: món này bán theo chiếc", "a whole number: these goods are sold by piece"),
    "price_negative": ("giá từ 0 đồng trở lên", "a price of 0 or more"),
    "price_decimals": ("đồng chẵn, không có phần lẻ", "whole đồng, nothing behind the comma"),
    "price_small": (
        "giá đủ đồng: viết {value}.000 hoặc {value}k nếu là nghìn đồng",
        "a price in đồng: write {value}.000 or {value}k if thousands are meant",
    ),
    "amount_large": ("số tiền dưới 10 nghìn tỷ đồng", "an amount below 10 trillion đồng"),
    "price_large": ("giá dưới 10 tỷ đồng", "a price below 10 billion đồng"),
    "stars": ("3, 4 hoặc 5 sao, hoặc để trống", "3, 4 or 5 stars, or nothing"),
    "group": ("mã nhóm như I.5.a (Quyết định 148)", "a group code such as I.5.a (Decision 148)"),
    "barcode": ("mã 8, 12, 13 hoặc 14 số có số kiểm tra đúng", "8, 12, 13 or 14 digits with a right check digit"),
    "barcode_digit": (
        "số kiểm tra (số cuối) là {digit}; hãy xem lại mã trên bao bì",
        "{digit} as its last, the check digit; look at the code on the package again",
    ),
    "barcode_rounded": (
        "đủ các số của mã; bảng tính đã làm tròn, hãy định dạng cột là Văn bản rồi gõ lại",
        "all digits of the code; the spreadsheet rounded it, format the column as Text and type it again",
    ),
    "barcode_repeats": ("mỗi mã vạch một sản phẩm (mã này đã có ở dòng {row})", "one product per code (see row {row})"),
    "barcode_taken": ("mã chưa dùng: mã này đang là của “{name}”", "a free code: this one belongs to “{name}”"),
    "vat": ("8%, 10%, 5%, 0%, KCT, KKKNT hoặc trực tiếp", "8%, 10%, 5%, 0%, KCT, KKKNT or direct"),
    "alcohol": ("độ cồn như 29 hoặc 29,5 %", "a strength such as 29 or 29.5 %"),
    "date": ("ngày như 22/11/2026 hoặc 22-11-26", "a date such as 22/11/2026"),
    "date_order": ("ngày kết thúc sau ngày bắt đầu", "an end after the start"),
    "days": ("số ngày, tháng hoặc năm như 90 ngày, 6 tháng, 1 năm", "days, months or years such as 90 ngày, 6 tháng"),
    "yes": ("có hoặc không", "yes (có) or no (không)"),
    "repeats": ("mỗi sản phẩm của một chủ thể một dòng (đã có ở dòng {row})", "one row per product (see row {row})"),
}


@dataclass(frozen=True)
class Problem:
    """One thing to mend. Row as the person counts it, from 1; 0 is the file as a whole."""

    row: int
    column: str
    value: str
    code: str
    facts: tuple[tuple[str, object], ...] = ()

    @property
    def expected(self) -> str:
        """What should stand there, in Vietnamese."""
        return EXPECTED[self.code][0].format_map(dict(self.facts))

    @property
    def expected_en(self) -> str:
        """The same in English."""
        return EXPECTED[self.code][1].format_map(dict(self.facts))
