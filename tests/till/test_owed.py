"""Customers on account: who they are is sealed, what they owe is in the books, paying it back is a document.
And the transfers nobody has seen, as the office reads them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.models import AccessLog
from pos.access.reach import EVERYWHERE
from pos.access.service import add_person, grant
from pos.kernel.canonical import canonical, digest
from pos.kernel.clock import from_iso, now
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Invalid
from pos.till.models import OwedPayment, TillEvent
from pos.till.queries.owed import list_debts, list_unseen
from pos.till.service.owed import take_payment
from pos.till.service.private import erase_private
from tests.databases import SECRET
from tests.till.golden import SETUP, World, build
from tests.till.tablet import Tablet, back, line, tender

TEA, SITE = SETUP["products"][0]["id"], SETUP["site"]["id"]
DAY, LATER = date(2026, 11, 22), from_iso("2026-11-22T03:00:00Z")
PASSWORD = "mot-hai-ba-bon"


@pytest.fixture
def world(session: Session) -> World:
    return build()


def on_account(tablet: Tablet, world: World, amount: int = 100_000, customer: str = "c-1") -> dict[str, Any]:
    """A sale on account by Mrs Hoa, told as the tablet tells it: her name outside the hash."""
    sale = tablet.sale(line(TEA, 1, amount), tenders=[tender("owed", amount, customer=customer)])
    sale["private"] = {"customers": {customer: {"name": "Cô Hoa", "phone": "0912345678"}}}
    assert digest(canonical({k: v for k, v in sale.items() if k not in ("hash", "private")})) == sale["hash"]
    tablet.tell(world, sale)
    return sale


def pay(world: World, amount: int, *, means: str = "cash", customer: str = "c-1") -> str:
    with unit_of_work() as work:
        return take_payment(
            work, operator_id=world.operator_id, customer=customer, means=means,
            site_id=SITE if means == "cash" else None, amount_vnd=amount, day=DAY, at=LATER, by=None,
        ).id  # fmt: skip


def test_paying_back_in_cash_and_by_transfer(world: World, session: Session) -> None:
    """The worked case of docs/algorithms/books.md: 100,000 owed, 60,000 into the safe, 40,000 by transfer."""
    tablet = Tablet(world.log_id)
    sale = on_account(tablet, world)
    [entry] = world.entries_of(session, sale["id"])
    assert entry["customer_receivable:c-1"] == 100_000

    first, second = pay(world, 60_000), pay(world, 40_000, means="bank")

    session.rollback()
    assert world.entries_of(session, first) == [{"safe:S1": 60_000, "customer_receivable:c-1": -60_000}]
    assert world.entries_of(session, second) == [{"trust_bank": 40_000, "customer_receivable:c-1": -40_000}]
    assert "customer_receivable:c-1" not in world.balances(session)


@pytest.mark.parametrize(("amount", "code"), [(0, "safe.amount"), (-1, "safe.amount"), (100_001, "owed.too_much")])
def test_nobody_pays_back_more_than_is_owed(world: World, session: Session, amount: int, code: str) -> None:
    on_account(Tablet(world.log_id), world)

    with pytest.raises(Invalid) as refused:
        pay(world, amount)

    assert refused.value.code == code
    session.rollback()
    assert session.scalars(select(OwedPayment)).all() == []


def test_who_owes_is_sealed_listed_and_erasable(world: World, session: Session) -> None:
    tablet = Tablet(world.log_id)
    sale = on_account(tablet, world)
    session.rollback()
    assert "Hoa" not in session.get_one(TillEvent, sale["id"]).canonical
    [debt], more = list_debts(session, EVERYWHERE, secret=SECRET)
    assert (debt.name, debt.phone, debt.masked, debt.owed_vnd, more) == (
        "Cô Hoa", "0912345678", "••• 678", 100_000, False,
    )  # fmt: skip
    session.rollback()

    with unit_of_work() as work:
        erase_private(work, sale["id"], at=LATER)

    session.rollback()
    [debt], _ = list_debts(session, EVERYWHERE, secret=SECRET)
    assert (debt.name, debt.phone, debt.owed_vnd) == ("", "", 100_000)


def office(client: FlaskClient, world: World) -> FlaskClient:
    with unit_of_work() as session:
        person = add_person(session, name="Kế toán", login="ketoan", password=PASSWORD, at=now())
        session.flush()
        grant(session, person.id, "bookkeeper", "operator", world.operator_id, at=now())
    client.post("/login", data={"login": "ketoan", "password": PASSWORD})
    return client


def test_the_bookkeeper_writes_down_that_a_customer_paid(client: FlaskClient, world: World, session: Session) -> None:
    on_account(Tablet(world.log_id), world)
    books = office(client, world)
    address = f"/office/owed/{world.operator_id}/c-1"

    listed = books.get("/office/owed").text
    assert "Cô Hoa" in listed
    assert "0912345678" not in listed
    assert "0912345678" in books.get(address).text
    session.rollback()
    assert [row.action for row in session.scalars(select(AccessLog)) if row.subject_id == "c-1"] == ["read.owed"]
    too_much = books.post(address, data={"into": SITE, "amount": "200.000", "business_date": "2026-11-22"})
    assert (too_much.status_code, "Khách chỉ còn nợ" in too_much.text) == (422, True)
    done = books.post(address, data={"into": SITE, "amount": "100.000", "business_date": "2026-11-22"})

    assert done.status_code == 303
    session.rollback()
    [paper] = session.scalars(select(OwedPayment)).all()
    assert world.entries_of(session, paper.id) == [{"safe:S1": 100_000, "customer_receivable:c-1": -100_000}]
    assert "Không ai nợ." in books.get("/office/owed").text


def test_the_office_sees_the_transfers_nobody_has_seen(client: FlaskClient, world: World, session: Session) -> None:
    tablet = Tablet(world.log_id)
    shown = [
        tablet.sale(line(TEA, 1, 50_000), tenders=[tender("vietqr", 50_000, state="shown", reference=f"OCOP{n}")])
        for n in range(4)
    ]
    first, seen, mended, undone = shown
    one = {n: event["body"]["tenders"][0]["id"] for n, event in enumerate(shown)}
    tablet.tell(world, *shown)
    tablet.tell(
        world,
        tablet.write("tender.seen", sale=seen["id"], tender=one[1]),
        tablet.write(
            "tender.correct", sale=mended["id"], sale_shift=tablet.shift,
            **{"from": {"id": one[2], "kind": "vietqr", "amount": 50_000}},
            tenders=[tender("cash", 50_000)], reason="bấm nhầm",
        ),
        tablet.write(
            "sale", receipt_no="HK03A-261121-99", lines=[], returns=[back(undone, 1, 1, 50_000)], discounts=[],
            tenders=[tender("vietqr", -50_000, state="shown")], total=-50_000, cash_rounding=0, undo_of=undone["id"],
        ),
    )  # fmt: skip

    session.rollback()
    rows, more = list_unseen(session, EVERYWHERE)
    assert ([(row.sale_id, row.amount_vnd, row.reference) for row in rows], more) == (
        [(first["id"], 50_000, "OCOP0")], False,
    )  # fmt: skip
    page = office(client, world).get("/office/transfers").text
    assert "OCOP0" in page
    assert "OCOP1" not in page
    assert json.loads(session.get_one(TillEvent, first["id"]).canonical)["body"]["tenders"][0]["state"] == "shown"
