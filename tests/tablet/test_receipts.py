"""A receipt of another tablet: what is needed to take it back to the đồng, and what has come back already."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from pos.kernel.ids import new_id
from pos.ledger.queries import balances
from pos.till.models import Flag
from tests.counting import counted
from tests.tablet.device import Device
from tests.till.golden import SETUP

TEA, HONEY = (p["id"] for p in SETUP["products"][:2])

PRODUCERS = [{"who": "producer", "bp": 10_000}]


def told(selling: Device, number: str) -> dict[str, Any]:
    body: dict[str, Any] = selling.client.get(f"/api/till/receipts/{number}", headers=selling.headers).get_json()
    return body


def a_sale(selling: Device) -> dict[str, Any]:
    """Three boxes of tea with a discount, honey beside them."""
    sale = selling.sale((TEA, 3000, 185_000), (HONEY, 1000, 125_000), tender="vietqr")
    return sale


def give_back(selling: Device, sale: dict[str, Any], line: int, qty: int, paid: int) -> dict[str, Any]:
    back = {"sale": sale["id"], "line": line, "product": TEA, "qty_milli": qty, "paid": paid, "disposition": "shelf"}
    return selling.sale(returns=[back], tender="vietqr")


def test_it_tells_the_sale_and_every_ticket_that_took_back_of_it(selling: Device) -> None:
    sale = a_sale(selling)
    selling.send(sale)
    first, second = give_back(selling, sale, 1, 1000, 185_000), give_back(selling, sale, 1, 1000, 185_000)
    selling.send(first, second)

    answer = told(selling, sale["body"]["receipt_no"])

    assert {name: answer["body"][name] for name in ("lines", "tenders", "total")} == {
        name: sale["body"][name] for name in ("lines", "tenders", "total")
    }
    assert answer["names"]["vi"] == [p["name"] for p in SETUP["products"][:2]]
    by_ticket = sorted(answer["backs"], key=lambda back: str(back["ticket"]))
    one = [{"line": 1, "qty_milli": 1000, "paid": 185_000}]
    tickets = sorted(str(event["id"]) for event in (first, second))
    assert [(back["ticket"], back["returned"], back["lines"]) for back in by_ticket] == [
        (ticket, 185_000, one) for ticket in tickets
    ]
    assert [tender["amount"] for back in answer["backs"] for tender in back["tenders"]] == [-185_000, -185_000]
    assert answer["corrections"] == []


def test_a_corrected_tender_is_told(selling: Device) -> None:
    sale = a_sale(selling)
    selling.send(sale)
    [wrong] = sale["body"]["tenders"]
    right = {"id": sale["id"], "kind": "cash", "amount": wrong["amount"], "state": "seen"}
    taken = {"id": wrong["id"], "kind": "vietqr", "amount": wrong["amount"]}
    selling.send(selling.event("tender.correct", {"sale": sale["id"], "from": taken, "tenders": [right]}))

    assert told(selling, sale["body"]["receipt_no"])["corrections"] == [{"from": taken, "tenders": [right]}]


def test_the_number_of_queries_does_not_grow(selling: Device) -> None:
    sale = a_sale(selling)
    selling.send(sale, give_back(selling, sale, 1, 1000, 185_000))
    with counted() as few:
        told(selling, sale["body"]["receipt_no"])
    selling.send(*(give_back(selling, sale, 1, 100, 18_500) for _ in range(10)))
    with counted() as many:
        told(selling, sale["body"]["receipt_no"])

    assert len(many) == len(few)


@pytest.mark.parametrize("split", [{"vietqr": 150_000, "cash": 35_000}])
def test_a_split_refund_leaves_every_account_as_it_was(
    selling: Device,
    session: Session,
    split: dict[str, int],
) -> None:
    """Paid by two means, given back in two parts in that proportion: nothing is left anywhere."""

    def tenders(sign: int, parts: dict[str, int]) -> list[dict[str, Any]]:
        return [{"id": new_id(), "kind": k, "amount": sign * a, "state": "seen"} for k, a in parts.items()]

    before = balances(session, selling.till["operator"]["id"])
    sale = selling.sale((TEA, 1000, 185_000), tenders=tenders(1, split))
    selling.send(sale)
    selling.send(
        selling.sale(
            returns=[{"sale": sale["id"], "line": 1, "product": TEA, "qty_milli": 400, "paid": 74_000,
                      "disposition": "shelf"}],
            tenders=tenders(-1, {"vietqr": 60_000, "cash": 14_000}),
        ),
        selling.sale(
            returns=[{"sale": sale["id"], "line": 1, "product": TEA, "qty_milli": 600, "paid": 111_000,
                      "disposition": "shelf"}],
            tenders=tenders(-1, {"vietqr": 90_000, "cash": 21_000}),
        ),
    )  # fmt: skip
    session.rollback()

    after = {account: vnd for account, vnd in balances(session, selling.till["operator"]["id"]).items() if vnd}
    assert after == {account: vnd for account, vnd in before.items() if vnd}
    assert session.query(Flag).filter(Flag.code == "returned_too_much").count() == 0
