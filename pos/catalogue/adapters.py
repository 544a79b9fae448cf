"""Files as people have them: CSV in four encodings, XLSX. Out comes text in cells; knows nothing of products."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from zipfile import BadZipFile

from python_calamine import CalamineError, load_workbook

from pos.kernel.text import nfc

MAX_BYTES = 20 * 1024 * 1024
DELIMITERS = ",;\t"


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message is a code: size, encoding, format, empty."""


def decode(data: bytes) -> str:
    """Text from UTF-8 (with or without BOM), UTF-16 or Windows-1258, which Vietnamese Excel still writes.

    Raises Unreadable("encoding").
    """
    if data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data[:400].count(b"\0") * 4 > len(data[:400]):  # UTF-16 without a mark: every second byte of ASCII is 0
        encodings = ["utf-16-le" if data[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8", "cp1258"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")


def _text(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return nfc(str(value))


def _csv(data: bytes) -> list[list[str]]:
    text = decode(data)
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        return [[_text(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise Unreadable("format") from error


def _xlsx(data: bytes) -> list[list[str]]:
    try:
        book = load_workbook(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, BadZipFile, OSError, ValueError, IndexError) as error:
        raise Unreadable("format") from error
    return [[_text(cell) for cell in row] for row in rows]


def read_table(path: Path) -> list[tuple[int, list[str]]]:
    """(row number as the person sees it, cells in NFC) of each row that is not empty; the first is the header.

    Raises Unreadable.
    """
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        raise Unreadable("size")
    rows = _xlsx(data) if data.startswith(b"PK") else _csv(data)
    found = [(n, row) for n, row in enumerate(rows, 1) if any(row)]
    if not found:
        raise Unreadable("empty")
    return found
