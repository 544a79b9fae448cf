"""The drawn receipt as ESC/POS bytes: our own raster bands, python-escpos for cut and drawer.

Bands are `GS v 0` of at most 256 rows (cheap printers have small buffers); long white runs are fed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

INIT = b"\x1b@"
BAND_ROWS = 256
FEED_FROM = 16  # white rows worth a feed instead of a band
MOST_FEED = 255
# Printers act on real-time commands even inside an image: DLE EOT, DLE ENQ, DLE DC4 (which can
# open the drawer). One dot beside another takes the DLE away and nobody sees it.
REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")
FLIP = bytes(255 - byte for byte in range(256))


def _runs(rows: list[bytes]) -> Iterator[tuple[bool, int, int]]:
    """(white?, from, to) of consecutive rows."""
    start = 0
    for n in range(1, len(rows) + 1):
        if n == len(rows) or any(rows[n]) != any(rows[start]):
            yield not any(rows[start]), start, n
            start = n


def raster_bytes(image: Image.Image) -> bytes:
    """A 1-bit image, its width a multiple of 8, as bands and feeds."""
    width, height = image.size
    if image.mode != "1" or width % 8:
        raise ValueError("a printer takes 1-bit images of whole bytes")
    across = width // 8
    packed = image.tobytes().translate(FLIP)
    rows = [packed[n * across : (n + 1) * across] for n in range(height)]
    pieces: list[tuple[int, int]] = []  # inked stretches, short white runs included
    for white, start, end in _runs(rows):
        if white and (end - start >= FEED_FROM or not pieces):
            continue
        if pieces and pieces[-1][1] == start:
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    out, at = bytearray(), 0
    for start, end in pieces:
        out += _feed(start - at)
        for top in range(start, end, BAND_ROWS):
            bottom = min(top + BAND_ROWS, end)
            out += b"\x1dv0\x00" + across.to_bytes(2, "little") + (bottom - top).to_bytes(2, "little")
            out += REAL_TIME.sub(b"\x30", b"".join(rows[top:bottom]))
        at = end
    return bytes(out + _feed(height - at))


def _feed(rows: int) -> bytes:
    """ESC J, as often as it takes."""
    full, rest = divmod(rows, MOST_FEED)
    return b"\x1bJ\xff" * full + (b"\x1bJ" + bytes((rest,)) if rest else b"")


def receipt_bytes(document: dict[str, Any], width: int, *, drawer: bool) -> bytes:
    """What goes to the printer. The drawer opens first, and only if the document and the printer say so."""
    from escpos.printer import Dummy

    from pos.receipts.raster import draw_document

    kinds = {block["t"] for block in document["blocks"]}
    device = Dummy()
    device._raw(INIT)
    if drawer and "drawer" in kinds:
        device.cashdraw(2)
    device._raw(raster_bytes(draw_document(document, width)))
    if "cut" in kinds:
        device.cut(mode="PART")
    made: bytes = device.output
    return made


def drawer_bytes() -> bytes:
    """Only the pulse."""
    from escpos.printer import Dummy

    device = Dummy()
    device._raw(INIT)
    device.cashdraw(2)
    made: bytes = device.output
    return made
