"""The catalogue a tablet gets: whole, then only what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from pos.catalogue.commands import ProductFacts
from pos.catalogue.models import Offer, Price, Product, VatRate
from pos.catalogue.queries.tablet import timelines_of
from pos.catalogue.rules import Terms
from pos.catalogue.service import (
    Stamps,
    add_barcode,
    add_certificate,
    announce,
    offer_product,
    producer_changed,
    raise_version,
    retire,
    revoke_certificate,
    set_price,
    set_vat,
    stamp,
    update_product,
)
from pos.kernel.clock import iso
from pos.kernel.db import db
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import new_id
from pos.producers.models import Producer
from tests.catalogue.shelf import NOON, World, a_tea, a_world

TOMORROW = NOON + timedelta(days=1)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL said inside."""
    said: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def versions_of(session: Session, product_id: str) -> dict[str, int]:
    rows = session.execute(select(Offer.operator_id, Offer.version).where(Offer.product_id == product_id))
    return {row.operator_id: row.version for row in rows}


def only(answer: dict[str, Any]) -> dict[str, Any]:
    assert len(answer["products"]) == 1
    product: dict[str, Any] = answer["products"][0]
    return product


def test_a_product_as_the_tablet_keeps_it(session: Session, world: World) -> None:
    tea = a_tea(session, world)
    add_certificate(session, tea, stars=5, valid_from=date(2025, 1, 1), valid_to=date(2028, 1, 1))
    add_barcode(session, tea, "8935049501404")

    answer = world.asked(session)

    assert (answer["full"], answer["removed"], answer["version"]) == (True, [], 5)
    assert only(answer) == {
        "id": tea, "sku": "0001", "barcodes": ["8935049501404"], "name": "Chè Đinh Tân Cương",
        "producer": world.producer, "producer_name": "HTX chè Hảo Đạt", "group": "I.5.a", "kind": "che", "unit": "hộp",
        "price": 185_000, "vat_bp": 800, "vat_class": "standard", "stars": 5, "certificate_until": "2028-01-01",
    }  # fmt: skip
    json.dumps(answer)


def test_a_price_change_is_the_whole_delta(session: Session, world: World) -> None:
    tea = a_tea(session, world)
    a_tea(session, world, "Trà tôm nõn")
    before = world.asked(session)["version"]
    assert isinstance(before, int)

    set_price(session, operator_id=world.ours, product_id=tea, price_vnd=190_000, starts_at=TOMORROW, at=NOON)

    answer = world.asked(session, since=before)
    assert (answer["full"], answer["version"]) == (False, before + 1)
    changed = only(answer)
    assert (changed["id"], changed["price"]) == (tea, 185_000)
    assert changed["next"] == [{"from": iso(TOMORROW), "price": 190_000, "vat_bp": 800, "vat_class": "standard"}]
    assert "stock_milli" not in changed
    assert only(world.asked(session, since=before, at=TOMORROW))["price"] == 190_000
    assert world.asked(session, since=before + 1)["products"] == []


def test_a_tablet_that_knows_more_than_we_do_gets_everything(session: Session, world: World) -> None:
    a_tea(session, world)

    assert world.asked(session, since=99)["full"] is True


def test_a_fair_price_is_for_the_fair_only(session: Session, world: World) -> None:
    tea = a_tea(session, world)
    set_price(
        session, operator_id=world.ours, product_id=tea, price_vnd=170_000, starts_at=NOON, at=NOON, scope_kind="fair",
        scope_id=world.fair,
    )  # fmt: skip

    assert only(world.asked(session))["price"] == 185_000
    assert only(world.asked(session, booth=True))["price"] == 170_000
    for fair_id, price in ((None, 185_000), (world.fair, 170_000)):
        line = timelines_of(session, operator_id=world.ours, site_id=world.booth, fair_id=fair_id, product_ids=[tea])[
            tea
        ]
        assert line.at(NOON) == Terms(NOON, price, 800, "standard")


def test_a_retired_product_is_removed(session: Session, world: World) -> None:
    tea = a_tea(session, world)
    before = world.asked(session)["version"]
    assert isinstance(before, int)

    retire(session, operator_id=world.ours, product_id=tea)

    assert world.asked(session, since=before)["removed"] == [tea]
    assert world.asked(session)["products"] == []


def test_a_shared_change_reaches_every_operator_that_offers_it(session: Session, world: World) -> None:
    tea = a_tea(session, world)
    other = a_tea(session, world, "Trà tôm nõn")
    offer_product(session, operator_id=world.theirs, product_id=tea)
    versions = versions_of(session, tea)
    still = session.get_one(Offer, (world.ours, other)).version

    certificate = add_certificate(session, tea, stars=4, valid_from=date(2026, 1, 1), valid_to=date(2029, 1, 1))
    session.expire_all()
    raised = versions_of(session, tea)
    assert all(raised[operator] > versions[operator] for operator in (world.ours, world.theirs))
    assert session.get_one(Offer, (world.ours, other)).version == still

    since = world.asked(session)["version"]
    assert isinstance(since, int)
    revoke_certificate(session, certificate.id, revoked_on=date(2026, 11, 22))
    assert "stars" not in only(world.asked(session, since=since))
    facts = ProductFacts(name="Chè Đinh loại một", group_code="I.5.a", commune="Xã Tân Cương")
    update_product(session, tea, facts)
    told = only(world.asked(session, since=since + 1))
    assert (told["name"], told["commune"]) == ("Chè Đinh loại một", "Xã Tân Cương")
    assert session.get_one(Product, tea).search == "che dinh loai mot htx che hao dat xa tan cuong"
    session.get_one(Producer, world.producer).name = "Hợp tác xã Hảo Đạt"
    producer_changed(session, world.producer)
    products: Any = world.asked(session, since=since + 2)["products"]
    assert {p["producer_name"] for p in products} == {"Hợp tác xã Hảo Đạt"}
    assert len(products) == 2


