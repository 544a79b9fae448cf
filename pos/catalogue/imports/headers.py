"""Which row is the header and what each column means: titles as people write them, in any order, on any row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pos.catalogue.problems import Problem
from pos.kernel.text import fold

HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("name vi", "ten san pham", "ten san pham ocop", "ten hang", "ten hang hoa", "san pham", "ten", "name",
             "ten mat hang", "mat hang", "product name"),
    "producer": ("producer", "chu the", "chu the ocop", "chu the san xuat", "co so san xuat", "nha san xuat",
                 "ten chu the", "don vi san xuat", "chu the san pham"),
    "commune": ("commune or district", "commune", "xa", "xa phuong", "phuong xa", "dia phuong", "dia chi"),
    "province": ("province", "tinh", "tinh thanh", "tinh thanh pho", "tinh tp"),
    "province_now": ("province after 2025 07", "tinh sau sap nhap", "tinh moi"),
    "group_code": ("subgroup code inferred", "ma nhom", "nhom", "nhom san pham", "nhom hang", "group code"),
    "stars": ("stars", "hang sao", "so sao", "sao", "hang", "xep hang", "ket qua phan hang"),
    "price": ("price vnd", "gia", "gia ban", "don gia", "gia ban le", "gia niem yet", "price"),
    "unit": ("unit", "don vi", "don vi tinh", "dvt", "quy cach"),
    "name_en": ("name en", "ten tieng anh"),
    "barcode": ("barcode", "ma vach", "ean", "gtin", "ma so ma vach", "ma ean"),
    "vat": ("vat", "thue", "thue suat", "thue gtgt", "thue suat gtgt"),
    "alcohol": ("alcohol", "do con", "nong do con"),
    "decision_no": ("decision no", "so quyet dinh", "quyet dinh", "so qd"),
    "issuer": ("issuer", "co quan cap", "noi cap"),
    "recognised": ("recognised", "nam cong nhan", "ngay cong nhan", "ngay cap", "ngay quyet dinh"),
    "valid_to": ("valid to", "ngay het han", "hieu luc den", "co gia tri den", "het han giay chung nhan"),
    "weighed": ("weighed", "ban theo can", "hang can", "can"),
    "shelf_life": ("shelf life days", "han dung", "han su dung", "thoi han su dung", "hsd"),
    "cost": ("gia von", "gia nhap", "cost", "standard cost"),
    "source": ("source", "nguon"),
    "note": ("note", "ghi chu"),
}  # fmt: skip
NEEDED = {"name": "“Tên sản phẩm”", "producer": "“Chủ thể”"}
SEARCHED = 30  # rows a header may stand below titles and letterheads
Aliases = Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=16)
def _meanings(aliases: frozenset[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    return {alias: meaning for meaning, names in aliases for alias in names}


def meanings_of(aliases: Aliases) -> dict[str, str]:
    """A title as people write it (folded) → what it means."""
    return _meanings(frozenset(aliases.items()))


_TAILS = re.compile(r" (?:vnd|dong|d|bat buoc|neu co|dong kg|vnd kg|required)$")
_THOUSANDS = re.compile(r"\b(?:nghin|ngan) dong\b|\b1[ .]?000 ?(?:d|dong|vnd)\b")


@dataclass(frozen=True)
class Header:
    """Where each meaning stands. `ignored`: titles nobody asked for; `price_times`: 1000 for “nghìn đồng”."""

    row: int
    titles: list[str]
    columns: dict[str, int] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    price_times: int = 1
    problems: tuple[Problem, ...] = ()
    needed: tuple[str, ...] = tuple(NEEDED)

    @property
    def fit(self) -> tuple[int, int]:
        """How much like a header of ours: the columns it must have, then all it has."""
        return sum(meaning in self.columns for meaning in self.needed), len(self.columns)


def title_key(title: str) -> str:
    """A title as titles are compared: `Mã SKU*` → `ma sku`."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(title)))


def meaning_of(title: str, aliases: Aliases = HEADERS) -> str | None:
    """The meaning of a column by its title: `GIÁ BÁN (VNĐ) *` → price. None when we have no use for it."""
    known = meanings_of(aliases)
    whole = title_key(title)
    if found := known.get(whole):
        return found
    bare = title_key(re.sub(r"\([^)]*\)|\[[^]]*\]", " ", title))
    return known.get(bare) or known.get(_TAILS.sub("", bare)) or known.get(_TAILS.sub("", whole))


def find_header(
    rows: Sequence[tuple[int, list[str]]], aliases: Aliases = HEADERS, needed: Mapping[str, str] = NEEDED
) -> Header:
    """The row among the first thirty that says most; titles above it are left alone."""
    found = (read_header(number, cells, aliases, needed) for number, cells in rows[:SEARCHED])
    best = max(found, key=lambda header: header.fit)
    return best if best.columns else read_header(*rows[0], aliases, needed)


def read_header(row: int, titles: list[str], aliases: Aliases = HEADERS, needed: Mapping[str, str] = NEEDED) -> Header:
    """One row read as a header, with what is wrong with it. `needed`: meanings it must have → how to call them."""
    columns: dict[str, int] = {}
    problems, ignored, times = [], [], 1
    for place, title in enumerate(titles):
        meaning = meaning_of(title, aliases)
        if meaning is None:
            ignored += [title] if title else []
        elif meaning in columns:
            problems.append(Problem(row, title, title, "two_columns"))
        else:
            columns[meaning] = place
            if meaning in ("price", "amount") and _THOUSANDS.search(fold(title)):
                times = 1000
    for meaning, names in needed.items():
        if meaning not in columns:
            problems.append(Problem(row, names, "", "no_column", (("names", names),)))
    return Header(row, titles, columns, tuple(ignored), times, tuple(problems), tuple(needed))
