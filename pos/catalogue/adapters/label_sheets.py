"""Sheets of labels as PDF: plain labels in, bytes out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pos.catalogue.adapters.bars import bars_svg
from pos.catalogue.labels import SHEETS, Label, as_texts
from pos.web.typesetting import qr_svg, typeset

TEMPLATE = Path(__file__).resolve().parents[1] / "labels.typ"
WORDS = {
    "vi": {"lot": "Lô", "expires": "HSD", "vat": "đã có thuế", "title": "Nhãn hàng"},
    "en": {"lot": "Lot", "expires": "Use by", "vat": "VAT included", "title": "Labels"},
}


def label_sheet(
    kind: str,
    labels: Sequence[Label],
    *,
    language: str = "vi",
    skip: int = 0,
    lines: bool = True,
    form: Literal["pdf", "png"] = "pdf",
) -> bytes:
    """`kind` of SHEETS; `skip` places of the first page are used already; `lines` to cut along, none on sticky sheets.

    The last digit of an EAN is not guessed: a code goes on paper as it is known.
    """
    words, sheet = WORDS[language], SHEETS[kind]
    drawn: dict[str, tuple[str, str]] = {}
    told: list[dict[str, Any]] = []
    for label in labels:
        key = f"{label.code}\n{label.trace or ''}"
        if key not in drawn:
            drawn[key] = (bars_svg(label.code) if label.code else "", qr_svg(label.trace or ""))
        bars, qr = drawn[key]
        told.append({**as_texts(label, words), "bars": bars, "qr": qr})
    data = {
        "kind": kind, "labels": told, "skip": skip % sheet.count, "cut": lines, "language": language,
        "title": words["title"], "vat_word": words["vat"],
        "sheet": {"columns": sheet.columns, "rows": sheet.rows, "width": sheet.width, "height": sheet.height},
    }  # fmt: skip
    return typeset(TEMPLATE, data, form, ppi=150 if form == "png" else None)
