"""Pictures as strangers send them: looked at, turned upright, made small and made anew, without what a camera adds."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from pos.kernel.errors import Invalid

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000
LONGEST = 1280
QUALITY = 82


def clean_picture(data: bytes) -> bytes:
    """A JPEG of at most 1280 pixels a side, without metadata. Raises Invalid `photo.not_a_picture`."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid("photo.not_a_picture")
            picture.draft("RGB", (LONGEST, LONGEST))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise Invalid("photo.not_a_picture") from error
    upright.thumbnail((LONGEST, LONGEST))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
