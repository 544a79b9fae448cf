"""Sales to put on paper. Goods and places are real, sums and people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from pos.receipts.commands import ReceiptData, ReceiptLine, ReceiptTender
from pos.receipts.rules import link_of

SALE_ID = "0192f3c4-7a10-7cde-8f01-23456789abcd"
NUMBER = "HG07A-261122-48"
ORIGIN = "https://pos.example.vn"
SOLD_AT = datetime(2026, 11, 22, 7, 3, tzinfo=UTC)


def a_line(name: str = "Bánh chả", **changes: Any) -> ReceiptLine:
    """Two boxes at 35.000, unless told otherwise; gross and paid follow from the rest."""
    line = ReceiptLine(
        name=name,
        name_en=None,
        qty_milli=2000,
        unit="hộp",
        price_vnd=35_000,
        gross_vnd=0,
        discount_vnd=0,
        paid_vnd=0,
        vat_bp=800,
        vat_class="standard",
        stars=3,
        producer="Hộ KD Thanh Vân, P. Bưởi",
    )
    line = replace(line, **changes)
    gross = changes.get("gross_vnd", line.price_vnd * line.qty_milli // 1000)
    return replace(line, gross_vnd=gross, paid_vnd=changes.get("paid_vnd", gross - line.discount_vnd))


CAKE = a_line(discount_vnd=10_000)
HAM = a_line("Giò lụa", qty_milli=350, unit="kg", price_vnd=180_000, producer="Thảo Nguyên, P. Phú Thượng")
TEA = a_line(
    "Trà nụ vối",
    name_en="Voi bud tea",
    qty_milli=1000,
    price_vnd=62_000,
    stars=4,
    producer="Hà Diệp, Thái Nguyên",
)
GREENS = a_line("Rau muống", qty_milli=1500, unit="kg", price_vnd=20_000, vat_bp=0, vat_class="KCT", stars=None)
HONEY = a_line(
    "Mật ong hoa nhãn nguyên chất chưng cất thủ công làng cổ Đường Lâm loại đặc biệt",
    qty_milli=1000,
    unit="lọ 500 ml",
    price_vnd=1_250_000,
    stars=5,
    producer="Hợp tác xã Nông nghiệp hữu cơ và Du lịch sinh thái Đồng Mô, xã Đoài Phương, Hà Nội",
)


def cash(amount: int, received: int | None = None) -> ReceiptTender:
    """Cash, with the change that follows from what was handed over."""
    return ReceiptTender("cash", amount, received, None if received is None else received - amount, None)


def a_sale(*lines: ReceiptLine, **changes: Any) -> ReceiptData:
    """Three goods of three producers for 185.000, paid in cash; totals follow from the lines."""
    lines = lines or (CAKE, HAM, TEA)
    returns: tuple[ReceiptLine, ...] = changes.get("returns", ())
    total = sum(line.paid_vnd for line in lines) - sum(line.paid_vnd for line in returns)
    data = ReceiptData(
        sale_id=SALE_ID,
        receipt_no=NUMBER,
        operator_id="00000000-0000-4000-8000-000000000001",
        operator_name="Công ty CP Xúc tiến OCOP Hà Nội",
        operator_tax_code="0101234567",
        site_id="00000000-0000-4000-8000-000000000002",
        site_name="Điểm bán OCOP Hồ Gươm",
        address="Gian B07, phường Hoàn Kiếm, Hà Nội",
        fair_name="Hội chợ OCOP Hồ Gươm",
        till_id="00000000-0000-4000-8000-000000000003",
        till_code="HG07A",
        cashier="Nguyễn Thị Lan",
        sold_at=SOLD_AT,
        business_date=date(2026, 11, 22),
        language="vi",
        lines=lines,
        returns=returns,
        total_vnd=total,
        cash_rounding_vnd=0,
        tenders=(cash(total, 200_000),),
        link=link_of(ORIGIN, NUMBER, SALE_ID),
        demo=False,
    )
    return replace(data, **changes)
