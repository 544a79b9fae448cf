"""Nobody gives more than they have, nor beyond where they have it; every such act is kept."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from pos.access.models import AccessLog, Grant, Person
from pos.access.rules import EVERYWHERE, LENT, ROLE_SCOPES, ROLES, GrantRow, Scope, Spot, held_at, may_give, within
from pos.access.service import grant, note
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.places.models import Operator
from tests import factories as f
from tests.counting import counted
from tests.reports.market import Market
from tests.reports.test_producer import read

A, B = Scope("operator", "a"), Scope("operator", "b")
SPOTS = (
    EVERYWHERE, Spot("operator", "a", "A"), Spot("operator", "b", "B"), Spot("site", "a1", "A1", (A,)),
    Spot("site", "b1", "B1", (B,)), Spot("organizer", "o", "O"), Spot("fair", "f", "F", (Scope("organizer", "o"),)),
    Spot("producer", "one", "1", (A,)), Spot("producer", "two", "2", (A, B)),
)  # fmt: skip
GRANTS = [(role, spot) for role in ROLES for spot in SPOTS if spot.kind in ROLE_SCOPES[role]]


def rows(grants: list[tuple[str, Spot]]) -> list[GrantRow]:
    return [(role, spot.kind, spot.id) for role, spot in grants]


@given(st.lists(st.sampled_from(GRANTS), max_size=3))
def test_nobody_can_give_more_than_they_have(held: list[tuple[str, Spot]]) -> None:
    """Also not through others: whatever a giver's people may give is what the giver could do or lend."""
    mine = rows(held)
    given_ = [(role, spot) for role, spot in GRANTS if may_give(mine, role, spot)]
    for role, spot in given_:
        own, lent = held_at(mine, spot)
        assert "person.write" in own
        assert ROLES[role] <= lent
        for again, there in GRANTS:
            if may_give(rows([(role, spot)]), again, there):
                assert may_give(mine, again, there)


def test_a_manager_gives_the_tills_and_managers_of_the_own_operator_only() -> None:
    mine: list[GrantRow] = [("manager", "operator", "a")]

    assert {(role, spot.id) for role, spot in GRANTS if may_give(mine, role, spot)} == {
        ("manager", "a"), ("supervisor", "a"), ("cashier", "a"), ("supervisor", "a1"), ("cashier", "a1"),
    }  # fmt: skip


def test_only_those_who_write_people_give_anything() -> None:
    givers = {role for role, spot in GRANTS if any(may_give(rows([(role, spot)]), r, s) for r, s in GRANTS)}

    assert givers == {"administrator", "manager"} == set(LENT)


def test_a_producer_of_two_operators_is_within_reach_of_neither_alone() -> None:
    two = SPOTS[-1]

    assert [within([A], two), within([B], two), within([A, B], two), within([Scope("all", "")], two)] == [
        False, False, True, True,
    ]  # fmt: skip
    assert within([], Spot("producer", "nobody's", "")) is False


def form(role: str, where: str, **more: str) -> dict[str, str]:
    return {"role": role, "where": where, **more}


def test_a_new_person_gets_a_one_time_password_and_one_role(market: Market) -> None:
    data = form("supervisor", f"site:{market.ids['shop']}", name="Lý Văn An", login="an.ly")

    shown = market.as_("manager").post("/people/new", data=data).get_data(as_text=True)

    person = db.session.scalars(select(Person).where(Person.login == "an.ly")).one()
    assert re.search(r'<b class="num">[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}</b>', shown)
    assert person.password_until is not None
    assert [(g.role, g.scope_id) for g in person.grants] == [("supervisor", market.ids["shop"])]
    assert "Lý Văn An" in read(market, "manager", "/people/?q=ly van")
    assert "Lý Văn An" not in read(market, "other manager", "/people/")
    assert market.as_("manager").post("/people/new", data=data).status_code == 422  # the login is taken


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("bookkeeper", "operator:{gifts}", 403),  # freezes statements, which a manager does not
        ("administrator", "all:", 404),
        ("auditor", "operator:{gifts}", 403),
        ("cashier", "site:{booth two}", 404),
        ("manager", "operator:{village}", 404),
        ("producer", "producer:{honey maker}", 404),
        ("manager", "site:{shop}", 422),
        ("cashier", "site:nowhere", 404),
        ("cashier", "nonsense", 422),
    ],
)
def test_a_manager_cannot_give(market: Market, role: str, where: str, status: int) -> None:
    for name, id_ in market.ids.items():
        where = where.replace(f"{{{name}}}", id_)
    before = db.session.scalar(select(func.count(Grant.id)))
    client = market.as_("manager")

    assert client.post(f"/people/{market.people['cashier']}/grants", data=form(role, where)).status_code == status
    new = form(role, where, name="Ai Đó", login="ai.do")
    assert client.post("/people/new", data=new).status_code == status
    assert db.session.scalar(select(func.count(Grant.id))) == before
    assert db.session.scalar(select(Person.id).where(Person.login == "ai.do")) is None


def test_nobody_changes_their_own_rights(market: Market) -> None:
    for who in ("manager", "administrator"):
        me, client = market.people[who], market.as_(who)
        right = db.session.scalars(select(Grant.id).where(Grant.person_id == me)).one()
        where = form("cashier", f"site:{market.ids['shop']}")
        assert client.post(f"/people/{me}/grants", data=where).status_code == 403
        assert client.post(f"/people/grants/{right}/take").status_code == 403
        assert client.post(f"/people/{me}", data={"name": "Tôi"}).status_code == 403


