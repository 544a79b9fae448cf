"""What a tablet asks, as typed data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

import msgspec

from pos.kernel.canonical import NotCanonical, canonical, parse
from pos.kernel.errors import Invalid
from pos.till.commands import Uuid
from pos.till.rules.rescue import MOST_CIPHER


class Enrol(msgspec.Struct, frozen=True):
    """A code typed or scanned, the id the tablet minted, its public key (a JWK or nothing)."""

    code: str
    device: Uuid
    public_key: dict[str, str | bool | list[str]] | str | None = None


class Rescue(msgspec.Struct, frozen=True):
    """A device and its sealed events."""

    device: Uuid
    cipher: Annotated[str, msgspec.Meta(max_length=MOST_CIPHER)]


for _shape in (Enrol, Rescue):
    msgspec.json.Decoder(_shape)  # met before there are threads: see pos.till.commands


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


def read_rescue(body: bytes) -> Rescue:
    """Raises Invalid 400 on anything but `{device, cipher}`."""
    try:
        return msgspec.convert(parse(body.decode()), Rescue, strict=True)
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        raise Invalid("rescue.not_opened", what=str(error)[:200], status=400) from error


_TOLD = re.compile(r"(unsent|battery|storage)=(\d{1,9})(?=,|$)")


def read_state(header: str) -> dict[str, int]:
    """`Till-State: unsent=4,battery=83,storage=12` (percent): what is there and plausible, nothing else."""
    told = {name: int(value) for name, value in _TOLD.findall(header[:200].replace(" ", ""))}
    return {name: value for name, value in told.items() if name == "unsent" or value <= 100}
