"""Files of other systems, known by their titles: which column means what is data, not code.

data/other-systems.json: `told_by` titles that together tell the system, `columns` its titles by our meaning. None of
them names a producer: who a supplier or brand is, is guessed and confirmed by a person.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pos.catalogue.imports.headers import HEADERS, NEEDED, SEARCHED, Header, find_header, read_header, title_key
from pos.catalogue.reference import DATA

PLAIN = "Excel"


@dataclass(frozen=True)
class System:
    """Where a file may come from."""

    name: str
    told_by: frozenset[str]
    columns: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Found:
    """A header, whose it is, and the title producers were taken from when it is not one of ours."""

    header: Header
    system: str = ""
    guessed: str = ""


@lru_cache(maxsize=1)
def systems() -> tuple[System, ...]:
    """Those of the data file, in its order."""
    rows = json.loads((DATA / "other-systems.json").read_text(encoding="utf-8"))
    return tuple(
        System(
            row["system"],
            frozenset(title_key(title) for title in row["told_by"]),
            {meaning: tuple(title_key(title) for title in titles) for meaning, titles in row["columns"].items()},
        )
        for row in rows
    )


def recognise(rows: Sequence[tuple[int, list[str]]]) -> Found:
    """The header of a table: another system's by its titles, else ours; a plain list without a producer takes its
    supplier or brand."""
    for number, cells in rows[:SEARCHED]:
        titles = {title_key(cell) for cell in cells if cell}
        for system in systems():
            if system.told_by and system.told_by <= titles:
                return _first_of(read_header(number, cells, _present(system, titles)), system.name)
    header = find_header(rows)
    if "producer" in header.columns or "name" not in header.columns:
        return Found(header)
    plain = next(system for system in systems() if system.name == PLAIN)
    titles = {title_key(title) for title in header.titles}
    aliases = HEADERS | _present(plain, titles)
    return _first_of(read_header(header.row, header.titles, aliases, NEEDED), PLAIN)


def _present(system: System, titles: set[str]) -> dict[str, tuple[str, ...]]:
    """Of several titles for one meaning the first that is there."""
    found = {meaning: next((t for t in names if t in titles), names[0]) for meaning, names in system.columns.items()}
    return {meaning: (title,) for meaning, title in found.items()}


def _first_of(header: Header, system: str) -> Found:
    place = header.columns.get("producer")
    return Found(header, system, header.titles[place] if place is not None else "")
