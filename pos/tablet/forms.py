"""What a tablet asks, as typed data."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from pos.kernel.canonical import NotCanonical, canonical, parse
from pos.kernel.errors import Invalid
from pos.till.commands import Uuid


class Enrol(msgspec.Struct, frozen=True):
    """A code typed or scanned, the id the tablet minted, its public key (a JWK or nothing)."""

    code: str
    device: Uuid
    public_key: dict[str, str | bool | list[str]] | str | None = None


msgspec.json.Decoder(Enrol)  # met before there are threads: see pos.till.commands


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    """The enrolment as kept: the key as text."""

    code: str
    device: str
    public_key: str | None


def read_enrol(body: bytes) -> EnrolRequest:
    """Raises Invalid 400 on anything but `{code, device, public_key}`."""
    try:
        asked = msgspec.convert(parse(body.decode()), Enrol, strict=True)
        key = asked.public_key
        text = canonical(key).decode() if isinstance(key, dict) else key
        canonical([asked.code, text])  # no U+0000, no half of a surrogate pair: no database takes them
    except (ValueError, RecursionError, NotCanonical, msgspec.ValidationError) as error:
        raise Invalid("enrol.bad_request", what=str(error)[:200], status=400) from error
    return EnrolRequest(asked.code, asked.device, text)
