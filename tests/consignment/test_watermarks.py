"""What a statement says of the lines up to its watermark: none of them is open, whatever is frozen, left or voided."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.consignment.models import SettlementLine, Statement
from pos.consignment.queries.checks import settlement_problems
from pos.consignment.queries.watermarks import claimed_through, may_be_open
from pos.consignment.service.disputes import raise_dispute, withdraw_dispute
from pos.consignment.service.payouts import void_statement
from pos.consignment.service.statements import freeze_statement
from tests.consignment.shop import DAY, Shop, later, noon


@pytest.fixture
def shop(session: Session) -> Shop:
    return Shop(session)


def freeze(shop: Shop, on: int) -> Statement:
    made = freeze_statement(
        shop.session, shop.operator_id, shop.producer("P1"), later(on), run_on=later(on), at=noon(later(on)), by=None
    )
    return shop.session.get_one(Statement, made)


def void(shop: Shop, made: Statement, on: int) -> None:
    void_statement(shop.session, made.id, at=noon(later(on)), by=None, reason="sai kỳ")


def looked_at(shop: Shop) -> list[int]:
    """The seqs of the lines above the watermark; among them every open one, which `check` proves."""
    shop.check()
    wanted = select(SettlementLine.seq).where(may_be_open(shop.session, shop.producer("P1")))
    return list(shop.session.scalars(wanted.order_by(SettlementLine.seq)))


def seq_of(shop: Shop, line_id: str) -> int:
    return shop.session.get_one(SettlementLine, line_id).seq


def sold(shop: Shop, day: int, *, waits: int = 0) -> str:
    """A sale of P1 as a bare line; answers its id."""
    return shop.charge("P1", "sale", 50_000, "misc_expense", day=later(day), available_on=later(day + waits))


def test_a_freeze_of_everything_leaves_nothing_to_look_at_and_the_next_only_what_came_since(shop: Shop) -> None:
    shop.sell(("P1", 1), price=125_050)
    shop.sell(("P1", 2), price=125_050)  # its VAT rounds differently: the statement makes a line of its own

    first = freeze(shop, 1)

    assert first.claimed_through_seq == first.snapshot_seq
    own = [seq for seq in looked_at(shop) if seq > first.snapshot_seq]
    assert looked_at(shop) == own
    came = sold(shop, 1)
    assert looked_at(shop) == [*own, seq_of(shop, came)]
    second = freeze(shop, 2)
    assert second.claimed_through_seq == second.snapshot_seq == seq_of(shop, came)
    assert looked_at(shop) == []


@pytest.mark.parametrize("why", ["held", "disputed", "after the cut-off"])
def test_what_is_left_behind_stays_above_the_watermark_until_it_is_taken(shop: Shop, why: str) -> None:
    taken, left = sold(shop, 0), sold(shop, 4 if why == "after the cut-off" else 0, waits=5 if why == "held" else 0)
    taken_too = sold(shop, 0)
    if why == "disputed":
        dispute = raise_dispute(shop.session, shop.producer("P1"), left, kind="price", at=noon(DAY), by=None)

    first = freeze(shop, 1)

    assert seq_of(shop, taken) == first.claimed_through_seq == seq_of(shop, left) - 1
    assert looked_at(shop) == [seq_of(shop, left), seq_of(shop, taken_too)]
    if why == "disputed":
        withdraw_dispute(shop.session, shop.producer("P1"), dispute, at=noon(later(2)), by=None)
    second = freeze(shop, 9)
    assert second.claimed_through_seq == second.snapshot_seq
    assert looked_at(shop) == []


def test_a_void_falls_back_to_the_watermark_before_it(shop: Shop) -> None:
    sold(shop, 0)
    left, back = sold(shop, 0, waits=3), sold(shop, 0)
    first = freeze(shop, 1)
    late = sold(shop, 0)
    second = freeze(shop, 5)  # takes what the first left behind, below the first one's snapshot
    assert (first.claimed_through_seq, looked_at(shop)) == (seq_of(shop, left) - 1, [])

    void(shop, second, 6)

    assert looked_at(shop) == [seq_of(shop, line) for line in (left, back, late)]
    void(shop, first, 6)
    assert len(looked_at(shop)) == 4
    again = freeze(shop, 7)
    assert again.claimed_through_seq == again.snapshot_seq
    assert looked_at(shop) == []


def test_a_return_of_a_settled_sale_is_above_the_watermark(shop: Shop) -> None:
    sale = shop.sell(("P1", 1))
    freeze(shop, 1)
    assert looked_at(shop) == []

    shop.take_back(sale, 1, 1, paid=185_000, day=later(2))

    assert len(looked_at(shop)) == 1


def test_other_producers_and_operators_have_watermarks_of_their_own(session: Session) -> None:
    one, other = Shop(session), Shop(session, code="U")
    for shop in (one, other):
        shop.sell(("P1", 1), ("P2", 1))
        shop.sell(("P1", 1))
    freeze(one, 1)

    def looked(name: str) -> list[str]:
        wanted = select(SettlementLine.operator_id).where(may_be_open(session, one.producer(name)))
        return sorted(session.scalars(wanted))

    assert looked("P1") == [other.operator_id] * 2
    assert looked("P2") == sorted([one.operator_id, other.operator_id])
    assert looked("P3") == []  # sold nothing anywhere


def test_an_open_line_below_a_watermark_is_found(shop: Shop) -> None:
    sold(shop, 0)
    left = sold(shop, 0, waits=3)
    made = freeze(shop, 1)
    shop.check()

    shop.session.execute(update(Statement).values(claimed_through_seq=made.snapshot_seq))

    found = [(wrong.rule, wrong.about) for wrong in settlement_problems(shop.session, shop.operator_id)]
    assert found == [("watermark", left)]


def test_the_watermark_is_below_the_first_line_left_and_never_beyond_the_snapshot() -> None:
    assert claimed_through(None, 9) == 9
    assert claimed_through(5, 9) == 4
    assert claimed_through(12, 9) == 9  # a sale that came while the freeze ran
