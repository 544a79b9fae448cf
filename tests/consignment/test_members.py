"""Members of a co-op behind a statement: whose goods it settles, and a list that adds up to the đồng."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from pos.access.service import add_person, grant
from pos.consignment.rules.members import COMMON, Part, Sold, parts_of, payouts_of, taken
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import now, today
from pos.kernel.db import unit_of_work
from pos.kernel.ids import new_id
from pos.stock.models import Document, DocumentLine
from tests.consignment.shop import Shop
from tests.consignment.test_statements_views import PASSWORD, enter, shop, web  # noqa: F401  (fixtures)

MEMBERS = st.sampled_from(["", "Bà Sáu", "Ông Ba", "Cô Tư"])
DELIVERIES = st.lists(st.tuples(MEMBERS, st.integers(0, 9_000)), max_size=6)


def test_the_oldest_delivery_sells_first_and_what_nobody_delivered_is_the_co_ops() -> None:
    delivered = [("Bà Sáu", 5_000), ("Ông Ba", 3_000)]

    assert taken(delivered, 0, 4_000) == {"Bà Sáu": 4_000}
    assert taken(delivered, 4_000, 3_000) == {"Bà Sáu": 1_000, "Ông Ba": 2_000}
    assert taken(delivered, 7_000, 3_000) == {"Ông Ba": 1_000, COMMON: 2_000}
    assert taken(delivered, 6_000, -2_000) == {"Bà Sáu": -1_000, "Ông Ba": -1_000}


def test_the_payout_is_shared_by_goods_with_the_largest_remainder() -> None:
    parts = [Part("a", "x", 1_000, 100), Part("b", "x", 1_000, 100), Part("c", "x", 1_000, 100), Part("d", "x", 1, -5)]

    assert payouts_of(parts, 200) == [("a", 100, 67), ("b", 100, 67), ("c", 100, 66), ("d", -5, 0)]
    assert payouts_of([Part("a", "x", -1_000, -100)], 70) == [("a", -100, 0), (COMMON, 0, 70)]
    assert payouts_of([], 0) == []


@given(
    st.lists(
        st.builds(
            Sold, st.sampled_from(["x", "y"]), st.integers(-9_000, 9_000), st.integers(-10**7, 10**7),
            st.none() | MEMBERS,
        ),
        max_size=5,
    ),
    st.dictionaries(st.sampled_from(["x", "y"]), DELIVERIES),
    st.dictionaries(st.sampled_from(["x", "y"]), st.integers(-2_000, 9_000)),
    st.integers(0, 10**8),
)  # fmt: skip
def test_whatever_was_sold_the_parts_and_the_list_add_up(
    sold: list[Sold], deliveries: dict[str, list[tuple[str, int]]], before: dict[str, int], payout: int
) -> None:
    parts = parts_of(sold, deliveries, before)

    assert sum(part.vnd for part in parts) == sum(one.vnd for one in sold)
    assert sum(part.qty_milli for part in parts) == sum(one.qty_milli for one in sold)
    listed = payouts_of(parts, payout)
    assert sum(goods for _, goods, _ in listed) == sum(part.vnd for part in parts)
    assert sum(vnd for *_, vnd in listed) == payout
    assert all(vnd >= 0 for *_, vnd in listed)


def delivered(shop: Shop, *lines: tuple[str | None, int]) -> None:  # noqa: F811
    """Tea of P1 counted in, by (member, packs)."""
    with unit_of_work() as session:
        id_, day = new_id(), today() - timedelta(days=20)
        session.add(
            Document(
                id=id_, operator_id=shop.operator_id, kind="intake", state="draft", revision=1, business_date=day,
                from_kind="producer", from_id=shop.producer("P1"), to_kind="site", to_id=shop.site_id,
                producer_id=shop.producer("P1"), made_at=now(),
                lines=[
                    DocumentLine(line=n, product_id=shop.product("P1"), qty_milli=packs * 1000, member=member)
                    for n, (member, packs) in enumerate(lines, 1)
                ],
            )
        )  # fmt: skip
        session.flush()
        made = session.get_one(Document, id_)
        made.state, made.number, made.confirmed_at = "confirmed", f"NK-{id_}", now()


def frozen_after(shop: Shop, days_ago: int) -> str:  # noqa: F811
    with unit_of_work() as session:
        cutoff = today() - timedelta(days=days_ago)
        return freeze_statement(
            session, shop.operator_id, shop.producer("P1"), cutoff, run_on=today(), at=now(), by=None
        )


def test_page_and_files_tell_each_members_part_and_the_next_statement_goes_on(web: Flask, shop: Shop) -> None:  # noqa: F811
    first, ha = frozen_after(shop, 8), enter(web, "ha")
    assert "Thành viên" not in ha.get(f"/statements/{first}").get_data(as_text=True)
    delivered(shop, ("Bà Sáu", 2), ("Ông Ba", 2), (None, 5))  # three packs are on the first statement
    with unit_of_work() as session:
        shop.session = session
        shop.sell(("P1", 3), day=today() - timedelta(days=5))
    second = frozen_after(shop, 4)

    assert f"/statements/{first}/members" in ha.get(f"/statements/{first}").get_data(as_text=True)
    assert "Bà Sáu" in ha.get(f"/statements/{first}/members").get_data(as_text=True)

    def table(statement: str, which: str) -> list[list[str]]:
        made = ha.get(f"/statements/{statement}/members-{which}.csv")
        assert made.content_type.startswith("text/csv")
        return list(csv.reader(io.StringIO(made.get_data().decode("utf-8-sig"))))[1:]

    # 185.000 at 15 % with 8 % VAT on it: 155.030 a pack, in lines of two and one.
    assert [(row[0], row[2], row[4]) for row in table(first, "parts")] == [
        ("Bà Sáu", "2", "310060"), ("Ông Ba", "1", "155030"), ("Cộng", "", "465090"),
    ]  # fmt: skip
    assert [(row[0], row[2], row[4]) for row in table(second, "parts")] == [
        ("Ông Ba", "1", "155030"), ("Chung của hợp tác xã", "2", "310060"), ("Cộng", "", "465090"),
    ]  # fmt: skip
    assert table(second, "payouts") == [
        ["Ông Ba", "155030", "155030"], ["Chung của hợp tác xã", "310060", "310060"], ["Cộng", "465090", "465090"],
    ]  # fmt: skip
    assert enter(web, "lan").get(f"/statements/{first}/members").status_code == 403
    assert enter(web, "xa").get(f"/statements/{first}/members-parts.csv").status_code == 404


def test_the_co_op_sees_its_members_on_its_own_page_and_nobody_elses(web: Flask, shop: Shop) -> None:  # noqa: F811
    first, maker = frozen_after(shop, 8), shop.producer("P1")
    with unit_of_work() as session:
        for name, producer in (("hoa", maker), ("gom", shop.producer("P3"))):
            person = add_person(session, name=name, at=now(), login=name, password=PASSWORD)
            session.flush()
            grant(session, person.id, "producer", "producer", producer, at=now())
    path = f"/producer/{maker}/statements/{first}"
    hoa, gom = enter(web, "hoa"), enter(web, "gom")
    assert f"{path}/members" not in hoa.get(path).get_data(as_text=True)
    delivered(shop, ("Bà Sáu", 2), (None, 9))

    assert f"{path}/members" in hoa.get(path).get_data(as_text=True)
    assert "Bà Sáu" in hoa.get(f"{path}/members").get_data(as_text=True)
    assert "Bà Sáu,310060,310060" in hoa.get(f"{path}/members-payouts.csv").get_data(as_text=True)
    for stranger in (f"{path}/members", f"{path}/members-payouts.csv"):
        assert gom.get(stranger).status_code == 404
