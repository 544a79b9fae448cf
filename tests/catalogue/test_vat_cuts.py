"""The lower VAT rate ends by itself. Golden: what was set as 8 % once is 8 % up to 31 December 2026, then 10 %.

Worked by hand: 185.000 đ with VAT is 171.296 + 13.704 at 8 % (185.000·100/108 = 171.296,3) and 168.182 + 16.818 at
10 % (185.000·100/110 = 168.181,8).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pos.catalogue.commands import ProductFacts
from pos.catalogue.cuts import LAW, Cut, by_law
from pos.catalogue.models import CatalogueHead, Group
from pos.catalogue.service import add_product, announce, extend_cut, offer_product, set_vat
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.money import net_of_vat
from tests.catalogue.shelf import NOON, World, a_tea, a_world

LAST = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)  # 23:59:59 in Hanoi
NEW_YEAR = LAST + timedelta(seconds=1)


@pytest.fixture
def world(session: Session) -> World:
    with unit_of_work() as work:
        return a_world(work)


def told(session: Session, world: World, at: datetime) -> dict[str, Any]:
    """The tea as a tablet that asks at that moment knows it."""
    products: Any = world.asked(session, at=at)["products"]
    return dict(products[0])


def test_eight_per_cent_becomes_ten_by_itself_at_the_years_end(session: Session, world: World) -> None:
    with unit_of_work() as work:
        a_tea(work, world)

    moments = (NOON, LAST, NEW_YEAR, NEW_YEAR + timedelta(days=200))
    found = [(t["vat_bp"], *net_of_vat(t["price"], t["vat_bp"])) for t in (told(session, world, at) for at in moments)]

    assert found == [(800, 171_296, 13_704), (800, 171_296, 13_704), (1000, 168_182, 16_818), (1000, 168_182, 16_818)]


def test_a_tablet_offline_over_midnight_has_known_for_a_month(session: Session, world: World) -> None:
    with unit_of_work() as work:
        a_tea(work, world)
    early, night = datetime(2026, 12, 1, 5, tzinfo=UTC), datetime(2026, 12, 2, 17, 1, tzinfo=UTC)

    assert "next" not in told(session, world, early)
    assert told(session, world, night)["next"] == [
        {"from": "2026-12-31T17:00:00.000Z", "price": 185_000, "vat_bp": 1000, "vat_class": "standard"}
    ]
    with unit_of_work() as work:
        assert announce(work, world.ours, since=early, at=night) == 1
        assert announce(work, world.ours, since=night, at=night + timedelta(days=1)) == 0


@pytest.mark.parametrize("vat_class", ["KCT", "KKKNT", "zero", "direct"])
def test_the_four_without_a_rate_stay_four_things(session: Session, world: World, vat_class: str) -> None:
    with unit_of_work() as work:
        tea = a_tea(work, world)
        set_vat(
            work, operator_id=world.ours, product_id=tea, vat_class=vat_class, vat_bp=0,
            starts_on=date(2026, 11, 23), at=NOON,
        )  # fmt: skip

    assert [(t["vat_class"], t["vat_bp"]) for t in (told(session, world, LAST), told(session, world, NEW_YEAR))] == [
        (vat_class, 0),
        (vat_class, 0),
    ]


def test_the_law_adds_only_what_nobody_said() -> None:
    year = date(2027, 1, 1)
    longer = Cut(800, 1000, date(2027, 3, 1), date(2027, 6, 30))

    assert by_law([(date(2026, 7, 1), 800, "standard")], [LAW]) == [
        (date(2026, 7, 1), 800, "standard"), (year, 1000, "standard"),
    ]  # fmt: skip
    assert by_law([(date(2026, 7, 1), 800, "standard"), (year, 500, "standard")], [LAW]) == [
        (date(2026, 7, 1), 800, "standard"), (year, 500, "standard"),
    ]  # fmt: skip
    assert by_law([(date(2027, 2, 1), 800, "standard")], [LAW, longer]) == [
        (date(2027, 2, 1), 1000, "standard"), (date(2027, 3, 1), 800, "standard"),
        (date(2027, 7, 1), 1000, "standard"),
    ]  # fmt: skip
    assert by_law([(date(2026, 7, 1), 800, "standard")], [LAW, Cut(800, 1000, year, date(2027, 6, 30))]) == [
        (date(2026, 7, 1), 800, "standard"), (date(2027, 7, 1), 1000, "standard"),
    ]  # fmt: skip


def test_a_longer_period_reaches_every_tablet(session: Session, world: World) -> None:
    with unit_of_work() as work:
        a_tea(work, world)
        before = work.get_one(CatalogueHead, world.ours).version
        extend_cut(
            work, starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 30), source="Nghị quyết", cut_bp=800, full_bp=1000,
            at=NOON, by=None,
        )  # fmt: skip

    assert session.get_one(CatalogueHead, world.ours).version == before + 1
    assert [told(session, world, at)["vat_bp"] for at in (LAST, NEW_YEAR, NEW_YEAR + timedelta(days=181))] == [
        800, 800, 1000,
    ]  # fmt: skip


def test_what_the_law_forbids_is_said(session: Session, world: World) -> None:
    with unit_of_work() as work:
        tea = a_tea(work, world)
        work.add(a_group())
        work.flush()
        wine = add_product(work, world.producer, ProductFacts(name="Rượu nếp", group_code="II.1.a"), at=NOON).id
        offer_product(work, operator_id=world.ours, product_id=wine)
    said = []
    for product, day in ((tea, date(2027, 1, 1)), (wine, date(2026, 11, 23))):
        with pytest.raises(Invalid) as trouble, unit_of_work() as work:
            set_vat(
                work, operator_id=world.ours, product_id=product, vat_class="standard", vat_bp=800, starts_on=day,
                at=NOON,
            )  # fmt: skip
        said.append(trouble.value.code)
    for starts, ends in ((date(2026, 11, 22), date(2026, 12, 1)), (date(2026, 12, 1), date(2027, 2, 1))):
        with pytest.raises(Conflict) as refused, unit_of_work() as work:
            extend_cut(work, starts_on=starts, ends_on=ends, source="x", cut_bp=800, full_bp=1000, at=NOON, by=None)
        said.append(refused.value.code)

    assert said == ["vat.cut_over", "vat.alcohol", "cut.past", "cut.overlaps"]


def a_group() -> Group:
    return Group(code="II.1.a", name="Rượu trắng", ministry=None, is_leaf=True, position=9)
