"""A stolen tablet: told what goes with it, its right gone at once, the next steps until each is done."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask
from sqlalchemy import select

from pos.access.models import AccessLog, DeviceLog, ExposedPin
from pos.access.service import make_enrol_code, set_pin
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from tests.databases import SECRET
from tests.reports.market import Market, a_market
from tests.tablet.device import Device
from tests.till.test_views import log_of


def text_of(market: Market, who: str, path: str) -> str:
    answer = market.as_(who).get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(answer.get_data(as_text=True))))


def steps(words: str) -> list[str]:
    """How each of the five next steps stands, in order."""
    return re.findall(r"còn phải làm|xong", words.partition("Việc tiếp theo")[2].partition("Ngoài phần mềm")[0])


def test_a_stolen_tablet_from_report_to_replacement(app: Flask) -> None:
    market = a_market(app)
    shop, log_id = market.devices["shop"], log_of(market, "shop")
    path = f"/office/devices/{log_id}/stolen"
    cashier = market.people["cashier"]
    with unit_of_work() as session:
        for person, pin in (("cashier", "4827"), ("supervisor", "5938")):
            set_pin(session, market.people[person], pin, secret=SECRET, by=cashier, at=now())
    shop.client.get("/api/till/catalogue?since=0", headers=shop.headers)  # the tablet is given both
    market.sell("shop", "honey", 2, 100_000)
    shop.client.get("/api/till/status", headers=shop.headers | {"Till-State": "unsent=7"})

    before = text_of(market, "manager", path)
    assert "Nhiều nhất 7 việc nằm lại trong máy" in before
    assert ("Đỗ Lan" in before or "Lan" in before, "chưa đổi" in before, "Việc tiếp theo" in before) == (
        True,
        False,
        False,
    )
    assert (
        db.session().scalar(select(DeviceLog.revoked_at).where(DeviceLog.id == log_id)) is None
    )  # a look does nothing

    empty = market.as_("manager").post(path, data={"reason": " "})
    assert (empty.status_code, "Hãy ghi vì sao thu quyền" in unescape(empty.get_data(as_text=True))) == (422, True)
    assert market.as_("manager").post(path, data={"reason": "mất ở gian"}).status_code == 303
    assert market.as_("manager").post(path, data={"reason": "bấm hai lần"}).status_code == 303

    # Its right is gone, what it sends is held, and all but the first step is to be done.
    shop.send(shop.sale((market.ids["honey"], 1_000, 100_000)))
    assert shop.client.get("/api/till/catalogue", headers=shop.headers).status_code == 401
    after = text_of(market, "manager", path)
    assert steps(after) == ["xong", "còn phải làm", "còn phải làm", "còn phải làm", "còn phải làm"]
    assert (after.count("chưa đổi"), "trong két phải có 700.000₫" in after, "1 tin chờ" in after) == (2, True, True)
    assert "Việc còn phải làm" in text_of(market, "manager", f"/office/devices/{log_id}")
    noted = list(db.session().scalars(select(AccessLog.note).where(AccessLog.action == "device.stolen")))
    assert noted == ["mất ở gian"]

    # Both choose another PIN, a tablet takes its place.
    with unit_of_work() as session:
        set_pin(session, cashier, "6049", secret=SECRET, by=cashier, at=now())
        set_pin(session, market.people["supervisor"], None, secret=SECRET, by=cashier, at=now())
    with unit_of_work() as session:
        code = make_enrol_code(session, shop.till["id"], at=now())
    replacement = Device(market.app.test_client())
    replacement.enrol(code)
    done = text_of(market, "manager", path)
    assert steps(done) == ["xong", "xong", "xong", "còn phải làm", "còn phải làm"]
    assert (replacement.till["code"] in done, done.count("đã đổi")) == (True, 2)
    assert replacement.till["code"][-1] != shop.till["code"][-1]


def test_a_tablet_without_pins_and_all_sent_says_so(app: Flask) -> None:
    market = a_market(app)
    log_id = log_of(market, "shop")

    words = text_of(market, "manager", f"/office/devices/{log_id}/stolen")
    market.as_("manager").post(f"/office/devices/{log_id}/revoke", data={"reason": "thay máy"})
    market.as_("manager").post(f"/office/devices/{log_id}/stolen", data={"reason": "rồi mới biết là mất"})

    assert ("Không ai: máy này không giữ PIN nào." in words, "Lúc đó máy đã gửi hết." in words) == (True, True)
    assert steps(text_of(market, "manager", f"/office/devices/{log_id}/stolen"))[:2] == ["xong", "xong"]
    assert list(db.session().scalars(select(ExposedPin.person_id))) == []
