"""A producer disputes a line: money on no statement waits for the answer, everything else goes on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.models import Dispute, ProducerNote, SettlementLine, StatementClaim
from pos.consignment.queries.disputes import count_open, list_disputes
from pos.consignment.queries.previews import preview
from pos.consignment.queries.runs import list_briefs
from pos.consignment.service.disputes import accept_dispute, decline_dispute, raise_dispute, withdraw_dispute
from pos.consignment.service.statements import freeze_statement
from pos.kernel.errors import Conflict, Invalid, NotFound, Refused
from tests.consignment.shop import DAY, Shop, later, noon

HOW: dict[str, Any] = {"at": noon(DAY), "by": None}


@pytest.fixture
def shop(session: Session) -> Shop:
    return Shop(session)


def lines_of(shop: Shop, name: str = "P1") -> list[SettlementLine]:
    wanted = select(SettlementLine).where(SettlementLine.producer_id == shop.producer(name))
    return list(shop.session.scalars(wanted.order_by(SettlementLine.id)))


def draft(shop: Shop, run_on: int = 1) -> Any:
    return preview(shop.session, shop.operator_id, shop.producer("P1"), later(run_on), run_on=later(run_on))


def freeze(shop: Shop, on: int = 1) -> str:
    return freeze_statement(
        shop.session, shop.operator_id, shop.producer("P1"), later(on), run_on=later(on), at=noon(later(on)), by=None
    )


def test_a_disputed_sale_and_what_came_back_of_it_wait_while_the_rest_is_paid(shop: Shop) -> None:
    disputed = shop.sell(("P1", 2))
    shop.sell(("P1", 1))
    shop.take_back(disputed, 1, 1, paid=185_000)
    sale, fine, back = lines_of(shop)
    before = draft(shop).division.payout_vnd

    raise_dispute(shop.session, shop.producer("P1"), sale.id, kind="price", words=" 190 mới đúng ", **HOW)

    now = draft(shop)
    assert (now.lines, now.disputed_vnd, now.held) == (1, sale.amount_vnd + back.amount_vnd, [])
    assert now.division.payout_vnd == before - now.disputed_vnd == fine.amount_vnd
    brief = list_briefs(shop.session, shop.operator_id, later(1), run_on=later(1))[0]
    assert (brief.payout_vnd, brief.held_vnd) == (fine.amount_vnd, now.disputed_vnd)
    made = freeze(shop)
    claimed = shop.session.scalars(select(StatementClaim.line_id).where(StatementClaim.statement_id == made)).all()
    assert set(claimed) & {sale.id, back.id} == set()
    shop.check()


def test_what_is_accepted_answers_its_line_and_goes_with_it(shop: Shop) -> None:
    shop.sell(("P1", 2))
    (sale,) = lines_of(shop)
    id_ = raise_dispute(shop.session, shop.producer("P1"), sale.id, kind="price", words="190 mới đúng", **HOW)
    (row,), more = list_disputes(shop.session, producer_id=shop.producer("P1"))
    assert (row.number, row.words, row.product, row.qty_milli, row.holds, more) == (
        "KN-0001", "190 mới đúng", "Chè Thái Nguyên", 2_000, True, False,
    )  # fmt: skip

    note = accept_dispute(shop.session, id_, amount_vnd=8_380, reason="tem ghi 190", **HOW)

    answered = lines_of(shop)[1]
    assert (answered.kind, answered.amount_vnd, answered.returns_line_id) == ("adjustment", 8_380, sale.id)
    assert shop.session.get_one(ProducerNote, note).reason == "Khiếu nại KN-0001 · tem ghi 190"
    assert draft(shop).division.subtotal_vnd == sale.amount_vnd + 8_380
    (row,), _ = list_disputes(shop.session, operator_ids=[shop.operator_id])
    assert (row.answer, row.adjusted_vnd, row.holds) == ("accepted", 8_380, False)
    freeze(shop)
    shop.check()


def test_a_declined_or_withdrawn_line_goes_on_and_an_answer_is_given_once(shop: Shop) -> None:
    shop.sell(("P1", 1))
    (sale,) = lines_of(shop)
    mine = shop.producer("P1")
    first = raise_dispute(shop.session, mine, sale.id, kind="unsold", **HOW)
    with pytest.raises(Conflict, match=r"dispute\.open"):
        raise_dispute(shop.session, mine, sale.id, kind="missing", **HOW)
    with pytest.raises(Invalid):
        decline_dispute(shop.session, first, reason=" ", **HOW)

    decline_dispute(shop.session, first, reason="có phiếu", **HOW)

    assert draft(shop).disputed_vnd == 0
    with pytest.raises(Conflict, match=r"dispute\.answered"):
        accept_dispute(shop.session, first, amount_vnd=1, reason="x", **HOW)
    again = raise_dispute(shop.session, mine, sale.id, kind="missing", **HOW)
    assert count_open(shop.session, [shop.operator_id]) == 1
    with pytest.raises(NotFound):
        withdraw_dispute(shop.session, shop.producer("P2"), again, **HOW)
    withdraw_dispute(shop.session, mine, again, **HOW)
    assert count_open(shop.session, None) == 0
    assert shop.session.scalars(select(ProducerNote.id)).all() == []
    assert draft(shop).division.payout_vnd == sale.amount_vnd


def test_a_settled_line_may_be_disputed_for_two_weeks_and_a_debit_never_waits(shop: Shop) -> None:
    shop.sell(("P1", 3))
    fee = shop.charge("P1", "fee", -10_000, "service_income")
    mine = shop.producer("P1")
    raise_dispute(shop.session, mine, fee, kind="price", **HOW)
    assert (draft(shop).lines, draft(shop).disputed_vnd) == (2, 0)
    freeze(shop)
    sale = lines_of(shop)[0]
    with pytest.raises(Refused, match=r"dispute\.too_late"):
        raise_dispute(shop.session, mine, sale.id, kind="missing", at=noon(later(16)), by=None)

    id_ = raise_dispute(shop.session, mine, sale.id, kind="missing", at=noon(later(15)), by=None)
    (row,), _ = list_disputes(shop.session, dispute_id=id_)
    assert (row.statement_no, row.holds) == (1, False)
    accept_dispute(shop.session, id_, amount_vnd=50_000, reason="", at=noon(later(15)), by=None)
    assert draft(shop, 15).division.payout_vnd == 50_000
    shop.check()


def test_only_ones_own_lines_and_known_words(shop: Shop) -> None:
    shop.sell(("P1", 1))
    (sale,) = lines_of(shop)
    with pytest.raises(NotFound):
        raise_dispute(shop.session, shop.producer("P2"), sale.id, kind="missing", **HOW)
    with pytest.raises(Invalid):
        raise_dispute(shop.session, shop.producer("P1"), sale.id, kind="anything", **HOW)
    assert shop.session.scalars(select(Dispute.id)).all() == []
