"""A ticket as the till sends it, and what is said of one later: tenders mended or seen, an invoice asked for."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from pos.till.commands.parts import (
    AnyBody,
    Approval,
    Body,
    Bp,
    Dong,
    Hash,
    LineNo,
    Milli,
    Moment,
    Name,
    SignedDong,
    Text,
    Uuid,
)


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
    returns: list[Return] = field(default_factory=list)
    discounts: list[Discount] = field(default_factory=list)
    cash_rounding: SignedDong = 0
    seller: Uuid | None = None
    age_checked: bool | None = None
    language: Text | None = None
    undo_of: Uuid | None = None
    approvals: list[Approval] = field(default_factory=list)
    priced_at: Moment | None = None  # whose promotions the customer saw
    proof: Annotated[str, Meta(max_length=600)] | None = None  # what the receipt's QR tells, signed
    printed_by: Text | None = None  # "tablet": a printer of the tablet has it, the server prints nothing


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


class TenderSeenBody(Body, frozen=True):
    """A transfer only shown at the sale was seen to arrive later."""

    sale: Uuid
    tender: Uuid


class InvoiceRequestBody(Body, frozen=True):
    """The customer wants an invoice; who it is travels in the event's `private`."""

    sale: Uuid
    buyer_sha256: Hash


class TrainingSale(AnyBody, frozen=True):
    """A sale to practise on, shaped like one: its number and sum are read, nothing of it posts or moves."""

    receipt_no: Name | None = None
    total: SignedDong | None = None
