"""Events as typed, frozen data: the schema of till.md. Unknown members are ignored, wrong ones refused."""

from __future__ import annotations

import msgspec

from pos.till.commands.days import (
    CashMoveBody,
    DeviceSeq,
    DrawerOpen,
    GoodsIn,
    GoodsLine,
    GoodsOut,
    NewHelper,
    ProductNew,
    ShiftClose,
    ShiftContinue,
    ShiftOpen,
    StaffSwitch,
)
from pos.till.commands.parts import (
    MAX,
    AnyBody,
    Approval,
    Body,
    Bp,
    Count,
    Day,
    Dong,
    Envelope,
    Hash,
    LineNo,
    Milli,
    Moment,
    Name,
    SignedDong,
    Text,
    Uuid,
)
from pos.till.commands.tickets import (
    Discount,
    Funder,
    InBundle,
    InvoiceRequestBody,
    Line,
    LineDiscount,
    Return,
    SaleBody,
    TenderCorrect,
    TenderIn,
    TenderSeenBody,
    TrainingSale,
    WrongTender,
)

__all__ = [
    "KINDS",
    "MAX",
    "NEEDS_SHIFT",
    "VERSION",
    "AnyBody",
    "Approval",
    "Body",
    "Bp",
    "CashMoveBody",
    "Count",
    "Day",
    "DeviceSeq",
    "Discount",
    "Dong",
    "DrawerOpen",
    "Envelope",
    "Funder",
    "GoodsIn",
    "GoodsLine",
    "GoodsOut",
    "Hash",
    "InBundle",
    "InvoiceRequestBody",
    "Line",
    "LineDiscount",
    "LineNo",
    "Milli",
    "Moment",
    "Name",
    "NewHelper",
    "ProductNew",
    "Return",
    "SaleBody",
    "ShiftClose",
    "ShiftContinue",
    "ShiftOpen",
    "SignedDong",
    "StaffSwitch",
    "TenderCorrect",
    "TenderIn",
    "TenderSeenBody",
    "Text",
    "TrainingSale",
    "Uuid",
    "WrongTender",
]

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
