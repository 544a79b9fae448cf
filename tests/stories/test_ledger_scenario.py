"""A shop's first weeks, from the operator's capital to a producer's debt: golden/ledger.json "scenario", through the
real intake and services, events, documents and runs in; entries out, equal to the đồng.

P1 sells tea at 185,000 (commission 15 %), P2 honey at 125,500 (12.5 %; it bears card fees, 5 % is kept in reserve, an
advance is taken back at most by half), P3 bowls at 89,000 (20 %). VAT on commission is 8 %. Shift D1 is the first
drawer, D2 the second; S1 is the shop. Each paragraph is one fact and names its golden id.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.consignment.adapters.bank_files import layouts, writer
from pos.consignment.models import AgreementVersion, BankFile, Payout, PayoutAttempt, PayoutConfirmation
from pos.consignment.service.attempts import confirm_attempts, take_payout_back
from pos.consignment.service.exports import export_payouts, send_by_transfer
from pos.consignment.service.losses import Difference, post_differences
from pos.consignment.service.notes import charge_fee, give_advance
from pos.consignment.service.payouts import approve_statement
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import from_iso
from pos.kernel.db import unit_of_work
from pos.kernel.ids import new_id
from pos.ledger.service import fund_safe
from pos.ledger.service.money import bring_capital, confirm_variance, credit_bag, hand_over_bag
from pos.payments.commands import Booked
from pos.payments.models import BankLine
from pos.producers.service import add_account
from pos.till.service.bank import take_bank_statement
from pos.till.service.cards import take_card_payment
from tests.databases import SECRET
from tests.stories.test_ledger_goldens import (
    BOWL,
    GOLDEN,
    HONEY,
    P1,
    P2,
    P3,
    S2_SHARES,
    TEA,
    Day,
    at_the_till,
    item,
    stated,
)
from tests.till.golden import BEFORE, SETUP
from tests.till.tablet import Tablet, back, enrol, voucher

pytestmark = pytest.mark.story
SHOP, OPERATOR = SETUP["site"]["id"], SETUP["operator"]["id"]
SATURDAY = date(2026, 11, 21)
THEN = from_iso("2026-11-28T02:00:00Z")  # the shop's return window of seven days is over
LATER = from_iso("2026-12-20T02:00:00Z")


def office(act: Callable[[Session], str | None]) -> str:
    """Something the office does, in one unit of work; answers the paper's id."""
    with unit_of_work() as session:
        return act(session) or ""


def agree_on_more(producer_id: str, **terms: Any) -> None:
    """The further terms of the story, as if agreed on long ago."""
    with unit_of_work() as session:
        session.execute(
            update(AgreementVersion).where(AgreementVersion.agreement.has(producer_id=producer_id)).values(**terms)
        )


def accounts() -> None:
    """Where the producers are paid to."""
    with unit_of_work() as session:
        for producer, number in ((P1, "0011001234417"), (P2, "2154321"), (P3, "9704229988")):
            add_account(
                session, producer, bank_bin="970405", bank_name="Agribank", number=number, holder="Hộ kinh doanh",
                secret=SECRET, at=BEFORE,
            )  # fmt: skip


def settle(producer_id: str, cutoff: date, at: datetime) -> str:
    """Freeze what is due up to a day; the only person of the shop approves."""
    made = office(lambda s: freeze_statement(s, OPERATOR, producer_id, cutoff, run_on=at.date(), at=at, by=None))
    office(lambda s: approve_statement(s, made, at=at, by=None))
    return made


def all_of(day: Day, source_id: str) -> dict[str, int]:
    """The sums of all entries of a source."""
    found: dict[str, int] = {}
    for entry in day.entries_from(source_id):
        for account, amount in entry.items():
            found[account] = found.get(account, 0) + amount
    return {account: amount for account, amount in found.items() if amount}


