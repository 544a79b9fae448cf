"""Vectors that bind the tablet's paper to the server's: the document of each kind of sale, and dots as bytes.

`python -m tests.receipts.vectors` writes them anew from the server's rules; the tests of both languages read them.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image

from pos.receipts.commands import ReceiptData, ReceiptTender
from pos.receipts.escpos_bytes import drawer_bytes, raster_bytes, receipt_bytes
from pos.receipts.rules import as_copy, receipt_document, without_drawer
from tests.receipts.papers import CAKE, GREENS, HAM, HONEY, TEA, a_line, a_sale, cash

VATS: tuple[dict[str, Any], ...] = ({"vat_bp": 1000}, {"vat_class": "KKKNT"}, {"vat_class": "zero"})
FOLDER = Path(__file__).parents[1] / "vectors"


def sales() -> dict[str, ReceiptData]:
    """One of each kind of paper."""
    tender = ReceiptTender
    promoted = a_line("Chả cốm", discount_vnd=7_000, discount_words="Giờ vàng −10 %, Giỏ quà Tết")
    split = (
        tender("vietqr", 50_000, None, None, "HG07A22487", state="shown"),
        tender("voucher", 30_000, None, None, "PMH-0093", of="Sở Công Thương Hà Nội"),
        tender("owed", 40_000, None, None, None),
        tender("producer", 10_000, None, None, None, of="Hộ KD Thanh Vân, P. Bưởi"),
        tender("momo", 5_000, None, None, None, "Ví MoMo", "MoMo wallet"),
        cash(50_000, 100_000),
    )
    given = (tender("voucher", 62_000, 100_000, 38_000, None),)
    blank = a_line("  Rau\u0301   thơm ", producer=None, stars=None, vat_bp=500, qty_milli=1_234_567)
    paid_out = (tender("cash", -35_000, None, None, None),)
    by_card = (tender("card", 27_000, None, None, "0042"),)
    back = a_line("Giò lụa", vat_class="direct", vat_bp=0, stars=None, qty_milli=1000)
    return {
        "cash": a_sale(),
        "split": a_sale(tenders=split),
        "split in English": a_sale(TEA, CAKE, language="en", tenders=split),
        "English": a_sale(TEA, HAM, language="en", tenders=(cash(125_000, 200_000),)),
        "rounded": a_sale(a_line(price_vnd=20_250), cash_rounding_vnd=-500),
        "VAT of all kinds": a_sale(CAKE, GREENS, *(a_line(**vat) for vat in VATS)),
        "direct": a_sale(a_line(vat_class="direct")),
        "KCT alone": a_sale(GREENS),
        "promotion": a_sale(promoted, HONEY),
        "promotion in English": a_sale(promoted, language="en"),
        "refund": a_sale(lines=(), returns=(back,), total_vnd=-35_000, tenders=paid_out),
        "exchange": a_sale(TEA, returns=(back,), tenders=by_card),
        "exchange in English": a_sale(TEA, returns=(back,), language="en", tenders=by_card),
        "demo": a_sale(demo=True),
        "practice": a_sale(training=True),
        "practice of a demo": a_sale(training=True, demo=True, language="en"),
        "bare": a_sale(blank, operator_tax_code=None, address=None, fair_name=None, cashier=None, tenders=given),
    }  # fmt: skip


def lines_vector() -> list[dict[str, Any]]:
    """[{name, facts, document, copy, late}]: `sold_at` in ms, the rest as the server's rules take and give it."""
    made = []
    for name, data in sales().items():
        facts = asdict(data) | {"sold_at": round(data.sold_at.timestamp() * 1000)}
        facts.pop("business_date")
        document = receipt_document(data)
        made.append(
            {
                "name": name, "facts": facts, "document": document, "copy": as_copy(document, 2),
                "late": without_drawer(document),
            }
        )  # fmt: skip
    return made


def pictures() -> dict[str, Image.Image]:
    """Dots that try every way of making bands."""
    dice = Random(58)

    def noise(width: int, height: int) -> Image.Image:
        return Image.frombytes("1", (width, height), dice.randbytes(width // 8 * height))

    def inked(width: int, height: int, *rows: tuple[int, int]) -> Image.Image:
        image = Image.new("1", (width, height), 1)
        for start, end in rows:
            image.paste(0, (8, start, 16, end))
        return image

    real_time = Image.frombytes(
        "1", (64, 2), bytes(255 - b for b in b"\x10\x04\x10\x05\x10\x14\x10\x10\x10\x04ab\x10\x04cd")
    )
    return {
        "white": inked(64, 600), "short gaps": inked(64, 90, (3, 10), (25, 40), (41, 50)),
        "long gaps": inked(64, 700, (20, 30), (46, 50), (400, 410)), "many bands": inked(64, 900, (0, 600), (899, 900)),
        "noise": noise(384, 40), "real-time commands": real_time,
    }  # fmt: skip


def bands_vector() -> dict[str, Any]:
    """{pictures: [{name, width, height, dots, bytes}], pulse, cut}; dots are 1 for black; base64."""

    def text(data: bytes) -> str:
        return base64.b64encode(data).decode()

    plain: dict[str, Any] = {
        "v": 1,
        "locale": "vi",
        "receipt_no": "",
        "payable_vnd": 0,
        "copy": 0,
        "blocks": [{"t": "cut"}],
    }
    return {
        "pictures": [
            {
                "name": name, "width": image.width, "height": image.height,
                "dots": text(bytes(255 - byte for byte in image.tobytes())), "bytes": text(raster_bytes(image)),
            }
            for name, image in pictures().items()
        ],
        "pulse": text(drawer_bytes()),
        "cut": text(receipt_bytes(plain, 384, drawer=False)),
    }  # fmt: skip


VECTORS = {"receipt-lines": lines_vector, "receipt-bands": bands_vector}


def main() -> None:
    """Write the vectors anew."""
    for name, make in VECTORS.items():
        text = json.dumps(make(), ensure_ascii=False, separators=(",", ":"))
        text = text.replace('},{"name":', '},\n{"name":')
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
