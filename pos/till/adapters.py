"""Pictures as tablets send them, made anew as JPEG: what is sent later is compared by the hash of what was sent."""

from __future__ import annotations

import io

from pos.web.images import upright_picture

LONGEST = 1280
QUALITY = 82


def clean_picture(data: bytes) -> bytes:
    """A JPEG of at most 1280 pixels a side, without metadata. Raises Invalid `photo.not_a_picture`."""
    out = io.BytesIO()
    upright_picture(data, LONGEST).save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
