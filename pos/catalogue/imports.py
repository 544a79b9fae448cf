"""A file of products, read whole: good rows, and for each problem its row, column, value and what was expected.

Headers in Vietnamese or as in ocop-products.csv, in any order. Refuses to guess: a doubtful cell is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pos.catalogue.adapters import Unreadable, read_table
from pos.catalogue.commands import ImportedProduct, ProductFacts
from pos.catalogue.reference import read
from pos.catalogue.rules import is_gtin
from pos.kernel.text import fold

EXPECTED: dict[str, tuple[str, str]] = {
    "size": ("tệp tối đa 20 MB", "a file of 20 MB at most"),
    "encoding": ("tệp UTF-8, UTF-16 hoặc Windows-1258", "a file in UTF-8, UTF-16 or Windows-1258"),
    "format": ("tệp CSV hoặc XLSX đọc được", "a readable CSV or XLSX file"),
    "empty": ("ít nhất một dòng tiêu đề và một dòng hàng", "a header and at least one row"),
    "no_column": ("một cột tên là {names}", "a column called {names}"),
    "two_columns": ("chỉ một cột cho mỗi thông tin", "one column for each fact"),
    "required": ("ô này không được trống", "something in this cell"),
    "price": ("giá như 125.000, 125.000 đ hoặc 125k", "a price such as 125.000 or 125k"),
    "stars": ("3, 4 hoặc 5 sao, hoặc để trống", "3, 4 or 5 stars, or nothing"),
    "group": ("mã nhóm như I.5.a (Quyết định 148)", "a group code such as I.5.a (Decision 148)"),
    "barcode": ("mã 8, 12, 13 hoặc 14 số có số kiểm tra đúng", "8, 12, 13 or 14 digits with a right check digit"),
    "vat": ("8%, 10%, 5%, 0%, KCT, KKKNT hoặc trực tiếp", "8%, 10%, 5%, 0%, KCT, KKKNT or direct"),
    "alcohol": ("độ cồn như 29 hoặc 29,5 %", "a strength such as 29 or 29.5 %"),
    "repeats": ("mỗi sản phẩm của một chủ thể một dòng (đã có ở dòng {row})", "one row per product (see row {row})"),
}
HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("name vi", "ten san pham", "ten hang", "ten hang hoa", "san pham", "ten", "name"),
    "producer": ("producer", "chu the", "chu the ocop", "chu the san xuat", "co so san xuat", "nha san xuat"),
    "commune": ("commune or district", "commune", "xa", "xa phuong", "phuong xa", "dia phuong", "dia chi"),
    "province": ("province", "tinh", "tinh thanh", "tinh thanh pho"),
    "province_now": ("province after 2025 07", "tinh sau sap nhap", "tinh moi"),
    "group_code": ("subgroup code inferred", "ma nhom", "nhom", "nhom san pham", "group code"),
    "stars": ("stars", "hang sao", "so sao", "sao", "hang"),
    "price": ("price vnd", "gia", "gia ban", "don gia", "gia ban le", "price"),
    "unit": ("unit", "don vi", "don vi tinh", "dvt"),
    "name_en": ("name en", "ten tieng anh"),
    "barcode": ("barcode", "ma vach", "ean", "gtin"),
    "vat": ("vat", "thue", "thue suat", "thue gtgt", "thue suat gtgt"),
    "alcohol": ("alcohol", "do con", "nong do con"),
    "decision_no": ("decision no", "so quyet dinh", "quyet dinh"),
    "recognised": ("recognised", "nam cong nhan", "ngay cong nhan", "ngay cap"),
    "source": ("source", "nguon"),
    "note": ("note", "ghi chu"),
}
NEEDED = {"name": "“Tên sản phẩm”", "producer": "“Chủ thể”"}
UNKNOWN_PRODUCER = "Chưa rõ chủ thể"
CLASSES = {"kct": ("KCT", 0), "khong chiu thue": ("KCT", 0), "kkknt": ("KKKNT", 0), "truc tiep": ("direct", 0)}


@dataclass(frozen=True)
class Problem:
    """One thing to mend. Row as the person counts it, 1 is the header; 0 is the file as a whole."""

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


class _Bad(ValueError):
    """The message is a code of EXPECTED."""


_UNITS = {"": 1, "k": 1_000, "nghin": 1_000, "ngan": 1_000, "tr": 1_000_000, "trieu": 1_000_000}
_PRICE = re.compile(r"(\d[\d., ]*?) ?(k|nghin|ngan|tr|trieu)? ?(d|dong|vnd|₫)?")
_WHOLE = re.compile(r"\d+|\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*")
_PART = re.compile(r"(\d+)(?:[.,](\d{1,3}))?")


def parse_price(text: str) -> int:
    """đồng from what people write: `125.000 đ`, `125,000`, `125k`, `1,2tr`. Raises ValueError.

    A bare number under 500 is refused: it was surely meant in thousands."""
    found = _PRICE.fullmatch(fold(text).strip())
    if not found:
        raise _Bad("price")
    figure, times = found[1].strip(), _UNITS[found[2] or ""]
    if times == 1:
        if not _WHOLE.fullmatch(figure):
            raise _Bad("price")
        amount = int(re.sub(r"[., ]", "", figure))
        if 0 < amount < 500:
            raise _Bad("price")
        return amount
    part = _PART.fullmatch(figure)
    if not part:
        raise _Bad("price")
    return (int(part[1]) * 1000 + int((part[2] or "").ljust(3, "0"))) * times // 1000


def parse_stars(text: str) -> int:
    """`4`, `4 sao`, `★★★★`. Raises ValueError: only 3 to 5 are certified."""
    if text and not text.strip("★⭐ "):
        stars = sum(c in "★⭐" for c in text)
    else:
        found = re.fullmatch(r"(\d)(?: ?(?:sao|\*|stars?))?", fold(text).strip())
        stars = int(found[1]) if found else 0
    if stars not in (3, 4, 5):
        raise _Bad("stars")
    return stars


def parse_vat(text: str) -> tuple[str, int]:
    """(class, basis points): `8%`, `KCT`. `0%` is the class zero. Raises ValueError."""
    plain = fold(text).strip()
    if plain in CLASSES:
        return CLASSES[plain]
    found = re.fullmatch(r"(\d{1,2})(?:[.,]0+)? ?%?", plain)
    if plain in {"0.05", "0.08", "0.1"}:  # a cell formatted as per cent
        return "standard", round(float(plain) * 10_000)
    if not found:
        raise _Bad("vat")
    return ("standard", int(found[1]) * 100) if int(found[1]) else ("zero", 0)


def parse_alcohol(text: str) -> int:
    """Strength in hundredths of a percent by volume: `29`, `29,5 %`, `29 độ`. Raises ValueError."""
    found = re.fullmatch(r"(\d{1,2})(?:[.,](\d{1,2}))? ?(?:%|do|vol|% vol)?", fold(text).strip())
    if not found:
        raise _Bad("alcohol")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def parse_barcode(text: str) -> str:
    """A GTIN without blanks. Raises ValueError."""
    code = text.replace(" ", "").replace("-", "")
    if not is_gtin(code):
        raise _Bad("barcode")
    return code


def parse_group(text: str) -> str:
    """A code of Decision 148, `I.5.a` (or `i5a`), or its name. Raises ValueError."""
    found = _groups().get(fold(text).replace(".", "").replace(" ", ""))
    if found is None:
        raise _Bad("group")
    return found


def _groups() -> dict[str, str]:
    rows = read("ocop-groups")
    names = {fold(row["name_vi"]).replace(" ", ""): row["code"] for row in reversed(rows)}
    return names | {fold(row["code"]).replace(".", ""): row["code"] for row in rows}


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class _Row:
    """One row under reading: gives cells by meaning, collects problems."""

    def __init__(self, number: int, cells: list[str], columns: dict[str, int], titles: list[str]) -> None:
        self.number, self.columns, self.titles = number, columns, titles
        self.cells = cells
        self.problems: list[Problem] = []

    def text(self, meaning: str) -> str:
        place = self.columns.get(meaning)
        return self.cells[place] if place is not None and place < len(self.cells) else ""

    def wrong(self, meaning: str, code: str, **facts: object) -> None:
        place = self.columns[meaning]
        self.problems.append(Problem(self.number, self.titles[place], self.text(meaning), code, tuple(facts.items())))

    def read(self, meaning: str, parse: Callable[[str], Any]) -> Any:
        text = self.text(meaning)
        if not text:
            return None
        try:
            return parse(text)
        except _Bad as bad:
            self.wrong(meaning, str(bad))
            return None


def _columns(titles: list[str]) -> tuple[dict[str, int], list[Problem]]:
    meanings = {alias: meaning for meaning, aliases in HEADERS.items() for alias in aliases}
    columns: dict[str, int] = {}
    problems = []
    for place, title in enumerate(titles):
        plain = " ".join(re.findall(r"[a-z0-9]+", fold(title)))
        meaning = meanings.get(plain)
        if meaning in columns:
            problems.append(Problem(1, title, title, "two_columns"))
        elif meaning:
            columns[meaning] = place
    for meaning, names in NEEDED.items():
        if meaning not in columns:
            problems.append(Problem(1, names, "", "no_column", (("names", names),)))
    return columns, problems


def _product(row: _Row) -> ImportedProduct:
    if not row.text("name"):
        row.wrong("name", "required")
    commune = row.text("commune") or None
    province = row.text("province_now") or row.text("province") or None
    producer = row.text("producer")
    if not producer:  # some sources name none: such goods wait under their commune until somebody knows
        producer = f"{UNKNOWN_PRODUCER} ({commune or province or '?'})"
    note = fold(row.text("note"))
    vat: tuple[str, int] | None = row.read("vat", parse_vat)
    facts = ProductFacts(
        name=row.text("name"),
        group_code=row.read("group_code", parse_group),
        unit=row.text("unit") or "cái",
        name_en=row.text("name_en") or None,
        commune=commune,
        province=province,
        alcohol_bp=row.read("alcohol", parse_alcohol) or 0,
        source=row.text("source") or None,
    )
    return ImportedProduct(
        row=row.number,
        producer=producer,
        facts=facts,
        stars=row.read("stars", parse_stars),
        potential_five="tiem nang 5 sao" in note,
        decision_no=row.text("decision_no") or None,
        recognised=row.text("recognised") if _is_date(row.text("recognised")) else None,
        price_vnd=row.read("price", parse_price),
        barcode=row.read("barcode", parse_barcode),
        vat_class=vat[0] if vat else None,
        vat_bp=vat[1] if vat else None,
    )


def read_products(path: Path) -> tuple[list[ImportedProduct], list[Problem]]:
    """All rows of a CSV or XLSX file, and everything wrong with it. With any problem, import nothing."""
    try:
        table = read_table(path)
    except Unreadable as unreadable:
        return [], [Problem(0, "", path.name, str(unreadable))]
    (_, titles), rows = table[0], table[1:]
    columns, problems = _columns(titles)
    if problems or not rows:
        return [], problems or [Problem(0, "", path.name, "empty")]
    good: list[ImportedProduct] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in rows:
        row = _Row(number, cells, columns, titles)
        product = _product(row)
        key = (fold(product.producer), fold(product.facts.name))
        if not row.problems and (first := seen.setdefault(key, number)) != number:
            row.wrong("name", "repeats", row=first)
        if row.problems:
            problems += row.problems
        else:
            good.append(product)
    return good, problems
