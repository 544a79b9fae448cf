"""A go-live workbook, cell by cell: goods, stock, debts, advances, cash and the control totals. Touches no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from pos.catalogue.adapters import Table, Unreadable, read_tables
from pos.catalogue.commands import ImportedProduct
from pos.catalogue.imports import Problem, parse_barcodes, parse_date
from pos.catalogue.imports.cells import Bad, parse_amount, parse_qty
from pos.catalogue.imports.headers import find_header
from pos.catalogue.imports.reading import Row, read_table, rows_below
from pos.consignment.golive import sheets
from pos.consignment.golive.sheets import ADVANCES, CASH, CONTROL, CONTROLS, GOODS, OWED, SHEETS, STOCK

Each = Callable[[Sequence[Any]], Iterable[Any]]
T = TypeVar("T")
COUNTED = 1_000  # one piece


@dataclass(frozen=True)
class StockRow:
    """So much of a product at one place; whose it is: the producer's (consigned) or the operator's own."""

    row: int
    name: str
    producer: str
    barcodes: tuple[str, ...]
    site: str
    qty_milli: int
    own: bool
    expires_on: date | None
    titles: dict[str, str]


@dataclass(frozen=True)
class MoneyRow:
    """An amount of a producer (owed, advanced), or on one of the operator's accounts."""

    row: int
    amount_vnd: int
    producer: str = ""
    account: str = ""
    site: str = ""
    note: str | None = None
    titles: dict[str, str] = field(default_factory=dict)


@dataclass
class Workbook:
    """What a workbook says. `problems` first to last; with any, nothing of it is taken in."""

    goods: list[ImportedProduct] = field(default_factory=list)
    stock: list[StockRow] = field(default_factory=list)
    owed: list[MoneyRow] = field(default_factory=list)
    advances: list[MoneyRow] = field(default_factory=list)
    cash: list[MoneyRow] = field(default_factory=list)
    controls: dict[str, int] = field(default_factory=dict)
    control_rows: dict[str, int] = field(default_factory=dict)
    day: date | None = None
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def read_workbook(data: bytes, name: str, each: Each = iter) -> Workbook:
    """Every sheet known by its name; the others are told as ignored."""
    out = Workbook()
    try:
        tables = read_tables(data)
    except Unreadable as unreadable:
        out.problems.append(Problem(0, "", name, str(unreadable)))
        return out
    seen: set[str] = set()
    for table in tables:
        code = sheets.sheet_named(table.name)
        if code is None or code in seen:
            out.ignored.append(table.name)
            continue
        seen.add(code)
        _READERS[code](out, table, each)
    if CONTROL not in seen:
        out.problems.append(Problem(0, "", name, "no_sheet", (("title", SHEETS[CONTROL].title),)))
    elif out.day is None and not any(p.column.startswith(SHEETS[CONTROL].title) for p in out.problems):
        out.problems.append(Problem(0, SHEETS[CONTROL].title, "", "no_control", (("title", "Ngày mở sổ"),)))
    if seen <= {CONTROL}:
        out.problems.append(Problem(0, "", name, "no_sheet", (("title", "Hàng hóa, Tồn kho, Tiền…"),)))
    return out


def located(sheet: str, problem: Problem) -> Problem:
    """The same problem, its column with its sheet before it."""
    return replace(problem, column=f"{sheet} · {problem.column}" if problem.column else sheet)


def _goods(out: Workbook, table: Table, each: Each) -> None:
    read = read_table(table, find_header(table.rows), table.name, each)
    out.goods = read.good
    out.problems += [located(table.name, problem) for problem in read.problems]


def _rows(out: Workbook, code: str, table: Table, each: Each) -> Iterable[tuple[Row, dict[str, str]]]:
    """The rows of a sheet; what is wrong with each is kept after it was read."""
    sheet = SHEETS[code]
    header = find_header(table.rows, sheet.columns, sheet.needed)
    out.problems += [located(table.name, problem) for problem in header.problems]
    if header.problems:
        return
    titles = {meaning: f"{table.name} · {header.titles[place]}" for meaning, place in header.columns.items()}
    lonely: list[Problem] = []
    for row in rows_below(table.rows, header, lonely, each):
        yield row, titles
        out.problems += [located(table.name, problem) for problem in row.problems]
    out.problems += [located(table.name, problem) for problem in lonely]


def _needed(row: Row, meaning: str, parse: Callable[[str], T]) -> T | None:
    if not row.text(meaning):
        if not any(problem.column == row.header.titles[row.header.columns[meaning]] for problem in row.problems):
            row.wrong(meaning, "required")
        return None
    return row.read(meaning, parse)


def _stock(out: Workbook, table: Table, each: Each) -> None:
    for row, titles in _rows(out, STOCK, table, each):
        name, site = _needed(row, "name", str), _needed(row, "site", str)
        qty = _needed(row, "qty", parse_qty)
        owner = row.read("owner", _owner)
        made = StockRow(
            row.number, name or "", row.text("producer"), row.read("barcode", parse_barcodes) or (), site or "",
            qty or 0, owner == "own", row.read("expires", parse_date), titles,
        )  # fmt: skip
        if not row.found and made.qty_milli:
            out.stock.append(made)


def _owner(text: str) -> str:
    if (found := sheets.said(text, sheets.OWNERS)) is None:
        raise Bad("owner")
    return found


def _account(text: str) -> str:
    if (found := sheets.said(text, sheets.ACCOUNTS)) is None:
        raise Bad("account")
    return found


def _amount(row: Row) -> int | None:
    return _needed(row, "amount", lambda text: parse_amount(text, times=row.header.price_times))


def _producers_money(code: str) -> Callable[[Workbook, Table, Each], None]:
    def read(out: Workbook, table: Table, each: Each) -> None:
        into = out.owed if code == OWED else out.advances
        for row, titles in _rows(out, code, table, each):
            producer, amount = _needed(row, "producer", str), _amount(row)
            if not row.found and amount:
                made = MoneyRow(row.number, amount, producer or "", note=row.text("note") or None, titles=titles)
                into.append(made)

    return read


def _cash(out: Workbook, table: Table, each: Each) -> None:
    for row, titles in _rows(out, CASH, table, each):
        account, amount = _needed(row, "account", _account), _amount(row)
        site = row.text("site")
        if account == "safe" and not site:
            row.wrong("site" if "site" in row.header.columns else "account", "safe_site")
        if not row.found and amount:
            out.cash.append(MoneyRow(row.number, amount, account=account or "", site=site, titles=titles))


def _control(out: Workbook, table: Table, each: Each) -> None:
    for row, _titles in _rows(out, CONTROL, table, each):
        what = sheets.said(row.text("what"), CONTROLS)
        if what is None:
            row.wrong("what", "control")
        elif what == "day":
            out.day = _needed(row, "value", parse_date)
        else:
            parse = parse_qty if what == "qty" else _count if what == "goods" else parse_amount
            if (value := _needed(row, "value", parse)) is not None:
                out.controls[what], out.control_rows[what] = value, row.number


def _count(text: str) -> int:
    milli = parse_qty(text)
    if milli % COUNTED:
        raise Bad("qty_whole")
    return milli // COUNTED


_READERS: dict[str, Callable[[Workbook, Table, Each], None]] = {
    GOODS: _goods, STOCK: _stock, OWED: _producers_money(OWED), ADVANCES: _producers_money(ADVANCES), CASH: _cash,
    CONTROL: _control,
}  # fmt: skip
