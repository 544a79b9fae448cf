"""Labels as plain data: how many fit on a sheet, and what stands on each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pos.kernel.text import dong

MOST = 600


@dataclass(frozen=True, slots=True)
class Sheet:
    """An A4 of labels, in tenths of a millimetre; `columns` × `rows` of them without gaps between."""

    columns: int
    rows: int
    width: int
    height: int

    @property
    def count(self) -> int:
        """How many on one page."""
        return self.columns * self.rows


SHEETS = {
    "shelf": Sheet(3, 8, 700, 370),  # the edge of a shelf: the price is the hero
    "big": Sheet(2, 4, 1050, 740),  # a board in a booth
    "product": Sheet(4, 10, 525, 297),  # stuck on the goods: code, lot, last day
    "code": Sheet(5, 13, 380, 212),  # a code alone
}


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says. `code` "" for none; `trace` a link that becomes a QR."""

    name: str
    name_en: str | None
    producer: str
    commune: str | None
    unit: str
    weighed: bool
    price_vnd: int | None
    stars: int | None
    code: str
    trace: str | None = None
    lot: str | None = None
    expires_on: date | None = None
    alcohol: str | None = None


def as_texts(label: Label, words: dict[str, str]) -> dict[str, Any]:
    """The label as the paper wants it: texts only."""
    return {
        "name": label.name,
        "name_en": label.name_en or "",
        "producer": " · ".join(part for part in (label.producer, label.commune) if part),
        "stars": label.stars or 0,
        "price": "" if label.price_vnd is None else dong(label.price_vnd),
        "unit": f"đ/{label.unit}",
        "code": label.code,
        "lot": f"{words['lot']} {label.lot}" if label.lot else "",
        "expires": f"{words['expires']} {label.expires_on:%d/%m/%Y}" if label.expires_on else "",
        "alcohol": label.alcohol or "",
    }


def pages_of(count: int, skip: int, sheet: Sheet) -> int:
    """Pages needed when the first `skip` places of the first are used already."""
    return -(-(count + skip) // sheet.count)


def repeated(labels: Sequence[tuple[Label, int]]) -> list[Label]:
    """Each as often as asked for."""
    return [label for label, times in labels for _ in range(times)]
