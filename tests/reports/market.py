"""A small market with real sales: two operators, a fair, three producers, tablets that send through the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from pos.access.service import make_enrol_code
from pos.kernel.clock import now, today
from pos.kernel.db import unit_of_work
from pos.stock.commands import Receive
from pos.stock.service import receive
from tests import factories as f
from tests.tablet.device import Device


@dataclass
class Market:
    """Ids by what they are, and one tablet per place."""

    app: Flask
    ids: dict[str, str] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    def as_(self, who: str) -> FlaskClient:
        """A browser of this person."""
        return f.logged_in(self.app.test_client(), self.people[who])

    def sell(self, place: str, product: str, qty: int, price: int, tender: str = "cash") -> str:
        """One sale of whole units; the sale's id."""
        device = self.devices[place]
        event = device.sale((self.ids[product], qty * 1000, price), tender=tender)
        device.send(event)
        return str(event["id"])


def a_market(app: Flask) -> Market:
    """Hanoi Gifts has a shop and the fair's booth 1, Bat Trang booth 2. Ba Vi makes honey and tea, Tay Ho bowls."""
    made = Market(app)
    ids = made.ids
    with unit_of_work() as session:
        gifts, village = f.an_operator(session, "Quà Hà Nội"), f.an_operator(session, "HTX Bát Tràng")
        fair = f.a_fair(session, starts=today() - timedelta(days=1), ends=today() + timedelta(days=1))
        shop = f.a_site(session, gifts, "Cửa hàng Hàng Bồ")
        one = f.a_site(session, gifts, "Gian Quà Hà Nội", fair)
        two = f.a_site(session, village, "Gian Bát Tràng", fair)
        honey_maker, bowl_maker = f.a_producer(session), f.a_producer(session, "Gốm Tây Hồ")
        for operator in (gifts, village):
            for producer in (honey_maker, bowl_maker):
                f.an_agreement(session, operator, producer)
        honey = f.a_product(session, honey_maker, gifts, village, name="Mật ong", price_vnd=100_000, stars=4)
        tea = f.a_product(session, honey_maker, gifts, name="Chè búp", price_vnd=50_000, unit="gói", kind="che")
        bowl = f.a_product(session, bowl_maker, gifts, village, name="Bát gốm", price_vnd=70_000, unit="chiếc")
        receive(
            session,
            Receive(gifts.id, honey_maker.id, shop.id, today(), ((honey.id, 20_000, None), (tea.id, 5_000, None))),
            at=now(), by=None,
        )  # fmt: skip
        people = {
            "manager": f.a_person(session, "manager", "operator", gifts.id),
            "other manager": f.a_person(session, "manager", "operator", village.id, "Lê Bình"),
            "supervisor": f.a_person(session, "supervisor", "site", shop.id, "Phạm Mai"),
            "cashier": f.a_person(session, "cashier", "site", shop.id, "Đỗ Lan"),
            "organizer": f.a_person(session, "organizer", "organizer", fair.organizer_id, "Vũ Long"),
            "other organizer": f.a_person(session, "organizer", "fair", "none", "Ngô Sơn"),
            "honey maker": f.a_person(session, "producer", "producer", honey_maker.id, "Bà Hoa"),
            "bowl maker": f.a_person(session, "producer", "producer", bowl_maker.id, "Ông Gốm"),
            "administrator": f.a_person(session, "administrator", name="Quản trị"),
            "auditor": f.a_person(session, "auditor", "operator", gifts.id, "Kiểm toán"),
        }
        made.people = {who: person.id for who, person in people.items()}
        ids |= {
            "gifts": gifts.id, "village": village.id, "fair": fair.id, "shop": shop.id, "booth one": one.id,
            "booth two": two.id, "honey maker": honey_maker.id, "bowl maker": bowl_maker.id, "honey": honey.id,
            "tea": tea.id, "bowl": bowl.id,
        }  # fmt: skip
        codes = {}
        for place, site in (("shop", shop), ("booth one", one), ("booth two", two)):
            till = f.a_till(session, site, f"Quầy {place}")
            codes[place] = make_enrol_code(session, till.id, at=now())
    for place, code in codes.items():
        device = Device(app.test_client())
        device.enrol(code)
        device.send(device.open())
        made.devices[place] = device
    return made
