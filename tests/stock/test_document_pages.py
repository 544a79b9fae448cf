"""The papers as the office makes, confirms and prints them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from pos.kernel.clock import today
from pos.kernel.db import db
from pos.stock.models import Document, Level, LossDecision
from tests.reports.market import Market, a_market
from tests.reports.test_producer import words_of


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def post(market: Market, path: str, **form: str) -> tuple[int, str, str]:
    """(status, where to, what is said)."""
    answer = market.as_("manager").post(f"/stock/documents/{path}", data=form | {"business_date": today().isoformat()})
    return answer.status_code, answer.location or "", words_of(answer.get_data(as_text=True))


def id_of(location: str) -> str:
    return location.rsplit("/", 1)[-1]


def shown(market: Market, document_id: str) -> str:
    return words_of(market.as_("manager").get(f"/stock/documents/{document_id}").get_data(as_text=True))


def level(market: Market, site: str) -> int:
    db.session.rollback()
    return sum(
        db.session.scalars(
            select(Level.on_hand_milli).where(
                Level.place_kind == "site", Level.place_id == market.ids[site], Level.product_id == market.ids["honey"]
            )
        )
    )


def sent(market: Market, qty: str) -> str:
    status, there, _ = post(
        market, "new/transfer", operator_id=market.ids["gifts"], site_id=market.ids["shop"],
        to_id=market.ids["booth one"], **{"p-0": market.ids["honey"], "q-0": qty},
    )  # fmt: skip
    assert status == 303
    return id_of(there)


def test_a_transfer_is_sent_received_short_and_explained(market: Market) -> None:
    shop, booth = level(market, "shop"), level(market, "booth one")
    transfer = sent(market, "5")
    honey = {"p-0": market.ids["honey"], "q-0": "4", "e-0": "5", "answers_id": transfer}
    assert level(market, "shop") == shop - 5_000
    assert "đang đi" in shown(market, transfer)

    unexplained, _, said = post(market, "new/receipt", **honey)
    status, there, _ = post(market, "new/receipt", **honey, **{"d-0": "lost"})
    again, _, refused = post(market, "new/receipt", **honey, **{"d-0": "lost"})

    assert (unexplained, "hãy chọn phần còn lại ở đâu" in said) == (422, True)
    assert (status, again, "đã nhận rồi, theo phiếu NC" in refused) == (303, 409, True)
    assert level(market, "booth one") == booth + 4_000
    assert "Mất trên đường" in shown(market, id_of(there))
    assert "đã nhận" in shown(market, transfer)


def test_a_draft_waits_and_is_confirmed_by_one_of_two(market: Market) -> None:
    before = level(market, "shop")
    form = {"operator_id": market.ids["gifts"], "site_id": market.ids["shop"],
            "producer_id": market.ids["honey maker"], "p-0": market.ids["honey"], "e-0": "6"}  # fmt: skip
    _, there, _ = post(market, "new/intake", **form, do="draft")
    note = id_of(there)
    assert level(market, "shop") == before

    one = post(market, note, **form, **{"q-0": "5", "revision": "1", "m-0": "Bà Sáu"})
    two = post(market, note, **form, **{"q-0": "6", "revision": "1"})

    assert (one[0], two[0], "đã được xác nhận thành NK" in two[2]) == (303, 409, True)
    assert level(market, "shop") == before + 5_000
    page = shown(market, note)
    assert ("−1" in page, "Bà Sáu giao" in page, "Người giao hàng" in page) == (True, True, True)
    assert "Chủ thể quét mã này" in page
    assert "Chủ thể quét mã này" not in shown(market, sent(market, "1"))


def test_a_correction_moves_the_difference_and_only_once_from_what_stands(market: Market) -> None:
    before = level(market, "shop")
    transfer = sent(market, "5")
    honey = {"p-0": market.ids["honey"], "e-0": "5", "q-0": "3", "answers_id": transfer}
    without, _, _ = post(market, "new/correction", **honey)
    right = post(market, "new/correction", **honey, note="đếm nhầm")
    stale = post(market, "new/correction", **honey, note="đếm nhầm")

    assert without == 422
    assert (right[0], stale[0], "vừa được điều chỉnh" in stale[2]) == (303, 409, True)
    assert level(market, "shop") == before - 3_000


def test_a_write_off_says_why_and_who_bears_it(market: Market) -> None:
    before = level(market, "shop")
    form = {"operator_id": market.ids["gifts"], "site_id": market.ids["shop"], "p-0": market.ids["honey"], "q-0": "1"}
    assert post(market, "new/write_off", **form)[0] == 422

    status, there, _ = post(market, "new/write_off", **form, reason="broken", liability="operator")

    assert (status, level(market, "shop")) == (303, before - 1_000)
    assert db.session.scalars(select(LossDecision.liability)).all() == ["operator"]
    assert "Đơn vị chịu" in shown(market, id_of(there))


def test_what_a_till_writes_stands_in_the_same_list_and_waits_for_who_bears_it(market: Market) -> None:
    device = market.devices["shop"]
    broken = device.event(
        "goods.out", {"reason": "broken", "lines": [{"product": market.ids["honey"], "qty_milli": 2_000}]}
    )
    device.send(broken)
    paper = db.session.get_one(Document, broken["id"])
    assert (paper.kind, paper.reason, paper.state, paper.source) == ("write_off", "broken", "confirmed", "till")
    assert "chưa ai quyết định" in shown(market, paper.id)

    first = post(market, f"{paper.id}/borne", liability="agreement")
    second = post(market, f"{paper.id}/borne", liability="operator")

    assert (first[0], second[0]) == (303, 409)
    assert "Xuất hủy: vỡ, hỏng" in words_of(market.as_("manager").get("/stock/documents").get_data(as_text=True))


def test_a_till_that_scans_the_transfer_receives_it_once(market: Market) -> None:
    transfer = sent(market, "5")
    assert "Nơi nhận quét mã này" in shown(market, transfer)
    till = market.devices["booth one"]
    body = {
        "from": market.ids["shop"], "announced": transfer,
        "lines": [{"product": market.ids["honey"], "qty_milli": 4_000}],
    }  # fmt: skip
    first, second = till.event("goods.in", body), till.event("goods.in", body)
    till.send(first, second)

    page = shown(market, transfer)
    assert ("đã nhận" in page, "Nơi nhận quét mã này" in page) == (True, False)
    again = post(market, "new/receipt", answers_id=transfer, **{"p-0": market.ids["honey"], "q-0": "5", "e-0": "5"})
    assert (again[0], "đã nhận rồi" in again[2]) == (409, True)
    papers = [db.session.get_one(Document, event["id"]) for event in (first, second)]
    assert [paper.answers_id for paper in papers] == [transfer, None]
    way = words_of(market.as_("manager").get("/stock/under-way").get_data(as_text=True))
    assert "nhận nhiều hơn số gửi" in way
