"""CSV and XLSX to rows of text and back. Refuses what would fill the memory before opening it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import CalamineError, load_workbook

from pos.catalogue.adapters.encodings import Unreadable, decode, refuse_broken
from pos.kernel.text import nfc

MIB = 1024 * 1024
MAX_BYTES = 15 * MIB
MAX_UNPACKED = 200 * MIB
MAX_ROWS, MAX_COLUMNS = 100_000, 256
DELIMITERS = ";,\t|"
SAMPLE = 40  # lines that tell the delimiter

_INVISIBLE = re.compile("[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u2060\ufeff]")
_REF = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^>]*?\sr=["']([A-Z]{0,3})(\d{1,9})["']""")
_LAST = "IV"  # column 256


@dataclass(frozen=True)
class Table:
    """A sheet: (row number as the person sees it, cells in NFC) of each row that is not empty."""

    name: str
    rows: list[tuple[int, list[str]]]


def read_tables(data: bytes) -> list[Table]:
    """The sheets of a workbook, or the one table of a CSV file, without the empty ones.

    Raises Unreadable: size, unpacked, cells, encoding, tcvn3, vni, mojibake, lost, format, old_format, empty.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("size")
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # Excel 97, or a workbook with a password
        raise Unreadable("old_format")
    sheets = _xlsx(data) if data.startswith(b"PK") else [("", _csv(data))]
    tables = [Table(name, _filled(rows)) for name, rows in sheets]
    if not (tables := [table for table in tables if table.rows]):
        raise Unreadable("empty")
    return tables


def _filled(rows: Iterable[Sequence[object]]) -> list[tuple[int, list[str]]]:
    found = []
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS or len(row) > MAX_COLUMNS:
            raise Unreadable("cells")
        cells = [_text(cell) for cell in row]
        if any(cells):
            found.append((number, cells))
    return found


def _text(value: object) -> str:
    if isinstance(value, str):
        return value if value.isalnum() and value.isascii() else nfc(_INVISIBLE.sub("", value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.10f}".rstrip("0").replace(".", ",")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return nfc(str(value))


# ── CSV ──────────────────────────────────────────────────────────────────────
def _csv(data: bytes) -> list[list[str]]:
    text = decode(data)
    first = text[:12].split("\n", 1)[0].strip()
    said = re.fullmatch(r'"?sep=([;,|\t])"?', first)  # Excel's own way of telling the delimiter
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=said[1] if said else _delimiter(text)))
    except csv.Error as error:
        raise Unreadable("format") from error
    return [[], *rows[1:]] if said else rows


def _delimiter(text: str) -> str:
    """The sign that cuts most of the first lines into the same number of cells."""
    lines = [line for line in text[:100_000].splitlines()[:SAMPLE] if line.strip()]

    def fit(sign: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
        except csv.Error:
            return (0, 0)
        return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))

    return max(DELIMITERS, key=fit)


def written_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a mark, as Excel opens it, every cell made safe."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerows([safe_cell("" if cell is None else str(cell)) for cell in row] for row in rows)
    return made.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula: `=1+1` → `'=1+1`. Plain negative numbers stay."""
    if text[:1] in "=+-@\t\r" and text and not re.fullmatch(r"-\d+", text):
        return "'" + text
    return text


def spoken_cell(text: str) -> str:
    """What `safe_cell` was given: our own exports are read back as they were."""
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text


# ── XLSX ─────────────────────────────────────────────────────────────────────
def _xlsx(data: bytes) -> list[tuple[str, list[list[object]]]]:
    _measure(data)
    try:
        book = load_workbook(io.BytesIO(data))
        sheets = [
            (str(name), book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        ]
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError) as error:
        raise Unreadable("format") from error
    for _, rows in sheets:
        refuse_broken("\n".join(cell for row in rows[:2000] for cell in row if isinstance(cell, str)))
    return sheets  # type: ignore[return-value]  # calamine's cells are of a closed union


def _measure(data: bytes) -> None:
    """Unpack piece by piece without keeping anything: too much is refused, also when the file lies about its size.

    A sheet is laid out as a rectangle, so one cell far away would cost the memory of all between.
    """
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
            if len(members) > 1000 or sum(member.file_size for member in members) > MAX_UNPACKED:
                raise Unreadable("unpacked")
            for member in members:
                sheet = member.filename.startswith("xl/worksheets/")
                rest = b""
                with packed.open(member) as stream:
                    while piece := stream.read(MIB):
                        left -= len(piece)
                        if left < 0:
                            raise Unreadable("unpacked")
                        if sheet:
                            rest = _within(rest + piece)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unreadable("format") from error


def _within(xml: bytes) -> bytes:
    """Check the references of a piece; returns its tail, where a tag may have been cut."""
    for column, row in _REF.findall(xml):
        if int(row) > MAX_ROWS or (len(column), column.decode()) > (len(_LAST), _LAST):
            raise Unreadable("cells")
    return xml[-200:]
