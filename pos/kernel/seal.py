"""Encryption at rest for what must not lie open: Fernet (AES-128-CBC + HMAC) by a key from the secret."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet


def _fernet(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"pos seal 1:" + secret.encode()).digest()))


def seal(secret: str, data: bytes) -> str:
    """Encrypt and authenticate."""
    return _fernet(secret).encrypt(data).decode()


def unseal(secret: str, sealed: str) -> bytes:
    """Reverse of seal. Raises cryptography.fernet.InvalidToken on another key or a changed text."""
    return _fernet(secret).decrypt(sealed.encode())
