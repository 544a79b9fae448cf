"""Secrets made and compared: argon2 for what people remember, SHA-256 for what only machines could guess."""

from __future__ import annotations

import secrets
from functools import lru_cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pos.access.rules import weak_pin

hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP: 19 MiB, t=2, p=1
EASY = "abcdefghjkmnpqrstuvwxyz23456789"  # no i l o 0 1
KEY_LENGTH = 26  # of 31 letters: 128 bits


def hash_of(text: str) -> str:
    """SHA-256 of a high-entropy secret (a token, a code, a card's key); passwords go through argon2."""
    return sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def _decoy() -> str:
    return hasher.hash("nobody")


def fits(hashed: str | None, given: str) -> bool:
    """True when the password or PIN is the hashed one. The same time is taken when there is none."""
    try:
        hasher.verify(hashed or _decoy(), given)
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def random_key() -> str:
    """The secret of a card: safe in a link and in Zalo's link detection, hopeless to guess."""
    return "".join(secrets.choice(EASY) for _ in range(KEY_LENGTH))


def random_password() -> str:
    """A one-time password, easy to read out: three groups of four."""
    return "-".join("".join(secrets.choice(EASY) for _ in range(4)) for _ in range(3))


def random_pin(digits: int = 6) -> str:
    """A PIN that is not among the first guesses."""
    while weak_pin(pin := "".join(secrets.choice("0123456789") for _ in range(digits))):
        pass
    return pin
