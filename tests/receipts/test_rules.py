from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.kernel.canonical import canonical
from pos.kernel.money import net_of_vat
from pos.receipts.commands import ReceiptLine, ReceiptTender
from pos.receipts.rules import (
    DRAWER_LIVES,
    RECEIPT_LIVES,
    VatRow,
    as_copy,
    link_of,
    printed_sum_of,
    receipt_document,
    sale_id_of,
    vat_by_rate,
    without_drawer,
)
from tests.receipts.papers import CAKE, GREENS, HAM, NUMBER, SALE_ID, TEA, a_line, a_sale, cash


def rows(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(block["l"], block["r"]) for block in document["blocks"] if block["t"] == "row"]


def words(document: dict[str, Any]) -> list[str]:
    return [block["s"] for block in document["blocks"] if block["t"] in ("text", "band", "maker")]


def kinds(document: dict[str, Any]) -> list[str]:
    return [block["t"] for block in document["blocks"]]


def test_a_cash_sale_says_every_sum_exactly() -> None:
    assert rows(receipt_document(a_sale())) == [
        ("2 hộp × 35.000", "70.000"),
        ("Giảm giá", "−10.000"),
        ("0,35 kg × 180.000", "63.000"),
        ("1 hộp × 62.000", "62.000"),
        ("PHẢI THU", "185.000"),
        ("Tiền mặt khách đưa", "200.000"),
        ("Trả lại", "15.000"),
        ("Đã gồm thuế GTGT 8 %", "13.704"),
    ]


def test_the_words_of_a_cash_sale() -> None:
    document = receipt_document(a_sale())

    assert words(document) == [
        "ĐIỂM BÁN OCOP HỒ GƯƠM",
        "Hội chợ OCOP Hồ Gươm",
        "Gian B07, phường Hoàn Kiếm, Hà Nội",
        "Công ty CP Xúc tiến OCOP Hà Nội",
        "MST 0101234567",
        "Bán cho người tiêu dùng",
        "Bánh chả",
        "Hộ KD Thanh Vân, P. Bưởi",
        "Giò lụa",
        "Thảo Nguyên, P. Phú Thượng",
        "Trà nụ vối",
        "Hà Diệp, Thái Nguyên",
        "Cảm ơn quý khách",
        "Quý khách vừa mua hàng của 3 nhà sản xuất.",
        "Phiếu này không phải hóa đơn thuế. Cần hóa đơn điện tử, xin báo người bán.",
    ]
    assert [(block["l"], block["r"]) for block in document["blocks"] if block["t"] == "pair"] == [
        ("PHIẾU TÍNH TIỀN", NUMBER),
        ("22/11/2026 14:03", "Quầy HG07A · Nguyễn Thị Lan"),
    ]
    assert [block["stars"] for block in document["blocks"] if block["t"] == "maker"] == [3, 3, 4]
    assert (document["v"], document["locale"], document["copy"]) == (1, "vi", 0)
    assert (document["receipt_no"], document["payable_vnd"]) == (NUMBER, 185_000)


def test_cash_opens_the_drawer_and_nothing_else_does() -> None:
    by_transfer = a_sale(tenders=(ReceiptTender("vietqr", 185_000, None, None, "FT26326123456"),))

    assert kinds(receipt_document(a_sale()))[0] == "drawer"
    assert kinds(receipt_document(a_sale()))[-1] == "cut"
    assert "drawer" not in kinds(receipt_document(by_transfer))
    assert "Mã FT26326123456" in words(receipt_document(by_transfer))
    assert "drawer" not in kinds(without_drawer(receipt_document(a_sale())))


def test_a_refund_and_an_exchange_put_the_sign() -> None:
    back = replace(TEA, discount_vnd=7_000, paid_vnd=55_000)
    refund = replace(a_sale(), lines=(), returns=(back,), total_vnd=-55_000, tenders=(cash(-55_000),))
    exchange = a_sale(CAKE, returns=(back,), tenders=(cash(5_000, 10_000),))

    assert rows(receipt_document(refund)) == [
        ("1 hộp × 62.000", "−62.000"),
        ("Phần đã giảm giá", "7.000"),
        ("HOÀN LẠI KHÁCH", "55.000"),
        ("Hoàn lại: Tiền mặt", "55.000"),
        ("Đã gồm thuế GTGT 8 %", "−4.074"),
    ]
    assert rows(receipt_document(exchange)) == [
        ("2 hộp × 35.000", "70.000"),
        ("Giảm giá", "−10.000"),
        ("1 hộp × 62.000", "−62.000"),
        ("Phần đã giảm giá", "7.000"),
        ("PHẢI THU", "5.000"),
        ("Tiền mặt khách đưa", "10.000"),
        ("Trả lại", "5.000"),
        ("Đã gồm thuế GTGT 8 %", "370"),
    ]
    titles = [block["l"] for block in receipt_document(refund)["blocks"] if block["t"] == "pair"]
    assert titles[0] == "PHIẾU TRẢ HÀNG"


def test_cash_rounding_is_a_line_and_the_paper_asks_for_the_rounded_sum() -> None:
    odd = a_line(price_vnd=35_150)
    document = receipt_document(a_sale(odd, cash_rounding_vnd=-300, tenders=(cash(70_000, 70_000),)))

    assert rows(document)[:4] == [
        ("2 hộp × 35.150", "70.300"),
        ("Cộng tiền hàng", "70.300"),
        ("Làm tròn tiền mặt", "−300"),
        ("PHẢI THU", "70.000"),
    ]
    assert document["payable_vnd"] == 70_000


