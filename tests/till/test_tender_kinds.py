"""Ways of paying on the operator's list: where each posts, what the paper calls it, what the tablet is told."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.orm import Session

from pos.kernel.db import unit_of_work
from pos.places.service import add_issuer, add_tender, set_tender
from pos.receipts.models import Receipt
from pos.tablet.guards import Enrolled
from pos.tablet.queries import settings_of
from tests.till.golden import SETUP, World, build
from tests.till.tablet import Tablet, line, tender

TEA = SETUP["products"][0]["id"]
P1 = SETUP["producers"][0]["id"]
UNION = "union"


@pytest.fixture
def world(session: Session) -> World:
    return build()


def paper_of(session: Session, sale_id: str) -> list[str]:
    """The rows of the receipt below the total."""
    session.rollback()
    blocks = json.loads(session.get_one(Receipt, sale_id).document)["blocks"]
    total = next(n for n, block in enumerate(blocks) if block.get("size") == "total")
    return [f"{b['l']}: {b['r']}" for b in blocks[total:] if b["t"] == "row" and b["size"] != "small"][1:]


def test_each_kind_posts_to_its_account_and_says_so_on_paper(world: World, session: Session) -> None:
    with unit_of_work() as work:
        add_issuer(work, world.operator_id, name="Công đoàn Hoàn Kiếm", id_=UNION)
        momo = add_tender(work, world.operator_id, name="Ví MoMo", name_en="MoMo wallet", base="vietqr", position=9)
        assert momo.code == "vi_momo"
    tablet = Tablet(world.log_id)
    world.names[tablet.shift] = "D1"
    parts = [
        tender("cash", 10_000, received=20_000, change=10_000),
        tender("vietqr", 20_000, state="shown"),
        tender("card", 30_000),
        tender("voucher", 40_000, issuer=UNION),
        tender("owed", 15_000, customer="c-1"),
        tender("producer", 25_000, payee=P1),
        tender("vi_momo", 45_000),
    ]
    sale = tablet.sale(line(TEA, 1, 185_000), tenders=parts)

    [told] = tablet.tell(world, sale)

    assert "unknown_tender" not in told["flags"]
    [entry] = world.entries_of(session, sale["id"])
    tendered = {account: amount for account, amount in entry.items() if amount > 0}
    assert tendered == {
        "drawer:D1": 10_000, "qr_clearing": 65_000, "card_clearing": 30_000, f"voucher_clearing:{UNION}": 40_000,
        "customer_receivable:c-1": 15_000, "held_by_producer:P1": 25_000,
    }  # fmt: skip
    assert paper_of(session, sale["id"]) == [
        "Tiền mặt khách đưa: 20.000",
        "Trả lại: 10.000",
        "Chuyển khoản QR (chờ tiền về): 20.000",
        "Thẻ: 30.000",
        "Phiếu mua hàng · Công đoàn Hoàn Kiếm: 40.000",
        "Ghi nợ, khách trả sau: 15.000",
        f"Trả thẳng cho chủ thể · {SETUP['producers'][0]['name']}: 25.000",
        "Ví MoMo: 45.000",
    ]


def test_a_kind_of_another_operator_is_unknown_here(world: World, session: Session) -> None:
    tablet = Tablet(world.log_id)
    sale = tablet.sale(line(TEA, 1, 185_000), tenders={"vi_momo": 185_000})

    [told] = tablet.tell(world, sale)

    assert "unknown_tender" in told["flags"]
    [entry] = world.entries_of(session, sale["id"])
    assert entry["unidentified_receipts"] == 185_000


def test_a_wrong_tender_is_mended_into_an_own_kind(world: World, session: Session) -> None:
    with unit_of_work() as work:
        add_tender(work, world.operator_id, name="Ví MoMo", name_en=None, base="card", position=9)
    tablet = Tablet(world.log_id)
    world.names[tablet.shift] = "D1"
    sale = tablet.sale(line(TEA, 1, 185_000), tenders=[wrong := tender("cash", 185_000)])
    mended = tablet.write(
        "tender.correct", sale=sale["id"], sale_shift=tablet.shift,
        **{"from": {"id": wrong["id"], "kind": "cash", "amount": 185_000}},
        tenders=[tender("vi_momo", 185_000)], reason="bấm nhầm",
    )  # fmt: skip

    tablet.tell(world, sale, mended)

    assert world.entries_of(session, mended["id"]) == [{"card_clearing": 185_000, "drawer:D1": -185_000}]


def test_the_tablet_gets_what_is_offered_with_names_and_places(world: World, session: Session) -> None:
    here = Enrolled(
        world.log_id, "d", world.operator_id, SETUP["site"]["id"], None, SETUP["till"]["id"], "HK03A", False
    )
    usual = settings_of(session, here)
    assert (usual["tenders"], usual["voucher_issuers"]) == (["cash", "vietqr", "card"], [])
    session.rollback()

    with unit_of_work() as work:
        set_tender(work, world.operator_id, "card", place="off", position=2)
        set_tender(work, world.operator_id, "voucher", place="more", position=3, name="Phiếu quà", name_en="Gift card")
        add_issuer(work, world.operator_id, name="Công đoàn", id_=UNION)

    session.rollback()
    told = settings_of(session, here)
    assert told["tenders"] == ["cash", "vietqr"]
    assert told["voucher_issuers"] == [{"id": UNION, "name": "Công đoàn"}]
    assert told["tender_kinds"][-1] == {
        "code": "voucher", "base": "voucher", "name": "Phiếu quà", "name_en": "Gift card", "place": "more",
    }  # fmt: skip
