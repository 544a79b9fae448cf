"""What a receipt is told: plain data, nothing to look up, nothing to compute twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line sold or taken back. Sums are positive in both; the document puts the sign.

    `qty_milli` thousandths of `unit`, `vat_class` one of standard, zero, KCT, KKKNT, direct;
    `stars` only while the certificate is in force.
    """

    name: str
    name_en: str | None
    qty_milli: int
    unit: str
    price_vnd: int
    gross_vnd: int
    discount_vnd: int
    paid_vnd: int
    vat_bp: int
    vat_class: str
    stars: int | None
    producer: str | None
    discount_words: str | None = None  # the promotions and the hamper that took something off


@dataclass(frozen=True, slots=True)
class ReceiptTender:
    """How a part was paid: `amount_vnd` is what was kept (received − change), negative when paid out.

    `name` is an operator's own way of paying in its words, `of` the issuer of a voucher or the producer paid.
    """

    kind: str
    amount_vnd: int
    received_vnd: int | None
    change_vnd: int | None
    reference: str | None
    name: str | None = None
    name_en: str | None = None
    of: str | None = None
    state: str = "seen"


@dataclass(frozen=True, slots=True)
class ReceiptData:
    """A stored sale, as the paper needs it. `link` is the whole address behind the QR."""

    sale_id: str
    receipt_no: str
    operator_id: str
    operator_name: str
    operator_tax_code: str | None
    site_id: str
    site_name: str
    address: str | None
    fair_name: str | None
    till_id: str
    till_code: str
    cashier: str | None
    sold_at: datetime
    business_date: date
    language: Literal["vi", "en"]
    lines: tuple[ReceiptLine, ...]
    returns: tuple[ReceiptLine, ...]
    total_vnd: int
    cash_rounding_vnd: int
    tenders: tuple[ReceiptTender, ...]
    link: str
    demo: bool
    training: bool = False


@dataclass(frozen=True, slots=True)
class PrinterFacts:
    """A network printer of a till or a site; `width_dots` 384 (58 mm) or 576 (80 mm)."""

    scope_kind: str
    scope_id: str
    name: str
    host: str
    port: int
    width_dots: int
    drawer: bool
    talks_back: bool
    active: bool
