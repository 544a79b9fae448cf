"""What is written once stays: an UPDATE and a DELETE of a real row in each such table are refused."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pos.consignment.adapters.bank_files import layouts, writer
from pos.consignment.commands import AssignOwner
from pos.consignment.models import AgreementVersion, Payout, PayoutAttempt
from pos.consignment.queries.producer_invoices import goods_by_rate
from pos.consignment.service.accounts import check_account
from pos.consignment.service.agreements import agree_on_goods, rule_commission
from pos.consignment.service.assignments import assign_owner
from pos.consignment.service.attempts import confirm_attempts
from pos.consignment.service.exports import export_payouts
from pos.consignment.service.losses import Difference, post_differences
from pos.consignment.service.notes import adjust
from pos.consignment.service.payouts import approve_statement
from pos.consignment.service.producer_invoices import receive_invoice
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import from_iso
from pos.kernel.db import db, is_postgresql, unit_of_work
from pos.kernel.ids import new_id
from pos.ledger.service import fund_safe
from pos.ledger.service.money import bring_capital
from pos.ledger.service.seals import seal_period
from pos.ledger.triggers import APPEND_ONLY, LATE
from pos.notices.service import write
from pos.payments.commands import Booked
from pos.payments.models import BankLine
from pos.producers.models import BankAccount
from pos.producers.service import add_account
from pos.stock.commands import Draft, DraftLine
from pos.stock.models import Lot
from pos.stock.service import counts
from pos.stock.service.documents import confirm, draft
from pos.stock.service.lots import rename
from pos.till.models import Flag, Sale
from pos.till.service.bank import keep_unknown, take_bank_statement
from pos.till.service.cards import take_card_payment
from pos.till.service.flags import close_flag
from pos.till.service.owed import take_payment
from pos.till.service.sale_invoices import keep_numbers
from pos.till.service.slips import number_cash
from tests.databases import SECRET
from tests.till.golden import GOLDEN, SETUP, build, sent
from tests.till.tablet import enrol, line, tender

LATER = from_iso("2026-12-01T02:00:00Z")


def lost_and_renamed(session: Session, operator_id: str) -> None:
    """A write-off with who bears it, and a lot that is named anew."""
    site, product = SETUP["site"]["id"], SETUP["products"][0]["id"]
    maker = SETUP["products"][0]["producer"]
    papers = (
        Draft(operator_id, "intake", LATER.date(), ("producer", maker), ("site", site), (DraftLine(product, 1_000),)),
        Draft(
            operator_id, "write_off", LATER.date(), ("site", site), ("written_off", site), (DraftLine(product, 1_000),),
            reason="broken",
        ),
    )  # fmt: skip
    for paper in papers:
        confirm(session, draft(session, paper, at=LATER, by=None), revision=None, at=LATER, by=None)
    lot = session.scalars(select(Lot.id).where(Lot.product_id == product, Lot.made_itself).limit(1)).one()
    rename(session, (operator_id, product, lot), code="A", expires_on=None, at=LATER, by=None)


@pytest.fixture
def full(app: Flask) -> Session:
    """A database with a row in each append-only table."""
    world = build()
    world.send(*(sent(case) for case in GOLDEN["log"]))
    tablet = enrol(world, "B")
    nobodys = tablet.sale(line(None, 1, 45_000, name="?"), tenders={"cash": 45_000})
    owing = tablet.sale(line(SETUP["products"][0]["id"], 1, 5_000), tenders=[tender("owed", 5_000, customer="c-1")])
    tablet.tell(world, nobodys, owing)
    tablet.tell(world, tablet.write("drawer.open", reason="đổi tiền"))
    maker = SETUP["producers"][0]["id"]
    with unit_of_work() as session:
        session.execute(update(AgreementVersion).values(tier_from_vnd=1))  # every month has a rebate
        add_account(
            session, maker, bank_bin="970405", bank_name="Agribank", number="12345678", holder="A", secret=SECRET,
            at=LATER,
        )  # fmt: skip
    with unit_of_work() as session:
        statement = freeze_statement(
            session, world.operator_id, maker, date(2026, 11, 30), run_on=date(2026, 12, 1), at=LATER, by=None
        )
        approve_statement(session, statement, at=LATER, by=None)
    with unit_of_work() as session:
        payout = session.scalars(select(Payout.id)).one()
        how = {"layout": "generic-csv", "ending": "csv", "write": writer(layouts()["generic-csv"]), "secret": SECRET}
        export_payouts(session, world.operator_id, [payout], at=LATER, by=None, **how)  # type: ignore[arg-type]
        attempt = session.scalars(select(PayoutAttempt.id)).one()
        confirm_attempts(session, [attempt], booked_on=LATER.date(), at=LATER, by=None)
        account = session.scalars(select(BankAccount.id)).one()
        check_account(session, world.operator_id, account, how="gọi điện", at=LATER, by=None)
        bring_capital(session, world.operator_id, amount_vnd=1, day=LATER.date(), at=LATER, by=None)
        said = Booked(1, LATER.date(), 1, "x", None, None)
        take_bank_statement(session, world.operator_id, b"x", [said], name="x", layout="x", at=LATER, by=None)
        keep_unknown(session, session.scalars(select(BankLine.id)).one(), at=LATER, by=None)
        days = {"first_on": LATER.date(), "last_on": LATER.date(), "day": LATER.date()}
        take_card_payment(session, world.operator_id, gross_vnd=2, fee_vnd=1, at=LATER, by=None, **days)
    with unit_of_work() as session:
        fund_safe(session, site_id=SETUP["site"]["id"], amount_vnd=1, day=LATER.date(), at=LATER, by=None)
        lost_and_renamed(session, world.operator_id)
        number_cash(session, world.operator_id, at=LATER, by=None)
        first, last = date(2026, 10, 1), date(2026, 10, 31)
        seal_period(session, world.operator_id, "month", from_on=first, until_on=last, at=LATER, by=None)
        take_payment(
            session, operator_id=world.operator_id, customer="c-1", means="bank", site_id=None, amount_vnd=1,
            day=LATER.date(), at=LATER, by=None,
        )  # fmt: skip
        agree_on_goods(
            session, operator_id=world.operator_id, product_id=SETUP["products"][0]["id"], starts_on=date(2027, 1, 1),
            at=LATER, by=None, cost_vnd=1,
        )  # fmt: skip
        rule_commission(
            session, world.operator_id, scope_kind="product", scope_id=SETUP["products"][0]["id"], commission_bp=1,
            starts_on=date(2027, 1, 1), at=LATER, by=None,
        )  # fmt: skip
        assign_owner(
            session, AssignOwner(world.operator_id, nobodys["id"], 1, None, mode="own", cost_vnd=1), by=None, at=LATER
        )
        write(session, maker, "out", key="x", day=LATER.date(), vi="x", en="x", at=LATER)
        missing = Difference(
            "count", new_id(), SETUP["site"]["id"], None, SETUP["products"][0]["id"], -1_000, "operator", LATER.date(),
            LATER,
        )  # fmt: skip
        post_differences(session, world.operator_id, [missing], kind="count_loss", recorded_at=LATER)
        adjust(
            session, world.operator_id, SETUP["producers"][0]["id"], amount_vnd=1, day=LATER.date(), at=LATER, by=None,
            reason="x",
        )  # fmt: skip
        site, tea = SETUP["site"]["id"], SETUP["products"][0]["id"]
        count_id = counts.open_count(
            session, site_id=site, scope_kind="all", scope_id="", note=None, at=LATER, by=None
        )  # fmt: skip
        counts.enter(
            session, count_id, entry_id=new_id(), product_id=tea, qty_milli=0, at=LATER, by=new_id(), weighed=False
        )
        counts.end_blind(session, count_id, at=LATER, by=new_id())
        counts.ask_again(session, count_id, [tea], at=LATER, by=None)
        counts.confirm_count(session, count_id, liabilities={}, reason="thử", at=LATER, by=None)
        sold = session.execute(select(Sale.receipt_no).limit(1)).scalar_one()
        keep_numbers(session, world.operator_id, [(sold, "1")], at=LATER, by=None)
        rate = next(iter(goods_by_rate(session, [statement])[statement]))
        receive_invoice(
            session, statement, vat_class=rate[0], vat_bp=rate[1], symbol="1C26TAA", number="1", issued_on=LATER.date(),
            amount_vnd=1, at=LATER, by=None,
        )  # fmt: skip
        doubt = session.scalars(select(Flag.id).where(Flag.code == "no_agreement")).one()
        close_flag(session, doubt, "đã gán chủ", by=new_id(), at=LATER)
    return db.session()


def refused(session: Session, statement: str, words: tuple[str, ...] = ("written once", LATE)) -> bool:
    try:
        with unit_of_work() as work:
            work.execute(text(statement))
    except DBAPIError as error:
        return any(each in str(error.orig) for each in words)
    return False


def test_no_row_can_be_changed_or_removed(full: Session) -> None:
    empty = [table for table in APPEND_ONLY if not full.scalar(text(f"SELECT COUNT(*) FROM {table}"))]
    assert empty == []

    column = {table: full.execute(text(f"SELECT * FROM {table} LIMIT 1")).keys() for table in APPEND_ONLY}
    changed = [t for t in APPEND_ONLY if not refused(full, f"UPDATE {t} SET {next(iter(column[t]))} = 'x'")]
    removed = [t for t in APPEND_ONLY if not refused(full, f"DELETE FROM {t}")]

    assert (changed, removed) == ([], [])


def test_nor_replaced_nor_emptied(full: Session) -> None:
    if is_postgresql(full):
        wrong = [t for t in APPEND_ONLY if not refused(full, f"TRUNCATE {t} CASCADE")]
    else:
        wrong = [t for t in APPEND_ONLY if not refused(full, f"INSERT OR REPLACE INTO {t} SELECT * FROM {t}")]

    assert wrong == []


def test_a_claim_is_released_once_and_nothing_else_of_it_changes(full: Session) -> None:
    once = ("released once",)
    changes = (
        "UPDATE statement_claim SET line_id = 'x'",
        "UPDATE statement_claim SET released_at = '2026-12-02 02:00:00', line_id = 'x'",
        "UPDATE statement_claim SET released_at = NULL",
        "DELETE FROM statement_claim",
    )
    assert [change for change in changes if not refused(full, change, once)] == []

    release = "UPDATE statement_claim SET released_at = '2026-12-02 02:00:00'"
    assert not refused(full, release, once)
    assert refused(full, release.replace("02:00", "03:00"), once)
    if is_postgresql(full):
        assert refused(full, "TRUNCATE statement_claim CASCADE", once)
