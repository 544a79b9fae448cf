"""How much of a tablet's data plan the catalogue takes: 20,000 products made by rules, as the server tells them."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from pos.catalogue.queries.tablet import told
from pos.catalogue.reference import read
from pos.catalogue.rules import check_digit, kind_of_group
from pos.kernel.clock import iso
from pos.kernel.ids import new_id

FULL_BYTES, DELTA_BYTES = 1_500_000, 20_000  # till.md, "Numbers to reach"
YEAR_END = iso(datetime(2026, 12, 31, 17, tzinfo=UTC))
NAMES = (
    "chè đinh Tân Cương mật ong hoa nhãn giò lụa chả cốm bánh gai gốm Bát Tràng lụa Vạn Phúc rượu nếp miến dong gạo "
    "thơm tương bần mắm tôm cá kho làng Vũ Đại trà sen tâm nụ vối thảo mộc cao lá khô đông trùng hạ thảo bưởi Diễn"
)
WORDS = NAMES.split()


def products(count: int, dice: Random) -> list[dict[str, Any]]:
    """Names of three to six words, 3,000 producers in 126 wards, GTINs, a VAT step ahead: nothing repeats by itself."""
    wards = [row["full_name"] for row in read("hanoi-wards")]
    groups = [row["code"] for row in read("ocop-groups") if row["leaf"] == "1"]
    some = [row["producer"] for row in read("ocop-products")]

    def an_id() -> str:
        return new_id(1_760_000_000_000 + dice.randrange(10**10))

    makers = [(an_id(), f"{dice.choice(some)} {n}", dice.choice(wards)) for n in range(3000)]
    made = []
    for n in range(count):
        producer, producer_name, commune = dice.choice(makers)
        digits, group, price = f"893{dice.randrange(10**9):09d}", dice.choice(groups), dice.randint(20, 900) * 1000
        stars = dice.choice((3, 3, 4, 4, None))
        made.append(told({
            "id": an_id(), "sku": f"{n:04d}", "barcodes": [digits + check_digit(digits)] if n % 5 else None,
            "name": " ".join(dice.sample(WORDS, dice.randint(3, 6))) + dice.choice(("", "", " 200 g", " 500 g")),
            "name_en": None, "producer": producer, "producer_name": producer_name, "commune": commune, "group": group,
            "kind": kind_of_group(group), "unit": dice.choice(("hộp", "gói", "chai", "kg")), "weighed": n % 10 == 0,
            "price": price, "vat_bp": 800, "vat_class": "standard",
            "next": [{"from": YEAR_END, "price": price, "vat_bp": 1000, "vat_class": "standard"}],
            "stars": stars, "alcohol_bp": 0, "pinned": False, "lots": [],
            "certificate_until": date(2027, dice.randint(1, 12), dice.randint(1, 28)).isoformat() if stars else None,
        }, dice.choice((None, None, 0, dice.randint(1, 40) * 1000))))  # fmt: skip
    return sorted(made, key=lambda p: (p["producer"], p["name"]))


def compressed(told_: list[dict[str, Any]]) -> int:
    """As the door sends it: gzip 6."""
    body = {"version": 1, "full": True, "products": told_, "removed": []}
    return len(gzip.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 6))


def test_20000_products_and_a_delta_of_100_fit_the_plan() -> None:
    dice = Random(148)
    whole = products(20_000, dice)

    full, delta = (
        compressed(whole),
        compressed(sorted(dice.sample(whole, 100), key=lambda p: (p["producer"], p["name"]))),
    )

    print(f"full {full:,} B, delta of 100 {delta:,} B")
    assert full <= FULL_BYTES
    assert delta <= DELTA_BYTES
