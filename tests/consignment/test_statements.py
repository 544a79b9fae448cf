"""Settlements through the real services, against the golden ledger."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.consignment.models import (
    SettlementLine,
    Statement,
    StatementClaim,
    StatementDocument,
    StatementEvent,
)
from pos.consignment.queries.previews import preview
from pos.consignment.queries.statements import find_statement, get_detail
from pos.consignment.service.payouts import void_statement
from pos.consignment.service.statements import freeze_statement, freeze_statements
from pos.kernel.canonical import digest
from pos.kernel.errors import Conflict, NotFound, Refused
from pos.ledger.queries import balance_of
from tests.consignment.shop import DAY, Shop, later, noon
from tests.consignment.test_statements_rules import LEDGER, golden


@pytest.fixture
def shop(session: Session) -> Shop:
    return Shop(session)


def freeze(shop: Shop, name: str, cutoff: date = DAY, *, run_on: date | None = None, by: str | None = None) -> str:
    """Freeze one producer the day after the cut-off."""
    run_on = run_on or date.fromordinal(cutoff.toordinal() + 1)
    return freeze_statement(
        shop.session, shop.operator_id, shop.producer(name), cutoff, run_on=run_on, at=noon(run_on), by=by
    )


def scenario(shop: Shop) -> None:
    """The golden sales, returns, compensation and fee up to the first settlement."""
    s1 = shop.sell(("P1", 2), ("P2", 1))
    shop.sell(("P1", 1), ("P2", 1), ("P3", 1), operator_pays=[23_154, 15_707, 11_139])
    shop.sell(("P2", 40))
    shop.charge("P2", "payment_fee", -55_220, "payment_fee_expense")
    shop.take_back(s1, 2, 1, paid=125_500)
    shop.charge("P2", "compensation", 325_671, "shrinkage_expense")
    shop.charge("P3", "compensation", 69_776, "shrinkage_expense")
    shop.charge("P3", "fee", -1_080_000, "fair_fee_income")


def test_freeze_posts_the_golden_settlements(shop: Shop) -> None:
    scenario(shop)

    first, third = freeze(shop, "P1"), freeze(shop, "P3")
    second = freeze(shop, "P2")

    assert shop.entry(first, "statement") == golden("ST1-P1")
    assert shop.entry(third, "statement") == golden("ST1-P3")
    expected = golden("ST1-P2")  # reserve and advance terms come later: all of it is paid out
    del expected["reserve:P2"], expected["producer_advance:P2"]
    assert shop.entry(second, "statement") == expected | {"settled:P2": -4_721_308}
    assert [shop.kinds(id_) for id_ in (first, second, third)] == [["statement"]] * 3
    assert balance_of(shop.session, shop.operator_id, "vat_accrued") == 0
    shop.check()


def test_freeze_shows_the_golden_ladder(shop: Shop) -> None:
    scenario(shop)
    found = preview(shop.session, shop.operator_id, shop.producer("P1"), DAY, run_on=later(1))

    assert found is not None
    assert [(step.code, step.bp, step.amount_vnd) for step in found.ladder] == [
        ("opening", None, 0),
        ("gross", None, 555_000),
        ("commission", 1_500, -83_250),
        ("commission_vat", 800, -6_660),
    ]
    assert (found.verdict, found.division.payout_vnd) == ("freeze", 465_090)


def test_vat_rounding_is_an_entry_and_a_line_of_its_own(shop: Shop) -> None:
    for _ in range(3):
        shop.sell(("P1", 1), price=125_050)

    id_ = freeze(shop, "P1")

    assert shop.kinds(id_) == ["vat_true_up", "statement"]
    assert shop.entry(id_, "vat_true_up") == golden("G07")
    assert shop.entry(id_, "statement") == {"unsettled:P1": 314_374, "settled:P1": -314_374}
    line = shop.session.scalars(select(SettlementLine).where(SettlementLine.kind == "vat_rounding")).one()
    assert (line.amount_vnd, line.producer_id) == (1, shop.producer("P1"))
    steps = {step["code"]: step["amount_vnd"] for step in get_detail(shop.session, id_).body["steps"]}
    assert (steps["commission_vat"], steps["vat_rounding"]) == (-4_503, 1)
    shop.check()


def test_a_negative_settlement_is_carried_and_repaid_first(shop: Shop) -> None:
    scenario(shop)
    freeze(shop, "P3")
    shop.charge("P3", "compensation", 2_000_000, "shrinkage_expense", day=later(8))

    id_ = freeze(shop, "P3", later(8))

    assert shop.entry(id_, "statement") == golden("ST3-P3")
    found = shop.session.get_one(Statement, id_)
    assert (found.opening_vnd, found.payout_vnd, found.carried_vnd) == (-940_448, 1_059_552, 0)
    assert balance_of(shop.session, shop.operator_id, "producer_receivable", shop.producer("P3")) == 0
    shop.check()


def test_a_debt_is_repaid_in_part(shop: Shop) -> None:
    scenario(shop)
    freeze(shop, "P3")
    shop.charge("P3", "compensation", 440_448, "shrinkage_expense", day=later(8))

    found = shop.session.get_one(Statement, freeze(shop, "P3", later(8)))

    assert (found.opening_vnd, found.payout_vnd, found.carried_vnd) == (-940_448, 0, -500_000)
    shop.check()


def test_hold_lets_credits_wait_and_a_return_travel_with_its_sale(shop: Shop) -> None:
    (hold,) = [LEDGER["hold"]] if isinstance(LEDGER["hold"], dict) else LEDGER["hold"]
    run_on = date.fromisoformat(hold["run_on"])
    ids: dict[str, str] = {}
    for line in hold["lines"]:
        waits = date.fromisoformat(line["available_on"]) if "available_on" in line else None
        kind = "sale" if waits else "return"
        ids[line["what"]] = shop.charge(
            "P1", kind, line["amount"], "misc_expense", available_on=waits, returns=ids.get(line.get("returns", ""))
        )

    found = preview(shop.session, shop.operator_id, shop.producer("P1"), run_on, run_on=run_on)
    id_ = freeze(shop, "P1", run_on, run_on=run_on)

    assert found is not None
    assert found.division.payout_vnd == hold["expect_payable"]
    taken = set(shop.session.scalars(select(StatementClaim.line_id).where(StatementClaim.statement_id == id_)))
    assert taken == {line_id for what, line_id in ids.items() if what not in hold["expect_left_out"]}
    assert [(held.available_on.isoformat(), held.amount_vnd) for held in found.held] == [("2026-10-21", 0)]
    shop.check()


def test_a_return_window_holds_sales(session: Session) -> None:
    shop = Shop(session, window=7)
    sale = shop.sell(("P1", 2))
    shop.take_back(sale, 1, 1, paid=185_000, day=later(2))

    with pytest.raises(Refused) as refused:
        freeze(shop, "P1", later(5), run_on=later(6))
    assert refused.value.code == "statement.nothing"
    assert refused.value.facts["held"] == 155_030

    found = shop.session.get_one(Statement, freeze(shop, "P1", later(5), run_on=later(7)))
    assert found.payout_vnd == 155_030
    shop.check()


def test_a_late_sale_lands_on_the_next_statement_with_its_date(shop: Shop) -> None:
    shop.sell(("P1", 1))
    first = freeze(shop, "P1", DAY)
    shop.sell(("P1", 1), day=later(-1))
    shop.sell(("P1", 2), day=later(3))

    second = freeze(shop, "P1", later(3))

    assert get_detail(shop.session, first).body["late"] == []
    late = get_detail(shop.session, second).body["late"]
    assert [(row["day"], row["product"], row["gross_vnd"]) for row in late] == [
        (later(-1).isoformat(), "Chè Thái Nguyên", 185_000)
    ]
    assert shop.session.get_one(Statement, second).period_from == later(1)
    shop.check()


def test_the_two_keys_leave_later_lines_for_the_next(shop: Shop) -> None:
    shop.sell(("P1", 1))
    shop.sell(("P1", 1), day=later(1))

    drafted = preview(shop.session, shop.operator_id, shop.producer("P1"), DAY, run_on=later(2))
    early = preview(shop.session, shop.operator_id, shop.producer("P1"), later(1), run_on=later(2), snapshot_seq=1)

    assert drafted is not None
    assert early is not None
    assert (drafted.division.payout_vnd, drafted.after_cutoff_vnd) == (155_030, 155_030)
    assert (early.division.payout_vnd, early.after_cutoff_vnd) == (155_030, 155_030)


def test_below_the_minimum_nothing_is_frozen(session: Session) -> None:
    shop = Shop(session, least=200_000)
    shop.sell(("P1", 1))

    with pytest.raises(Refused) as refused:
        freeze(shop, "P1")

    assert refused.value.code == "statement.below_minimum"
    assert refused.value.facts == {
        "status": 409, "payout": 155_030, "minimum": 200_000, "held": 0, "after_cutoff": 0,
    }  # fmt: skip
    assert session.scalar(select(func.count()).select_from(Statement)) == 0
    shop.sell(("P1", 1), day=later(3))
    assert shop.session.get_one(Statement, freeze(shop, "P1", later(3))).payout_vnd == 310_060


def test_freezing_twice_takes_nothing_twice(shop: Shop) -> None:
    shop.sell(("P1", 1))
    freeze(shop, "P1")

    with pytest.raises(Refused) as refused:
        freeze(shop, "P1")
    with pytest.raises(NotFound):
        freeze_statement(shop.session, shop.operator_id, "nobody", DAY, run_on=DAY, at=noon(DAY), by=None)

    assert refused.value.code == "statement.nothing"


def test_a_run_freezes_many_at_once_and_numbers_them(shop: Shop) -> None:
    scenario(shop)
    names = ["P1", "P2", "P3"]

    made, drafts = freeze_statements(
        shop.session, shop.operator_id, [shop.producer(n) for n in names], DAY, run_on=later(1), at=noon(DAY), by=None
    )

    assert [draft.verdict for draft in drafts] == ["freeze"] * 3
    rows = shop.session.scalars(select(Statement).order_by(Statement.no)).all()
    assert [row.no for row in rows] == [1, 2, 3]
    assert [row.id for row in rows] == made
    assert len({row.run_id for row in rows}) == 1
    shop.check()


def test_the_document_is_frozen_with_its_fingerprint_and_head(shop: Shop) -> None:
    scenario(shop)
    id_ = freeze(shop, "P2")

    document = shop.session.get_one(StatementDocument, id_)
    body = json.loads(document.body)

    assert document.sha256 == digest(document.body.encode())
    assert body["head"] == {"seq": document.head_seq, "hash": document.head_hash}
    assert body["number"] == "BK-0001"
    assert body["account"] == {"bank": "Agribank", "number": "••••4417", "holder": "HO KINH DOANH P2"}
    assert sum(step["amount_vnd"] for step in body["steps"]) == body["payout_vnd"] + body["carried_vnd"]
    assert body["goods"] == [
        {
            "product": "Mật ong hoa nhãn", "unit": "gói", "vat_class": "standard", "vat_bp": 800,
            "sold_milli": 42_000, "returned_milli": 1_000, "gross_vnd": 5_145_500, "discount_producer_vnd": 0,
            "discount_organizer_vnd": 0, "discount_operator_vnd": 15_707, "commission_vnd": 643_188,
            "due_vnd": 4_450_857,
        }
    ]  # fmt: skip


def test_void_gives_everything_back_and_never_the_number(shop: Shop) -> None:
    for _ in range(3):
        shop.sell(("P1", 1), price=125_050)
    first = freeze(shop, "P1")

    void_statement(shop.session, first, at=noon(later(2)), by=None, reason="sai kỳ")
    shop.check()
    assert shop.kinds(first) == ["vat_true_up", "statement", "statement_void", "vat_true_up_void"]
    for account in ("settled", "unsettled"):
        total = balance_of(shop.session, shop.operator_id, account, shop.producer("P1"))
        assert total == (0 if account == "settled" else -314_373)
    second = freeze(shop, "P1")

    assert shop.session.get_one(Statement, second).no == 2
    assert shop.entry(second, "vat_true_up") == golden("G07")
    assert find_statement(shop.session, shop.operator_id, shop.producer("P1"), DAY) == shop.session.get_one(
        Statement, second
    )
    steps = shop.session.execute(
        select(StatementEvent.to_state, StatementEvent.note).where(StatementEvent.statement_id == first)
    ).all()
    assert [tuple(step) for step in steps] == [("frozen", None), ("void", "sai kỳ")]
    with pytest.raises(Conflict):
        void_statement(shop.session, first, at=noon(later(2)), by=None, reason="again")
    shop.check()


def test_only_the_newest_statement_can_be_void(shop: Shop) -> None:
    shop.sell(("P1", 1))
    first = freeze(shop, "P1")
    shop.sell(("P1", 1), day=later(3))
    freeze(shop, "P1", later(3))

    with pytest.raises(Conflict) as refused:
        void_statement(shop.session, first, at=noon(later(4)), by=None, reason="x")

    assert refused.value.code == "statement.not_newest"
