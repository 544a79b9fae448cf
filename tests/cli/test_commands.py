"""The commands as people run them: what they say, what they leave, how they exit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

import config
from pos.access.models import Person
from pos.catalogue.models import Product
from pos.cli import main
from pos.cli.base import build
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.kernel.models import Installation
from pos.places.models import Operator
from pos.places.service import add_site, add_till
from pos.till.forms import events as forms
from pos.till.models import Sale
from pos.till.service import replay
from tests.till.golden import GOLDEN, again, sent
from tests.till.golden import build as golden_world

Run = Callable[..., Result]
PASSWORD = "mot-hai-ba-bon"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Run:
    """Run a command with a `var` of its own and this test's database as the real one."""
    monkeypatch.setattr(config, "VAR", tmp_path)
    monkeypatch.setenv("POS_DATABASE_URL", database_url)
    monkeypatch.setenv("POS_DEMO", "0")
    return lambda *words: CliRunner().invoke(main, list(words))


@pytest.fixture
def begun(run: Run) -> Run:
    """The same after `pos init`."""
    assert run("init", "--password", PASSWORD, "--operator", "HTX Sen Tây Hồ").exit_code == 0
    return run


@pytest.fixture
def books(begun: Run) -> Iterator[Flask]:
    """The application on that database, for looking at what a command left."""
    app = build(config.from_environment())
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def test_before_init_a_command_says_what_to_do(run: Run) -> None:
    result = run("check")

    assert result.exit_code == 2
    assert "pos init" in result.output


def test_init_fixes_the_origin_and_makes_one_administrator(run: Run, begun: Run, books: Flask) -> None:
    place = db.session().get_one(Installation, 1)
    people = db.session().query(Person).all()

    assert (place.origin, place.epoch, place.demo) == ("http://127.0.0.1:8000", 1, False)
    assert [person.login for person in people] == ["admin"]
    assert [operator.name for operator in db.session().query(Operator)] == ["HTX Sen Tây Hồ"]
    assert run("init", "--password", PASSWORD).exit_code == 2


def test_init_without_a_password_makes_one_and_shows_it_once(run: Run) -> None:
    output = run("init").output

    assert re.search(r"admin / ([a-z2-9]{4}-){3}[a-z2-9]{4}", output)


def test_check_of_empty_books_holds(begun: Run) -> None:
    result = begun("check")

    assert result.exit_code == 0
    assert "every invariant holds" in result.output


def test_enrol_code_names_a_till_or_takes_a_free_one(begun: Run, books: Flask) -> None:
    with unit_of_work() as session:
        operator = session.query(Operator).one()
        site = add_site(session, operator_id=operator.id, kind="shop", code="TH", name="Tây Hồ")
        add_till(session, site_id=site.id, code="TH01", name="Quầy 1")
    code = re.compile(r"^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$", re.MULTILINE)

    assert code.search(begun("enrol-code", "th01").output)
    assert code.search(begun("enrol-code", "--any").output)
    assert begun("enrol-code", "XX99").exit_code == 3
    assert begun("enrol-code").exit_code == 3


def test_import_takes_all_or_nothing(begun: Run, books: Flask, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("Tên sản phẩm,Chủ thể,Giá\nChè sen,HTX Sen,125.000 đ\n", encoding="utf-8")
    bad.write_text("Tên sản phẩm,Chủ thể,Giá\nMứt sen,HTX Sen,90000\nHạt sen,HTX Sen,abc\n", encoding="utf-8")

    refused = begun("import", "products", str(bad))
    assert (refused.exit_code, db.session().query(Product).count()) == (1, 0)
    assert "bad.csv:3" in refused.output
    db.session.rollback()

    assert begun("import", "products", str(good)).exit_code == 0
    assert [product.name for product in db.session().query(Product)] == ["Chè sen"]


def test_journal_export_is_the_chain_and_check_finds_a_broken_cache(begun: Run, books: Flask) -> None:
    world = golden_world()
    world.send(*(sent(case) for case in GOLDEN["log"]))

    lines = [json.loads(line) for line in begun("journal", "export", "--operator", "KT").stdout.splitlines()]

    assert [entry["seq"] for entry in lines] == list(range(1, len(lines) + 1))
    assert set(lines[0]) >= {
        "id",
        "seq",
        "kind",
        "business_date",
        "occurred_at",
        "source_kind",
        "source_id",
        "hash",
        "lines",
    }
    assert set(lines[0]["lines"][0]) == {"account", "dimension", "amount"}
    assert lines[1]["source_id"] == GOLDEN["log"][1]["event"]["id"]
    assert all(sum(line["amount"] for line in entry["lines"]) == 0 for entry in lines)
    assert begun("check").exit_code == 0

    with unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE stock_level SET on_hand_milli = on_hand_milli + 1")
        session.connection().exec_driver_sql("UPDATE shift SET drawer_vnd = 500")
    result = begun("check")
    assert result.exit_code == 1
    assert re.findall(r"✗ +(\d+)\.", result.output) == ["3", "8"]


def test_replay_says_how_many_were_applied_and_how_many_wait(
    begun: Run, books: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = golden_world()
    log = [case["event"] for case in GOLDEN["log"][:3]]
    newer = [again(event, v=2) for event in log[1:]]
    alien = again(log[2], v=3, id=new_id(), seq=11)
    world.send(json.dumps(log[0], ensure_ascii=False), *newer, alien)

    early = begun("replay")
    assert (early.exit_code, "Đã ghi 0 sự kiện, còn 3 chờ bản mới hơn" in early.output) == (0, True)
    assert "0 events applied, 3 wait for a newer release" in early.output

    for module in (replay, forms):  # a release that knows format 2
        monkeypatch.setattr(module, "VERSION", 2)
    later = begun("replay")
    assert (later.exit_code, "2 events applied, 1 wait" in later.output) == (0, True)
    assert db.session.scalar(select(func.count()).select_from(Sale)) == 2
    db.session.rollback()
    assert "0 events applied, 1 wait" in begun("replay").output
    assert begun("check").exit_code == 0


def test_settling_an_unknown_producer_is_refused(begun: Run) -> None:
    assert begun("settle", "freeze", "--producer", "Không có").exit_code == 3
    assert begun("settle", "preview", "--producer", "x", "--cutoff", "32/13/2026").exit_code == 3
