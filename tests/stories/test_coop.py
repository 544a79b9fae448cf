"""A co-op is operator and producer at once: its members bring bowls to its own shop, one of them to a fair's booth.

Whose goods they were stands on the intake line, by name; to the books all of them are the co-op's, under an agreement
with itself that takes no commission. What was delivered is found again: sold, brought back, at the booth, on the shelf.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from pos.access.service import make_enrol_code
from pos.consignment.models import Share
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.reports.check import check_all
from pos.stock.commands import Draft, DraftLine
from pos.stock.models import Document
from pos.stock.queries.documents import list_members
from pos.stock.queries.equation import Asked, list_equations
from pos.stock.service.documents import confirm, draft
from tests import factories as f
from tests.reports.test_producer import words_of
from tests.tablet.device import Device

pytestmark = pytest.mark.story
COOP = "HTX Gốm Bát Tràng"


def written(asked: Draft) -> str:
    """A paper, confirmed; its id."""
    with unit_of_work() as session:
        paper = draft(session, asked, at=now(), by=None)
        confirm(session, paper, revision=None, at=now(), by=None)
    return paper


def test_a_coop_sells_what_its_members_bring(app: Flask) -> None:
    with unit_of_work() as session:
        coop, self_ = f.an_operator(session, COOP), f.a_producer(session, COOP)
        shop = f.a_site(session, coop, "Cửa hàng của HTX")
        booth = f.a_site(session, coop, "Gian 7", f.a_fair(session, starts=today(), ends=today()))
        f.an_agreement(session, coop, self_, commission_bp=0)
        bowl = f.a_product(session, self_, coop, name="Bát men lam", price_vnd=89_000)
        pot = f.a_product(session, self_, coop, name="Ấm trà", price_vnd=350_000)
        manager = f.a_person(session, "manager", "operator", coop.id)
        code = make_enrol_code(session, f.a_till(session, shop).id, at=now())
        ids = {"coop": coop.id, "maker": self_.id, "shop": shop.id, "booth": booth.id, "manager": manager.id}
        goods = {"bowl": bowl.id, "pot": pot.id}
    till = Device(app.test_client())
    till.enrol(code)
    till.send(till.open())
    office = f.logged_in(app.test_client(), ids["manager"])

    intake = written(
        Draft(
            ids["coop"], "intake", today(), ("producer", ids["maker"]), ("site", ids["shop"]),
            (
                DraftLine(goods["bowl"], 12_000, member="Bà Nguyễn Thị Lan"),
                DraftLine(goods["bowl"], 8_000, member="Ông Trần Văn Gốm", lot_code="LÒ-3"),
                DraftLine(goods["pot"], 5_000, member="Bà Nguyễn Thị Lan"),
            ),
            producer_id=ids["maker"],
        )
    )  # fmt: skip
    sent = DraftLine(goods["bowl"], 6_000)
    here, road = ("site", ids["shop"]), ("transit", ids["booth"])
    transfer = written(Draft(ids["coop"], "transfer", today(), here, road, (sent,)))
    arrived = DraftLine(goods["bowl"], 6_000, expected_milli=6_000)
    written(Draft(ids["coop"], "receipt", today(), road, ("site", ids["booth"]), (arrived,), answers_id=transfer))
    sale = till.sale((goods["bowl"], 3_000, 89_000), (goods["pot"], 1_000, 350_000))
    assert till.send(sale)["results"][0]["status"] == "recorded"
    back = Draft(
        ids["coop"], "return", today(), here, ("producer", ids["maker"]), (DraftLine(goods["pot"], 2_000),),
        producer_id=ids["maker"],
    )  # fmt: skip
    written(back)

    db.session.rollback()
    lines = sorted(db.session().get_one(Document, intake).lines, key=lambda line: line.line)
    assert [(line.member, line.qty_milli) for line in lines] == [
        ("Bà Nguyễn Thị Lan", 12_000), ("Ông Trần Văn Gốm", 8_000), ("Bà Nguyễn Thị Lan", 5_000),
    ]  # fmt: skip
    page = words_of(office.get(f"/stock/documents/{intake}").get_data(as_text=True))
    assert ("Ông Trần Văn Gốm" in page, COOP in page) == (True, True)
    assert list_members(db.session(), ids["coop"], ids["maker"]) == ["Bà Nguyễn Thị Lan", "Ông Trần Văn Gốm"]

    found = {line.name: line.sums for line in list_equations(db.session(), Asked([ids["coop"]]), ids["maker"])}
    columns = {name: {c: milli // 1000 for c, milli in sums.columns.items() if milli} for name, sums in found.items()}
    assert columns == {
        "Bát men lam": {"delivered": 20, "sold": 3, "site": 17},
        "Ấm trà": {"delivered": 5, "sold": 1, "to_producer": 2, "site": 2},
    }
    assert all(sums.closes for sums in found.values())
    shares = db.session().scalars(select(Share).order_by(Share.line)).all()
    assert [(share.commission_vnd, share.producer_due_vnd) for share in shares] == [(0, 267_000), (0, 350_000)]
    assert [finding.problems for finding in check_all(db.session()) if not finding.holds] == []
