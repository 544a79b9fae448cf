"""The A4 statement and agreement by typst: texts in, PDF bytes out. The same document gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pos.web.typesetting import qr_svg, typeset

ROOT = Path(__file__).resolve().parents[3]
TEMPLATE = ROOT / "pos" / "consignment" / "statement.typ"
AGREEMENT = ROOT / "pos" / "consignment" / "agreement.typ"
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#a31f1f"/>'
    '<path d="M5.5 14.5 16 6.5l10.5 8M9.5 16.5a6.5 6.5 0 0 0 13 0" fill="none" stroke="#fff" stroke-width="2.6" '
    'stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


def statement_pdf(paper: Mapping[str, Any], link: str) -> bytes:
    """Set the statement; `link` goes into its QR. Raises RuntimeError when typst has a warning (a missing font)."""
    return typeset(TEMPLATE, _filled(paper, link))


def statement_png(paper: Mapping[str, Any], link: str, *, ppi: int = 110) -> bytes:
    """The first page as a picture to share."""
    return typeset(TEMPLATE, _filled(paper, link), "png", ppi=ppi)


def agreement_as_pdf(paper: Mapping[str, Any], link: str) -> bytes:
    """Set the agreement to sign; `link`, to the producer's own page, goes into its QR."""
    return typeset(AGREEMENT, _filled(paper, link))


def _filled(paper: Mapping[str, Any], link: str) -> dict[str, Any]:
    return {**paper, "mark": MARK, "qr": qr_svg(link)}
