"""The sheets of a go-live workbook: how people call them and their columns, in Vietnamese or English. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from pos.kernel.text import fold

GOODS, STOCK, OWED, ADVANCES, CASH, CONTROL = "goods", "stock", "owed", "advances", "cash", "control"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name in our template, names it goes by (folded), its columns and those it must have."""

    code: str
    title: str
    names: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    needed: dict[str, str]
    sample: tuple[tuple[object, ...], ...]


_PRODUCER = ("chu the", "chu the ocop", "nha san xuat", "nha cung cap", "ten chu the", "producer", "supplier")
_AMOUNT = ("so tien", "con phai tra", "phai tra", "tien", "con lai", "amount", "balance")
_NOTE = ("ghi chu", "dien giai", "note")
SHEETS: dict[str, Sheet] = {
    STOCK: Sheet(
        STOCK, "Tồn kho", ("ton kho", "ton", "stock", "ton dau ky"),
        {
            "name": ("ten san pham", "ten hang", "ten hang hoa", "san pham", "ten", "name", "product"),
            "producer": _PRODUCER, "barcode": ("ma vach", "barcode", "ean", "gtin"),
            "site": ("noi", "diem ban", "kho", "chi nhanh", "cua hang", "place", "site", "store"),
            "qty": ("so luong", "ton", "ton kho", "sl", "quantity", "qty", "in stock"),
            "owner": ("hang cua", "hinh thuc", "so huu", "chu hang", "owner"),
            "expires": ("han su dung", "hsd", "han dung", "expiry", "expires"), "note": _NOTE,
        },
        {"name": "“Tên sản phẩm”", "site": "“Nơi”", "qty": "“Số lượng”"},
        (("Tên sản phẩm", "Chủ thể", "Nơi", "Số lượng", "Hàng của", "Hạn sử dụng"),
         ("Chè sen (ví dụ)", "Hợp tác xã Ví Dụ", "Cửa hàng 1", 24, "ký gửi", "31/12/2026")),
    ),
    OWED: Sheet(
        OWED, "Phải trả chủ thể", ("phai tra chu the", "phai tra", "no chu the", "cong no", "owed"),
        {"producer": _PRODUCER, "amount": _AMOUNT, "note": _NOTE},
        {"producer": "“Chủ thể”", "amount": "“Số tiền”"},
        (("Chủ thể", "Số tiền", "Ghi chú"), ("Hợp tác xã Ví Dụ", 1250000, "hàng bán tháng trước")),
    ),
    ADVANCES: Sheet(
        ADVANCES, "Tạm ứng", ("tam ung", "ung truoc", "advances", "advance"),
        {"producer": _PRODUCER, "amount": _AMOUNT, "note": _NOTE},
        {"producer": "“Chủ thể”", "amount": "“Số tiền”"},
        (("Chủ thể", "Số tiền", "Ghi chú"), ("Hộ kinh doanh Ví Dụ", 500000, "ứng trước mùa hội chợ")),
    ),
    CASH: Sheet(
        CASH, "Tiền", ("tien", "tien mat", "tien mat va ngan hang", "cash", "cash and bank", "ngan hang"),
        {
            "account": ("khoan", "tai khoan", "loai", "account"),
            "site": ("noi", "diem ban", "cua hang", "place", "site"), "amount": _AMOUNT, "note": _NOTE,
        },
        {"account": "“Khoản”", "amount": "“Số tiền”"},
        (("Khoản", "Nơi", "Số tiền"), ("Két sắt", "Cửa hàng 1", 3000000), ("Ngân hàng, tiền của chủ thể", "", 1250000),
         ("Ngân hàng, tiền của đơn vị", "", 8000000)),
    ),
    CONTROL: Sheet(
        CONTROL, "Kiểm tra", ("kiem tra", "tong", "tong kiem tra", "so kiem tra", "control", "total"),
        {"what": ("muc", "khoan", "noi dung", "what"), "value": ("gia tri", "so", "tong", "value", "total")},
        {"what": "“Mục”", "value": "“Giá trị”"},
        (("Mục", "Giá trị"), ("Ngày mở sổ", "22/11/2026"), ("Số mặt hàng", 2), ("Tổng số lượng tồn", 24),
         ("Tổng phải trả chủ thể", 1250000), ("Tổng tạm ứng", 500000), ("Tổng tiền mặt", 3000000),
         ("Tổng tiền ngân hàng", 9250000)),
    ),
}  # fmt: skip
GOODS_NAMES = ("hang hoa", "san pham", "mat hang", "hang", "goods", "products")
GOODS_TITLE = "Hàng hóa"
# What the control sheet may say → how people call it.
CONTROLS: dict[str, tuple[str, ...]] = {
    "day": ("ngay mo so", "ngay", "day", "date"),
    "goods": ("so mat hang", "mat hang", "goods"),
    "qty": ("tong so luong ton", "tong ton", "so luong ton", "stock"),
    "own": ("gia tri hang cua don vi", "gia tri hang ton", "hang cua don vi", "own goods"),
    "owed": ("tong phai tra chu the", "tong phai tra", "phai tra chu the", "owed"),
    "advances": ("tong tam ung", "tam ung", "advances"),
    "cash": ("tong tien mat", "tien mat", "cash"),
    "bank": ("tong tien ngan hang", "tien ngan hang", "bank"),
}
CONTROL_TITLES = {code: names[0] for code, names in CONTROLS.items()} | {
    "day": "Ngày mở sổ", "goods": "Số mặt hàng", "qty": "Tổng số lượng tồn", "own": "Giá trị hàng của đơn vị",
    "owed": "Tổng phải trả chủ thể", "advances": "Tổng tạm ứng", "cash": "Tổng tiền mặt", "bank": "Tổng tiền ngân hàng",
}  # fmt: skip
ACCOUNTS: dict[str, tuple[str, ...]] = {
    "safe": ("ket sat", "ket", "tien mat", "tien mat trong ket", "safe", "cash"),
    "trust_bank": ("ngan hang, tien cua chu the", "ngan hang tien cua chu the", "ngan hang chu the", "trust bank",
                   "tai khoan tien chu the"),
    "operating_bank": ("ngan hang, tien cua don vi", "ngan hang tien cua don vi", "ngan hang", "operating bank",
                       "tai khoan don vi", "tien gui ngan hang"),
}  # fmt: skip
OWNERS: dict[str, tuple[str, ...]] = {
    "consigned": ("ky gui", "hang ky gui", "chu the", "cua chu the", "consigned"),
    "own": ("don vi", "cua don vi", "hang mua", "mua dut", "mua ban", "hang cua don vi", "own"),
}


def said(text: str, words: dict[str, tuple[str, ...]]) -> str | None:
    """What a cell means, by any of the ways people write it."""
    plain = " ".join(fold(text).split())
    return next((code for code, names in words.items() if plain in names), None)


def sheet_named(title: str) -> str | None:
    """Which sheet a tab is: `2. Tồn kho` → stock; goods too."""
    plain = " ".join(fold(title).replace("_", " ").split()).lstrip("0123456789.- ")
    if plain in GOODS_NAMES:
        return GOODS
    return next((code for code, sheet in SHEETS.items() if plain in sheet.names or plain == fold(sheet.title)), None)
