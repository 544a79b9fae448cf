"""Lots make themselves on arrival, go first expired first, and keep their history when they are named anew."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from pos.catalogue.models import Product
from pos.kernel.db import db, unit_of_work
from pos.stock.commands import DraftLine
from pos.stock.queries.lots import list_changes, list_lots
from pos.stock.rules.fefo import left_of
from pos.stock.service.lots import rename
from tests.stock.shelves import AT, DAY, confirmed, levels, shelves


def test_a_lot_makes_itself_and_what_expires_first_is_gone_first(app: Flask) -> None:
    here = shelves()
    with unit_of_work() as work:
        work.get_one(Product, here.honey).shelf_life_days = 30
    confirmed(here.intake(DraftLine(here.honey, 10_000)))
    confirmed(here.intake(DraftLine(here.honey, 6_000, expires_on=DAY + timedelta(days=5))))
    confirmed(here.transfer(DraftLine(here.honey, 1_000)))
    with unit_of_work() as work:
        from pos.kernel.ids import new_id
        from pos.stock.commands import Move
        from pos.stock.service import move

        sold = Move(here.honey, 4_000, "site", here.shop, "customer", here.shop, "sale", DAY, AT, "e", new_id(), "1")
        move(work, here.operator, [sold], recorded_at=AT)

    rows = list_lots(db.session(), here.operator, here.honey)

    assert [(row.lot.expires_on, row.left_milli, row.number) for row in rows] == [
        (DAY + timedelta(days=5), 2_000, "NK26-00002"), (DAY + timedelta(days=30), 10_000, "NK26-00001"),
    ]  # fmt: skip


def test_a_lot_with_a_code_is_kept_apart(app: Flask) -> None:
    here = shelves()
    confirmed(here.intake(DraftLine(here.honey, 5_000, lot_code="MO-11"), DraftLine(here.honey, 3_000)))

    rows = {row.lot.code: row.left_milli for row in list_lots(db.session(), here.operator, here.honey)}

    assert rows == {"MO-11": 5_000, None: 3_000}
    assert levels(here.honey) == {("site", here.shop): 8_000}


def test_a_renamed_lot_keeps_its_history(app: Flask) -> None:
    here = shelves()
    confirmed(here.intake(DraftLine(here.honey, 5_000)))
    (row,) = list_lots(db.session(), here.operator, here.honey)
    key = (here.operator, here.honey, row.lot.id)
    for code in ("A", "B", "B"):
        with unit_of_work() as work:
            rename(work, key, code=code, expires_on=DAY, at=AT, by=None)

    changes = list_changes(db.session(), here.operator, here.honey)

    assert sorted((c.code_before or "", c.code_after) for c, _ in changes) == [("", "A"), ("A", "B")]
    assert [r.lot.code for r in list_lots(db.session(), here.operator, here.honey)] == ["B"]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=8), st.integers(-5, 60))
def test_what_is_left_is_never_more_than_came_and_adds_up(lots: list[tuple[int, int]], left: int) -> None:
    first = date(2026, 1, 1)
    arrived = [(f"l{n}", first + timedelta(days=end), first, milli) for n, (end, milli) in enumerate(lots)]

    found = left_of(arrived, left)

    assert all(0 <= found[lot] <= milli for lot, _, _, milli in arrived)
    assert sum(found.values()) == min(max(0, left), sum(milli for *_, milli in arrived))
