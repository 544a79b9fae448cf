"""What the QR of a receipt proves, signed by the tablet that sold: the same bytes as static/till/proof.js.

Big-endian: sale id 16, key id 4, minute 4 (Unix time / 60), number of lines 1, per line (at most 15) product
number 4, qty_milli 4, paid 4, then the ECDSA P-256 signature 64 (r, s) over all before. Source: till.md.
"""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

MOST_LINES, HEAD, LINE, SIGNATURE = 15, 25, 12, 64


@dataclass(frozen=True, slots=True)
class Proof:
    """A receipt as its QR tells it: lines of (product number, qty_milli, paid đồng)."""

    sale_id: str
    key_id: str
    minute: int
    lines: tuple[tuple[int, int, int], ...]


def key_id_of(jwk: Mapping[str, str]) -> str:
    """The first four bytes of a public key's thumbprint (RFC 7638), hex."""
    text = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:8]


def _bytes(text: str) -> bytes | None:
    if not text.isascii() or not text.replace("-", "").replace("_", "").isalnum():
        return None
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(data) <= HEAD or data[24] > MOST_LINES or len(data) != HEAD + LINE * data[24] + SIGNATURE:
        return None
    return data


def read_proof(text: str) -> Proof | None:
    """What a proof says, unverified; None when it is none."""
    data = _bytes(text)
    if data is None:
        return None

    def number(at: int) -> int:
        return int.from_bytes(data[at : at + 4], "big")

    lines = tuple((number(at), number(at + 4), number(at + 8)) for at in range(HEAD, HEAD + LINE * data[24], LINE))
    return Proof(str(UUID(bytes=data[:16])), data[16:20].hex(), number(20), lines)


def _coordinate(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def verify_proof(text: str, jwk: Mapping[str, str], until: int | None = None) -> bool:
    """True when this public key (a JWK of P-256) signed it, not after its last minute (`until`: of a stolen tablet)."""
    data = _bytes(text)
    if data is None or (until is not None and int.from_bytes(data[20:24], "big") > until):
        return False
    cut = len(data) - SIGNATURE
    signature = encode_dss_signature(
        int.from_bytes(data[cut : cut + 32], "big"), int.from_bytes(data[cut + 32 :], "big")
    )
    try:
        key = EllipticCurvePublicNumbers(_coordinate(jwk["x"]), _coordinate(jwk["y"]), SECP256R1()).public_key()
        key.verify(signature, data[:cut], ECDSA(SHA256()))
    except (InvalidSignature, ValueError, KeyError, binascii.Error):
        return False
    return True
