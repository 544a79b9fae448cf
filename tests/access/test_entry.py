"""Passwords: wrong tries are counted in the database, a change logs out everywhere, one-time ones are for once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from pos.access.models import Lockout, Person
from pos.access.service import hasher
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from tests.reports.market import Market

SECRET_WORDS = "bốn chiếc bát gốm"


@pytest.fixture
def login(market: Market) -> str:
    """The manager's login, with a password."""
    with unit_of_work() as session:
        person = session.get_one(Person, market.people["manager"])
        person.password_hash = hasher.hash(SECRET_WORDS)
        assert person.login
        return person.login


def entered(market: Market, login: str, password: str = SECRET_WORDS) -> FlaskClient:
    browser = market.app.test_client()
    answer = browser.post("/login", data={"login": login, "password": password})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return browser


def changed(browser: FlaskClient, old: str, new: str, again: str | None = None) -> int:
    data = {"old": old, "new": new, "again": again or new}
    return browser.post("/account/password", data=data).status_code


def test_five_wrong_passwords_lock_the_name(market: Market, login: str) -> None:
    browser = market.app.test_client()
    tries = [browser.post("/login", data={"login": login, "password": "sai"}).status_code for _ in range(6)]

    assert tries == [401] * 5 + [429]
    assert market.app.test_client().post("/login", data={"login": login, "password": SECRET_WORDS}).status_code == 429
    assert db.session.scalar(select(Lockout.failures).where(Lockout.key == f"login:{login}")) == 5


def test_waiting_doubles_up_to_an_hour_and_a_day_forgives(market: Market, login: str) -> None:
    browser, waits = market.app.test_client(), []
    for _ in range(13):
        browser.post("/login", data={"login": login, "password": "sai"})
        lock = db.session.scalars(select(Lockout).where(Lockout.key == f"login:{login}")).one()
        waits.append(round((lock.locked_until - lock.last_at).total_seconds() / 60) if lock.locked_until else 0)
        with unit_of_work() as session:
            session.execute(update(Lockout).values(locked_until=now() - timedelta(seconds=1)))

    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    with unit_of_work() as session:
        session.execute(update(Lockout).values(last_at=now() - timedelta(hours=25)))
    browser.post("/login", data={"login": login, "password": "sai"})
    assert db.session.scalar(select(Lockout.failures).where(Lockout.key == f"login:{login}")) == 1


def test_one_address_cannot_try_many_names(market: Market, login: str) -> None:
    browser = market.app.test_client()
    tries = [browser.post("/login", data={"login": f"ai{n}", "password": "sai"}).status_code for n in range(31)]

    assert tries == [401] * 30 + [429]
    assert browser.post("/login", data={"login": login, "password": SECRET_WORDS}).status_code == 429


def test_a_new_password_logs_out_everywhere_else(market: Market, login: str) -> None:
    here, there = entered(market, login), entered(market, login)

    assert changed(here, SECRET_WORDS, "chín cây cau ngoài ngõ") == 303

    assert here.get("/office").status_code == 200
    assert there.get("/office").status_code == 302
    assert market.app.test_client().post("/login", data={"login": login, "password": SECRET_WORDS}).status_code == 401
    entered(market, login, "chín cây cau ngoài ngõ")


def test_log_out_everywhere_else(market: Market, login: str) -> None:
    here, there = entered(market, login), entered(market, login)

    assert here.post("/account/out").status_code == 303

    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("sai", "chín cây cau ngoài ngõ", None),
        (SECRET_WORDS, "ngắn", None),
        (SECRET_WORDS, SECRET_WORDS, None),
        (SECRET_WORDS, "chín cây cau ngoài ngõ", "chín cây cau"),
    ],
)
def test_a_password_unfit_changes_nothing(market: Market, login: str, old: str, new: str, again: str | None) -> None:
    browser = entered(market, login)

    assert changed(browser, old, new, again) == 422

    entered(market, login)


def test_the_current_password_cannot_be_guessed_there(market: Market, login: str) -> None:
    browser = entered(market, login)

    answers = [changed(browser, "sai", "chín cây cau ngoài ngõ") for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_a_one_time_password_opens_only_the_page_that_changes_it(market: Market) -> None:
    shown = market.as_("manager").post(f"/people/{market.people['supervisor']}/password").get_data(as_text=True)
    found = re.search(r'class="once".*?<b class="num">([a-z0-9-]{14})<', shown, re.S)
    assert found is not None
    name = db.session.scalar(select(Person.login).where(Person.id == market.people["supervisor"]))
    assert name is not None
    browser = entered(market, name, found[1])

    assert browser.get("/").location == "/account"
    assert browser.get("/office").location == "/account"
    assert browser.post("/office/flags/x/close").status_code == 403
    assert changed(browser, found[1], "chín cây cau ngoài ngõ") == 303
    assert browser.get("/office").status_code == 200


def test_a_one_time_password_is_good_for_a_week(market: Market, login: str) -> None:
    with unit_of_work() as session:
        session.execute(update(Person).where(Person.login == login).values(password_until=now() - timedelta(days=1)))

    assert market.app.test_client().post("/login", data={"login": login, "password": SECRET_WORDS}).status_code == 401


def test_a_session_of_the_office_ends_with_the_browser(market: Market, login: str) -> None:
    cookie = entered(market, login).get_cookie("session")
    assert cookie is not None

    assert (cookie.expires, cookie.max_age, cookie.http_only) == (None, None, True)


def test_who_is_switched_off_is_out_at_once(market: Market, login: str) -> None:
    browser = entered(market, login)
    person = market.people["manager"]

    off = market.as_("administrator").post(f"/people/{person}", data={"name": "Trần Thu Hà"})

    assert off.status_code == 303
    assert browser.get("/office").status_code == 302
    assert market.app.test_client().post("/login", data={"login": login, "password": SECRET_WORDS}).status_code == 401


@pytest.mark.parametrize("to", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "x"])
def test_log_in_leads_nowhere_else(market: Market, login: str, to: str) -> None:
    answer = market.app.test_client().post("/login", data={"login": login, "password": SECRET_WORDS, "next": to})

    assert answer.location == "/"
