"""Cash fetched for a safe, by page and by command; and the nightly look at the books."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pos.access.service import add_person, grant
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.ledger.models import SafeFunding
from pos.ledger.queries import last_check
from pos.ledger.service import fund_safe
from pos.outbox.models import Job
from pos.reports.jobs import CHECK, check_books, keep_checking
from tests.till.golden import SETUP, World, build

SITE = SETUP["site"]["id"]
PASSWORD = "mot-hai-ba-bon"


@pytest.fixture
def world(session: Session) -> World:
    return build()


def logged_in(client: FlaskClient, role: str, operator_id: str) -> FlaskClient:
    with unit_of_work() as session:
        person = add_person(session, name=role, login=role, password=PASSWORD, at=now())
        session.flush()
        grant(session, person.id, role, "operator", operator_id, at=now())
    client.post("/login", data={"login": role, "password": PASSWORD})
    return client


def test_a_bookkeeper_writes_down_cash_from_the_bank(client: FlaskClient, world: World, session: Session) -> None:
    office = logged_in(client, "bookkeeper", world.operator_id)

    answer = office.post("/office/safe", data={"site_id": SITE, "amount": "500.000", "business_date": "2026-11-21"})

    assert answer.status_code == 303
    session.rollback()
    paper = session.scalars(select(SafeFunding)).one()
    assert world.entries_of(session, paper.id) == [{"safe:S1": 500_000, "operating_bank": -500_000}]
    assert "500.000" in office.get("/office/safe").text


@pytest.mark.parametrize(
    "wrong", [{"amount": "0"}, {"amount": "abc"}, {"business_date": "2999-01-01"}, {"site_id": "x"}]
)
def test_what_is_amiss_is_said_beside_its_field(client: FlaskClient, world: World, wrong: dict[str, str]) -> None:
    office = logged_in(client, "bookkeeper", world.operator_id)

    good = {"site_id": SITE, "amount": "500.000", "business_date": "2026-11-21"}
    answer = office.post("/office/safe", data=good | wrong)

    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert db.session().scalars(select(SafeFunding)).all() == []


def test_an_auditor_reads_and_writes_nothing(client: FlaskClient, world: World) -> None:
    office = logged_in(client, "auditor", world.operator_id)

    assert office.get("/office/safe").status_code == 200
    assert '<form class="card fields"' not in office.get("/office/safe").text
    assert office.post("/office/safe", data={"site_id": SITE, "amount": "1"}).status_code == 403


def test_another_operators_bookkeeper_sees_no_safe_here(client: FlaskClient, world: World) -> None:
    office = logged_in(client, "bookkeeper", "another")

    assert "Cửa hàng 1" not in office.get("/office/safe").text
    data = {"site_id": SITE, "amount": "1", "business_date": "2026-11-21"}
    assert office.post("/office/safe", data=data).status_code == 422


def test_a_safe_is_funded_with_something_somewhere(world: World) -> None:
    day = date(2026, 11, 21)
    with pytest.raises(Invalid, match=r"safe\.amount"), unit_of_work() as session:
        fund_safe(session, site_id=SITE, amount_vnd=0, day=day, at=now(), by=None)
    with pytest.raises(NotFound, match=r"site\.unknown"), unit_of_work() as session:
        fund_safe(session, site_id="x", amount_vnd=1, day=day, at=now(), by=None)


def test_the_nightly_look_is_kept_and_promises_the_next(client: FlaskClient, world: World, session: Session) -> None:
    with unit_of_work() as work:
        keep_checking(work, at=now())
        keep_checking(work, at=now())
    office = logged_in(client, "bookkeeper", world.operator_id)
    assert "Sổ chưa được kiểm" in office.get("/office").text

    check_books({})

    session.rollback()
    kept = last_check(session)
    assert kept is not None
    assert kept.broken == 0
    assert [job.kind for job in session.scalars(select(Job).where(Job.kind == CHECK))] == [CHECK]
    assert "mọi phép cộng đều đúng" in office.get("/office").text


def test_a_level_that_is_wrong_is_said_in_words(client: FlaskClient, world: World, session: Session) -> None:
    with unit_of_work() as work:
        work.execute(text("UPDATE stock_level SET on_hand_milli = on_hand_milli + 1 WHERE place_kind = 'site'"))

    check_books({})

    session.rollback()
    kept = last_check(session)
    assert kept is not None
    assert kept.broken == 1
    assert "các lần chuyển cộng được" in kept.findings
    office = logged_in(client, "bookkeeper", world.operator_id)
    assert "1 điều không đúng" in office.get("/office").text
