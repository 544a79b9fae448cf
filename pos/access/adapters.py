"""A card's QR as a picture: text in, modules out."""

from __future__ import annotations

QUIET = 4  # modules of white on each side: ISO/IEC 18004, 6.3.8


def card_qr(link: str) -> tuple[int, str]:
    """(side in modules with the quiet zone, path of the dark runs) for an SVG. Error correction M: paper wears."""
    import segno

    rows = [bytes(row) for row in segno.make(link, error="m", micro=False, boost_error=False).matrix]
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while (start := row.find(1, x)) >= 0:
            end = row.find(0, start)
            x = end if end >= 0 else len(row)
            parts.append(f"M{start + QUIET} {y + QUIET}h{x - start}v1h-{x - start}z")
    return len(rows) + 2 * QUIET, "".join(parts)
