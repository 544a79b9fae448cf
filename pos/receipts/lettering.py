"""Letters on the paper: the font, how wide words are, where lines break. Figures are set by measuring."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pos.kernel.text import nfc

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

FONTS = Path(__file__).parents[2] / "static" / "vendor" / "be-vietnam-pro-0.4.1"


@lru_cache(maxsize=32)
def font_of(size: int, weight: str) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    path = FONTS / f"BeVietnamPro-{weight}.ttf"
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def space_of(font: ImageFont.FreeTypeFont) -> float:
    return font.size * 0.28


def width_of(words: str, font: ImageFont.FreeTypeFont) -> int:
    """Word by word with spaces of one width: the font kerns `1 hộp` into `1hộp`."""
    parts = words.split(" ")
    return math.ceil(sum(font.getlength(part) for part in parts) + space_of(font) * (len(parts) - 1))


def _break_word(word: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """A word wider than the paper, cut where it must be."""
    parts, part = [], ""
    for letter in word:
        if part and width_of(part + letter, font) > room:
            parts.append(part)
            part = ""
        part += letter
    return [*parts, part]


def wrap(words: str, font: ImageFont.FreeTypeFont, room: int, first: int | None = None) -> list[str]:
    """Lines no wider than `room` dots (the first no wider than `first`), at least one."""
    lines: list[str] = []
    line = ""

    def space() -> int:
        return first if first is not None and not lines else room

    for word in nfc(words).split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer, font) <= space():
            line = longer
            continue
        if line or space() < room:
            lines.append(line)
        *whole, line = _break_word(word, font, room)
        lines += whole
    return [*lines, line]


def balanced(words: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """As few lines as `wrap` needs, of about one length: no single word left below."""
    lines = wrap(words, font, room)
    low, high = room // 2, room
    while high - low > 4:
        middle = (low + high) // 2
        low, high = (low, middle) if len(wrap(words, font, middle)) == len(lines) else (middle, high)
    return wrap(words, font, high) if len(lines) > 1 else lines


def write(draw: ImageDraw.ImageDraw, x: float, base: int, words: str, font: ImageFont.FreeTypeFont, ink: int) -> None:
    for word in words.split(" "):
        draw.text((round(x), base), word, fill=ink, font=font, anchor="ls")
        x += font.getlength(word) + space_of(font)
