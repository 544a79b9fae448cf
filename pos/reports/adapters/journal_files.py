"""The journal as a file, by a map of columns that is data: one row per posting, or pairs of debit and credit as
bookkeeping programs import them. Rows go out as they come in; nothing holds a whole book in memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from pos.ledger.rules import ACCOUNTS
from pos.web.tables import Cell, plain

FOLDER = Path(__file__).parent / "journal"
POSTING = {"day", "seq", "kind", "paper", "account", "account_name", "dimension", "debit", "credit", "producer", "site",
           "at", "recorded", "entry_id", "hash"}  # fmt: skip
PAIR = {"day", "voucher", "told", "kind", "debit_code", "credit_code", "amount", "debit_party", "credit_party", "site"}


@dataclass(frozen=True, slots=True)
class JournalMap:
    """Which columns in which order, and what each account is called there."""

    code: str
    name: dict[str, str]
    rows: str
    columns: tuple[tuple[str, str], ...]
    accounts: dict[str, str]
    note: str

    @property
    def heads(self) -> list[str]:
        return [head for head, _ in self.columns]


@dataclass(frozen=True, slots=True)
class Posted:
    """One posting as words."""

    account: str
    account_name: str
    dimension: str
    amount_vnd: int
    producer: str
    site: str


@dataclass(frozen=True, slots=True)
class Entered:
    """One entry as words, its postings in their order."""

    id: str
    seq: int
    day: date
    at: datetime
    recorded: datetime
    kind: str
    paper: str
    hash: str
    lines: tuple[Posted, ...]


@lru_cache(maxsize=1)
def maps() -> dict[str, JournalMap]:
    """By code. A file that names an unknown field or lacks an account fails at once."""
    found = {}
    for path in sorted(FOLDER.glob("*.json")):
        said = json.loads(path.read_text(encoding="utf-8"))
        columns = tuple((each["head"], each["value"]) for each in said["columns"])
        known, accounts = (PAIR if said["rows"] == "pairs" else POSTING), said.get("accounts", {})
        if any(value not in known for _, value in columns):
            raise ValueError(f"{path.name}: unknown field")
        if said["rows"] == "pairs" and accounts.keys() != ACCOUNTS.keys():
            raise ValueError(f"{path.name}: {sorted(accounts.keys() ^ ACCOUNTS.keys())}")
        found[said["code"]] = JournalMap(
            said["code"], said["name"], said["rows"], columns, accounts, said.get("note", "")
        )
    return found


def pairs_of(lines: Sequence[Posted]) -> Iterator[tuple[Posted, Posted, int]]:
    """(debit, credit, amount) whose sums by account are those of the entry: debits are used up by credits in order."""
    debits = [(line, line.amount_vnd) for line in lines if line.amount_vnd > 0]
    credits_ = [(line, -line.amount_vnd) for line in lines if line.amount_vnd < 0]
    while debits and credits_:
        (debit, left), (credit, right) = debits[0], credits_[0]
        amount = min(left, right)
        yield debit, credit, amount
        debits[0], credits_[0] = (debit, left - amount), (credit, right - amount)
        debits = debits[1:] if left == amount else debits
        credits_ = credits_[1:] if right == amount else credits_


def rows_of(map_: JournalMap, entries: Iterable[Entered]) -> Iterator[list[Cell]]:
    """The rows of a file, one entry after the other."""
    for entry in entries:
        for row in _pairs(map_, entry) if map_.rows == "pairs" else _postings(entry):
            yield [row[value] for _, value in map_.columns]


def _postings(entry: Entered) -> Iterator[dict[str, Cell]]:
    for line in entry.lines:
        yield {
            "day": entry.day, "seq": entry.seq, "kind": entry.kind, "paper": entry.paper, "account": line.account,
            "account_name": line.account_name, "dimension": line.dimension,
            "debit": max(0, line.amount_vnd) or None, "credit": max(0, -line.amount_vnd) or None,
            "producer": line.producer, "site": line.site, "at": entry.at, "recorded": entry.recorded,
            "entry_id": entry.id, "hash": entry.hash,
        }  # fmt: skip


def _pairs(map_: JournalMap, entry: Entered) -> Iterator[dict[str, Cell]]:
    for debit, credit, amount in pairs_of(entry.lines):
        yield {
            "day": entry.day, "voucher": f"NK{entry.seq:07d}", "told": f"{entry.kind} {entry.paper}".strip(),
            "kind": entry.kind, "debit_code": map_.accounts[debit.account],
            "credit_code": map_.accounts[credit.account], "amount": amount,
            "debit_party": debit.dimension if ACCOUNTS[debit.account] else "",
            "credit_party": credit.dimension if ACCOUNTS[credit.account] else "", "site": debit.site or credit.site,
        }  # fmt: skip


def csv_chunks(heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, size: int = 500) -> Iterator[bytes]:
    """A CSV file a few hundred rows at a time; Excel reads its Vietnamese."""
    out = StringIO()
    write = csv.writer(out)
    write.writerow(heads)
    yield "\ufeff".encode()
    for n, row in enumerate(rows, 1):
        write.writerow([plain(cell) for cell in row])
        if n % size == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def write_xlsx(out: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str) -> None:
    """A sheet written row by row through a file beside it; a sheet that is full is followed by another."""
    import xlsxwriter

    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    style = {"bold": book.add_format({"bold": True, "bottom": 1}), "money": book.add_format({"num_format": "#,##0"}),
             "day": book.add_format({"num_format": "dd/mm/yyyy"})}  # fmt: skip
    sheet: Any = None
    y, sheets = MOST_ROWS, 0
    for row in _with_one(rows):
        if y >= MOST_ROWS:
            sheets += 1
            sheet = book.add_worksheet(f"{title[:26]} {sheets}" if sheets > 1 else title[:31])
            sheet.set_column(0, len(heads) - 1, 16)
            sheet.freeze_panes(1, 0)
            for x, head in enumerate(heads):
                sheet.write_string(0, x, head, style["bold"])
            y = 1
        for x, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(y, x, cell, style["money"])
            elif isinstance(cell, date) and not isinstance(cell, datetime):
                sheet.write_datetime(y, x, datetime(cell.year, cell.month, cell.day), style["day"])  # noqa: DTZ001
            elif cell:
                sheet.write_string(y, x, str(plain(cell)).removeprefix("'"))
        y += 1
    book.close()


MOST_ROWS = 1_000_000  # of a sheet; Excel ends at 1,048,576


def _with_one(rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """At least one row, so that the sheet and its heads are there."""
    empty = True
    for row in rows:
        empty = False
        yield row
    if empty:
        yield []


def sheet_chunks(heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str) -> Iterator[bytes]:
    """An XLSX file: written row by row into a file without a name, then sent from its beginning."""
    with TemporaryFile() as file:
        write_xlsx(file, heads, rows, title=title)
        file.seek(0)
        while part := file.read(65_536):
            yield part
