"""Every address of the application, walked by who may, who may not, one of elsewhere, and nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from config import Config
from pos.app import WITHOUT_COOKIES, create_app
from pos.cli.start import bp as of_the_demo
from pos.kernel.db import Base, db, unit_of_work
from tests import factories as f
from tests.access.routes import BY_TOKEN, HIDDEN, OWN_ACCOUNT, OWN_CARD, PUBLIC, ROUTES, SHARED, Case
from tests.access.world import a_world
from tests.conftest import an_app
from tests.databases import Templates
from tests.reports.market import Market


def addresses(app: Flask) -> set[str]:
    """`GET stock.levels` for each rule and method of the application, and of the demo's own blueprint."""
    found = {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    return found


def test_no_route_is_missing() -> None:
    app = create_app(Config("sqlite://", "only for tests", False))
    app.register_blueprint(of_the_demo)

    declared = ROUTES.keys() | PUBLIC | BY_TOKEN.keys() | OWN_ACCOUNT.keys() | OWN_CARD.keys()

    assert sorted(addresses(app) - declared) == []  # declare them in tests/access/routes.py
    assert sorted(declared - addresses(app)) == []


def test_a_cookie_does_nothing_without_the_forms_token(app: Flask) -> None:
    """Every address that changes something refuses a form another site could have made."""
    app.config["WTF_CSRF_ENABLED"] = True
    free = {blueprint.name for blueprint in WITHOUT_COOKIES}
    open_ = {}
    for key, case in _posts().items():
        if key.split(" ")[1].split(".")[0] not in free:
            open_[key] = app.test_client().post(case).status_code

    assert {key: status for key, status in open_.items() if status != 400} == {}


def _posts() -> dict[str, str]:
    known = {key: case.path for key, case in ROUTES.items()} | OWN_ACCOUNT | OWN_CARD
    known |= {"POST access.enter": "/login", "POST access.leave": "/logout", "POST access.card_enter": "/p"}
    return {key: path for key, path in known.items() if key.startswith("POST ")}


class Walk:
    """One world, and how each address answers in it."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def fill(self, text: str) -> str:
        for name, id_ in self.market.ids.items():
            text = text.replace(f"{{{name}}}", id_)
        return text

    def ask(self, client: FlaskClient, key: str, case: Case) -> TestResponse:
        method, form = key.split(" ")[0], {self.fill(k): self.fill(v) for k, v in case.form.items()}
        data: dict[str, Any] | None = dict(form) if method == "POST" else None
        if data is not None and case.file:
            data["file"] = (BytesIO(case.file[1].encode()), case.file[0])
        return client.open(self.fill(case.path), method=method, data=data)

    def as_(self, who: str, key: str, case: Case) -> TestResponse:
        return self.ask(self.market.as_(who), key, case)


@dataclass(frozen=True)
class Made:
    """The world as it was made once: each test walks in a copy."""

    database: str
    folder: Path
    market: Market


@pytest.fixture(scope="module")
def made(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Some seconds of selling and settling, once for the hundreds of addresses."""
    url, name = templates.fresh()
    folder = tmp_path_factory.mktemp("world")
    app = an_app(url)
    app.instance_path = str(folder)
    with app.app_context():
        market = a_world(app)
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    yield Made(name, folder, market)
    templates.drop(name)


@pytest.fixture
def database_url(templates: Templates, made: Made) -> Iterator[str]:
    """A copy of the world's database."""
    url, name = templates.copy(made.database)
    yield url
    templates.drop(name)


@pytest.fixture
def walk(app: Flask, made: Made, tmp_path: Path) -> Walk:
    app.instance_path = str(shutil.copytree(made.folder, tmp_path / "var"))
    devices = {name: replace(device, client=app.test_client()) for name, device in made.market.devices.items()}
    return Walk(replace(made.market, app=app, devices=devices, ids=dict(made.market.ids)))


def rows() -> dict[str, int]:
    """How many rows each table has."""
    db.session.rollback()
    return {
        name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }


def test_nobody_gets_in_anywhere(walk: Walk) -> None:
    cases = ROUTES | {key: Case(path) for key, path in (OWN_ACCOUNT | OWN_CARD).items()}
    before, wrong = rows(), {}
    for key, case in cases.items():
        answer = walk.ask(walk.market.app.test_client(), key, case)
        led = answer.status_code == 302 and (answer.location or "").startswith("/login?next=")
        if not (led if key.startswith("GET ") else answer.status_code == 401):
            wrong[key] = answer.status_code

    assert wrong == {}
    assert rows() == before


def test_who_works_there_in_another_role_is_refused(walk: Walk) -> None:
    before, wrong = rows(), {}
    for key, case in ROUTES.items():
        answer = walk.as_(case.may_not, key, case)
        if answer.status_code != 403:
            wrong[key] = (case.may_not, answer.status_code)

    assert wrong == {}
    assert rows() == before


def test_who_has_the_right_elsewhere_learns_nothing(walk: Walk) -> None:
    before = rows()
    wrong: dict[str, tuple[object, ...]] = {}
    for key, case in ROUTES.items():
        if case.elsewhere == SHARED:
            continue
        answer = walk.as_(case.other, key, case)
        if case.elsewhere == HIDDEN:
            seen = walk.fill(case.hides) in answer.get_data(as_text=True) + (answer.location or "")
            if answer.status_code not in (200, 302) or seen:
                wrong[key] = (case.other, answer.status_code, seen)
        elif answer.status_code != case.elsewhere:
            wrong[key] = (case.other, answer.status_code)

    assert wrong == {}
    assert rows() == before


def test_what_is_hidden_elsewhere_is_shown_here(walk: Walk) -> None:
    """Otherwise the test above would look for nothing."""
    wrong = {}
    for key, case in ROUTES.items():
        if case.elsewhere == HIDDEN and case.ok == 200:
            text = walk.as_(case.may, key, case).get_data(as_text=True)
            if walk.fill(case.hides) not in text and key not in NOTHING_YET:
                wrong[key] = case.hides

    assert wrong == {}


NOTHING_YET = {"GET access.people_log"}  # the world's rights were given before anybody could be asked


def test_who_may_reads(walk: Walk) -> None:
    wrong = {}
    for key, case in ROUTES.items():
        if key.startswith("GET "):
            answers = [walk.as_(case.may, key, case).status_code]
            if case.elsewhere == SHARED:
                answers.append(walk.as_(case.other, key, case).status_code)
            if set(answers) != {case.ok}:
                wrong[key] = answers

    assert wrong == {}


@pytest.mark.parametrize("key", [key for key in ROUTES if key.startswith("POST ")])
def test_who_may_does(walk: Walk, key: str) -> None:
    case = ROUTES[key]
    if case.before:
        case.before(walk.market)

    answer = walk.as_(case.may, key, case)

    assert answer.status_code == case.ok, answer.get_data(as_text=True)[:2000]


@pytest.mark.parametrize("key", [key for key, case in ROUTES.items() if key[0] == "P" and case.elsewhere == SHARED])
def test_who_has_the_right_elsewhere_works_on_the_shared_register(walk: Walk, key: str) -> None:
    assert walk.as_(ROUTES[key].other, key, ROUTES[key]).status_code == ROUTES[key].ok


def test_ones_own_account_is_for_whoever_is_in(walk: Walk) -> None:
    answers = {
        (key, who): walk.ask(walk.market.as_(who), key, Case(path)).status_code
        for key, path in OWN_ACCOUNT.items()
        for who in ("manager", "cashier", "honey maker")
    }

    wanted = {"GET access.account": 200, "POST access.account_password": 422, "POST access.account_out": 303}
    # Out everywhere also ends the session asked with: it goes on under a new number.
    assert {pair: status for pair, status in answers.items() if status != wanted[pair[0]]} == {}


def test_the_cards_own_page_is_not_for_passwords(walk: Walk) -> None:
    answers = [walk.ask(walk.market.as_("honey maker"), key, Case(path)).status_code for key, path in OWN_CARD.items()]

    assert answers == [404, 404]


def test_the_tablets_api_goes_by_its_token(walk: Walk) -> None:
    market = walk.market
    mine, theirs = market.devices["shop"].headers, market.devices["booth two"].headers
    body: dict[str, Any] = {"sent_at": "2026-11-22T03:05:00.000Z", "events": []}
    wrong = {}
    for key, (path, own, other) in BY_TOKEN.items():
        method = key.split(" ")[0]

        def ask(headers: dict[str, str], method: str = method, path: str = walk.fill(path)) -> int:
            client = market.as_("administrator")  # a cookie must not help
            sent = body if method == "POST" else None
            return client.open(path, method=method, json=sent, headers=headers).status_code

        answers = (ask({}), ask({"Authorization": "Bearer guessed"}), ask(mine), ask(theirs))
        if answers != (401, 401, own, other):
            wrong[key] = answers

    assert wrong == {}


def test_an_auditor_of_one_site_reads_that_site_and_nothing_else(walk: Walk) -> None:
    """The booth sold nothing: the shop's receipt stands on no page of who may read the booth alone."""
    with unit_of_work() as session:
        who = f.a_person(session, "auditor", "site", walk.market.ids["booth one"], "Kiểm toán gian").id
    walk.market.people["site auditor"] = who
    answers = {key: walk.as_("site auditor", key, case) for key, case in ROUTES.items() if key.startswith("GET ")}
    secret = walk.fill("{receipt no}").encode()
    assert {key: a.status_code for key, a in answers.items() if a.status_code >= 500} == {}
    assert [key for key, a in answers.items() if a.status_code == 200 and secret in a.get_data()] == []
    assert {key: answers[f"GET books.{key}"].status_code for key in ("trial", "journal", "entry", "package")} == {
        "trial": 302, "journal": 200, "entry": 404, "package": 404,
    }  # fmt: skip
