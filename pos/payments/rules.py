"""VietQR: the payload a bank app reads (NAPAS on EMVCo TLV), byte for byte as static/till/vietqr.js.

Source: NAPAS QR format v1.0 (09/2021); pinned by tests/vectors/vietqr.json.
"""

from __future__ import annotations

import re

from pos.kernel.text import fold

GUID = "A000000727"
TO_ACCOUNT, TO_CARD = "QRIBFTTA", "QRIBFTTC"
MAX_PURPOSE = 25
DONG = "704"


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE over the characters, four upper-case hex digits."""
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _ in range(8):
            value = ((value << 1) ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return f"{value:04X}"


def tlv(tag: str, value: str) -> str:
    """Two digits of tag, two of length, the value. Raises ValueError beyond 99 characters."""
    if not 0 < len(value) <= 99:
        raise ValueError(f"{tag}: 1 to 99 characters, not {len(value)}")
    return f"{tag}{len(value):02d}{value}"


def plain(text: str, limit: int = MAX_PURPOSE) -> str:
    """What banks print: no marks, letters, digits and a few signs, at most `limit` characters."""
    kept = "".join(folded.upper() if letter.isupper() else folded for letter in text if (folded := fold(letter)))
    return re.sub(r"[^0-9A-Za-z .,/-]", "", kept)[:limit].strip()


def vietqr(
    bin_: str,
    account: str,
    *,
    amount_vnd: int | None = None,
    purpose: str | None = None,
    bill: str | None = None,
    reference: str | None = None,
    service: str = TO_ACCOUNT,
) -> str:
    """The payload for a transfer to an account (or card). With an amount or a purpose it is for one use.

    Raises ValueError on a BIN that is not six digits, an account beyond 19 letters and digits, or an amount ≤ 0.
    """
    if not re.fullmatch(r"\d{6}", bin_):
        raise ValueError(f"a BIN is six digits: {bin_!r}")
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", account):
        raise ValueError(f"an account is up to 19 letters and digits: {account!r}")
    if amount_vnd is not None and not 0 < amount_vnd <= 9_999_999_999_999:
        raise ValueError(f"an amount is above 0: {amount_vnd}")
    once = amount_vnd is not None or bool(purpose)
    parts = [tlv("00", "01"), tlv("01", "12" if once else "11")]
    to = tlv("00", bin_) + tlv("01", account)
    parts.append(tlv("38", tlv("00", GUID) + tlv("01", to) + tlv("02", service)))
    parts.append(tlv("53", DONG))
    if amount_vnd is not None:
        parts.append(tlv("54", str(amount_vnd)))
    parts.append(tlv("58", "VN"))
    more = [("01", bill), ("05", reference), ("08", plain(purpose) if purpose else None)]
    if extra := "".join(tlv(tag, value) for tag, value in more if value):
        parts.append(tlv("62", extra))
    text = "".join(parts) + "6304"
    return text + crc(text)
