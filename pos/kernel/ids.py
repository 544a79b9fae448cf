"""Identifiers: UUIDv7 (RFC 9562) as text, so that ids sort by birth."""

from __future__ import annotations

import re
import secrets
import time
import uuid

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id(at_ms: int | None = None) -> str:
    """A fresh UUIDv7; `at_ms` (Unix milliseconds) dates it, default now."""
    moment = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    value = (moment & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return str(uuid.UUID(int=value | 0b10 << 62 | secrets.randbits(62)))


def floor_id(at_ms: int) -> str:
    """The least id that can be born at a moment: what is below it was born before."""
    return str(uuid.UUID(int=(at_ms & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | 0b10 << 62))


def named_id(*parts: str) -> str:
    """The same id for the same name, every time: for reference data and demos."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "urn:ocop:" + ":".join(parts)))


def is_id(text: object) -> bool:
    """True for the canonical lower-case form of a UUID."""
    return isinstance(text, str) and UUID_TEXT.fullmatch(text) is not None
