"""The A4 statement by typst: texts in, PDF bytes out. The same document gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pos.receipts.qr import svg_path

ROOT = Path(__file__).resolve().parents[3]
TEMPLATE = ROOT / "pos" / "consignment" / "statement.typ"
FONTS = ROOT / "static" / "vendor" / "be-vietnam-pro-0.4.1"
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#a31f1f"/>'
    '<path d="M5.5 14.5 16 6.5l10.5 8M9.5 16.5a6.5 6.5 0 0 0 13 0" fill="none" stroke="#fff" stroke-width="2.6" '
    'stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
EPOCH = 0  # the date inside the file: what is frozen says its own


def _qr(link: str) -> str:
    if not link:
        return ""
    side, path = svg_path(link)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="4 4 {side - 8} {side - 8}">'
        f'<path d="{path}" fill="#1e1a16"/></svg>'
    )


def statement_pdf(paper: Mapping[str, Any], link: str) -> bytes:
    """Set the statement; `link` goes into its QR. Raises RuntimeError when typst has a warning (a missing font)."""
    return _set(paper, link, "pdf")


def statement_png(paper: Mapping[str, Any], link: str, *, ppi: int = 110) -> bytes:
    """The first page as a picture to share."""
    return _set(paper, link, "png", ppi)


def _set(paper: Mapping[str, Any], link: str, kind: Literal["pdf", "png"], ppi: int | None = None) -> bytes:
    import typst

    data = json.dumps({**paper, "mark": MARK, "qr": _qr(link)}, ensure_ascii=False)
    made, warnings = typst.compile_with_warnings(
        str(TEMPLATE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format=kind,
        ppi=ppi,
        sys_inputs={"data": data},
        timestamp=EPOCH,
    )
    if warnings:
        raise RuntimeError("; ".join(str(getattr(w, "message", w)) for w in warnings))
    pages = made if isinstance(made, list) else [made]
    return bytes(pages[0] or b"")
