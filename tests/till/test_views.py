"""Devices, held events and quarantine in the office: mended, accepted, revoked by forms, within one's operator."""

from __future__ import annotations

import json
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select

from pos.access.models import AccessLog, DeviceLog
from pos.kernel.db import db
from pos.kernel.ids import new_id
from pos.till.models import CashMove, HeldEvent, Quarantined, Sale
from pos.till.queries import waiting
from pos.till.rules.whys import cause_of
from tests.counting import counted
from tests.reports.market import Market, a_market
from tests.tablet.device import Device


@pytest.fixture
def market(app: Flask) -> Market:
    return a_market(app)


def log_of(market: Market, place: str) -> str:
    found = (
        db.session().scalars(select(DeviceLog.id).where(DeviceLog.till_id == market.devices[place].till["id"])).one()
    )
    db.session().rollback()
    return found


def a_broken_sale(device: Device, market: Market) -> tuple[dict[str, object], str]:
    """(what should have been sent, quarantine id): the total was changed after it was hashed."""
    good = device.sale((market.ids["honey"], 1_000, 100_000))
    device.send(good | {"body": good["body"] | {"total": 100_001}})
    found = db.session().scalars(select(Quarantined.id).where(Quarantined.event_id == good["id"])).one()
    db.session().rollback()
    return good, found


def test_a_quarantined_event_is_listed_mended_and_booked(market: Market) -> None:
    good, id_ = a_broken_sale(market.devices["shop"], market)
    client = market.as_("manager")

    listed = client.get("/office/quarantine").get_data(as_text=True)
    assert "Nội dung không khớp mã băm" in listed
    assert market.devices["shop"].till["code"] in listed
    shown = unescape(client.get(f"/office/quarantine/{id_}").get_data(as_text=True))
    assert '"total": 100001' in shown

    answer = client.post(f"/office/quarantine/{id_}", data={"text": json.dumps(good)})

    assert (answer.status_code, answer.location) == (303, "/office/quarantine")
    assert db.session().scalar(select(Sale.total_vnd)) == 100_000
    assert "Không có gì trong cách ly." in client.get("/office/quarantine").get_data(as_text=True)
    assert "Nội dung không khớp mã băm" in client.get("/office/quarantine?state=repaired").get_data(as_text=True)
    again = client.post(f"/office/quarantine/{id_}", data={"text": json.dumps(good)})
    assert (again.status_code, "đã được sửa và ghi rồi" in again.get_data(as_text=True)) == (422, True)


def test_every_look_at_an_original_is_logged(market: Market) -> None:
    _good, id_ = a_broken_sale(market.devices["shop"], market)

    market.as_("manager").get(f"/office/quarantine/{id_}")

    looks = db.session().execute(
        select(AccessLog.person_id, AccessLog.subject_id).where(AccessLog.action == "quarantine.read")
    )
    assert [tuple(row) for row in looks] == [(market.people["manager"], id_)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Không phải JSON"),
        ("{", "Không phải JSON"),
        ("[" * 3_000, "Vẫn chưa đọc được"),
        ('{"kind": "sale", "total": 1e5}', "Vẫn chưa đọc được"),
    ],
)
def test_what_is_still_wrong_comes_back_as_typed(market: Market, text: str, said: str) -> None:
    _good, id_ = a_broken_sale(market.devices["shop"], market)

    answer = market.as_("manager").post(f"/office/quarantine/{id_}", data={"text": text})

    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert said in page
    assert f"required>\n{text}</textarea>" in page
    assert '"total":100001' in page.replace(" ", "")  # the original is still there
    assert db.session().scalar(select(func.count()).select_from(Sale)) == 0