def test_many_changes_together_are_one_version(session: Session, world: World) -> None:
    teas = [a_tea(session, world, f"Chè số {n}") for n in range(3)]
    before = world.asked(session)["version"]
    assert isinstance(before, int)
    stamps = Stamps()

    for tea in teas:
        set_price(
            session, operator_id=world.ours, product_id=tea, price_vnd=1, starts_at=TOMORROW, at=NOON, stamps=stamps
        )
    stamp(session, stamps)

    answer = world.asked(session, since=before)
    assert answer["version"] == before + 1
    assert len(answer["products"]) == 3  # type: ignore[arg-type]


def test_what_time_alone_changes_is_announced(session: Session, world: World) -> None:
    tea = a_tea(session, world)
    far = NOON + timedelta(days=31)
    set_price(session, operator_id=world.ours, product_id=tea, price_vnd=200_000, starts_at=far, at=NOON)
    before = world.asked(session)["version"]
    assert isinstance(before, int)
    assert "next" not in only(world.asked(session))

    assert announce(session, world.ours, since=NOON, at=NOON + timedelta(hours=1)) == 0
    assert announce(session, world.ours, since=NOON, at=NOON + timedelta(days=2)) == 1
    answer = world.asked(session, since=before, at=NOON + timedelta(days=2))
    assert [step["price"] for step in only(answer)["next"]] == [200_000]


def test_prices_are_never_set_in_the_past(session: Session, world: World) -> None:
    tea = a_tea(session, world)
    yesterday = NOON - timedelta(days=1)

    with pytest.raises(Conflict, match=r"price\.past"):
        set_price(session, operator_id=world.ours, product_id=tea, price_vnd=1, starts_at=yesterday, at=NOON)
    with pytest.raises(Conflict, match=r"vat\.past"):
        set_vat(
            session, operator_id=world.ours, product_id=tea, vat_class="KCT", vat_bp=0, starts_on=NOON.date(), at=NOON
        )
    first = set_price(session, operator_id=world.theirs, product_id=tea, price_vnd=9, starts_at=yesterday, at=NOON)
    assert first.starts_at == yesterday


def test_only_the_standard_class_has_a_rate(session: Session, world: World) -> None:
    tea = a_tea(session, world)

    with pytest.raises(Invalid, match=r"vat\.class"):
        set_vat(
            session, operator_id=world.ours, product_id=tea, vat_class="KCT", vat_bp=500, starts_on=TOMORROW.date(),
            at=NOON,
        )  # fmt: skip


def test_a_code_finds_one_product(session: Session, world: World) -> None:
    tea, other = a_tea(session, world), a_tea(session, world, "Trà tôm nõn")
    add_barcode(session, tea, "2000000000015", operator_id=world.ours)
    add_barcode(session, other, "2000000000015", operator_id=world.theirs)  # their own numbering

    with pytest.raises(Conflict, match=r"barcode\.taken"):
        add_barcode(session, other, "2000000000015", operator_id=world.ours)
    with pytest.raises(Invalid, match=r"barcode\.in_store"):  # a number of 20 to 29 is never everybody's
        add_barcode(session, other, "2000000000015")
    with pytest.raises(Invalid, match=r"barcode\.check_digit"):
        add_barcode(session, other, "8935049501405")


def fill(session: Session, world: World, count: int) -> None:
    """Many products by plain inserts, for speed."""
    ids = [new_id() for _ in range(count)]
    version = raise_version(session, world.ours)
    common = {"operator_id": world.ours}
    session.execute(insert(Product), [
        {"id": id_, "producer_id": world.producer, "group_code": "I.5.a", "name": f"Chè {n}", "search": f"che {n}",
         "kind": "che", "made_at": NOON} for n, id_ in enumerate(ids)
    ])  # fmt: skip
    session.execute(insert(Offer), [
        {**common, "product_id": id_, "sku": f"X{n}", "version": version} for n, id_ in enumerate(ids)
    ])  # fmt: skip
    session.execute(insert(Price), [
        {**common, "id": new_id(), "product_id": id_, "scope_kind": "operator", "scope_id": world.ours,
         "price_vnd": 1000, "starts_at": NOON} for id_ in ids
    ])  # fmt: skip
    session.execute(insert(VatRate), [
        {**common, "id": new_id(), "product_id": id_, "vat_class": "standard", "vat_bp": 800,
         "starts_on": date(2026, 7, 1)} for id_ in ids
    ])  # fmt: skip


def test_the_same_queries_for_1_and_300_products(app: Flask, session: Session, world: World) -> None:
    a_tea(session, world)
    with counted() as one:
        world.asked(session)
    fill(session, world, 299)
    with counted() as many:
        answer = world.asked(session)

    assert len(answer["products"]) == 300  # type: ignore[arg-type]
    assert len(one) == len(many) == 9
