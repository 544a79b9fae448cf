"""Sales for an invoice provider's upload: which columns in which order is a data file beside this one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pos.kernel.text import quantity
from pos.web.tables import Cell

FOLDER = Path(__file__).parent / "invoices"
VALUES = {"receipt", "day", "at", "site", "line", "goods", "unit", "quantity", "price", "discount", "total", "rate",
          "vat", "net", "buyer", "how"}  # fmt: skip
CONSUMER, PAID = "Bán cho người tiêu dùng", "TM/CK"
RATES = {"KCT": "KCT", "KKKNT": "KKKNT", "direct": "", "zero": "0%"}


@dataclass(frozen=True, slots=True)
class InvoiceMap:
    """One provider's columns: (head, which value)."""

    code: str
    name: dict[str, str]
    columns: tuple[tuple[str, str], ...]

    @property
    def heads(self) -> list[str]:
        return [head for head, _ in self.columns]


@lru_cache(maxsize=1)
def invoice_maps() -> dict[str, InvoiceMap]:
    """By code. A file that names an unknown value fails at once."""
    found = {}
    for path in sorted(FOLDER.glob("*.json")):
        said = json.loads(path.read_text(encoding="utf-8"))
        columns = tuple((each["head"], each["value"]) for each in said["columns"])
        if any(value not in VALUES for _, value in columns):
            raise ValueError(f"{path.name}: unknown value")
        found[said["code"]] = InvoiceMap(said["code"], said["name"], columns)
    return found


def rate_of(vat_class: str, vat_bp: int) -> str:
    """`8%`, `0%`, `KCT`, `KKKNT`, or nothing by the direct method: four different things on an invoice."""
    return RATES.get(vat_class, f"{vat_bp / 100:g}%")


def invoice_rows(map_: InvoiceMap, lines: Iterable[dict[str, Any]]) -> Iterator[list[Cell]]:
    """One row per line of a sale."""
    for line in lines:
        told = line | {
            "buyer": CONSUMER, "how": PAID, "quantity": quantity(line["qty_milli"]).replace(".", ""),
            "rate": rate_of(line["vat_class"], line["vat_bp"]),
        }  # fmt: skip
        yield [told[value] for _, value in map_.columns]
