"""What else happens on a day at the till: drawers, cash, goods, people."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from pos.till.commands.parts import MAX, AnyBody, Body, Count, Day, Dong, Hash, Milli, Name, SignedDong, Text, Uuid


class ShiftOpen(Body, frozen=True):
    """A drawer opened with a float, counted or not."""

    float: Dong = 0
    count: dict[str, Count] | None = None
    keeper: Uuid | None = None


class DeviceSeq(Struct, frozen=True):
    """How far one device's log goes in a shift."""

    device: Uuid
    seq: Annotated[int, Meta(ge=1, le=MAX)]


class ShiftClose(Body, frozen=True):
    """A drawer counted blind and closed."""

    counted: Dong
    devices: list[DeviceSeq] = field(default_factory=list)
    count: dict[str, Count] | None = None
    tenders: dict[str, SignedDong] | None = None
    z: Name | None = None  # the report's number, given by the tablet and never twice
    first: Dong | None = None  # what was counted first, when it was counted again
    reason: Text | None = None  # why it may not fit, said before anybody knew by how much


class CashMoveBody(Body, frozen=True):
    """Cash in, out, or dropped to the safe."""

    direction: Literal["in", "out", "drop"]
    amount: Annotated[int, Meta(gt=0, le=MAX)]
    reason: Text | None = None  # a code of `rules.cash`, or words
    note: Text | None = None
    count: dict[str, Count] | None = None  # of a float counted after the opening
    carrier: Text | None = None
    bag: Text | None = None


class GoodsLine(Struct, frozen=True):
    """So much of a product."""

    product: Uuid
    qty_milli: Milli
    lot: Uuid | None = None
    expires: Day | None = None


class GoodsOut(Body, frozen=True):
    """Goods that left otherwise than by a sale."""

    reason: Literal["sample", "gift", "broken", "lost", "theft", "own_use", "to_producer", "to_site"]
    lines: list[GoodsLine]
    to: Uuid | None = None
    undo_of: Uuid | None = None  # the mirror of that event: the same lines the other way


class GoodsIn(Body, frozen=True, rename={"from_": "from"}):
    """Goods counted in at the till."""

    from_: Uuid
    lines: list[GoodsLine]
    announced: Uuid | None = None
    undo_of: Uuid | None = None  # as in `goods.out`


class ProductNew(Body, frozen=True):
    """Goods first named at a till, under the id it minted."""

    id: Uuid
    name: Name
    price: Dong
    producer: Uuid | None = None
    barcode: Text | None = None
    photo: Hash | None = None


class ShiftContinue(Body, frozen=True):
    """This device goes on with an open shift of a lost one."""

    from_device: Uuid
    reason: Text | None = None


class NewHelper(Struct, frozen=True):
    """Somebody who helps for a day; the name travels in the event's `private`."""

    id: Uuid
    day: Day


class StaffSwitch(Body, frozen=True, rename={"from_": "from"}):
    """Another person sells from here on, or a helper was added."""

    from_: Uuid | None = None
    to: Uuid | None = None
    helper: NewHelper | None = None


class DrawerOpen(AnyBody, frozen=True):
    """The drawer opened without a sale: why, and whose word it was (`approval`)."""

    reason: Text | None = None
    sale: Uuid | None = None
