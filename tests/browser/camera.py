"""A film for Chromium's fake camera: JPEG pictures one after another, codes lying on a grey counter."""

from __future__ import annotations

import io
from pathlib import Path

import zxingcpp
from PIL import Image

SIZE = (640, 480)
SECOND = 30  # pictures


def picture_of(text: str, code: zxingcpp.BarcodeFormat) -> Image.Image:
    """One code as a camera sees it: on white paper, a little turned, on a grey counter."""
    made = zxingcpp.create_barcode(text, code)
    drawn = Image.fromarray(made.to_image(scale=3, add_quiet_zones=True)).convert("L")
    paper = Image.new("L", (drawn.width + 40, drawn.height + 40), 255)
    paper.paste(drawn, (20, 20))
    paper.thumbnail((460, 400))
    counter = Image.new("L", SIZE, 120)
    turned = paper.rotate(3, expand=True, fillcolor=120)
    counter.paste(turned, ((SIZE[0] - turned.width) // 2, (SIZE[1] - turned.height) // 2))
    return counter


def a_film(path: Path, *scenes: tuple[Image.Image | None, float]) -> Path:
    """Scenes of (picture or an empty counter, seconds), played over and over."""
    with path.open("wb") as film:
        for picture, seconds in scenes:
            one = io.BytesIO()
            (picture or Image.new("L", SIZE, 120)).convert("RGB").save(one, "JPEG", quality=85)
            film.write(one.getvalue() * int(seconds * SECOND))
    return path
