"""A strict ESC/POS reader of our own: every byte must belong to a command we know.

Turns a print job into images, feeds, cuts and pulses, and into one picture of the paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image, ImageOps

LINE_DOTS = 30  # what ESC d feeds for each line


class Unknown(ValueError):
    """A byte that belongs to no command."""


@dataclass
class Printed:
    """What a printer would have done."""

    width: int
    bands: list[Image.Image] = field(default_factory=list)
    strips: list[Image.Image | int] = field(default_factory=list)  # an image, or rows of white
    commands: list[str] = field(default_factory=list)

    @property
    def pulses(self) -> int:
        return self.commands.count("pulse")

    @property
    def cuts(self) -> int:
        return self.commands.count("cut")

    @property
    def paper(self) -> Image.Image:
        """The paper, 0 black and 255 white, as long as it was fed."""
        height = sum(strip if isinstance(strip, int) else strip.height for strip in self.strips)
        paper = Image.new("L", (self.width, max(height, 1)), 255)
        y = 0
        for strip in self.strips:
            if isinstance(strip, int):
                y += strip
            else:
                paper.paste(strip, (0, y))
                y += strip.height
        return paper


def decode(data: bytes, *, width: int = 576) -> Printed:
    """Read a whole job. Raises Unknown with the place of the first byte that is not understood."""
    printed = Printed(width)
    at = 0

    def take(count: int) -> bytes:
        nonlocal at
        if at + count > len(data):
            raise Unknown(f"cut off at {at}")
        at += count
        return data[at - count : at]

    while at < len(data):
        start = at
        head = take(2)
        if head == b"\x1b@":
            printed.commands.append("init")
        elif head == b"\x1bJ":
            printed.strips.append(take(1)[0])
            printed.commands.append("feed")
        elif head == b"\x1bd":
            printed.strips.append(take(1)[0] * LINE_DOTS)
            printed.commands.append("lines")
        elif head == b"\x1bp":
            pin, on, off = take(3)
            if pin not in (0, 1) or not on or not off:
                raise Unknown(f"a pulse that opens nothing at {start}")
            printed.commands.append("pulse")
        elif head == b"\x1dV":
            if take(1)[0] not in (0, 1):
                raise Unknown(f"cut at {start}")
            printed.commands.append("cut")
        elif head == b"\x1dv":
            if take(2) != b"0\x00":
                raise Unknown(f"raster mode at {start}")
            across, rows = (int.from_bytes(take(2), "little") for _ in range(2))
            if across * 8 > width or not 0 < rows <= 256:
                raise Unknown(f"a band of {across} bytes by {rows} rows at {start}")
            raw = take(across * rows)
            if any(b"\x10" + real in raw for real in (b"\x04", b"\x05", b"\x14")):
                raise Unknown(f"a real-time command inside the image at {start}")
            band = ImageOps.invert(Image.frombytes("1", (across * 8, rows), raw).convert("L"))
            printed.bands.append(band)
            printed.strips.append(band)
            printed.commands.append("image")
        else:
            raise Unknown(f"{head.hex(' ')} at {start}")
    return printed
