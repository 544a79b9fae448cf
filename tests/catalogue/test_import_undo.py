"""An import taken back as a whole: everything as before, or a sentence why not and nothing done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.commands import ProductFacts
from pos.catalogue.imports import read_file
from pos.catalogue.models import Barcode, Certificate, Offer, Price, Product, VatRate
from pos.catalogue.service import retire, set_price, update_product
from pos.catalogue.service.import_plan import Origin
from pos.catalogue.service.import_undo import undo_import
from pos.catalogue.service.imports import carry_out, plan_import
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict
from pos.stock.commands import Move
from pos.stock.moved import moved_since
from pos.stock.service import move
from tests.catalogue.shelf import NOON, World, a_tea, a_world

HEAD = "Tên sản phẩm,Chủ thể,Xã/phường,Mã nhóm,Hạng sao,Ngày công nhận,Giá bán,Mã vạch,Thuế suất\n"
FILE = (
    HEAD
    + "Chè Đinh Tân Cương,HTX chè Hảo Đạt,Xã Phúc Xuân,I.5.a,4 sao,22/11/2025,200.000,8935049501404; 8935049501428,8%\n"
    "Chè nõn,HTX chè Hảo Đạt,,I.5.a,3 sao,22/11/2025,90k,,8%\n"
    "Bát gốm,Gốm Mới,,IV.1,,,85k,8935049501411,KCT\n"
)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def world(app: Flask) -> World:
    with unit_of_work() as session:
        made = a_world(session)
        a_tea(session, made)
    return made


def take_in(world: World, text: str = FILE, at: Any = LATER) -> tuple[str, dict[str, int]]:
    read = read_file(text.encode(), "hang.csv")
    assert read.problems == []
    with unit_of_work() as session:
        plan = plan_import(session, read.good, operator_id=world.ours, at=at)
        assert plan.problems == []
        done = carry_out(session, plan, origin=Origin("hang.csv", "0" * 64, None))
    return str(done.run_id), plan.counts()


def take_back(run_id: str, hours: int = 2) -> None:
    with unit_of_work() as session:
        undo_import(session, run_id, moved=moved_since, at=NOON + timedelta(hours=hours), by=None)


def shelf(session: Session) -> dict[str, Any]:
    """All that is offered, and what is known of it."""
    session.rollback()
    offered = select(Product.id).join(Offer, Offer.product_id == Product.id).where(Product.active, Offer.active)
    facts = [Product.id, Product.name, Product.commune, Product.search, Product.unit]
    return {
        "goods": sorted(session.execute(select(*facts).where(Product.id.in_(offered))).all()),
        "prices": sorted(session.execute(select(Price.product_id, Price.price_vnd, Price.starts_at)).all()),
        "vat": sorted(session.execute(select(VatRate.product_id, VatRate.vat_class, VatRate.vat_bp)).all()),
        "codes": sorted(session.execute(select(Barcode.product_id, Barcode.code)).all()),
        "stars": sorted(session.execute(select(Certificate.product_id, Certificate.stars)).all()),
    }


def test_everything_is_as_before_and_tablets_learn_it(world: World) -> None:
    before = shelf(db.session())
    run_id, counts = take_in(world)
    assert counts == {"new": 2, "changed": 1, "same": 0}
    during, told = shelf(db.session()), world.asked(db.session(), at=LATER)
    assert during != before

    take_back(run_id)

    assert shelf(db.session()) == before
    since = world.asked(db.session(), since=int(str(told["version"])), at=LATER + timedelta(hours=2))
    assert (len(since["products"]), len(since["removed"])) == (1, 2)  # type: ignore[arg-type]


def test_the_same_file_brings_the_same_goods_back(world: World) -> None:
    run_id, _ = take_in(world)
    first = shelf(db.session())["goods"]
    take_back(run_id)

    _, counts = take_in(world, at=NOON + timedelta(hours=3))

    assert counts == {"new": 2, "changed": 1, "same": 0}
    assert shelf(db.session())["goods"] == first
    read = read_file(FILE.encode(), "hang.csv")
    again = plan_import(db.session(), read.good, operator_id=world.ours, at=NOON + timedelta(hours=4))
    assert again.counts() == {"new": 0, "changed": 0, "same": 3}


def test_a_retired_product_is_offered_again_and_retired_again(world: World) -> None:
    with unit_of_work() as session:
        retire(session, operator_id=world.ours, product_id=session.scalars(select(Product.id)).one())
    before = shelf(db.session())

    run_id, counts = take_in(world)
    during = shelf(db.session())
    take_back(run_id)

    assert counts["changed"] == 1
    assert len(during["goods"]) == 3
    assert shelf(db.session()) == before


def sold(session: Session, world: World, product_id: str) -> None:
    sale = Move(
        product_id, 1000, "site", world.shop, "customer", world.shop, "sale", date(2026, 11, 22), LATER, "event", "e1",
        "1",
    )  # fmt: skip
    move(session, world.ours, [sale], recorded_at=LATER + timedelta(minutes=1))


def repriced(session: Session, world: World, product_id: str) -> None:
    soon = LATER + timedelta(minutes=5)
    set_price(session, operator_id=world.ours, product_id=product_id, price_vnd=1, starts_at=soon, at=soon)


def renamed(session: Session, world: World, product_id: str) -> None:
    update_product(session, product_id, ProductFacts(name="Tên mới", unit="hộp"))


@pytest.mark.parametrize(
    ("touch", "code"),
    [(sold, "import.sold_since"), (repriced, "import.changed_since"), (renamed, "import.changed_since")],
)
@pytest.mark.parametrize("name", ["Chè nõn", "Chè Đinh Tân Cương"])
def test_what_was_sold_or_changed_since_stops_all_of_it(world: World, name: str, touch: Any, code: str) -> None:
    run_id, _ = take_in(world)
    product_id = db.session().scalars(select(Product.id).where(Product.name == name)).one()
    with unit_of_work() as session:
        touch(session, world, product_id)
    touched = shelf(db.session())

    with pytest.raises(Conflict) as refused:
        take_back(run_id)

    assert (refused.value.code, refused.value.facts["count"]) == (code, 1)
    assert shelf(db.session()) == touched


def test_it_is_taken_back_once(world: World) -> None:
    run_id, _ = take_in(world)
    take_back(run_id)

    with pytest.raises(Conflict, match="undone_already"):
        take_back(run_id, 3)
