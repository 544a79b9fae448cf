"""What a till may say to its customer's screen: goods, sums and the VietQR. Refuses every other word."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from pos.kernel.errors import Invalid

MOST_BYTES = 32 * 1024
Money = Annotated[int, msgspec.Meta(ge=-(10**12), le=10**12)]
Words = Annotated[str, msgspec.Meta(max_length=300)]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the cart as the customer reads it."""

    name: Words
    qty_milli: int
    unit: Words
    sum: Money


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The VietQR of a sum and whose account it is: the operator's, printed on every receipt."""

    text: Annotated[str, msgspec.Meta(max_length=600)]
    sum: Money
    to: Words
    name: Words


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The same as static/till/display.js says on the device itself."""

    state: Literal["idle", "cart", "qr", "thanks"]
    language: Literal["vi", "en"]
    place: Words
    sample: Words | None
    id: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    lines: Annotated[list[Row], msgspec.Meta(max_length=100)] | None = None
    total: Money | None = None
    left: Money | None = None
    change: Money | None = None
    qr: Code | None = None


_READ = msgspec.json.Decoder(Message)


def read_message(body: bytes) -> str:
    """The message as kept. Raises Invalid, 400 or 413, on anything a customer has no business with."""
    if len(body) > MOST_BYTES:
        raise Invalid("display.too_large", status=413)
    try:
        return msgspec.json.encode(_READ.decode(body)).decode()
    except (ValueError, RecursionError) as error:
        raise Invalid("display.bad_message", what=str(error)[:200], status=400) from error