def test_vat_is_summed_from_the_lines_by_class_and_rate() -> None:
    lines = (
        a_line(gross_vnd=10_005),
        a_line(gross_vnd=10_005),
        a_line(gross_vnd=10_500, vat_bp=500),
        GREENS,
        a_line(vat_class="direct", vat_bp=0),
    )

    assert vat_by_rate(lines, ()) == [
        VatRow("standard", 800, 20_010, 1_482),
        VatRow("standard", 500, 10_500, 500),
        VatRow("KCT", 0, 30_000, 0),
    ]
    assert rows(receipt_document(a_sale(*lines)))[-3:] == [
        ("Thuế GTGT 8 % trong 20.010", "1.482"),
        ("Thuế GTGT 5 % trong 10.500", "500"),
        ("Không chịu thuế GTGT: 30.000", "0"),
    ]


def test_a_seller_on_the_direct_method_shows_no_vat() -> None:
    direct = a_line(vat_class="direct", vat_bp=0)

    assert [left for left, _ in rows(receipt_document(a_sale(direct))) if "GTGT" in left] == []


def test_english_swaps_words_points_and_keeps_the_vietnamese_name() -> None:
    document = receipt_document(a_sale(TEA, HAM, language="en", tenders=(cash(125_000, 200_000),)))

    assert rows(document) == [
        ("1 hộp × 62,000", "62,000"),
        ("0.35 kg × 180,000", "63,000"),
        ("TOTAL ₫", "125,000"),
        ("Cash given", "200,000"),
        ("Change", "75,000"),
        ("VAT 8 % included", "9,260"),  # of the lines; of their sum it would be 9,259
    ]
    assert words(document)[6:8] == ["Voi bud tea", "Trà nụ vối"]


def test_a_demo_says_so_at_both_ends() -> None:
    blocks = receipt_document(a_sale(demo=True))["blocks"]
    seen = [block for block in blocks if block["t"] not in ("drawer", "cut")]

    assert seen[0] == seen[-1] == {"t": "band", "k": "sample", "s": "MẪU · KHÔNG CÓ GIÁ TRỊ"}


def test_a_copy_says_so_keeps_the_drawer_shut_and_leaves_the_original_alone() -> None:
    original = receipt_document(a_sale(demo=True))
    before = canonical(original)

    copy = as_copy(original, 2)

    assert [block["s"] for block in copy["blocks"] if block["t"] == "band"] == [
        "MẪU · KHÔNG CÓ GIÁ TRỊ",
        "BẢN SAO 2",
        "MẪU · KHÔNG CÓ GIÁ TRỊ",
    ]
    assert copy["copy"] == 2
    assert "drawer" not in kinds(copy)
    assert as_copy(copy, 3) == as_copy(original, 3)
    assert canonical(original) == before
    with pytest.raises(ValueError, match="copies count from 1"):
        as_copy(original, 0)


def test_only_earned_stars_are_named() -> None:
    plain = a_line(stars=None, producer=None)
    starred = a_line(stars=5, producer=None)

    document = receipt_document(a_sale(plain, starred))

    makers = [block for block in document["blocks"] if block["t"] == "maker"]
    assert makers == [{"t": "maker", "stars": 5, "s": ""}]


def test_the_key_of_the_link_is_the_sale_id() -> None:
    address, _, key = link_of("https://pos.example.vn/", NUMBER, SALE_ID).partition("#")

    assert address == f"https://pos.example.vn/r/{NUMBER}"
    assert len(key) == 22
    assert sale_id_of(key) == SALE_ID


@pytest.mark.parametrize("key", ["", "x", "ngắn quá", "AAAA", "====", "A"])
def test_what_is_no_key_is_none(key: str) -> None:
    assert sale_id_of(key) is None


@pytest.mark.parametrize(
    ("typed", "sum_of"),
    [
        ("185.000", 185_000),
        (" 185,000 đ ", 185_000),
        ("185000", 185_000),
        ("185 000 ₫", 185_000),
        ("185.000 VND", 185_000),
        ("", None),
        ("một trăm", None),
        ("18x", None),
        ("٣", None),
        ("9" * 14, None),
    ],
)
def test_a_sum_is_read_as_people_type_it(typed: str, sum_of: int | None) -> None:
    assert printed_sum_of(typed) == sum_of


def test_a_drawer_is_forgotten_long_before_a_receipt() -> None:
    assert DRAWER_LIVES * 15 == RECEIPT_LIVES


def read(figure: str) -> int:
    return int(figure.replace(".", "").replace("−", "-"))


lines = st.lists(
    st.builds(
        lambda price, qty, off, bp: a_line(
            price_vnd=price,
            qty_milli=qty,
            discount_vnd=price * qty // 1000 * off // 100,
            vat_bp=bp,
        ),
        st.integers(0, 90_000_000),
        st.integers(1, 999_999),
        st.integers(0, 100),
        st.sampled_from([0, 500, 800, 1000]),
    ),
    min_size=1,
    max_size=8,
)


@given(lines, st.lists(st.builds(a_line, price_vnd=st.integers(0, 10**7)), max_size=3))
def test_what_stands_on_the_paper_adds_up(sold: list[ReceiptLine], back: list[ReceiptLine]) -> None:
    data = a_sale(*sold, returns=tuple(back))
    data = replace(data, tenders=(cash(data.total_vnd),))
    said = rows(receipt_document(data))
    where = next(n for n, (left, _) in enumerate(said) if left in ("PHẢI THU", "HOÀN LẠI KHÁCH"))

    assert sum(read(right) for _, right in said[:where]) == data.total_vnd
    assert read(said[where][1]) == abs(data.total_vnd)
    vat = sum(net_of_vat(line.paid_vnd, line.vat_bp)[1] for line in sold)
    vat -= sum(net_of_vat(line.paid_vnd, line.vat_bp)[1] for line in back)
    assert sum(read(right) for left, right in said if "GTGT" in left) == vat
