"""Barcodes as bars: EAN and UPC by their own rules, anything else a person sticks on as Code 128. By python-barcode."""

from __future__ import annotations

from itertools import groupby

from pos.catalogue.rules import is_gtin


def bars_of(code: str) -> str:
    """The modules of a code, `1` dark and `0` light, without the quiet zones. `8938505974194` → 95 of them."""
    from barcode import Code128
    from barcode.ean import EAN8, EAN13

    if is_gtin(code) and len(code) == 8:
        return str(EAN8(code[:-1]).build()[0])
    if is_gtin(code) and len(code) in (12, 13):  # a UPC-A is the EAN-13 with a nought before it
        return str(EAN13(code.rjust(13, "0")[:-1]).build()[0])
    return str(Code128(code).build()[0])


def bars_svg(code: str, *, quiet: int = 9) -> str:
    """The same as an SVG one unit high, to be stretched; `quiet` modules of white on each side."""
    parts, x = [], quiet
    for dark, run in groupby(bars_of(code)):
        width = len(list(run))
        if dark == "1":
            parts.append(f"M{x} 0h{width}v10h-{width}z")
        x += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {x + quiet} 10" preserveAspectRatio="none">'
        f'<path d="{"".join(parts)}" fill="#000"/></svg>'
    )
