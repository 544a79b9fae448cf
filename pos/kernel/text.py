"""Text: the accent-free fold that tablet and server share, and Vietnamese figures."""

from __future__ import annotations

import unicodedata


def nfc(text: str) -> str:
    """Composed Unicode, blanks trimmed and single."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def fold(text: str) -> str:
    """Lower case without marks: `Đường Lâm` → `duong lam`. Same rule as static/till/fold.js:
    NFD, drop U+0300–036F, đ → d, lower case."""
    flat = "".join(c for c in unicodedata.normalize("NFD", text) if not 0x300 <= ord(c) <= 0x36F)
    return flat.replace("đ", "d").replace("Đ", "D").lower()


def dong(amount: int) -> str:
    """`1.250.000` or `−20.500` (U+2212), no unit: columns carry none."""
    return ("−" if amount < 0 else "") + f"{abs(amount):,}".replace(",", ".")


def quantity(milli: int) -> str:
    """Thousandths as people write them: 1237 → `1,237`, 2000 → `2`."""
    sign = "−" if milli < 0 else ""
    whole, rest = divmod(abs(milli), 1000)
    text = f"{whole:,}".replace(",", ".")
    return sign + text + (f",{rest:03d}".rstrip("0") if rest else "")
