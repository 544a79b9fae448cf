"""A file of products, cell by cell: CSV or XLSX in, rows for the register and problems out. Touches no database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pos.catalogue.adapters import MAX_BYTES, Table, Unreadable, read_tables, spoken_cell
from pos.catalogue.commands import ImportedProduct, ProductFacts
from pos.catalogue.imports import cells as read_cell
from pos.catalogue.imports.cells import Bad
from pos.catalogue.imports.headers import Header
from pos.catalogue.imports.systems import recognise
from pos.catalogue.problems import Problem
from pos.kernel.text import fold
from pos.producers.rules import NOBODY

T = TypeVar("T")
Each = Callable[[Sequence[T]], Iterable[T]]  # goes through rows, telling somebody how far it is
MOST = {
    "name": 160, "producer": 200, "name_en": 160, "unit": 20, "commune": 80, "province": 80, "decision_no": 60,
    "issuer": 160, "source": 500,
}  # fmt: skip
_NOTHING = re.compile(r"[-–—_.…/]*|n/?a|không có", re.IGNORECASE)
_BROKEN = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)", re.IGNORECASE)
_FULL_STOP = re.compile(r"[=@][A-Za-z0-9_(\"'+-]")


@dataclass(frozen=True)
class FileRead:
    """What a file says: rows without a problem, the problems of the others, columns nobody asked for."""

    good: list[ImportedProduct]
    problems: list[Problem]
    rows: int = 0
    ignored: tuple[str, ...] = ()
    system: str = ""  # whose list it is, when it is not one of ours
    guessed: str = ""  # the title producers were taken from, for a person to confirm


class Row:
    """One row under reading: gives cells by meaning, collects problems."""

    def __init__(self, number: int, cells: list[str], header: Header) -> None:
        self.number, self.cells, self.header = number, cells, header
        self.found: list[tuple[int, Problem]] = []

    @property
    def problems(self) -> list[Problem]:
        """In order of columns."""
        return [problem for _, problem in sorted(self.found, key=lambda one: one[0])]

    def text(self, meaning: str) -> str:
        place = self.header.columns.get(meaning)
        text = self.cells[place] if place is not None and place < len(self.cells) else ""
        if not text:
            return ""
        text = spoken_cell(text)
        if _NOTHING.fullmatch(text):
            return ""
        if len(text) > MOST.get(meaning, 1000):
            self.wrong(meaning, "long", most=MOST.get(meaning, 1000))
            return ""
        if text[0] == "#" and _BROKEN.fullmatch(text):
            self.wrong(meaning, "formula_error")
            return ""
        if text[0] in "=@" and _FULL_STOP.match(text):
            self.wrong(meaning, "formula")
            return ""
        return text

    def wrong(self, meaning: str, code: str, part: str | None = None, **facts: object) -> None:
        """part: what is wrong of a cell that holds several things."""
        place = self.header.columns[meaning]
        value = part or (self.cells[place] if place < len(self.cells) else "")
        problem = Problem(self.number, self.header.titles[place], value[:200], code, tuple(facts.items()))
        if (place, problem) not in self.found:
            self.found.append((place, problem))

    def read(self, meaning: str, parse: Callable[[str], T]) -> T | None:
        text = self.text(meaning)
        if not text:
            return None
        try:
            return parse(text)
        except Bad as bad:
            self.wrong(meaning, bad.code, bad.part, **bad.facts)
            return None


def _product(row: Row, titles: dict[str, str]) -> ImportedProduct:
    name, producer = row.text("name"), row.text("producer")
    if not name and not row.found:
        row.wrong("name", "required")
    commune = row.text("commune") or None
    province = row.text("province_now") or row.text("province") or None
    if not producer:  # some sources name none: such goods wait under their commune until somebody knows
        producer = f"{NOBODY} ({commune or province or '?'})"
    said, note = row.text("stars"), row.text("note")
    hoped = read_cell.is_potential_five(said) or read_cell.is_potential_five(note)
    stars = 4 if read_cell.is_potential_five(said) else row.read("stars", read_cell.parse_stars)
    vat = row.read("vat", read_cell.parse_vat)
    times = row.header.price_times
    starts, ends = _dates(row)
    facts = ProductFacts(
        name=name,
        group_code=row.read("group_code", read_cell.parse_group),
        unit=row.text("unit") or "cái",
        weighed=bool(row.read("weighed", read_cell.parse_yes)),
        name_en=row.text("name_en") or None,
        commune=commune,
        province=province,
        alcohol_bp=row.read("alcohol", read_cell.parse_alcohol) or 0,
        shelf_life_days=row.read("shelf_life", read_cell.parse_days),
        source=row.text("source") or None,
    )
    return ImportedProduct(
        row=row.number,
        producer=producer,
        facts=facts,
        stars=stars,
        potential_five=hoped,
        decision_no=row.text("decision_no") or None,
        issuer=row.text("issuer") or None,
        recognised=starts.isoformat() if starts else None,
        valid_to=ends,
        price_vnd=row.read("price", lambda text: read_cell.parse_price(text, times=times)),
        cost_vnd=row.read("cost", lambda text: read_cell.parse_amount(text, times=times)),
        barcodes=row.read("barcode", read_cell.parse_barcodes) or (),
        vat_class=vat[0] if vat else None,
        vat_bp=vat[1] if vat else None,
        titles=titles,
    )


def _dates(row: Row) -> tuple[date | None, date | None]:
    """(recognised, valid to); a year alone is known but gives no day."""
    said = row.text("recognised")
    starts = None if read_cell.is_year(said) else row.read("recognised", read_cell.parse_date)
    ends = row.read("valid_to", read_cell.parse_date)
    if starts and ends and ends < starts:
        row.wrong("valid_to", "date_order")
    return starts, ends


class _Seen:
    """What earlier rows took: names of a producer, barcodes."""

    def __init__(self) -> None:
        self.products: dict[tuple[str, str], int] = {}
        self.codes: dict[str, int] = {}

    def note(self, row: Row, product: ImportedProduct) -> None:
        """Remember a row, or tell it what it repeats."""
        key = (fold(product.producer), fold(product.facts.name))
        if (first := self.products.setdefault(key, row.number)) != row.number:
            row.wrong("name", "repeats", row=first)
        for code in product.barcodes:
            if (first := self.codes.setdefault(code, row.number)) != row.number:
                row.wrong("barcode", "barcode_repeats", code, row=first)


def read_file(
    data: bytes, name: str, each: Each[Any] = iter, makers: Mapping[str, str] = MappingProxyType({})
) -> FileRead:
    """All rows of a CSV or XLSX file, and everything wrong with it; `name` is what the person calls it.

    A workbook's sheet is the first that has a header of ours, or of a system we know. `each` may show how far it is.
    makers: what stands in a supplier or brand column → the producer a person said it is.
    """
    try:
        tables = read_tables(data)
    except Unreadable as unreadable:
        return FileRead([], [Problem(0, "", name, str(unreadable))])
    found, table = max(
        ((recognise(table.rows), table) for table in tables),
        key=lambda pair: (pair[0].header.fit[0], bool(pair[0].header.columns)),
    )
    read = read_table(table, found.header, name, each, makers if found.guessed else {})
    return replace(read, system=found.system, guessed=found.guessed)


def rows_below(
    rows: Sequence[tuple[int, list[str]]], header: Header, problems: list[Problem], each: Each[Any] = iter
) -> Iterator[Row]:
    """The rows of a table that say something; a lonely cell among many columns is a problem."""
    places = tuple(header.columns.values())
    for number, cells in each([(number, cells) for number, cells in rows if number > header.row]):
        if not any(place < len(cells) and cells[place] for place in places):
            continue  # only a running number or a remark of nobody's column
        if len(header.columns) > 2 and sum(map(bool, cells)) == 1:
            place = next(place for place, cell in enumerate(cells) if cell)
            title = header.titles[place] if place < len(header.titles) else ""
            problems.append(Problem(number, title, cells[place][:200], "lonely"))
            continue
        yield Row(number, cells, header)


def read_table(
    table: Table, header: Header, name: str, each: Each[Any] = iter, makers: Mapping[str, str] = MappingProxyType({})
) -> FileRead:
    """The products of one sheet below its header."""
    if header.problems or not any(number > header.row for number, _ in table.rows):
        return FileRead([], [*header.problems] or [Problem(0, "", name, "empty")], ignored=header.ignored)
    good: list[ImportedProduct] = []
    problems: list[Problem] = []
    titles = {meaning: header.titles[place] for meaning, place in header.columns.items()}
    seen, count = _Seen(), 0
    for row in rows_below(table.rows, header, problems, each):
        count += 1
        product = _product(row, titles)
        if product.producer in makers:
            product = replace(product, producer=makers[product.producer])
        if not row.found:
            seen.note(row, product)
        if row.found:
            problems += row.problems
        else:
            good.append(product)
    problems.sort(key=lambda problem: problem.row)
    return FileRead(good, problems, count, header.ignored)


def read_products(path: Path, each: Each[Any] = iter) -> tuple[list[ImportedProduct], list[Problem]]:
    """The rows of a file on disk that are right, and everything wrong. With any problem, import nothing."""
    if path.stat().st_size > MAX_BYTES:  # not even read
        return [], [Problem(0, "", path.name, "size")]
    found = read_file(path.read_bytes(), path.name, each)
    return found.good, found.problems
