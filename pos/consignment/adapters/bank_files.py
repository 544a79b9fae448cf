"""Payouts as a file a bank reads: which columns, in which order, is said by data files beside this one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path

from pos.catalogue.adapters.tables import written_csv
from pos.consignment.rules.payouts import Transfer

FOLDER = Path(__file__).parent / "banks"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """One bank's columns: (head, which field of a transfer)."""

    code: str
    name: dict[str, str]
    kind: str
    columns: tuple[tuple[str, str], ...]
    verified: bool = True  # compared with the bank's own template


@lru_cache(maxsize=1)
def layouts() -> dict[str, Layout]:
    """By code. A file that names an unknown field fails at once."""
    found = {}
    for path in sorted(FOLDER.glob("*.json")):
        said = json.loads(path.read_text(encoding="utf-8"))
        columns = tuple((each["head"], each["value"]) for each in said["columns"])
        if said["kind"] not in TYPES or any(value not in Transfer.__dataclass_fields__ for _, value in columns):
            raise ValueError(f"{path.name}: unknown kind or field")
        found[said["code"]] = Layout(said["code"], said["name"], said["kind"], columns, said.get("verified", True))
    return dict(sorted(found.items(), key=lambda item: not item[1].verified))


def writer(layout: Layout) -> Callable[[Sequence[Transfer]], bytes]:
    """What makes the bytes of a batch."""
    return partial(_xlsx if layout.kind == "xlsx" else _csv, layout)


def _table(layout: Layout, rows: Sequence[Transfer]) -> list[list[object]]:
    head: list[object] = [head for head, _ in layout.columns]
    return [head, *([getattr(row, value) for _, value in layout.columns] for row in rows)]


def _csv(layout: Layout, rows: Sequence[Transfer]) -> bytes:
    return written_csv(_table(layout, rows))


def _xlsx(layout: Layout, rows: Sequence[Transfer]) -> bytes:
    """Account numbers stay text, sums are numbers; nothing becomes a formula."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Chi tra")
    for y, row in enumerate(_table(layout, rows)):
        for x, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(y, x, value)
            else:
                sheet.write_string(y, x, str(value))
    sheet.set_column(0, len(layout.columns) - 1, 22)
    book.close()
    return out.getvalue()