def test_a_manager_cannot_borrow_a_stronger_account(market: Market) -> None:
    with unit_of_work() as session:
        books = f.a_person(session, "bookkeeper", "operator", market.ids["gifts"], "Kế Toán").id
        both = f.a_person(session, "cashier", "site", market.ids["shop"], "Hai Việc").id
        grant(session, both, "cashier", "site", market.ids["booth two"], at=now())
    client = market.as_("manager")

    for person in (books, both):
        assert client.get(f"/people/{person}").status_code == 200
        assert client.post(f"/people/{person}/password").status_code == 403
        assert client.post(f"/people/{person}", data={"name": "X"}).status_code == 403
    assert client.post(f"/people/{both}/pin", data={"pin": "8025", "again": "8025"}).status_code == 403
    assert market.as_("administrator").post(f"/people/{books}/password").status_code == 200


def test_a_right_elsewhere_is_not_shown(market: Market) -> None:
    with unit_of_work() as session:
        both = f.a_person(session, "cashier", "site", market.ids["shop"], "Hai Việc").id
        grant(session, both, "cashier", "site", market.ids["booth two"], at=now())
    market.as_("administrator").post(
        f"/people/{both}/grants", data=form("supervisor", f"site:{market.ids['booth two']}")
    )

    page = read(market, "manager", f"/people/{both}")

    assert "Cửa hàng Hàng Bồ" in page
    assert "Gian Bát Tràng" not in page
    assert "Gian Bát Tràng" not in read(market, "manager", "/people/log")
    assert "Gian Bát Tràng" in read(market, "administrator", "/people/log")


def test_a_role_taken_ends_with_the_next_click_and_can_be_given_again(market: Market) -> None:
    supervisor = market.as_("supervisor")
    assert supervisor.get("/office").status_code == 200
    person = market.people["supervisor"]
    right = db.session.scalars(select(Grant.id).where(Grant.person_id == person)).one()

    assert market.as_("manager").post(f"/people/grants/{right}/take").status_code == 303

    assert supervisor.get("/office").status_code == 403
    assert market.as_("manager").post(f"/people/grants/{right}/take").status_code == 404
    again = form("supervisor", f"site:{market.ids['shop']}")
    assert market.as_("administrator").post(f"/people/{person}/grants", data=again).status_code == 303
    assert supervisor.get("/office").status_code == 200
    said = db.session.scalars(select(AccessLog.action).where(AccessLog.subject_id == person).order_by(AccessLog.at))
    assert list(said) == ["grant.take", "grant.give"]


def test_somebody_without_rights_is_found_by_the_administrator_only(market: Market) -> None:
    person = market.people["cashier"]
    right = db.session.scalars(select(Grant.id).where(Grant.person_id == person)).one()

    assert market.as_("manager").post(f"/people/grants/{right}/take").location == "/people/"

    assert market.as_("manager").get(f"/people/{person}").status_code == 404
    assert "Đỗ Lan" in read(market, "administrator", "/people/?q=do lan")
    assert market.as_("administrator").get(f"/people/{person}").status_code == 200


def test_who_only_sells_needs_no_login_others_do(market: Market) -> None:
    client, gifts = market.as_("administrator"), market.ids["gifts"]

    assert client.post("/people/new", data=form("cashier", f"operator:{gifts}", name="Thu Ngân")).status_code == 303
    assert client.post("/people/new", data=form("bookkeeper", f"operator:{gifts}", name="Kế Toán")).status_code == 422
    assert (
        client.post("/people/new", data=form("cashier", f"operator:{gifts}", name="X", login="Á!")).status_code == 422
    )


def test_an_operator_reads_only_its_own_terms_with_a_producer_of_two(market: Market) -> None:
    gifts, village, honey = market.ids["gifts"], market.ids["village"], market.ids["honey maker"]

    mine = market.as_("manager").get(f"/agreements/{gifts}/{honey}")
    theirs = market.as_("manager").get(f"/agreements/{village}/{honey}")

    assert (mine.status_code, theirs.status_code) == (200, 404)
    assert market.as_("manager").get(f"/agreements?operator={village}").status_code == 404
    assert market.as_("manager").get(f"/statements/draft/{village}/{honey}").status_code == 404
    assert village not in market.as_("manager").get("/agreements").get_data(as_text=True)
    assert market.as_("honey maker").get(f"/agreements/{gifts}/{honey}").status_code == 403


def test_lists_ask_as_much_for_one_as_for_three_hundred(market: Market) -> None:
    client, few, many = market.as_("manager"), {}, {}
    paths = ("/people/", "/people/log", "/cards/")
    client.post(f"/people/{market.people['cashier']}/pin", data={"pin": "8025", "again": "8025"})
    for path in paths:
        with counted() as asked:
            client.get(path)
        few[path] = len(asked)
    with unit_of_work() as session:
        gifts = session.get_one(Operator, market.ids["gifts"])
        for n in range(300):
            person = f.a_person(session, "cashier", "site", market.ids["shop"], f"Người {n}")
            note(session, "pin.set", "person", person.id, by=None, at=now())
            maker = f.a_producer(session, f"HTX số {n}")
            f.an_agreement(session, gifts, maker)
    for path in paths:
        with counted() as asked:
            client.get(path)
        many[path] = len(asked)

    assert many == few
