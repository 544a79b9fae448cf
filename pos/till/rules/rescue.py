"""What a tablet that cannot send seals for the server alone: the same bytes as static/till/rescue.js.

`OCOPR1` 6, ephemeral public key (uncompressed point) 65, nonce 12, then AES-256-GCM over gzip'd JSON `{"events": […]}`.
Key: HKDF-SHA256 of the ECDH P-256 secret, salt the ephemeral key, info `ocop rescue 1 <device>`; the 71 bytes before
the nonce are authenticated too. base64url without padding. The server's key is made from its secret.
"""

from __future__ import annotations

import binascii
import gzip
import io
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import sha512

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC, POINT, NONCE, TAG = b"OCOPR1", 65, 12, 16
MOST_PLAIN = 1024 * 1024
MOST_CIPHER = 2 * MOST_PLAIN
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


class Unopened(ValueError):
    """Not sealed for this server, or not whole."""


@lru_cache(maxsize=4)
def rescue_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The server's key for what is rescued."""
    number = int.from_bytes(sha512(b"pos rescue 1:" + secret.encode()).digest(), "big") % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def public_jwk(secret: str) -> dict[str, str]:
    """Its public half, as a tablet gets it."""
    numbers = rescue_key(secret).public_key().public_numbers()
    x, y = (urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode() for n in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def open_sealed(secret: str, device: str, cipher: str) -> bytes:
    """The JSON inside. Raises Unopened."""
    try:
        sealed = urlsafe_b64decode(cipher.strip().encode("ascii") + b"=" * (-len(cipher.strip()) % 4))
    except (ValueError, binascii.Error) as error:
        raise Unopened("base64url") from error
    start = len(MAGIC) + POINT
    if not sealed.startswith(MAGIC) or len(sealed) < start + NONCE + TAG:
        raise Unopened("magic")
    try:
        point = sealed[len(MAGIC) : start]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = rescue_key(secret).exchange(ec.ECDH(), theirs)
        key = HKDF(SHA256(), 32, salt=point, info=f"ocop rescue 1 {device}".encode()).derive(shared)
        packed = AESGCM(key).decrypt(sealed[start : start + NONCE], sealed[start + NONCE :], sealed[:start])
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            plain = stream.read(MOST_PLAIN + 1)
    except (ValueError, InvalidTag, OSError, EOFError, zlib.error) as error:
        raise Unopened("key") from error
    if len(plain) > MOST_PLAIN:
        raise Unopened("size")
    return plain