def test_the_scenario(session: Session) -> None:
    day = at_the_till(session)
    accounts()
    agree_on_more(P2, reserve_bp=500, recoup_bp=5_000, card_fee_on="producer", shrinkage_bp=100)

    def posts(golden_id: str, source_id: str) -> None:
        assert all_of(day, source_id) == stated(golden_id), golden_id

    # The operator brings 20 million and fetches 500,000 for floats; the first drawer opens with them.
    how: dict[str, Any] = {"day": SATURDAY, "at": THEN, "by": None}
    posts("G00a", office(lambda s: bring_capital(s, OPERATOR, amount_vnd=20_000_000, **how)))
    posts("G00b", office(lambda s: fund_safe(s, site_id=SHOP, amount_vnd=500_000, **how).id))
    opened = day.tablet.write("shift.open", float=500_000, count=None, keeper=None)
    day.tell(opened)
    posts("G00d", opened["id"])

    # P2 needs jars before the harvest: two million ahead, from the operator's own account.
    posts("G00c", office(lambda s: give_advance(s, OPERATOR, P2, amount_vnd=2_000_000, reason="mua hũ", **how)))

    # Two tea and a honey in cash; a tea, a honey and a bowl by transfer with a voucher the operator pays for.
    s1 = day.tablet.sale(item(TEA, 2), item(HONEY), tenders={"cash": 495_500})
    off = voucher(50_000, S2_SHARES, operator=100)
    s2 = day.tablet.sale(item(TEA), item(HONEY), item(BOWL), tenders={"vietqr": 349_500}, discounts=[off])
    day.tell(s1, s2)
    posts("G02", s1["id"])
    posts("G04", s2["id"])

    # The bank's statement names the receipt: the transfer is matched by itself.
    said = Booked(2, SATURDAY, 349_500, f"CK {s2['body']['receipt_no'].replace('-', '')} cam on", "FT1", None)
    read = office(lambda s: str(take_bank_statement(s, OPERATOR, b"1", [said], name="a", layout="x", at=THEN, by=None)))
    assert read == "(1, 1)"
    posts("G04c", session.scalars(select(BankLine.id)).one())

    # Forty jars by card; the acquirer pays net of its fee, which P2 agreed to bear.
    s3 = day.tablet.sale(item(HONEY, 40), tenders={"card": 5_020_000})
    day.tell(s3)
    posts("G09", s3["id"])
    cards: dict[str, Any] = {"first_on": SATURDAY, "last_on": SATURDAY, "gross_vnd": 5_020_000, "fee_vnd": 55_220}
    posts("G09b", office(lambda s: take_card_payment(s, OPERATOR, **cards, **how)))

    # The first honey comes back, in cash.
    refund = day.tablet.sale(tenders={"cash": -125_500}, returns=[back(s1, 2, 1, 125_500)])
    day.tell(refund)
    posts("G10", refund["id"])

    # A count misses five jars of the 200: two are P2's allowance, three the operator pays; staff broke a bowl.
    for golden_id, product, milli, liable in (("G08", HONEY, -5_000, "agreement"), ("G08b", BOWL, -1_000, "operator")):
        gone = Difference("count", new_id(), SHOP, None, product, milli, liable, SATURDAY, THEN)
        office(lambda s, d=gone: str(post_differences(s, OPERATOR, [d], kind="count_loss", recorded_at=THEN)))  # type: ignore[misc]
        posts(golden_id, gone.source_id)

    # P3 had a booth for two days.
    fee: dict[str, Any] = {"what": "booth", "unit_vnd": 500_000, "units": 2, "vat_bp": 800, "reason": "2 ngày"}
    posts("G11", office(lambda s: charge_fee(s, OPERATOR, P3, **fee, **how)))

    # The first drawer's evening: paid out, dropped, counted 2,000 short; a bag goes to the bank and is credited.
    out = day.tablet.write("cash.move", direction="out", amount=30_000, reason="supplies", carrier=None, bag=None)
    drop = day.tablet.write("cash.move", direction="drop", amount=300_000, reason=None, carrier=None, bag="T1")
    closed = day.tablet.write("shift.close", counted=538_000, devices=[])
    day.tell(out, drop, closed)
    posts("G12a", out["id"])
    posts("G12b", drop["id"])
    assert day.entries(closed) == [stated("G12d"), stated("G12c")]
    bag = office(lambda s: hand_over_bag(s, SHOP, amount_vnd=300_000, **how))
    posts("G12e", bag)
    posts("G12f", office(lambda s: credit_bag(s, bag, counted_vnd=300_000, **how)))
    short: dict[str, Any] = {"at": THEN, "by": None, "note": "không tìm ra"}
    posts("G12g", office(lambda s: confirm_variance(s, OPERATOR, day.tablet.shift, **short)))
    day.sound()

    # A week later the return window is over: the first settlements.
    st1 = {p: settle(p, date(2026, 11, 27), THEN) for p in (P1, P2, P3)}
    posts("ST1-P1", st1[P1])
    posts("ST1-P2", st1[P2])
    posts("ST1-P3", st1[P3])
    day.sound()

    # One file for the bank pays both; the bank debits it and takes its fees from the operator.
    waiting = session.scalars(select(Payout.id).where(Payout.state == "open")).all()
    session.rollback()
    generic = layouts()["generic-csv"]
    sent: dict[str, Any] = {"layout": generic.code, "ending": "csv", "write": writer(generic), "secret": SECRET}
    file = office(lambda s: export_payouts(s, OPERATOR, waiting, **sent, at=THEN, by=None))
    posts("PO1", file)
    tries = session.scalars(select(PayoutAttempt.id).where(PayoutAttempt.file_id == file)).all()
    session.rollback()
    paid: dict[str, Any] = {"booked_on": THEN.date(), "at": THEN, "by": None}
    posts("PO2", office(lambda s: confirm_attempts(s, tries, fee_vnd=6_600, **paid)))
    day.sound()

    # P2's money comes back: its number was wrong. It is sent once more, by VietQR, and arrives.
    first = _attempt_of(session, P2, 1)
    office(lambda s: take_payout_back(s, first, on=THEN.date(), at=THEN, by=None, reason="sai số"))
    assert day.entries_from(first) == [stated("PO3a")]
    payout = session.scalars(select(Payout.id).where(Payout.producer_id == P2)).one()
    session.rollback()
    second = office(lambda s: send_by_transfer(s, OPERATOR, payout, at=THEN, by=None))
    posts("PO3b", second)
    posts("PO3c", office(lambda s: confirm_attempts(s, [second], **paid)))
    assert session.scalars(select(BankFile.count)).all() == [2]
    assert len(session.scalars(select(PayoutConfirmation.id)).all()) == 2
    day.sound()

    # In December ten jars come back to the card; four more are sold from a second drawer; P2 ends in debt.
    december = enrol(day.world, "B", device=new_id())
    tablet = Tablet(december.log_id, december.device, day="2026-12-05")
    day.world.names[tablet.shift] = "D2"
    again = tablet.sale(tenders={"card": -1_255_000}, returns=[back(s3, 1, 10, 1_255_000)])
    s9 = tablet.sale(item(HONEY, 4), tenders={"cash": 502_000})
    tablet.tell(day.world, again, s9)
    posts("G13", again["id"])
    posts("G13b", s9["id"])
    posts("ST2-P2", settle(P2, date(2026, 12, 13), LATER))

    # At the end: P2 and P3 owe, the bank holds what is there, and every invariant holds.
    balances = {account: vnd for account, vnd in day.world.balances(session).items() if vnd}
    assert balances == GOLDEN["end_balances"]
    day.sound()


def _attempt_of(session: Session, producer_id: str, n: int) -> str:
    found = session.scalars(
        select(PayoutAttempt.id)
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .where(Payout.producer_id == producer_id, PayoutAttempt.n == n)
    ).one()
    session.rollback()
    return str(found)
