"""Which events an owner looks at later, and what of them is counted. Pure.

Read leniently: these bodies have no schema of their own, and an odd member must not lose the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pos.kernel.ids import is_id
from pos.kernel.text import nfc
from pos.till.commands import Body, SaleBody, TenderCorrect
from pos.till.rules.approvals import approvals_in

KINDS = ("line.remove", "cart.cancel", "drawer.open", "reprint", "training", "undo", "correct", "approval")
READ = {
    "line.remove": "line.remove", "cart.cancel": "cart.cancel", "drawer.open": "drawer.open",
    "receipt.printed": "reprint", "training.sale": "training",
}  # fmt: skip
LONGEST, MOST = 200, 2**62
SERVER = "network"  # what the till writes for a copy the server printed: that sheet is known here


@dataclass(frozen=True, slots=True)
class Note:
    """One thing counted; `approver` names who said yes, where that is not who did it."""

    kind: str
    what: str = ""
    amount_vnd: int = 0
    times: int = 1
    sale_id: str | None = None
    approver: str | None = None


def _text(value: Any) -> str:
    return nfc(value)[:LONGEST] if isinstance(value, str) else ""


def _sum(value: Any) -> int:
    return max(-MOST, min(value, MOST)) if type(value) is int else 0


def _id(value: Any) -> str | None:
    return value if is_id(value) else None


def print_in(raw: Mapping[str, Any]) -> tuple[str, str, int] | None:
    """(sale, printer, copy) of a sheet a tablet printed by itself; None for the server's and for nonsense."""
    sale, printer, copy = _id(raw.get("sale")), _text(raw.get("printer"))[:40], raw.get("copy")
    if sale is None or not printer or printer == SERVER or type(copy) is not int or not 0 <= copy <= 10_000:
        return None
    return sale, printer, copy


def notes_of(kind: str, body: Body, raw: Mapping[str, Any]) -> list[Note]:
    """What one event adds to the report; `raw` is its body as sent. Most events add nothing."""
    found: list[Note] = []
    if isinstance(body, SaleBody):
        if body.undo_of:
            found.append(Note("undo", body.receipt_no, -body.total, sale_id=body.undo_of))
    elif isinstance(body, TenderCorrect):
        found.append(Note("correct", _text(body.reason), body.from_.amount, sale_id=body.sale))
    elif kind in READ:
        found += _read(READ[kind], raw)
    return [
        *found,
        *(Note("approval", a.action or "", abs(a.amount or 0), approver=a.staff) for a in approvals_in(body)),
    ]


def _read(kind: str, raw: Mapping[str, Any]) -> list[Note]:
    amount, sale = _sum(raw.get("amount")), _id(raw.get("sale"))
    if kind == "reprint":
        copy = raw.get("copy")
        if type(copy) is not int or copy < 1:
            return []  # the original
        return [Note(kind, _text(raw.get("printer")), 0, sale_id=sale)]
    if kind == "training":
        return [Note(kind, _text(raw.get("receipt_no")), _sum(raw.get("total")))]
    if kind == "drawer.open":
        return [Note(kind, _text(raw.get("reason")), 0, sale_id=sale)]
    lines = raw.get("lines")
    names = [_text(line.get("name")) for line in lines if isinstance(line, Mapping)] if isinstance(lines, list) else []
    times = -1 if _id(raw.get("undo_of")) else 1
    return [Note(kind, ", ".join(filter(None, names))[:LONGEST], times * amount, times)]
