"""What the QR of a receipt leads to, and who holds the paper: keys, passes, sums read off it."""

from __future__ import annotations

import base64
import binascii
import uuid

from itsdangerous import BadSignature, URLSafeSerializer


def link_of(origin: str, receipt_no: str, sale_id: str, proof: str | None = None) -> str:
    """The address behind the QR. What follows # stays in the customer's browser: the tablet's signed proof
    of this sale, or the sale's id alone."""
    key = base64.urlsafe_b64encode(uuid.UUID(sale_id).bytes).rstrip(b"=").decode()
    if proof and sale_id_of(proof) == sale_id:
        key = proof
    return f"{origin.rstrip('/')}/r/{receipt_no}#{key}"


def sale_id_of(key: str) -> str | None:
    """The sale id at the head of a QR's key; None when it is no key. What may follow is not ours."""
    try:
        raw = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except (binascii.Error, ValueError):
        return None
    return str(uuid.UUID(bytes=raw[:16])) if len(raw) >= 16 else None


def held_pass(secret: str, receipt_id: str) -> str:
    """What a page gives to somebody who has shown that they hold this paper, for the next page."""
    return str(URLSafeSerializer(secret, salt="receipt held").dumps(receipt_id))


def held_receipt(secret: str, text: str) -> str | None:
    """The receipt whose paper the bearer holds; None for anything else."""
    try:
        told = URLSafeSerializer(secret, salt="receipt held").loads(text)
    except BadSignature:
        return None
    return told if isinstance(told, str) else None


def printed_sum_of(text: str) -> int | None:
    """The sum a person reads off the paper (`185.000`, `185,000 đ`); None when it is none."""
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    rest = "".join(c for c in text if not c.isdigit()).strip(" .,₫đĐdDvVnN−-\u00a0")
    return int(digits) if 0 < len(digits) <= 13 and not rest else None
