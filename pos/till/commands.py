"""Events as typed, frozen data: the schema of till.md. Unknown members are ignored, wrong ones refused."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

MAX = 2**53 - 1
Uuid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", max_length=36)]
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", max_length=64)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", max_length=10)]
Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$")]
Text = Annotated[str, Meta(max_length=4000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Dong = Annotated[int, Meta(ge=0, le=MAX)]
SignedDong = Annotated[int, Meta(ge=-MAX, le=MAX)]
Milli = Annotated[int, Meta(gt=0, le=MAX)]
Bp = Annotated[int, Meta(ge=0, le=10_000)]
LineNo = Annotated[int, Meta(ge=1, le=10_000)]
Count = Annotated[int, Meta(ge=0, le=MAX)]


class Approval(Struct, frozen=True):
    """One action and one amount that a person approved by PIN; `offline`: the till did not reach the server then."""

    action: Name | None = None
    staff: Uuid | None = None
    at: Moment | None = None
    amount: SignedDong | None = None
    offline: bool | None = None


class Body(Struct, frozen=True, kw_only=True):
    """What every event body is: any of them may have been approved."""

    approval: Approval | None = None


class Envelope(Struct, frozen=True):
    """The outside of an event, without its hash and private part."""

    v: Annotated[int, Meta(ge=1, le=1_000_000)]
    id: Uuid
    seq: Annotated[int, Meta(ge=1, le=MAX)]
    prev: Hash
    kind: Name
    day: Day
    at: Moment
    app: Text = ""
    shift: Uuid | None = None
    staff: Uuid | None = None
    catalogue: int | None = None
    keeper: Uuid | None = None


class Funder(Struct, frozen=True):
    """Who pays for part of a discount."""

    who: Literal["producer", "operator", "organizer"]
    bp: Bp


class LineDiscount(Struct, frozen=True):
    """A discount on one line."""

    amount: Dong
    funders: list[Funder]
    reason: Text | None = None
    promotion: Text | None = None


class InBundle(Struct, frozen=True):
    """The hamper a line was sold in."""

    id: Uuid | None = None
    name: Text | None = None


class Line(Struct, frozen=True):
    """One line sold."""

    line: LineNo
    qty_milli: Milli
    price: Dong
    gross: Dong
    paid: Dong
    vat_bp: Bp
    vat_class: Literal["standard", "zero", "KCT", "KKKNT", "direct"]
    product: Uuid | None = None
    name: Text | None = None
    producer: Uuid | None = None
    line_discounts: list[LineDiscount] = []
    basket_discount: Dong = 0
    stars: Annotated[int, Meta(ge=1, le=5)] | None = None
    lot: Uuid | None = None
    barcode: Text | None = None
    bundle: InBundle | None = None


class Discount(Struct, frozen=True):
    """A discount on the basket, shared over its lines by position."""

    amount: Dong
    funders: list[Funder]
    shares: list[Dong]
    id: Text | None = None
    reason: Text | None = None
    promotion: Text | None = None


class Return(Struct, frozen=True):
    """Goods taken back: of a sale's line, or (sale null) of a product at a price."""

    qty_milli: Milli
    paid: Dong
    disposition: Literal["shelf", "damaged", "producer"] = "shelf"
    sale: Uuid | None = None
    line: LineNo | None = None
    product: Uuid | None = None
    producer: Uuid | None = None
    price: Dong | None = None
    reason: Text | None = None


class TenderIn(Struct, frozen=True):
    """Money kept by one means; negative when paid out."""

    id: Uuid
    kind: Name
    amount: SignedDong
    state: Literal["shown", "seen", "matched"] = "seen"
    payee: Uuid | None = None
    issuer: Name | None = None
    customer: Name | None = None
    received: Dong | None = None
    change: Dong | None = None
    reference: Text | None = None


class SaleBody(Body, frozen=True):
    """A finished ticket: sale, refund or exchange."""

    receipt_no: Name
    lines: list[Line]
    tenders: list[TenderIn]
    total: SignedDong
    returns: list[Return] = []
    discounts: list[Discount] = []
    cash_rounding: SignedDong = 0
    seller: Uuid | None = None
    age_checked: bool | None = None
    language: Text | None = None
    undo_of: Uuid | None = None
    approvals: list[Approval] = []
    priced_at: Moment | None = None  # whose promotions the customer saw
    proof: Annotated[str, Meta(max_length=600)] | None = None  # what the receipt's QR tells, signed
    printed_by: Text | None = None  # "tablet": a printer of the tablet has it, the server prints nothing


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
    devices: list[DeviceSeq] = []
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


class WrongTender(Struct, frozen=True):
    """The tender a correction takes away."""

    kind: Name
    amount: SignedDong
    id: Uuid | None = None
    payee: Uuid | None = None
    issuer: Name | None = None
    customer: Name | None = None


class TenderCorrect(Body, frozen=True, rename={"from_": "from"}):
    """What was rung as one means was another."""

    sale: Uuid
    from_: WrongTender
    tenders: list[TenderIn]
    sale_shift: Uuid | None = None
    reason: Text | None = None


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


class TenderSeenBody(Body, frozen=True):
    """A transfer only shown at the sale was seen to arrive later."""

    sale: Uuid
    tender: Uuid


class InvoiceRequestBody(Body, frozen=True):
    """The customer wants an invoice; who it is travels in the event's `private`."""

    sale: Uuid
    buyer_sha256: Hash


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


class AnyBody(Body, frozen=True):
    """Kept for control reports (or, of a newer format, for the release that can read it)."""


class DrawerOpen(AnyBody, frozen=True):
    """The drawer opened without a sale: why, and whose word it was (`approval`)."""

    reason: Text | None = None
    sale: Uuid | None = None


class TrainingSale(AnyBody, frozen=True):
    """A sale to practise on, shaped like one: its number and sum are read, nothing of it posts or moves."""

    receipt_no: Name | None = None
    total: SignedDong | None = None


KINDS: dict[str, type[Body]] = {
    "shift.open": ShiftOpen,
    "sale": SaleBody,
    "cash.move": CashMoveBody,
    "shift.close": ShiftClose,
    "tender.correct": TenderCorrect,
    "goods.in": GoodsIn,
    "goods.out": GoodsOut,
    "shift.continue": ShiftContinue,
    "tender.seen": TenderSeenBody,
    "invoice.request": InvoiceRequestBody,
    "product.new": ProductNew,
    "staff.switch": StaffSwitch,
    "drawer.open": DrawerOpen,
    "training.sale": TrainingSale,
    **dict.fromkeys(("receipt.printed", "line.remove", "cart.cancel"), AnyBody),
}
NEEDS_SHIFT = frozenset({"shift.open", "shift.continue", "sale", "cash.move", "shift.close", "tender.correct"})
VERSION = 1

# Two threads that meet a type of msgspec for the first time at once can crash the process (seen with 0.22.0):
# each is met here, while there is one thread.
for _shape in (Envelope, *KINDS.values()):
    msgspec.json.Decoder(_shape)
