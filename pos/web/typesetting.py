"""Papers by typst: texts in, PDF or PNG bytes out, in our own font. The same texts give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pos.web.qr import svg_path

FONTS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "be-vietnam-pro-0.4.1"
EPOCH = 0  # the date inside the file: what a paper is of, it says itself


def typeset(
    template: Path, data: Mapping[str, Any], kind: Literal["pdf", "png"] = "pdf", *, ppi: int | None = None
) -> bytes:
    """Set `template`, which reads `json(bytes(sys.inputs.data))`; as PNG the first page.

    Raises RuntimeError when typst has a warning (a missing font, a missing sign).
    """
    import typst

    made, warnings = typst.compile_with_warnings(
        str(template), font_paths=[str(FONTS)], ignore_system_fonts=True, format=kind, ppi=ppi,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, timestamp=EPOCH,
    )  # fmt: skip
    if warnings:
        raise RuntimeError("; ".join(str(getattr(w, "message", w)) for w in warnings))
    pages = made if isinstance(made, list) else [made]
    return bytes(pages[0] or b"")


def qr_svg(text: str, ink: str = "#1e1a16") -> str:
    """A QR without its margin, for `image(bytes(…), format: "svg")`; "" for no text."""
    if not text:
        return ""
    side, path = svg_path(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="4 4 {side - 8} {side - 8}">'
        f'<path d="{path}" fill="{ink}"/></svg>'
    )
