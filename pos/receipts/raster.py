"""The receipt document drawn in black and white, 384 or 576 dots wide, as a printer will burn it.

Be Vietnam Pro, nothing thinner than 2 dots, no grey, figures set right by measuring.
Draws what the document says and adds nothing up; an unknown block is an error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pos.receipts import qr
from pos.receipts.lettering import balanced, font_of, width_of, wrap, write

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

    Op = Callable[["Image.Image", "ImageDraw.ImageDraw"], None]

INK, WHITE = 0, 255
THRESHOLD = 150  # a shade above the middle: thin strokes of small type stay whole
STAR = (
    (12, 1.8), (15.1, 8.3), (22.2, 9.3), (17, 14.2), (18.3, 21.3),
    (12, 17.9), (5.7, 21.3), (7, 14.2), (1.8, 9.3), (8.9, 8.3),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """The measures of one width, in dots."""

    margin: int
    top: int
    bottom: int
    gap: int
    rule_space: int
    mark: int
    star: int
    qr_side: int
    sizes: dict[str, int]


WIDE = {"small": 21, "normal": 24, "big": 27, "title": 32, "total": 68}
NARROW = {"small": 20, "normal": 22, "big": 24, "title": 26, "total": 62}
LOOKS = {
    576: Look(24, 20, 32, 13, 14, 72, 22, 216, WIDE),
    384: Look(12, 14, 24, 12, 12, 56, 20, 256, NARROW),
}
RULES = {"thick": 5, "thin": 2, "dots": 3}


class _Sheet:
    """Paper that grows downwards: blocks are measured first, drawn when the length is known."""

    def __init__(self, width: int) -> None:
        self.look = LOOKS[width]
        self.paper = width
        self.left = self.look.margin
        self.right = width - self.look.margin
        self.room = self.right - self.left
        self.y = self.look.top
        self.ops: list[Op] = []

    def _line(self, size: int) -> int:
        return round(size * 1.3)

    def _words(self, x: int, base: int, words: str, font: ImageFont.FreeTypeFont, anchor: str) -> None:
        """`x` is the left end, the middle or the right end: anchor l, m, r."""
        start = {"l": 0.0, "m": 0.5, "r": 1.0}[anchor]
        x -= round(start * width_of(words, font))
        self.ops.append(lambda _image, draw: write(draw, x, base, words, font, INK))

    def _base(self, size: int) -> int:
        """The baseline of a line that begins here."""
        return self.y + round(size * 1.02)

    def text(self, words: str, size: str, align: str) -> None:
        px = self.look.sizes[size]
        font = font_of(px, "SemiBold")
        lines = balanced(words, font, self.room) if align == "center" else wrap(words, font, self.room)
        for line in lines:
            x = {"left": self.left, "center": self.paper // 2, "right": self.right}[align]
            self._words(x, self._base(px), line, font, {"left": "l", "center": "m", "right": "r"}[align])
            self.y += self._line(px)

    def pair(self, left: str, right: str, size: str) -> None:
        """Two words at the two ends; where both do not fit, under each other."""
        px = self.look.sizes[size]
        font = font_of(px, "SemiBold")
        if width_of(left, font) + width_of(right, font) + px // 2 > self.room:
            self.text(left, size, "left")
            self.text(right, size, "left")
            return
        self._words(self.left, self._base(px), left, font, "l")
        self._words(self.right, self._base(px), right, font, "r")
        self.y += self._line(px)

    def row(self, left: str, right: str, size: str) -> None:
        if size == "total":
            self.total(left, right)
            return
        px = self.look.sizes[size]
        font, bold = font_of(px, "SemiBold"), font_of(px, "Bold")
        taken = width_of(right, bold)
        if taken > self.room:  # a figure never breaks, words do
            self.text(f"{left} {right}", size, "left")
            return
        lines = wrap(left, font, self.room)
        beside = width_of(lines[-1], font) + taken + px // 2 <= self.room
        for line in lines[:-1] if beside else lines:
            self._words(self.left, self._base(px), line, font, "l")
            self.y += self._line(px)
        if beside:
            self._words(self.left, self._base(px), lines[-1], font, "l")
        self._words(self.right, self._base(px), right, bold, "r")
        self.y += self._line(px)

    def total(self, left: str, right: str) -> None:
        label, px = self.look.sizes["title"], self.look.sizes["total"]
        while width_of(right, font_of(px, "Bold")) > self.room and px > label:
            px -= 2
        font, bold = font_of(label, "SemiBold"), font_of(px, "Bold")
        self.y += 2
        if width_of(left, font) + width_of(right, bold) + label > self.room:
            self._words(self.left, self._base(label), left, font, "l")
            self.y += self._line(label)
            left = ""
        base = self.y + round(px * 0.8)
        if left:
            self._words(self.left, base, left, font, "l")
        self._words(self.right, base, right, bold, "r")
        self.y = base + round(px * 0.16)

    def rule(self, kind: str) -> None:
        thick, y = RULES[kind], self.y + self.look.rule_space
        left, right = self.left, self.right

        def draw_rule(_image: Image.Image, draw: ImageDraw.ImageDraw) -> None:
            step = 2 * thick if kind == "dots" else right - left
            for x in range(left, right, step):
                end = min(x + (thick if kind == "dots" else step), right)
                draw.rectangle((x, y, end - 1, y + thick - 1), fill=INK)

        self.ops.append(draw_rule)
        self.y = y + thick + self.look.rule_space

    def gap(self) -> None:
        self.y += self.look.gap

    def maker(self, stars: int, words: str) -> None:
        px = self.look.sizes["small"]
        font = font_of(px, "SemiBold")
        side, left, top = self.look.star, self.left, self._base(px) - round(px * 0.84)

        def draw_stars(_image: Image.Image, draw: ImageDraw.ImageDraw) -> None:
            for n in range(stars):
                x = left + n * side
                draw.polygon([(x + a * side / 24, top + b * side / 24) for a, b in STAR], fill=INK)

        self.ops.append(draw_stars)
        indent = stars * side + 6 if stars else 0
        for n, line in enumerate(wrap(words, font, self.room, self.room - indent)):
            self._words(self.left + (indent if n == 0 else 0), self._base(px), line, font, "l")
            self.y += self._line(px)

    def band(self, words: str) -> None:
        px = self.look.sizes["title"]
        while width_of(words, font_of(px, "Bold")) > self.room - px and px > self.look.sizes["small"]:
            px -= 1
        font = font_of(px, "Bold")
        lines = balanced(words, font, self.room - px)
        top, step = self.y + (self.look.gap if self.ops else 0), self._line(px)
        bottom = top + step * len(lines) + px // 2
        left, right = self.left, self.right

        def draw_band(_image: Image.Image, draw: ImageDraw.ImageDraw) -> None:
            draw.rectangle((left, top, right - 1, bottom - 1), fill=INK)
            for n, line in enumerate(lines):
                base = top + px // 4 + round(px * 1.02) + n * step
                write(draw, (left + right - width_of(line, font)) // 2, base, line, font, WHITE)

        self.ops.append(draw_band)
        self.y = bottom + self.look.gap

    def mark(self) -> None:
        side, x, y = self.look.mark, (self.paper - self.look.mark) // 2, self.y
        self.ops.append(lambda image, _draw: image.paste(_mark(side), (x, y)))
        self.y += side + 8

    def qr(self, data: str, title: str, words: str) -> None:
        rows = qr.modules(data)
        count, look = len(rows), self.look
        module = max(3, look.qr_side // count)
        if (count + 2 * qr.QUIET) * module > self.paper:
            raise ValueError("the QR does not fit the paper")
        side, quiet = count * module, qr.QUIET * module
        beside = self.paper == 576 and side <= self.room // 2
        x = self.left if beside else (self.paper - side) // 2
        y = self.y + max(0, quiet - look.rule_space)

        def draw_code(_image: Image.Image, draw: ImageDraw.ImageDraw) -> None:
            for j, row in enumerate(rows):
                for i, dark in enumerate(row):
                    if dark:
                        a, b = x + i * module, y + j * module
                        draw.rectangle((a, b, a + module - 1, b + module - 1), fill=INK)

        self.ops.append(draw_code)
        if not beside:
            self.y = y + side + quiet // 2
            self.text(title, "big", "center")
            self.text(words, "normal", "center")
            return
        big, px = look.sizes["big"], look.sizes["normal"]
        column = x + side + quiet
        room = self.right - column
        lines = [(line, big) for line in wrap(title, font_of(big, "SemiBold"), room)] if title else []
        lines += [(line, px) for line in wrap(words, font_of(px, "SemiBold"), room)]
        self.y = y + max(0, (side - sum(self._line(size) for _, size in lines)) // 2)
        for line, size in lines:
            self._words(column, self._base(size), line, font_of(size, "SemiBold"), "l")
            self.y += self._line(size)
        self.y = max(self.y, y + side + max(0, quiet - look.rule_space))

    def drawn(self) -> Image.Image:
        from PIL import Image, ImageDraw

        image = Image.new("L", (self.paper, self.y + self.look.bottom), WHITE)
        draw = ImageDraw.Draw(image)
        for op in self.ops:
            op(image, draw)
        return image.point(lambda shade: WHITE if shade > THRESHOLD else INK).convert("1", dither=Image.Dither.NONE)


@lru_cache(maxsize=2)
def _mark(side: int) -> Image.Image:
    """The letter Ô, a bowl under a conical hat, cut out of a black seal; drawn large, then scaled."""
    from PIL import Image, ImageDraw

    scale = 16
    image = Image.new("L", (32 * scale, 32 * scale), WHITE)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, 32 * scale - 1, 32 * scale - 1), 7 * scale, fill=INK)
    pen = 2.6 * scale

    def dot(x: float, y: float) -> None:
        draw.ellipse((x * scale - pen / 2, y * scale - pen / 2, x * scale + pen / 2, y * scale + pen / 2), fill=WHITE)

    hat = ((5.5, 14.5), (16, 6.5), (26.5, 14.5))
    draw.line([(x * scale, y * scale) for x, y in hat], fill=WHITE, width=round(pen), joint="curve")
    for x, y in (*hat, (9.5, 16.5), (22.5, 16.5)):
        dot(x, y)
    out = 6.5 * scale + pen / 2
    centre = (16 * scale, 16.5 * scale)
    box = (centre[0] - out, centre[1] - out, centre[0] + out, centre[1] + out)
    draw.arc(box, 0, 180, fill=WHITE, width=round(pen))
    return image.resize((side, side), Image.Resampling.LANCZOS)


def draw_document(document: dict[str, Any], width: int) -> Image.Image:
    """A 1-bit image `width` dots wide (384 or 576). Raises ValueError on a document it does not know."""
    if document.get("v") != 1:
        raise ValueError(f"receipt document of version {document.get('v')!r}")
    sheet = _Sheet(width)
    for block in document["blocks"]:
        kind = block["t"]
        if kind == "text":
            sheet.text(block["s"], block["size"], block["align"])
        elif kind == "row":
            sheet.row(block["l"], block["r"], block["size"])
        elif kind == "pair":
            sheet.pair(block["l"], block["r"], block["size"])
        elif kind == "maker":
            sheet.maker(block["stars"], block["s"])
        elif kind == "rule":
            sheet.rule(block["k"])
        elif kind == "gap":
            sheet.gap()
        elif kind == "band":
            sheet.band(block["s"])
        elif kind == "mark":
            sheet.mark()
        elif kind == "qr":
            sheet.qr(block["data"], block["l"], block["s"])
        elif kind not in ("cut", "drawer"):
            raise ValueError(f"receipt block {kind!r}")
    return sheet.drawn()
