"""The file a tablet saved when it could not send: `{"ocop_rescue": 1, "parcels": [{"device", "cipher"}]}`."""

from __future__ import annotations

import msgspec

from pos.kernel.errors import Invalid
from pos.till.commands import Uuid


class Parcel(msgspec.Struct, frozen=True):
    """A device and its sealed events."""

    device: Uuid
    cipher: str


class File(msgspec.Struct, frozen=True):
    """All of one tablet."""

    ocop_rescue: int
    parcels: list[Parcel]


_FILE = msgspec.json.Decoder(File)  # met before there are threads: see pos.till.commands


def read_rescue_file(data: bytes) -> list[tuple[str, str]]:
    """(device, cipher) of each parcel. Raises Invalid."""
    try:
        read = _FILE.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("rescue.not_a_file") from error
    if read.ocop_rescue != 1 or not read.parcels:
        raise Invalid("rescue.not_a_file")
    return [(parcel.device, parcel.cipher) for parcel in read.parcels]