def test_a_revoked_device_is_held_then_accepted_in_part_then_whole(market: Market) -> None:
    shop, log_id, client = market.devices["shop"], log_of(market, "shop"), market.as_("manager")
    empty = client.post(f"/office/devices/{log_id}/revoke", data={"reason": " "})
    assert (empty.status_code, "Hãy ghi vì sao thu quyền" in empty.get_data(as_text=True)) == (422, True)

    shop.send(shop.sale((market.ids["honey"], 1_000, 1_000)))  # its token is known to the server by now
    assert client.post(f"/office/devices/{log_id}/revoke", data={"reason": "mất máy"}).status_code == 303
    for n in range(3):
        shop.send(shop.sale((market.ids["honey"], 1_000, 100_000 + n)))

    assert shop.client.get("/api/till/catalogue", headers=shop.headers).status_code == 401
    words = client.get("/office/held").get_data(as_text=True)
    assert shop.till["code"] in words
    first = db.session().scalars(select(HeldEvent.id).order_by(HeldEvent.seq).limit(1)).one()
    client.post(f"/office/held/{log_id}/accept", data={"event": first})
    assert list(db.session().scalars(select(Sale.total_vnd).order_by(Sale.total_vnd))) == [1_000, 100_000]
    done = client.post(f"/office/held/{log_id}/accept", data={"all": "1"})
    assert (done.status_code, done.location) == (303, "/office/held")
    assert list(db.session().scalars(select(Sale.total_vnd).order_by(Sale.total_vnd))) == [
        1_000, 100_000, 100_001, 100_002,
    ]  # fmt: skip
    assert "Không có tin nào bị giữ." in client.get("/office/held").get_data(as_text=True)
    note = (
        db.session()
        .execute(select(AccessLog.person_id, AccessLog.note).where(AccessLog.action == "device.revoke"))
        .one()
    )
    assert tuple(note) == (market.people["manager"], "mất máy")


def test_accepting_names_only_the_devices_own_events(market: Market) -> None:
    two, log_two = market.devices["booth two"], log_of(market, "booth two")
    market.as_("other manager").post(f"/office/devices/{log_two}/revoke", data={"reason": "mất"})
    two.send(two.sale((market.ids["bowl"], 1_000, 70_000)))
    theirs = db.session().scalars(select(HeldEvent.id)).one()

    market.as_("manager").post(f"/office/held/{log_of(market, 'shop')}/accept", data={"event": theirs})

    assert db.session().scalar(select(HeldEvent.accepted_at)) is None


def test_a_devices_page_tells_what_is_missing(market: Market) -> None:
    shop, log_id = market.devices["shop"], log_of(market, "shop")
    shop.sale((market.ids["honey"], 1_000, 100_000))  # 2: lost on the way
    shop.send(shop.sale((market.ids["honey"], 1_000, 100_000)))

    page = market.as_("auditor").get(f"/office/devices/{log_id}").get_data(as_text=True)

    assert '<b class="num nghe">2</b>' in page
    assert "Người quản lý của đơn vị mới thu quyền được." in page
    assert "thiếu tin" in market.as_("manager").get("/office/devices?q=hang").get_data(as_text=True)


def test_devices_ask_the_same_number_of_queries_for_one_and_many(market: Market) -> None:
    from pos.access.reach import EVERYWHERE

    session = db.session()
    with counted() as few:
        waiting.list_devices(session, EVERYWHERE, revoked=False, page=1)
        waiting.list_holding(session, EVERYWHERE)
    assert len(few) == 2


@pytest.mark.parametrize(
    ("why", "cause"),
    [("the hash is not of the content: ab", "hash"), ("unexpected: KeyError", "unexpected"), ("lines: twice", "field")],
)
def test_causes_of_quarantine_have_words(why: str, cause: str) -> None:
    assert cause_of(why) == cause


def test_nothing_is_booked_by_a_look(market: Market) -> None:
    _good, id_ = a_broken_sale(market.devices["shop"], market)

    market.as_("manager").get(f"/office/quarantine/{id_}")
    market.as_("manager").get(f"/office/quarantine/{new_id()}")

    assert db.session().scalar(select(func.count()).select_from(CashMove)) == 0
    assert db.session().scalar(select(Quarantined.repaired_at)) is None


def test_the_first_page_says_what_waits(market: Market) -> None:
    assert "tin trong cách ly" not in market.as_("manager").get("/office").get_data(as_text=True)
    a_broken_sale(market.devices["shop"], market)

    assert "1 tin trong cách ly" in market.as_("manager").get("/office").get_data(as_text=True)
    assert "tin trong cách ly" not in market.as_("other manager").get("/office").get_data(as_text=True)
    assert "tin trong cách ly" not in market.as_("supervisor").get("/office").get_data(as_text=True)
