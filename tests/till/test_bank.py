"""Lines of the bank decided: payouts, bags, what does not fit; and what the card acquirer paid."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.reach import EVERYWHERE, Reach
from pos.consignment.models import Payout, PayoutAttempt
from pos.consignment.service.exports import send_by_transfer
from pos.consignment.service.notes import adjust
from pos.consignment.service.payouts import approve_statement
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import from_iso
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Conflict, Invalid, Refused, Trouble
from pos.ledger.queries.coverage import coverage_of
from pos.ledger.service import fund_safe
from pos.ledger.service.money import bring_capital, credit_bag, hand_over_bag, top_up, withdraw
from pos.payments.commands import Booked
from pos.payments.models import BankLine
from pos.producers.service import add_account
from pos.reports.queries.flags import Wanted, list_causes, list_doubts
from pos.till.models import Flag
from pos.till.queries.bank import bearers, open_transfers
from pos.till.service.bank import keep_unknown, match_bag, match_payouts, match_transfer, take_bank_statement
from pos.till.service.cards import take_card_payment
from tests.databases import SECRET
from tests.stories.test_ledger_goldens import P1, TEA, Day, at_the_till, item
from tests.till.golden import BEFORE, SETUP

AT = from_iso("2026-11-22T02:00:00Z")
TODAY = date(2026, 11, 22)
OPERATOR, SHOP = SETUP["operator"]["id"], SETUP["site"]["id"]
HOW: dict[str, Any] = {"at": AT, "by": None}


@pytest.fixture
def day(session: Session) -> Day:
    return at_the_till(session)


def read(day: Day, amount: int, text: str = "CK", account: str | None = None) -> tuple[str, int]:
    """(the line's id, how many were decided by themselves)."""
    said = Booked(2, TODAY, amount, text, None, account)
    with unit_of_work() as session:
        _, done = take_bank_statement(
            session, OPERATOR, f"{amount}{text}".encode(), [said], name="x", layout="x", **HOW
        )
    day.session.rollback()
    return day.session.scalars(select(BankLine.id).order_by(BankLine.id.desc())).first() or "", done


def owed_to_p1(amount: int) -> str:
    """An attempt of so much on its way."""
    with unit_of_work() as session:
        add_account(
            session, P1, bank_bin="970405", bank_name="Agribank", number="12344417", holder="HKD P1", secret=SECRET,
            at=BEFORE,
        )  # fmt: skip
        adjust(session, OPERATOR, P1, amount_vnd=amount, day=TODAY, reason="x", **HOW)
    with unit_of_work() as session:
        made = freeze_statement(session, OPERATOR, P1, TODAY, run_on=TODAY, **HOW)
        approve_statement(session, made, **HOW)
        payout = session.scalars(select(Payout.id)).one()
        return send_by_transfer(session, OPERATOR, payout, **HOW)


@pytest.mark.parametrize(
    ("amount", "text", "account", "confirmed"),
    [
        (-70_000, "CT DI OCOPTT00011 HKD P1", "4417", 1),
        (-70_000, "CT DI OCOPTT00011 HKD P1", None, 1),
        (-70_000, "CT DI OCOPTT00011 HKD P1", "9999", 0),  # another account
        (-70_001, "CT DI OCOPTT00011 HKD P1", "4417", 0),  # another sum
        (-70_000, "TIEN DIEN", "4417", 0),  # another text
    ],
)
def test_a_payout_is_confirmed_by_text_amount_and_account(
    day: Day, amount: int, text: str, account: str | None, confirmed: int
) -> None:
    attempt = owed_to_p1(70_000)

    assert read(day, amount, text, account)[1] == confirmed

    state = day.session.scalar(select(PayoutAttempt.state).where(PayoutAttempt.id == attempt))
    assert state == ("confirmed" if confirmed else "exported")
    day.sound()


def test_a_line_is_decided_once_and_only_as_what_it_can_be(day: Day) -> None:
    attempt = owed_to_p1(70_000)
    line, _ = read(day, -60_000)

    def trouble(act: Any, *args: Any) -> str:
        try:
            with unit_of_work() as session:
                act(session, *args, **HOW)
        except Trouble as told:
            return told.code
        return ""

    assert trouble(match_payouts, line, [attempt]) == "bank.amount"
    assert trouble(match_transfer, line, "x") == "bank.way"
    assert trouble(match_bag, line, "x") == "bank.way"
    assert trouble(keep_unknown, line) == ""
    assert trouble(keep_unknown, line) == "bank.matched"
    assert trouble(keep_unknown, "x") == "bank.unknown"
    incoming, _ = read(day, 60_000)
    assert trouble(match_transfer, incoming, "x") == "bank.not_open"
    day.sound()


def test_a_bag_the_bank_counts_less_is_a_shortage_and_credited_once(day: Day) -> None:
    with unit_of_work() as session:
        fund_safe(session, site_id=SHOP, amount_vnd=500_000, day=TODAY, **HOW)
        bag = hand_over_bag(session, SHOP, amount_vnd=300_000, day=TODAY, **HOW)
    with pytest.raises(Conflict), unit_of_work() as session:
        hand_over_bag(session, SHOP, amount_vnd=300_000, day=TODAY, **HOW)
    line, _ = read(day, 299_000)

    with unit_of_work() as session:
        match_bag(session, line, bag, **HOW)

    assert (day.balance("trust_bank"), day.balance("cash_in_transit")) == (299_000, 0)
    assert day.balance("cash_short_expense") == 1_000
    with pytest.raises(Conflict), unit_of_work() as session:
        credit_bag(session, bag, counted_vnd=1, day=TODAY, **HOW)
    day.sound()


def test_only_what_is_covered_may_be_taken_out(day: Day) -> None:
    day.tell(day.tablet.sale(item(TEA), tenders={"cash": 185_000}))
    with unit_of_work() as session:
        bring_capital(session, OPERATOR, amount_vnd=1_000_000, day=TODAY, **HOW)
        top_up(session, OPERATOR, amount_vnd=100_000, **HOW)
    covered = coverage_of(day.session, OPERATOR, on=TODAY)
    assert (covered.owed_vnd, covered.with_clearing_vnd) == (155_030, 129_970)

    with pytest.raises(Refused) as refused, unit_of_work() as session:
        withdraw(session, OPERATOR, amount_vnd=129_971, **HOW)
    with unit_of_work() as session:
        withdraw(session, OPERATOR, amount_vnd=129_970, **HOW)

    assert refused.value.facts["free"] == 129_970
    assert coverage_of(day.session, OPERATOR, on=TODAY).with_clearing_vnd == 0
    day.sound()


def test_a_card_fee_is_shared_and_only_borne_by_who_agreed(day: Day) -> None:
    assert bearers({"a", "b"}, {"a": 200, "b": 100, "c": 300}, 61) == {"a": 20, "b": 10}
    assert bearers({"a"}, {}, 61) == {}
    days: dict[str, Any] = {"first_on": TODAY, "last_on": TODAY, "day": TODAY}
    for wrong in ({"gross_vnd": 10, "fee_vnd": 10}, {"gross_vnd": 10, "fee_vnd": 1, "first_on": date(2026, 11, 23)}):
        with pytest.raises(Invalid), unit_of_work() as session:
            take_card_payment(session, OPERATOR, **(days | wrong), **HOW)
    with unit_of_work() as session:
        take_card_payment(session, OPERATOR, gross_vnd=100_000, fee_vnd=1_100, **days, **HOW)
    assert (day.balance("trust_bank"), day.balance("payment_fee_expense")) == (98_900, 1_100)
    day.sound()


def doubts(day: Day) -> list[tuple[int, str | None]]:
    """(đồng in question, why it is done) of the doubts about lines of the bank, oldest first."""
    day.session.rollback()
    rows = day.session.execute(
        select(Flag.amount_vnd, Flag.done_because).where(Flag.code == "bank_unidentified").order_by(Flag.id)
    )
    return [(amount, because) for amount, because in rows]


def test_a_line_nobody_can_name_is_a_doubt_until_somebody_can(day: Day) -> None:
    day.tell(day.tablet.sale(item(TEA), tenders={"vietqr": 185_000}))
    named, done = read(day, 185_000, "NGUYEN VAN A CK")
    assert (done, doubts(day)) == (0, [(185_000, None)])

    ticket = open_transfers(day.session, OPERATOR)[0].tender_id
    with unit_of_work() as session:
        keep_unknown(session, named, **HOW)
    assert (doubts(day), day.balance("unidentified_receipts")) == ([(185_000, None)], -185_000)
    with unit_of_work() as session:
        match_transfer(session, named, ticket, **HOW)

    assert doubts(day) == [(185_000, "cause_gone")]
    assert (day.balance("unidentified_receipts"), day.balance("qr_clearing"), day.balance("trust_bank")) == (
        0, 0, 185_000,
    )  # fmt: skip
    with pytest.raises(Conflict), unit_of_work() as session:
        match_transfer(session, named, ticket, **HOW)
    day.sound()


def test_what_is_more_than_its_ticket_stays_a_doubt_and_a_clear_line_never_is_one(day: Day) -> None:
    day.tell(day.tablet.sale(item(TEA), tenders={"vietqr": 185_000}))
    more, _ = read(day, 200_000, "CK")
    with unit_of_work() as session:
        match_transfer(session, more, open_transfers(session, OPERATOR)[0].tender_id, **HOW)
    assert (doubts(day), day.balance("unidentified_receipts")) == ([(15_000, None)], -15_000)

    owed_to_p1(70_000)
    assert read(day, -70_000, "CT DI OCOPTT00011 HKD P1", "4417")[1] == 1
    assert doubts(day) == [(15_000, None)]
    day.sound()


def test_the_queue_shows_it_with_cause_age_and_owner(day: Day, app: Flask) -> None:
    read(day, 60_000, "LE THI B CK")
    causes = list_causes(day.session, EVERYWHERE)
    found, _ = list_doubts(day.session, EVERYWHERE, Wanted(code="bank_unidentified"), page=1)

    assert [(cause.code, cause.count, cause.vnd, cause.oldest) for cause in causes] == [
        ("bank_unidentified", 1, 60_000, AT)
    ]
    assert [(one.vnd, one.operator_id, one.site, one.owner_id) for one in found] == [(60_000, OPERATOR, None, None)]
    assert "LE THI B CK" in found[0].facts
    only_a_site = Reach(ids={"site": (SHOP,)})
    assert list_causes(day.session, only_a_site) == []
