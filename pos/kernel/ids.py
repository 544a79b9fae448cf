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
    chance = secrets.randbits(74)
    text = f"{moment & 0xFFFF_FFFF_FFFF:012x}7{chance >> 62:03x}{0b10 << 62 | chance & (1 << 62) - 1:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def floor_id(at_ms: int) -> str:
    """The least id that can be born at a moment: what is below it was born before."""
    return str(uuid.UUID(int=(at_ms & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | 0b10 << 62))


def named_id(*parts: str) -> str:
    """The same id for the same name, every time: for reference data and demos."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "urn:ocop:" + ":".join(parts)))


def is_id(text: object) -> bool:
    """True for the canonical lower-case form of a UUID."""
    return isinstance(text, str) and UUID_TEXT.fullmatch(text) is not None
