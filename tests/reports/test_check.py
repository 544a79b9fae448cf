"""`pos check` finds books that were broken behind the services' back, and says what in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.models import Statement
from pos.consignment.service.notes import adjust
from pos.consignment.service.payouts import approve_statement, pay_by_hand
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import from_iso
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.ledger.service.seals import seal_period
from pos.ledger.triggers import drop_triggers
from pos.reports.check import check_all
from pos.reports.queries.findings import Finding
from pos.till.service.slips import number_cash
from tests.till.golden import GOLDEN, SETUP, build, sent
from tests.till.tablet import back, enrol

LATER = from_iso("2026-12-01T02:00:00Z")
P1 = "(SELECT id FROM statement WHERE producer_id = '{}')".format(SETUP["producers"][0]["id"])
P3 = "(SELECT id FROM statement WHERE producer_id = '{}')".format(SETUP["producers"][2]["id"])
FIRST_SALE = GOLDEN["log"][1]["event"]["id"]


@pytest.fixture
def books(app: Flask) -> Session:
    """The golden day, a refund whose sale is not here, and two frozen statements; everything holds."""
    world = build()
    world.send(*(sent(case) for case in GOLDEN["log"]))
    other = enrol(world, "B")
    lost = back(None, 0, 1, 10_000, product=SETUP["products"][0]["id"]) | {"sale": new_id(), "line": 1}
    other.sale(returns=[lost], tenders={"cash": -10_000})
    other.tell(world)
    with unit_of_work() as session:
        maker = SETUP["producers"][1]["id"]
        adjust(
            session, world.operator_id, maker, amount_vnd=5_000, day=date(2026, 12, 1), at=LATER, by=None, reason="x"
        )
    for producer in (SETUP["producers"][0], SETUP["producers"][2]):
        with unit_of_work() as session:
            freeze_statement(
                session, world.operator_id, producer["id"], date(2026, 11, 30), run_on=date(2026, 12, 1), at=LATER,
                by=None,
            )  # fmt: skip
    with unit_of_work() as session:
        paid = session.scalars(select(Statement.id).where(Statement.payout_vnd > 0)).first()
        assert paid is not None
        approve_statement(session, paid, at=LATER, by=None)
        pay_by_hand(session, paid, channel="transfer", paid_on=date(2026, 12, 1), at=LATER, by=None)
    with unit_of_work() as session:
        first, last = date(2026, 10, 1), date(2026, 10, 31)
        seal_period(session, world.operator_id, "month", from_on=first, until_on=last, at=LATER, by=None)
        number_cash(session, world.operator_id, at=LATER, by=None)
    assert broken(db.session()) == {}
    return db.session()


def broken(session: Session) -> dict[int, Finding]:
    session.rollback()
    return {found.number: found for found in check_all(session) if not found.holds}


BREAKS: dict[str, tuple[str, dict[int, tuple[str, str]]]] = {
    "a posting": (
        "UPDATE posting SET amount_vnd = amount_vnd + 1 WHERE account = 'discount_expense'",
        {1: ("dòng, lệch 1 đ", "is off by 1"), 11: ("Chuỗi sổ đứt ở số", "the chain breaks at")},
    ),
    "what is owed": (
        "UPDATE settlement_line SET amount_vnd = amount_vnd + 1 WHERE id = (SELECT MIN(id) FROM settlement_line "
        "WHERE id NOT IN (SELECT line_id FROM statement_claim))",
        {2: ("Tiền chưa lên bảng kê của", "unsettled of")},
    ),
    "what was frozen": (
        "UPDATE share SET commission_vnd = commission_vnd + 1, producer_due_vnd = producer_due_vnd - 1 "
        "WHERE line = 1 AND kind = 'sale' "
        f"AND event_id = '{FIRST_SALE}'",
        {2: ("Sổ commission_income so với phần đã chia", "commission_income against what was frozen")},
    ),
    "the payout of a statement": (
        f"UPDATE statement SET payout_vnd = payout_vnd + 1, subtotal_vnd = subtotal_vnd + 1 WHERE id = {P1}",
        {2: ("Tiền đã chốt chờ trả của", "settled of"), 4: ("Bảng kê", "statement")},
    ),
    "a reserve": (
        f"UPDATE statement SET reserve_kept_vnd = 1, payout_vnd = payout_vnd - 1 WHERE id = {P1}",
        {2: ("Tiền dự phòng giữ lại của", "reserve of")},
    ),
    "an advance": (
        f"UPDATE statement SET recouped_vnd = 1, payout_vnd = payout_vnd - 1 WHERE id = {P1}",
        {2: ("Tiền ứng trước của", "advance of")},
    ),
    "a debt": (
        f"UPDATE statement SET carried_vnd = -1, payout_vnd = payout_vnd + 1 WHERE id = {P1}",
        {2: ("Nợ mang sang của", "carried of")},
    ),
    "a level": (
        "UPDATE stock_level SET on_hand_milli = on_hand_milli + 1 WHERE place_kind = 'site' AND "
        f"product_id = '{SETUP['products'][0]['id']}'",
        {3: ("các lần chuyển cộng được", "movements say")},
    ),
    "goods of a ticket": (
        f"UPDATE sale_line SET qty_milli = qty_milli + 1000 WHERE line = 1 AND sale_id = '{FIRST_SALE}'",
        {3: ("phiếu bán", "tickets sold")},
    ),
    "a paper with a producer": (
        "UPDATE producer_note SET amount_vnd = amount_vnd + 1 WHERE kind = 'adjustment'",
        {2: ("Phiếu với chủ thể số", "note with a producer no.")},
    ),
    "a line taken off its statement": (
        "DELETE FROM statement_claim WHERE line_id = (SELECT MIN(line_id) FROM statement_claim "
        f"WHERE statement_id = {P1})",
        {
            2: ("Tiền chưa lên bảng kê của", "unsettled of"),
            4: ("Số thứ tự của dòng chưa lên bảng kê", "place in the chain of the open line"),
        },
    ),
    "a frozen document": (
        "UPDATE statement_document SET body = body || ' '",
        {4: ("Bản chốt của bảng kê", "document of statement")},
    ),
    "a line on two statements": (
        f"INSERT INTO statement_claim (statement_id, line_id) SELECT {P3}, MIN(line_id) FROM statement_claim "
        f"WHERE statement_id = {P1}",
        {5: ("nằm trên 2 bảng kê", "is on 2 statements"), 4: ("Bảng kê", "statement")},
    ),
    "a payout paid twice": (
        "UPDATE payout_attempt SET amount_vnd = amount_vnd * 2",
        {2: ("Tiền đã chốt chờ trả của", "settled of"), 5: ("Lần chi trả", "payout")},
    ),
    "a payout paid and open": (
        "UPDATE payout SET state = 'open'",
        {5: ("có open, đúng ra paid", "open, should be paid")},
    ),
    "a payout on its way": (
        "UPDATE payout_attempt SET state = 'exported'",
        {5: ("Tiền đang trên đường tới chủ thể của", "payouts in transit of")},
    ),
    "a ticket's rounding": (
        f"UPDATE sale SET cash_rounding_vnd = -500 WHERE id = '{FIRST_SALE}'",
        {6: ("tiền lệch hàng −500 đ", "tenders are off by -500")},
    ),
    "a ticket's sum": (
        f"UPDATE sale SET sold_vnd = sold_vnd + 1 WHERE id = '{FIRST_SALE}'",
        {6: ("phiếu lệch các dòng 1 đ", "its lines by 1")},
    ),
    "the takings of a shift": (
        "UPDATE shift SET sales_vnd = sales_vnd + 1 WHERE state = 'closed'",
        {6: ("Doanh thu của ca", "takings of shift")},
    ),
    "what came back": (
        "UPDATE share SET qty_milli = qty_milli * 9 WHERE kind = 'return'",
        {7: ("trả quá phần đã bán", "too much came back")},
    ),
    "a refund that waits": (
        "DELETE FROM pending_return",
        {7: ("Tiền trả chờ phiếu bán ở", "refunds waiting for their sale at")},
    ),
    "a drawer": (
        "UPDATE shift SET drawer_vnd = 500 WHERE state = 'closed'",
        {8: ("Két của ca", "drawer of shift")},
    ),
    "a count": (
        "UPDATE shift SET counted_vnd = counted_vnd + 1 WHERE state = 'closed'",
        {8: ("Thừa thiếu của ca", "variance of shift")},
    ),
    "a tender": (
        f"UPDATE tender SET amount_vnd = amount_vnd + 1 WHERE event_id = '{FIRST_SALE}'",
        {6: ("tiền lệch hàng", "tenders are off"), 8: ("Tiền bán vào két", "takings of drawer")},
    ),
    "cash paid out": (
        "UPDATE cash_move SET amount_vnd = amount_vnd + 1 WHERE direction = 'out'",
        {8: ("Lần thu chi", "cash move")},
    ),
    "a drop": (
        "UPDATE cash_move SET amount_vnd = amount_vnd + 1 WHERE direction = 'drop'",
        {8: ("Lần thu chi", "cash move"), 9: ("trong két sắt", "in the safe")},
    ),
    "when it happened": (
        "UPDATE journal_entry SET occurred_at = recorded_at WHERE seq = 2",
        {11: ("Chuỗi sổ đứt ở số 2", "the chain breaks at 2")},
    ),
    "a seal": (
        "UPDATE books_seal SET seq = seq - 1",
        {12: ("dấu niêm không khớp", "its digest is not")},
    ),
    "the number of a slip": (
        "UPDATE slip_counter SET last = last + 1",
        {13: ("Phiếu thu năm", "slips in of")},
    ),
    "the head": (
        "UPDATE chain_head SET seq = seq + 1",
        {11: ("Đầu chuỗi của", "the head of")},
    ),
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_is_broken_is_found_and_said_in_both_languages(books: Session, what: str) -> None:
    statement, told = BREAKS[what]
    with unit_of_work() as work:
        drop_triggers(work.connection())
        if "INSERT INTO statement_claim" in statement:
            work.connection().exec_driver_sql("DROP INDEX a_line_is_on_at_most_one_live_statement")
        assert work.connection().exec_driver_sql(statement).rowcount > 0

    found = broken(books)

    assert found.keys() == told.keys()
    for number, (vi, en) in told.items():
        both = [problem.split(" / ") for problem in found[number].problems]
        assert any(vi in said[0] and en in said[1] for said in both), both


def test_every_invariant_has_something_to_look_at(books: Session) -> None:
    books.rollback()
    looked = {found.number: found.looked_at for found in check_all(books)}

    assert looked.keys() == {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13}  # 10 is a property: tests/till/test_properties.py
    assert all(looked.values())
