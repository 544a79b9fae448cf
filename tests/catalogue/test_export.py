"""What is sold, as a file: brought back in it changes nothing, changed there it changes exactly that."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.adapters import written_csv
from pos.catalogue.adapters.workbooks import written_xlsx
from pos.catalogue.commands import ProductFacts
from pos.catalogue.imports import read_file, read_products
from pos.catalogue.models import Product
from pos.catalogue.queries.export import TITLES, offered_rows
from pos.catalogue.reference import DATA, read
from pos.catalogue.service import import_products, load_groups, set_price, set_vat, update_product
from pos.catalogue.service.import_plan import Plan
from pos.catalogue.service.imports import carry_out, plan_import
from pos.kernel.clock import local_date
from tests.catalogue.shelf import NOON, World, a_world


def as_file(session: Session, world: World, kind: str) -> bytes:
    rows = list(offered_rows(session, world.ours, at=NOON, day=local_date(NOON)))
    return written_xlsx("Hàng hóa", TITLES, rows) if kind == "xlsx" else written_csv([TITLES, *rows])


def planned(session: Session, world: World, data: bytes) -> Plan:
    found = read_file(data, "hang")
    assert found.problems == []
    return plan_import(session, found.good, operator_id=world.ours, at=NOON)


@pytest.fixture
def world(session: Session) -> World:
    made = a_world(session)
    load_groups(session, read("ocop-groups"))
    good, problems = read_products(DATA / "ocop-products.csv")
    assert problems == []
    ids = import_products(session, good, operator_id=made.ours, at=NOON).product_ids
    for n, id_ in enumerate(ids):
        price, cost = 9_500 + n * 500 if n else 300, n * 100 or None
        set_price(
            session, operator_id=made.ours, product_id=id_, price_vnd=price, starts_at=NOON, at=NOON, cost_vnd=cost
        )
        vat = [("standard", 800), ("standard", 500), ("zero", 0), ("KCT", 0), ("KKKNT", 0), ("direct", 0)][n % 6]
        set_vat(
            session, operator_id=made.ours, product_id=id_, vat_class=vat[0], vat_bp=vat[1],
            starts_on=local_date(NOON), at=NOON,
        )  # fmt: skip
    odd = ProductFacts(
        name="Rượu, “lạ”; 29%", group_code="II.1.a", unit="chai 500 ml", kind="gom", weighed=True, alcohol_bp=2950,
        shelf_life_days=365, name_en="Odd “spirit”", commune="Xã A", province="Hà Nội", source="https://a.vn/?b=1,2",
    )  # fmt: skip
    update_product(session, ids[0], odd)
    session.flush()
    return made


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_brought_back_it_changes_nothing(session: Session, world: World, kind: str) -> None:
    plan = planned(session, world, as_file(session, world, kind))

    assert [change for change in plan.changes if change.what != "same"] == []
    assert plan.counts()["same"] == len(list(session.scalars(select(Product.id)))) == 117


def test_a_price_changed_there_is_the_only_change(session: Session, world: World) -> None:
    text = as_file(session, world, "csv").decode("utf-8-sig").replace(",67000,", ",68000,")

    plan = planned(session, world, text.encode())

    assert [change.details for change in plan.changes if change.details] == [(("price", 67_000, 68_000),)]


FIRST, SECOND, OWN = "8935049501404", "8935049501411", "2000000000015"
TWO = f"Tên sản phẩm,Chủ thể,Mã vạch\nChè Đinh,HTX Hảo Đạt,{FIRST}; {SECOND}; {OWN}\nChè nõn,HTX Hảo Đạt,\n"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_all_codes_of_a_product_go_out_in_one_cell_and_come_back_unchanged(
    session: Session, world: World, kind: str
) -> None:
    found = read_file(TWO.encode(), "hang.csv")
    plan = plan_import(session, found.good, operator_id=world.ours, at=NOON)
    carry_out(session, plan)

    data = as_file(session, world, kind)
    read = {row.facts.name: row.barcodes for row in read_file(data, "hang").good}

    assert [detail for detail in plan.changes[0].details if detail[0] == "barcode"] == [
        ("barcode", None, code) for code in (FIRST, SECOND, OWN)
    ]
    assert (read["Chè Đinh"], read["Chè nõn"]) == ((FIRST, SECOND, OWN), ())
    assert [change for change in planned(session, world, data).changes if change.what != "same"] == []
