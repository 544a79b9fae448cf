"""golden/ledger.json "variants" and "hold" that a settlement, the bank or an exception tells; see
test_ledger_scenario.py for the scenario and test_ledger_goldens.py for what the till posts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.consignment.models import AgreementVersion, Statement, StatementClaim
from pos.consignment.queries.runs import list_briefs
from pos.consignment.service.notes import charge_fee
from pos.consignment.service.payouts import void_statement
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import from_iso
from pos.kernel.db import unit_of_work
from pos.kernel.ids import new_id
from pos.ledger.models import JournalEntry
from pos.payments.commands import Booked
from pos.payments.models import BankLine
from pos.till.models import Tender
from pos.till.queries.bank import open_transfers
from pos.till.service.bank import keep_unknown, match_transfer, take_bank_statement
from tests.stories.test_ledger_goldens import (
    BOWL,
    GOLDEN,
    P1,
    P3,
    TEA,
    Day,
    at_the_till,
    item,
    sale_s2,
    stated,
)
from tests.till.golden import SETUP
from tests.till.tablet import Tablet, back, enrol, line

pytestmark = pytest.mark.story
OPERATOR = SETUP["operator"]["id"]
THEN = from_iso("2026-12-01T02:00:00Z")


@pytest.fixture
def day(session: Session) -> Day:
    return at_the_till(session)


def terms(producer_id: str, **values: Any) -> None:
    """As if agreed on long ago."""
    with unit_of_work() as session:
        version = AgreementVersion.agreement.has(producer_id=producer_id)
        session.execute(update(AgreementVersion).where(version).values(**values))


def settle(producer_id: str, cutoff: date = date(2026, 11, 30), at: datetime = THEN) -> str:
    with unit_of_work() as session:
        briefs = {b.producer_id: b for b in list_briefs(session, OPERATOR, cutoff, run_on=at.date())}
        made = freeze_statement(session, OPERATOR, producer_id, cutoff, run_on=at.date(), at=at, by=None)
        assert session.get_one(Statement, made).payout_vnd == briefs[producer_id].payout_vnd
    return made


def entry(day: Day, statement_id: str, kind: str) -> dict[str, int]:
    """One kind of entry of a statement."""
    day.session.rollback()
    kinds = day.session.scalars(
        select(JournalEntry.kind).where(JournalEntry.source_id == statement_id).order_by(JournalEntry.seq)
    ).all()
    return day.entries_from(statement_id)[kinds.index(kind)]


def test_g07_vat_accrued_line_by_line_is_invoiced_on_the_sum(day: Day) -> None:
    day.tell(*(day.tablet.sale(line(TEA, 1, 125_050), tenders={"cash": 125_050}) for _ in range(3)))

    made = settle(P1)

    assert entry(day, made, "vat_true_up") == stated("G07")
    assert entry(day, made, "statement") == {"unsettled:P1": 314_374, "settled:P1": -314_374}
    day.sound()


def test_g10c_goodwill_outside_policy(day: Day) -> None:
    refund = day.tablet.sale(tenders={"cash": -109_793}, returns=[back(None, 0, 1, 109_793, product=BOWL)])
    day.tell(refund)

    assert day.entries(refund) == [stated("G10c")]
    day.sound()


def test_g14_a_month_beyond_the_tier_gives_commission_back(day: Day) -> None:
    terms(P1, commission_bp=2_000, tier_from_vnd=10_000_000, tier_bp=1_800)
    day.tell(day.tablet.sale(line(TEA, 1, 12_340_000), tenders={"cash": 12_340_000}))

    made = settle(P1)

    assert entry(day, made, "rebate") == stated("G14")
    assert day.balance("vat_accrued") == 0
    day.sound()


def test_a_rebate_is_given_once_a_month_and_taken_back_with_the_goods(day: Day) -> None:
    terms(P1, commission_bp=2_000, tier_from_vnd=10_000_000, tier_bp=1_800)
    first = day.tablet.sale(line(TEA, 1, 6_000_000), tenders={"cash": 6_000_000})
    day.tell(first)
    one = settle(P1)
    later = Tablet(enrol(day.world, "B", device=new_id()).log_id, new_id(), day="2026-11-23")
    second = later.sale(line(TEA, 1, 6_340_000), tenders={"cash": 6_340_000})
    later.tell(day.world, second)
    two = settle(P1)
    assert [k for k in (one, two) if "rebate" in _kinds(day, k)] == [two]
    assert entry(day, two, "rebate") == stated("G14")

    with unit_of_work() as session:
        void_statement(session, two, at=THEN, by=None, reason="thử lại")
    assert entry(day, settle(P1), "rebate") == stated("G14")
    later.tell(day.world, later.sale(tenders={"cash": -6_340_000}, returns=[back(second, 1, 1, 6_340_000)]))

    undone = {account: -amount for account, amount in stated("G14").items()}
    assert entry(day, settle(P1), "rebate") == undone
    day.sound()


def test_a_guaranteed_month_is_topped_up_once_it_is_over(day: Day) -> None:
    terms(P1, guarantee_vnd=200_000, starts_on=date(2026, 11, 1))
    day.tell(day.tablet.sale(item(TEA), tenders={"cash": 185_000}))

    early = settle(P1, date(2026, 11, 29), from_iso("2026-11-30T02:00:00Z"))
    whole = settle(P1)

    assert "adjustment" not in _kinds(day, early)
    assert entry(day, whole, "adjustment") == {"misc_expense": 44_970, "unsettled:P1": -44_970}
    day.sound()


def _kinds(day: Day, statement_id: str) -> set[str]:
    day.session.rollback()
    return set(day.session.scalars(select(JournalEntry.kind).where(JournalEntry.source_id == statement_id)))


def test_g15b_takings_kept_are_netted_at_the_settlement(day: Day) -> None:
    day.tablet.keeper = P3
    day.tell(day.tablet.sale(item(BOWL), tenders={"cash": 89_000}))

    made = settle(P3)

    assert entry(day, made, "kept_takings") == stated("G15b")
    assert day.balance("held_by_producer:P3") == 0
    assert day.balance("producer_receivable:P3") == 19_224
    day.sound()
    with unit_of_work() as session:
        void_statement(session, made, at=THEN, by=None, reason="thử lại")
    assert day.balance("held_by_producer:P3") == 89_000
    assert entry(day, settle(P3), "kept_takings") == stated("G15b")
    day.sound()


def test_g17_credits_wait_and_a_return_travels_with_its_sale(day: Day) -> None:
    hold = GOLDEN["hold"]
    terms(P1, commission_bp=0, return_window_days=6)
    run_on = date.fromisoformat(hold["run_on"])

    def sold(on: str, amount: int) -> tuple[Tablet, dict[str, Any]]:
        tablet = Tablet(enrol(day.world, chr(66 + len(tablets)), device=new_id()).log_id, new_id(), day=on)
        tablets.append(tablet)
        made = tablet.sale(line(TEA, 1, amount), tenders={"cash": amount})
        tablet.tell(day.world, made)
        return tablet, made

    tablets: list[Tablet] = []
    _, sale_z = sold("2026-10-01", 120_000)
    settle(P1, date(2026, 10, 7), from_iso("2026-10-08T02:00:00Z"))
    sold("2026-10-09", 300_000)
    tablet, sale_b = sold("2026-10-15", 200_000)
    for sale, amount in ((sale_b, 200_000), (sale_z, 120_000)):
        tablet.tell(day.world, tablet.sale(tenders={"cash": -amount}, returns=[back(sale, 1, 1, amount)]))

    made = settle(P1, run_on, from_iso("2026-10-15T09:00:00Z"))

    assert day.session.get_one(Statement, made).payout_vnd == hold["expect_payable"]
    claims = day.session.scalars(select(StatementClaim.line_id).where(StatementClaim.statement_id == made)).all()
    assert len(claims) == len(hold["lines"]) - len(hold["expect_left_out"])
    day.sound()


def _from_bank(day: Day, amount: int) -> BankLine:
    said = Booked(2, date(2026, 11, 21), amount, "CHUYEN TIEN", None, None)
    with unit_of_work() as session:
        told = take_bank_statement(session, OPERATOR, b"x", [said], name="a.csv", layout="x", at=THEN, by=None)
    assert told == (1, 0)
    return day.session.scalars(select(BankLine)).one()


@pytest.mark.parametrize(("golden_id", "amount", "left"), [("G18a", 350_000, 0), ("G18b", 340_000, 9_500)])
def test_g18_a_customer_sends_too_much_or_too_little(day: Day, golden_id: str, amount: int, left: int) -> None:
    sale = sale_s2(day, operator=100)
    day.tell(sale)
    bank_line = _from_bank(day, amount)
    tender = day.session.scalars(select(Tender.id)).one()

    with unit_of_work() as session:
        match_transfer(session, bank_line.id, tender, at=THEN, by=None)

    assert day.entries_from(bank_line.id) == [stated(golden_id)]
    assert sum(transfer.open_vnd for transfer in open_transfers(day.session, OPERATOR)) == left
    day.sound()


def test_g18c_an_unknown_sum_arrives(day: Day) -> None:
    bank_line = _from_bank(day, 200_000)

    with unit_of_work() as session:
        keep_unknown(session, bank_line.id, at=THEN, by=None)

    assert day.entries_from(bank_line.id) == [stated("G18c")]
    day.sound()


def test_st3_a_debt_is_repaid_first(day: Day) -> None:
    terms(P3, return_window_days=0)
    fee: dict[str, Any] = {"what": "service", "unit_vnd": 940_448, "units": 1, "vat_bp": 0, "reason": "nợ cũ"}
    with unit_of_work() as session:
        charge_fee(session, OPERATOR, P3, **fee, day=date(2026, 11, 20), at=THEN, by=None)
    settle(P3, date(2026, 11, 20))
    untaxed = line(BOWL, 1, 2_500_000, vat_bp=0, vat_class="KCT")
    day.tell(day.tablet.sale(untaxed, tenders={"cash": 2_500_000}))

    made = settle(P3)

    assert entry(day, made, "statement") == stated("ST3-P3")
    day.sound()


def test_every_golden_is_told_by_a_story() -> None:
    from pathlib import Path

    told = "".join(path.read_text() for path in Path(__file__).parent.glob("test_ledger_*.py"))
    facts = [fact["id"] for part in ("scenario", "variants") for fact in GOLDEN[part]] + [GOLDEN["hold"]["id"]]

    assert [id_ for id_ in facts if f'"{id_}"' not in told and f"test_{id_.lower()}_" not in told] == []
