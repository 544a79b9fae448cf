"""A bank's statement, CSV or XLSX, to lines; the columns are named in data files. Rows that cannot be read are told."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pos.catalogue.adapters.tables import read_tables
from pos.kernel.text import fold
from pos.payments.commands import Booked

LAYOUTS = Path(__file__).parent / "layouts"
Problem = tuple[int, str, str]  # row, value, what was expected
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%Y")


def layouts() -> dict[str, dict[str, Any]]:
    """The column maps there are, by code."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(LAYOUTS.glob("*.json"))]
    return {each["code"]: each for each in found}


def read_statement(data: bytes, layout: Mapping[str, Any]) -> tuple[list[Booked], list[Problem]]:
    """(lines, problems). The head row is the first that names a day, a text and an amount. Raises Unreadable."""
    for table in read_tables(data):
        for at, (number, cells) in enumerate(table.rows[:40]):
            places = _places(cells, layout["heads"])
            if {"day", "text"} <= places.keys() and ({"in", "out"} <= places.keys() or "amount" in places):
                return _rows(table.rows[at + 1 :], places)
            del number
    return [], [(1, "", "head")]


def _places(cells: Sequence[str], heads: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, cell in enumerate(cells):
        words = re.sub(r"[^a-z ]", "", fold(cell)).strip()
        for what, names in heads.items():
            if words in names and what not in found:
                found[what] = column
    return found


def _rows(rows: Sequence[tuple[int, list[str]]], places: Mapping[str, int]) -> tuple[list[Booked], list[Problem]]:
    good: list[Booked] = []
    bad: list[Problem] = []
    for number, cells in rows:

        def of(what: str, cells: Sequence[str] = cells) -> str:
            column = places.get(what)
            return cells[column].strip() if column is not None and column < len(cells) else ""

        if not of("day"):
            continue  # sums at the end
        day, amount = _day(of("day")), _amount(of)
        if day is None:
            bad.append((number, of("day"), "day"))
        elif not amount:
            bad.append((number, of("amount") or of("in") or of("out"), "amount"))
        else:
            digits = re.sub(r"\D", "", of("account"))
            good.append(
                Booked(number, day, amount, of("text")[:500], of("reference")[:100] or None, digits[-4:] or None)
            )
    return good, bad


def _day(text: str) -> date | None:
    for shape in DAYS:
        try:
            return datetime.strptime(text.split(" ")[0], shape).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None


def _amount(of: Any) -> int | None:
    into, out, whole = (_dong(of(what)) for what in ("in", "out", "amount"))
    if into or out:
        return (into or 0) - abs(out or 0)
    return whole


def _dong(text: str) -> int | None:
    """`1.250.000`, `-349,500`, `349500.00` → đồng; None for anything else."""
    plain = re.sub(r"(?i)[\s₫đ]|vnd", "", text)
    plain = re.sub(r"[.,]00$", "", plain)
    found = re.fullmatch(r"([+-]?)(\d{1,3}(?:[.,]\d{3})+|\d+)", plain)
    if found is None:
        return None
    value = int(re.sub(r"[.,]", "", found[2]))
    return -value if found[1] == "-" else value
