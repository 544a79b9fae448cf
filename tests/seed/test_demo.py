"""The demo: small, on both databases; its books balance and its tablets are believed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from pos.access.models import DeviceLog, Grant, Person
from pos.access.service import hasher
from pos.app import create_app
from pos.catalogue.models import Certificate, Group, Price, Product
from pos.catalogue.queries.tablet import catalogue_for
from pos.consignment.models import Statement
from pos.kernel.clock import local_date
from pos.kernel.db import db
from pos.kernel.models import Installation
from pos.ledger.models import Posting
from pos.places.models import Fair, Operator, Site, Till, Ward
from pos.reports.check import check_all
from pos.seed.demo import seed_demo
from pos.seed.loading import Silent
from pos.seed.running import Seeded
from pos.seed.tablet import by_notes
from pos.seed.world import demo_people
from pos.stock.models import Level
from pos.till.models import Flag, Quarantined, Sale, Shift, TillEvent
from tests.databases import SECRET, Templates

NOON = datetime(2026, 11, 22, 5, 3, 20, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def made(templates: Templates) -> Iterator[tuple[Flask, Seeded]]:
    """One demo for all that only look at it."""
    url, name = templates.fresh()
    app = create_app(Config(database_url=url, secret_key=SECRET, demo=True, origin="http://localhost"))
    with app.app_context():
        seeded = seed_demo(Silent(), now=NOON, days=3, pace_percent=40)
        db.session.remove()
    yield app, seeded
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    templates.drop(name)


@pytest.fixture
def seeded(made: tuple[Flask, Seeded]) -> Seeded:
    return made[1]


@pytest.fixture
def session(made: tuple[Flask, Seeded]) -> Iterator[Session]:
    with made[0].app_context():
        yield db.session()
        db.session.remove()


def test_the_demo_is_a_small_city(seeded: Seeded, session: Session) -> None:
    def count(table: type[object]) -> int:
        return session.scalar(select(func.count()).select_from(table)) or 0

    assert (count(Operator), count(Ward), count(Group), count(Product)) == (2, 126, 39, 117)
    kinds = dict.fromkeys(("shop", "design_centre", "warehouse", "booth"), 0)
    for kind in session.scalars(select(Site.kind)):
        kinds[kind] += 1
    assert kinds == {"shop": 6, "design_centre": 1, "warehouse": 1, "booth": 12}
    fair = session.scalars(select(Fair)).one()
    assert fair.starts_on < TODAY < fair.ends_on
    assert session.get_one(Installation, 1).demo
    assert session.scalars(select(Price.id).where(~Price.invented)).all() == []
    last_days = session.scalars(select(Certificate.valid_to)).all()
    assert sum(day < TODAY for day in last_days) >= 3
    assert sum(TODAY <= day <= TODAY + timedelta(days=90) for day in last_days) >= 5
    free = select(Till.code).where(Till.id.not_in(select(DeviceLog.till_id))).order_by(Till.code)
    assert session.scalars(free).all() == ["HG13", "HG14", "HK03", "TH02"]


def test_the_books_of_the_demo_hold(seeded: Seeded, session: Session) -> None:
    findings = check_all(session)

    assert [(f.number, f.problems) for f in findings if not f.holds] == []
    assert session.scalar(select(func.sum(Posting.amount_vnd))) == 0


def test_every_event_came_through_the_intake(seeded: Seeded, session: Session) -> None:
    assert seeded.sales > 200
    assert session.scalar(select(func.count()).select_from(TillEvent)) == seeded.events
    assert session.scalar(select(func.count()).select_from(Sale)) == seeded.sales
    assert session.scalar(select(func.count()).select_from(Quarantined)) == 0
    codes = set(session.scalars(select(Flag.code)))
    assert codes == {"price_differs", "negative_stock", "certificate_expired"}
    logs = session.execute(select(DeviceLog.received_through, DeviceLog.greatest)).all()
    assert all(through == greatest > 0 for through, greatest in logs)
    newest = session.scalars(select(Sale.at).order_by(Sale.at.desc())).first()
    assert newest is not None
    assert NOON - timedelta(minutes=20) < newest < NOON


def test_today_is_open_and_the_days_before_are_closed(seeded: Seeded, session: Session) -> None:
    states = {(day == TODAY, state) for day, state in session.execute(select(Shift.day, Shift.state))}

    assert states == {(True, "open"), (False, "closed")}
    float_and_takings = select(func.count()).where(Shift.state == "open", Shift.drawer_vnd <= 0)
    assert session.scalar(float_and_takings) == 0


def test_goods_were_counted_in_before_they_were_sold(seeded: Seeded, session: Session) -> None:
    levels = session.execute(
        select(Level.place_id, Level.on_hand_milli).where(Level.place_kind == "site", Level.on_hand_milli < 0)
    ).all()

    short = session.scalars(select(Site.code).where(Site.id.in_([place for place, _ in levels]))).all()
    assert short == ["HK"]


def test_the_same_moment_makes_the_same_demo(made: tuple[Flask, Seeded], app: Flask) -> None:
    def fingerprint() -> list[tuple[str, int]]:
        rows = db.session.execute(select(Sale.id, Sale.total_vnd).order_by(Sale.id))
        return [(row.id, row.total_vnd) for row in rows]

    with made[0].app_context():
        there = fingerprint()
    seed_demo(Silent(), now=NOON, days=3, pace_percent=40)

    assert fingerprint() == there


def test_people_of_the_demo_can_log_in(seeded: Seeded, session: Session) -> None:
    people = demo_people()

    assert len({p["login"] for p in people}) == len(people) == 10
    assert all(len(p["password"]) >= 8 for p in people)
    for person in people[:2]:
        row = session.scalars(select(Person).where(Person.login == person["login"])).one()
        assert hasher.verify(str(row.password_hash), person["password"])
    producers = select(Grant.scope_id).where(Grant.role == "producer", Grant.scope_kind == "producer")
    assert (
        session.scalar(select(func.count(Product.producer_id.distinct())).where(Product.producer_id.in_(producers)))
        == 3
    )


def test_a_tablet_of_a_shop_gets_a_priced_catalogue(seeded: Seeded, session: Session) -> None:
    till = session.scalars(select(Till).where(Till.code == "HK03")).one()
    asked = {"operator_id": till.operator_id, "site_id": till.site_id, "fair_id": None}

    answer = catalogue_for(session, **asked, since=0, at=NOON)  # type: ignore[arg-type]

    products = answer["products"]
    assert len(products) > 80
    assert all(p["price"] and p["barcodes"] and p["vat_class"] == "standard" for p in products)
    assert {p["vat_bp"] for p in products} == {500, 800, 1000}
    assert {p["kind"] for p in products} >= {"rau", "che", "gao", "mat", "thit", "uong", "duoc", "gom"}
    assert any(p.get("stars") for p in products)
    assert any(p.get("stock_milli", 0) > 0 for p in products)
    assert any(p.get("next") for p in products)
    assert catalogue_for(session, **asked, since=answer["version"], at=NOON)["products"] == []  # type: ignore[arg-type]


@pytest.mark.parametrize("hour", [0, 4, 22])
def test_a_demo_is_alive_at_any_hour(app: Flask, hour: int) -> None:
    now = datetime(2026, 11, 22, 0, 40, tzinfo=UTC) - timedelta(hours=7) + timedelta(hours=hour)

    seed_demo(Silent(), now=now, days=1, pace_percent=10)

    books = db.session()
    today = books.scalar(select(func.count()).where(Sale.day == local_date(now))) or 0
    assert today >= (20 if hour else 0)
    assert books.scalars(select(Sale.id).where(Sale.at > now)).all() == []
    assert [f.number for f in check_all(books) if not f.holds] == []


def test_a_long_demo_has_a_settlement(app: Flask) -> None:
    seed_demo(Silent(), now=NOON, days=9, pace_percent=30)

    books = db.session()
    statement = books.scalars(select(Statement)).one()
    assert statement.state == "closed"
    assert [f.number for f in check_all(books) if not f.holds] == []


def test_notes_of_a_drawer() -> None:
    assert by_notes(538_000) == {"500000": 1, "20000": 1, "10000": 1, "5000": 1, "2000": 1, "1000": 1}
    assert by_notes(999) == {}
