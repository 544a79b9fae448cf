"""A QR code as rows of modules, for paper and for the page."""

from __future__ import annotations

import io

QUIET = 4  # modules of white on each side: ISO/IEC 18004, 6.3.8


def modules(data: str) -> list[list[bool]]:
    """Rows of dark (True) and light modules, no quiet zone. Error correction M, never micro."""
    import segno

    code = segno.make(data, error="m", micro=False, boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix]


def svg_path(data: str) -> tuple[int, str]:
    """(side in modules with the quiet zone, path of the dark runs) for an inline SVG."""
    rows = modules(data)
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                parts.append(f"M{start + QUIET} {y + QUIET}h{x - start}v1h-{x - start}z")
            x += 1
    return len(rows) + 2 * QUIET, "".join(parts)


def picture_of(data: str) -> bytes:
    """A PNG to send on or show from another phone: black on white, whatever the theme."""
    import segno

    file = io.BytesIO()
    segno.make(data, error="m", micro=False, boost_error=False).save(file, kind="png", scale=10, border=QUIET)
    return file.getvalue()
