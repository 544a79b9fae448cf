"""Invariant 3 of money.md: whatever papers, sales and returns do, in any order, the goods equation closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict
from pos.kernel.ids import new_id
from pos.stock.commands import Draft, DraftLine, Move
from pos.stock.models import Document
from pos.stock.queries.equation import Asked, list_card, list_equations
from pos.stock.rules import DIFFERENCES, GONE_TO, KINDS, OURS
from pos.stock.service import move
from pos.stock.service.papers import standing
from tests.stock.shelves import AT, DAY, confirmed, drafted, levels, shelves

QTY = st.integers(1, 9).map(lambda n: n * 1000)
PRODUCTS = st.sampled_from(["honey", "tea", "bowl"])
SITES = st.sampled_from(["shop", "booth"])


def test_the_columns_of_a_small_month(app: Flask) -> None:
    here = shelves()
    confirmed(here.intake(DraftLine(here.honey, 20_000)))
    sent = confirmed(here.transfer(DraftLine(here.honey, 8_000)))
    confirmed(here.receipt(sent, DraftLine(here.honey, 7_000, expected_milli=8_000, difference="lost")))
    with unit_of_work() as work:
        places = (("site", here.booth), ("customer", here.booth))
        sold = Move(here.honey, 3_000, *places[0], *places[1], "sale", DAY, AT, "till_event", new_id(), "1")
        back = Move(here.honey, 1_000, *places[1], *places[0], "return", DAY, AT, "till_event", new_id(), "1")
        move(work, here.operator, [sold, back], recorded_at=AT)

    everywhere = list_equations(db.session(), Asked([here.operator]), here.maker)
    booth = list_equations(db.session(), Asked([here.operator], here.booth), here.maker)

    assert [line.sums.columns for line in everywhere] == [
        {"delivered": 20_000, "lost": 1_000, "sold": 3_000, "returned": 1_000, "site": 17_000, "transit": 0}
    ]
    assert [line.sums.columns for line in booth] == [
        {"moved_in": 7_000, "sold": 3_000, "returned": 1_000, "site": 5_000}
    ]


def test_a_figure_opens_to_the_movements_it_is_made_of_page_by_page(app: Flask) -> None:
    here = shelves()
    for n in range(7):
        note = here.intake(DraftLine(here.honey, (n + 1) * 1000))
        confirmed(replace(note, business_date=DAY - timedelta(days=n % 3)))
    confirmed(replace(here.transfer(DraftLine(here.honey, 4_000)), kind="write_off", reason="broken",
                      to=("written_off", here.shop)))  # fmt: skip
    asked, session = Asked([here.operator], here.shop), db.session()

    pages, after = [], None
    while True:
        rows, _names, after = list_card(session, asked, here.honey, after=after, limit=3)
        pages.append([(row.gain_milli, row.left_milli) for row in rows])
        if after is None:
            break
    delivered, names, _ = list_card(session, asked, here.honey, column="delivered", limit=50)

    gains = [gain for page in pages for gain, _ in page]
    assert [len(page) for page in pages] == [3, 3, 2]
    assert [left for page in pages for _, left in page] == [sum(gains[n:]) for n in range(len(gains))]
    assert sum(row.gain_milli for row in delivered) == 28_000
    assert names[here.maker] == "HTX Mật ong Ba Vì"


class Shop(RuleBasedStateMachine):
    """Papers confirmed by two people at once, goods sold and returned, in any order."""

    @initialize()
    def open(self) -> None:
        self.here = shelves()
        self.papers: list[str] = []
        self.sent: list[tuple[str, str, int]] = []
        self.received: set[str] = set()

    def _make(self, kind: str, product: str, qty: int, from_: Any, to: Any, **more: Any) -> str:
        line = DraftLine(getattr(self.here, product), qty, **more.pop("line", {}))
        paper = confirmed(Draft(self.here.operator, kind, DAY, from_, to, (line,), **more))
        self.papers.append(paper)
        return paper

    def _maker(self, product: str) -> str:
        return self.here.other if product == "bowl" else self.here.maker

    @rule(product=PRODUCTS, qty=QTY, site=SITES, lot=st.booleans())
    def intake(self, product: str, qty: int, site: str, lot: bool) -> None:
        line = {"lot_id": new_id()} if lot else {}
        self._make("intake", product, qty, ("producer", self._maker(product)), ("site", getattr(self.here, site)),
                   line=line)  # fmt: skip

    @rule(product=PRODUCTS, qty=QTY)
    def transfer(self, product: str, qty: int) -> None:
        paper = self._make("transfer", product, qty, ("site", self.here.shop), ("transit", self.here.booth))
        self.sent.append((paper, product, qty))

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), counted=st.integers(0, 12), difference=st.sampled_from(DIFFERENCES))
    def receive(self, data: Any, counted: int, difference: str) -> None:
        paper, product, qty = data.draw(st.sampled_from(self.sent))
        line = DraftLine(getattr(self.here, product), counted * 1000, expected_milli=qty, difference=difference)
        if paper in self.received:
            with pytest.raises(Conflict, match=r"transfer\.received"):
                confirmed(self.here.receipt(paper, line))
        else:
            confirmed(self.here.receipt(paper, line))
            self.received.add(paper)

    @rule(product=PRODUCTS, qty=QTY, site=SITES)
    def give_back(self, product: str, qty: int, site: str) -> None:
        self._make("return", product, qty, ("site", getattr(self.here, site)), ("producer", self._maker(product)))

    @rule(product=PRODUCTS, qty=QTY, site=SITES, reason=st.sampled_from(sorted(GONE_TO)))
    def write_off(self, product: str, qty: int, site: str, reason: str) -> None:
        place = getattr(self.here, site)
        self._make("write_off", product, qty, ("site", place), (GONE_TO[reason], place), reason=reason)

    @precondition(lambda self: self.papers)
    @rule(data=st.data(), right=st.integers(0, 9))
    def correct(self, data: Any, right: int) -> None:
        of = db.session.get_one(Document, data.draw(st.sampled_from(self.papers)))
        ((product, lot), stands), = standing(db.session(), of.id).items()  # fmt: skip
        if stands == right * 1000:
            return
        asked = Draft(
            self.here.operator, "correction", DAY, (of.from_kind, of.from_id), (of.to_kind, of.to_id),
            (DraftLine(product, right * 1000, expected_milli=stands, lot_id=lot),), note="đếm nhầm", answers_id=of.id,
        )  # fmt: skip
        first, second = drafted(asked), drafted(asked)
        confirmed(first)
        with pytest.raises(Conflict, match=r"correction\.stale"):
            confirmed(second)  # it began with what no longer stands

    @rule(product=PRODUCTS, qty=QTY, site=SITES, back=st.sampled_from(["", "site", "quarantine", "producer"]))
    def sell(self, product: str, qty: int, site: str, back: str) -> None:
        place, goods = getattr(self.here, site), getattr(self.here, product)
        moves = [Move(goods, qty, "site", place, "customer", place, "sale", DAY, AT, "till_event", new_id(), "1")]
        if back:
            to = self._maker(product) if back == "producer" else place
            moves.append(Move(goods, qty, "customer", place, back, to, "return", DAY, AT, "till_event", new_id(), "1"))
        with unit_of_work() as work:
            move(work, self.here.operator, moves, recorded_at=AT)

    def teardown(self) -> None:
        session, here = db.session(), self.here
        for producer in (here.maker, here.other):
            for site in (None, here.shop, here.booth):
                for by_lot in (False, True):
                    lines = list_equations(session, Asked([here.operator], site), producer, by_lot=by_lot)
                    assert [(line.name, line.sums.columns) for line in lines if not line.sums.closes] == []
                    for line in lines:
                        rows, _, _ = list_card(session, Asked([here.operator], site), line.product_id, limit=500,
                                               lot_id=line.lot_id or None)  # fmt: skip
                        if line.lot_id or not by_lot:
                            left = sum(line.sums[c] for c in OURS)
                            assert (rows[0].left_milli if rows else 0) == left == sum(row.gain_milli for row in rows)
        for product in (here.honey, here.tea, here.bowl):
            kept = sum(milli for (kind, _), milli in levels(product).items() if kind in OURS)
            told = [
                x.sums for p in (here.maker, here.other) for x in list_equations(session, Asked([here.operator]), p)
                if x.product_id == product
            ]  # fmt: skip
            assert kept == sum(sums[c] for sums in told for c in OURS)
        numbers = session.execute(
            select(Document.kind, Document.number)
            .where(Document.operator_id == here.operator, Document.state == "confirmed")
            .order_by(Document.number)
        ).all()
        for kind in KINDS:
            mine = [int(number[-5:]) for k, number in numbers if k == kind and number]
            assert mine == list(range(1, len(mine) + 1))


def test_the_equation_closes_through_random_sequences(app: Flask) -> None:
    run_state_machine_as_test(Shop, settings=settings(max_examples=8, stateful_step_count=14, deadline=None))
