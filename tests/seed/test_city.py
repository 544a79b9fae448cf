"""The city: Hanoi's figures of October 2025, invented and saying so, the same each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from pos.app import create_app
from pos.catalogue.models import Barcode, Certificate, Offer, Price, Product
from pos.consignment.models import Agreement
from pos.kernel.db import db
from pos.kernel.errors import Invalid
from pos.places.models import Operator, Site, Till
from pos.producers.models import Producer
from pos.reports.check import check_all
from pos.seed import city
from pos.seed.city_goods import offered_by, producers, products
from pos.seed.loading import Silent
from pos.till.models import Quarantined, Sale
from tests.databases import SECRET, Templates

NOON = datetime(2026, 11, 22, 5, 3, 20, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def made(templates: Templates) -> Iterator[Flask]:
    """One city for all that only look at it: every place, three operators' offers."""
    url, name = templates.fresh()
    app = create_app(Config(database_url=url, secret_key=SECRET, demo=True, origin="http://localhost"))
    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setattr(city, "OPERATORS", 3)
        city.seed_city(Silent(), now=NOON)
        db.session.remove()
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    templates.drop(name)


@pytest.fixture
def session(made: Flask) -> Iterator[Session]:
    with made.app_context():
        yield db.session()
        db.session.remove()


def test_the_register_is_hanois(session: Session) -> None:
    def count(table: type[object]) -> int:
        return session.scalar(select(func.count()).select_from(table)) or 0

    assert (count(Product), count(Producer), count(Certificate)) == (3463, 1500, 3463)
    stars = session.execute(
        select(Certificate.stars, Certificate.potential_five, func.count())
        .group_by(Certificate.stars, Certificate.potential_five)
        .order_by(Certificate.stars, Certificate.potential_five)
    ).all()
    assert [tuple(row) for row in stars] == [(3, False, 1859), (4, False, 1576), (4, True, 19), (5, False, 9)]
    kinds = Counter(session.scalars(select(Producer.kind)))
    assert kinds == {"coop": 134, "company": 420, "group": 66, "household": 880}
    sites = Counter(session.scalars(select(Site.kind)))
    assert sites == {"shop": 115, "design_centre": 16, "booth": 60}
    assert count(Till) == 191


def test_everything_says_that_it_is_invented(session: Session) -> None:
    assert session.scalars(select(Producer.name).where(~Producer.name.contains("mẫu"))).all() == []
    assert session.scalars(select(Product.name).where(~Product.name.contains("mẫu"))).all() == []
    assert session.scalars(select(Operator.name).where(~Operator.name.contains("mẫu"))).all() == []
    for invented in (Certificate.invented, Price.invented):
        assert session.scalar(select(func.count()).where(~invented)) == 0
    assert session.scalar(select(func.count()).where(Barcode.operator_id.is_(None))) == 0
    assert session.scalars(select(Barcode.code).where(~Barcode.code.startswith("20"))).all() == []


def test_the_first_operator_sells_everything_and_has_terms_with_everybody(session: Session) -> None:
    first = session.scalars(select(Operator.id).where(Operator.code == "C00")).one()

    assert session.scalar(select(func.count()).where(Offer.operator_id == first)) == 3463
    assert session.scalar(select(func.count()).where(Agreement.operator_id == first)) == 1500


def test_stars_end_over_the_years_and_some_soon(session: Session) -> None:
    ends = session.scalars(select(Certificate.valid_to)).all()

    assert sum(day < TODAY for day in ends) in range(60, 120)
    assert sum(day >= TODAY and (day - TODAY).days <= 90 for day in ends) in range(200, 400)
    assert session.scalar(select(func.count()).where(Certificate.stars == 5, Certificate.valid_to < TODAY)) == 0


def test_a_database_that_is_not_empty_is_refused(made: Flask) -> None:
    with made.app_context(), pytest.raises(Invalid, match=r"start\.already"):
        city.seed_city(Silent(), now=NOON)


def test_the_same_day_makes_the_same_goods() -> None:
    def once() -> list[object]:
        dice = Random(148)
        rows = products(TODAY, dice)
        return [*rows, *offered_by(rows, 5, dice)]

    assert once() == once()
    kinds = Counter(name.split(" ")[0] for name, _ in producers(Random(1)))
    assert kinds == {"Hợp": 134, "Công": 420, "Tổ": 66, "Hộ": 880}


def test_days_are_sold_through_the_intake(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, few in (("OPERATORS", 2), ("SHOPS", 3), ("CENTRES", 1), ("BOOTHS", 2), ("FIRST_SHARE", 2)):
        monkeypatch.setattr(city, name, few)

    done = city.seed_city(Silent(), now=NOON, days=1, pace_percent=40)

    books = db.session()
    assert done.sales > 15
    assert books.scalar(select(func.count()).select_from(Sale)) == done.sales
    assert books.scalar(select(func.count()).select_from(Quarantined)) == 0
    assert [f.number for f in check_all(books) if not f.holds] == []
