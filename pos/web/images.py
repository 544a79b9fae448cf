"""Files as strangers send them: pictures are looked at, turned upright, made small and made anew, without what a camera
adds; papers are PDF or pictures. Nothing is kept as it came but a PDF that looks like one."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from pos.kernel.errors import Invalid

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000
MOST_PICTURE = 8 * 1024 * 1024
MOST_PAPER = 5 * 1024 * 1024
LARGE, SMALL, PAPER = 1280, 320, 2200
QUALITY = 82


def upright_picture(data: bytes, longest: int) -> Image.Image:
    """Its pixels alone, at most so many a side. A bomb is refused by its header, before it is unpacked.

    Raises Invalid `photo.not_a_picture`.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid("photo.not_a_picture")
            picture.draft("RGB", (longest, longest))
            upright = _on_white(ImageOps.exif_transpose(picture))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise Invalid("photo.not_a_picture") from error
    upright.thumbnail((longest, longest))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    return plain


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    white.alpha_composite(clear)
    return white.convert("RGB")


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that may be kept. `small` is there for pictures."""

    name: str
    kind: str  # webp or pdf
    data: bytes
    small: bytes | None = None


def picture_of(data: bytes, name: str = "") -> Sent:
    """A picture for people to see, large and small. Raises Invalid `photo.not_a_picture`, `photo.too_large`."""
    if len(data) > MOST_PICTURE:
        raise Invalid("picture.too_large", field="picture")
    large = upright_picture(data, LARGE)
    small = large.copy()
    small.thumbnail((SMALL, SMALL))
    return Sent(_plain(name), "webp", _webp(large), _webp(small))


def paper_of(data: bytes, name: str = "") -> Sent:
    """A PDF as it came, or a scan made anew. Raises Invalid `paper.too_large`, `paper.kind`."""
    if data[:5] == b"%PDF-":
        if len(data) > MOST_PAPER:
            raise Invalid("paper.too_large", field="file")
        if b"%%EOF" not in data[-2048:]:
            raise Invalid("paper.kind", field="file")
        return Sent(_plain(name), "pdf", data)
    if len(data) > MOST_PICTURE:
        raise Invalid("paper.too_large", field="file")
    try:
        return Sent(_plain(name), "webp", _webp(upright_picture(data, PAPER)))
    except Invalid as trouble:
        raise Invalid("paper.kind", field="file") from trouble


def _plain(name: str) -> str:
    """A file's name without paths and signs that could mean something."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable() and sign not in '"\r\n')[:80]
