"""Hostile and unlucky events: what is odd is recorded and flagged, what is wrong is kept, nothing is booked twice."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.kernel.canonical import canonical, digest
from pos.kernel.ids import new_id
from pos.kernel.money import line_gross
from pos.kernel.seal import unseal
from pos.reports.check import check_all
from pos.stock.models import Level
from pos.till.models import Quarantined, Sale, Shift, TillEvent
from pos.till.service.intake import take_events
from tests.databases import SECRET
from tests.till.golden import RECEIVED, SETUP, World, build

TEA, HONEY, BOWL = (product["id"] for product in SETUP["products"])
BIGGEST = 2**53 - 1


@dataclass
class Tape:
    """The golden tablet's log, written here."""

    world: World
    shift: str = field(default_factory=new_id)
    seq: int = 0
    prev: str = "0" * 64

    def add(self, kind: str, body: dict[str, Any], **head: Any) -> dict[str, Any]:
        self.seq += 1
        event = {
            "v": 1, "app": "1.0.0", "id": new_id(), "seq": self.seq, "prev": self.prev, "kind": kind,
            "day": "2026-11-21", "at": f"2026-11-21T01:{self.seq:02d}:00.000Z", "shift": self.shift,
            "staff": SETUP["staff"][0]["id"], "catalogue": 1, "body": body,
        } | head  # fmt: skip
        event["hash"] = self.prev = digest(canonical(event))
        return event

    def open(self, float_vnd: int = 0) -> dict[str, Any]:
        return self.add("shift.open", {"float": float_vnd, "count": None, "keeper": None})

    def sale(self, *lines: tuple[str | None, int, int], returns: Any = (), **more: Any) -> dict[str, Any]:
        rows: list[dict[str, Any]] = [
            {
                "line": n, "product": product, "qty_milli": qty, "price": price, "gross": line_gross(price, qty),
                "paid": line_gross(price, qty), "vat_bp": 800, "vat_class": "standard",
            }
            for n, (product, qty, price) in enumerate(lines, 1)
        ]  # fmt: skip
        total = sum(row["paid"] for row in rows) - sum(back["paid"] for back in returns)
        tenders = [{"id": new_id(), "kind": "cash", "amount": total}] if total else []
        body = {"receipt_no": f"HK03A-261121-{self.seq}", "lines": rows, "returns": list(returns), "total": total}
        return self.add("sale", body | {"tenders": tenders} | more)

    def again(self, event: dict[str, Any], body: dict[str, Any], **head: Any) -> dict[str, Any]:
        """The last event made anew with something changed, in its place in the log."""
        self.seq, self.prev = event["seq"] - 1, event["prev"]
        return self.add(event["kind"], event["body"] | body, **head)

    def close(self, counted: int) -> dict[str, Any]:
        return self.add("shift.close", {"counted": counted, "devices": [{"device": SETUP["device"], "seq": self.seq}]})

    def answer(self, *events: dict[str, Any] | str) -> dict[str, Any]:
        texts = [event if isinstance(event, str) else json.dumps(event, ensure_ascii=False) for event in events]
        raw = '{"events":[' + ",".join(texts) + "]}"
        return take_events(self.world.log_id, raw.encode("utf-8", "surrogatepass"), received_at=RECEIVED, secret=SECRET)

    def send(self, *events: dict[str, Any] | str) -> list[dict[str, Any]]:
        results: list[dict[str, Any]] = self.answer(*events)["results"]
        return results


@pytest.fixture
def tape(session: Session) -> Tape:
    return Tape(build())


def back(sale: dict[str, Any], qty: int, paid: int, **more: Any) -> dict[str, Any]:
    line = sale["body"]["lines"][0]
    return {"sale": sale["id"], "line": 1, "product": line["product"], "qty_milli": qty, "paid": paid} | more


def books(tape: Tape, session: Session) -> dict[str, int]:
    """The balances; every invariant holds."""
    session.rollback()
    assert [(found.number, found.problems) for found in check_all(session) if not found.holds] == []
    tape.world.names[tape.shift] = "D"
    return tape.world.balances(session)


def at_places(session: Session, product: str) -> dict[str, int]:
    rows = session.execute(select(Level.place_kind, Level.on_hand_milli).where(Level.product_id == product))
    return {kind: int(milli) for kind, milli in rows if milli}


def test_an_empty_ticket_is_a_fact_that_posts_nothing(tape: Tape, session: Session) -> None:
    opened, empty = tape.open(), tape.sale()

    assert [r["status"] for r in tape.send(opened, empty)] == ["recorded", "recorded"]

    assert books(tape, session) == {}
    assert session.scalar(select(func.count()).select_from(Sale)) == 1


def test_a_free_line_moves_goods_and_no_money(tape: Tape, session: Session) -> None:
    tape.send(tape.open(), tape.sale((TEA, 1000, 0)))

    assert books(tape, session) == {}
    assert at_places(session, TEA) == {"producer": -50_000, "site": 49_000, "customer": 1000}


def test_the_biggest_price_is_recorded_to_the_dong(tape: Tape, session: Session) -> None:
    [_, result] = tape.send(tape.open(), tape.sale((TEA, 1000, BIGGEST)))

    assert (result["status"], result["flags"]) == ("flagged", ["price_differs"])
    assert books(tape, session)["drawer:D"] == BIGGEST


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": [], "total": "0"},
        {"total": BIGGEST + 1},
        {"total": None},
        {"receipt_no": ""},
        {"receipt_no": "a\0b"},
        {"receipt_no": "x" * 201},
        {"tenders": [{"id": "not an id", "kind": "cash", "amount": 0}]},
        {"tenders": [{"id": TEA, "kind": "cash", "amount": 0}] * 2},
        {"returns": [{"sale": TEA, "qty_milli": 1000, "paid": 0}]},
        {"returns": [{"qty_milli": 0, "paid": 0}]},
        {"returns": [{"qty_milli": 1000, "paid": -1}]},
        {"discounts": [{"amount": 1, "shares": [1, 1], "funders": [{"who": "operator", "bp": 10_000}]}]},
        {"discounts": [{"amount": 1, "shares": [1], "funders": [{"who": "operator", "bp": 9_999}]}]},
        {"discounts": [{"amount": 1, "shares": [1], "funders": [{"who": "state", "bp": 10_000}]}]},
    ],
    ids=lambda wrong: next(iter(wrong)) + "-" + json.dumps(wrong)[:40],
)
def test_what_breaks_the_schema_is_kept_whole_and_fills_its_gap(
    tape: Tape, session: Session, wrong: dict[str, Any]
) -> None:
    opened, sale, last = tape.open(), tape.sale((TEA, 1000, 185_000)), tape.open()
    broken = {key: value for key, value in sale.items() if key != "hash"}
    broken["body"] = sale["body"] | wrong
    text = json.dumps(broken | {"hash": "0" * 64}, ensure_ascii=False)

    answer = tape.answer(opened, text, last)

    assert [(r["id"], r["status"]) for r in answer["results"]][1] == (sale["id"], "quarantined")
    assert (answer["received_through"], answer["missing"]) == (3, [])
    [kept] = session.scalars(select(Quarantined))
    assert unseal(SECRET, kept.sealed).decode() == text
    assert session.scalar(select(func.count()).select_from(Sale)) == 0


@pytest.mark.parametrize("wrong", [{"qty_milli": 0}, {"qty_milli": -1000}, {"vat_bp": 10_001}, {"line": 0}])
def test_a_line_out_of_range_is_quarantined_with_its_hash_right(tape: Tape, wrong: dict[str, int]) -> None:
    sale = tape.sale((TEA, 1000, 185_000))
    line = sale["body"]["lines"][0] | wrong

    [result] = tape.send(tape.again(sale, {"lines": [line]}))

    assert result["status"] == "quarantined"
    assert not result["why"].startswith("unexpected")


def test_a_line_number_twice_is_quarantined(tape: Tape) -> None:
    sale = tape.sale((TEA, 1000, 185_000))

    [result] = tape.send(tape.again(sale, {"lines": sale["body"]["lines"] * 2}))

    assert result["status"] == "quarantined"


def test_unknown_goods_people_and_tenders_are_recorded_and_flagged(tape: Tape, session: Session) -> None:
    nobody, nothing = new_id(), new_id()
    tape.send(tape.open())

    sale = tape.sale((nothing, 1000, 50_000), (None, 1000, 7_000))
    shells = {"id": new_id(), "kind": "shells", "amount": 57_000}
    [result] = tape.send(tape.again(sale, {"tenders": [shells]}, staff=nobody))

    assert result["flags"] == ["negative_stock", "no_agreement", "unknown_product", "unknown_staff", "unknown_tender"]
    assert books(tape, session) == {}  # both sides are `unidentified_receipts`


def test_text_of_an_attacker_is_text(tape: Tape, session: Session) -> None:
    evil = "'); DROP TABLE sale; --\x1b[2J\u202e<script>%s{{7*7}}"

    [_, result] = tape.send(tape.open(), tape.sale((TEA, 1000, 185_000), receipt_no=evil))

    assert result["status"] == "recorded"
    assert session.scalars(select(Sale.receipt_no)).all() == [evil]


def test_parts_of_a_line_come_back_and_net_to_nothing(tape: Tape, session: Session) -> None:
    sale = tape.sale((HONEY, 3000, 125_500))
    tape.send(tape.open(), sale)
    for paid in (125_500, 125_500, 125_500):
        [result] = tape.send(tape.sale(returns=[back(sale, 1000, paid)]))
        assert result["flags"] == []

    assert books(tape, session) == {}
    assert at_places(session, HONEY) == {"producer": -200_000, "site": 200_000}


def test_one_ticket_takes_back_the_same_line_twice(tape: Tape, session: Session) -> None:
    sale = tape.sale((HONEY, 1000, 125_500))
    tape.send(tape.open(), sale)

    [result] = tape.send(tape.sale(returns=[back(sale, 1000, 125_500), back(sale, 1000, 125_500)]))

    assert result["flags"] == ["returned_too_much"]
    assert books(tape, session) == {"drawer:D": -125_500, "goodwill_expense": 125_500}
    assert at_places(session, HONEY) == {
        "producer": -200_000, "site": 200_000, "customer": -1000, "quarantine": 1000,
    }  # fmt: skip


def test_a_return_of_nothing_known_is_goodwill(tape: Tape, session: Session) -> None:
    back_ = {"sale": None, "product": TEA, "qty_milli": 1000, "paid": 185_000, "price": 185_000, "reason": "hỏng"}

    [_, result] = tape.send(tape.open(), tape.sale(returns=[back_]))

    assert result["flags"] == ["returned_too_much"]
    assert books(tape, session) == {"drawer:D": -185_000, "goodwill_expense": 185_000}


def test_a_line_its_sale_does_not_have_is_goodwill(tape: Tape, session: Session) -> None:
    sale = tape.sale((TEA, 1000, 185_000))
    tape.send(tape.open(), sale)

    [result] = tape.send(tape.sale(returns=[back(sale, 1000, 185_000, line=9)]))

    assert result["flags"] == ["returned_too_much"]
    assert books(tape, session)["goodwill_expense"] == 185_000


def test_a_refund_of_more_than_was_paid_is_the_shops_loss(tape: Tape, session: Session) -> None:
    sale = tape.sale((TEA, 1000, 185_000))
    tape.send(tape.open(), sale)

    [result] = tape.send(tape.sale(returns=[back(sale, 1000, 190_000)]))

    assert result["flags"] == []
    assert books(tape, session) == {"drawer:D": -5_000, "cash_short_expense": 5_000}


def test_late_cash_after_the_close_leaves_the_drawer_empty(tape: Tape, session: Session) -> None:
    tape.send(tape.open(100_000), tape.close(100_000))

    late, again = tape.sale((TEA, 1000, 185_000)), tape.close(285_000)
    results = tape.send(late, again)

    assert [r["flags"] for r in results] == [["late"], ["late", "second_close"]]
    found = books(tape, session)
    assert {key: found.get(key, 0) for key in ("drawer:D", "cash_variance:D")} == {
        "drawer:D": 0, "cash_variance:D": 185_000,
    }  # fmt: skip
    assert session.get_one(Shift, tape.shift).drawer_vnd == 0


def test_a_kept_shift_posts_no_float_and_no_drawer(tape: Tape, session: Session) -> None:
    keeper = SETUP["producers"][0]["id"]
    opened = tape.add("shift.open", {"float": 300_000, "keeper": keeper}, keeper=keeper)
    sale = tape.sale((TEA, 1000, 185_000))
    kept = tape.again(sale, {}, keeper=keeper)
    close = tape.add("shift.close", {"counted": 485_000}, keeper=keeper)

    for events in ([kept], [close], [opened]):
        tape.send(*events)

    found = books(tape, session)
    assert found["held_by_producer:P1"] == 185_000
    assert [account for account in found if account.startswith(("drawer", "safe", "cash_variance"))] == []


def test_a_log_that_forked_is_recorded_on_both_branches(tape: Tape, session: Session) -> None:
    opened, one = tape.open(), tape.sale((TEA, 1000, 185_000))
    tape.seq, tape.prev = 1, opened["hash"]
    other = tape.sale((HONEY, 1000, 125_500), receipt_no="HK03A-261121-99")

    answer = tape.answer(opened, one, other)

    assert [r["flags"] for r in answer["results"]] == [[], [], ["chain_broken"]]
    assert (answer["received_through"], answer["missing"]) == (2, [])
    assert books(tape, session)["drawer:D"] == 310_500


def test_a_seq_far_ahead_is_one_gap(tape: Tape) -> None:
    opened = tape.open()
    tape.seq = BIGGEST - 1

    answer = tape.answer(opened, tape.add("drawer.open", {}, at="2026-11-21T02:00:00Z"))

    assert (answer["received_through"], answer["missing"]) == (1, [[2, BIGGEST - 1]])


def test_at_most_100_gaps_are_told(tape: Tape) -> None:
    events = [tape.add("drawer.open", {}, at="2026-11-21T01:00:00Z") for _ in range(250)]

    answer = tape.answer(*events[1::2])

    assert answer["received_through"] == 0
    assert answer["missing"] == [[n, n] for n in range(1, 201, 2)]


def test_repeats_do_not_change_a_received_event(tape: Tape, session: Session) -> None:
    events = [tape.open(100_000), tape.sale((TEA, 2000, 185_000))]
    first = tape.send(*events)
    before = books(tape, session)

    again = [tape.send(*events) for _ in range(3)]

    assert {r["status"] for results in again for r in results} == {"repeated"}
    assert [r["flags"] for r in again[0]] == [r["flags"] for r in first]
    assert books(tape, session) == before
    assert session.scalar(select(func.count()).select_from(TillEvent)) == 2


def test_midnight_in_hanoi_does_not_move_the_business_date(tape: Tape, session: Session) -> None:
    tape.send(tape.open())
    sale = tape.sale((TEA, 1000, 185_000))

    [result] = tape.send(tape.again(sale, {}, at="2026-11-21T17:30:00.000Z"))  # 00:30 on the 22nd

    assert result["flags"] == []
    [(kind, producer, _, day, available)] = tape.world.settlement(session)
    assert (kind, producer, day, available) == ("sale", "P1", "2026-11-21", "2026-11-28")


def test_a_shift_over_20_hours_is_stale(tape: Tape) -> None:
    tape.send(tape.open())
    sale = tape.sale((TEA, 1000, 185_000))
    after = RECEIVED + timedelta(hours=8)

    [result] = tape.send(tape.again(sale, {}, day="2026-11-22", at=after.strftime("%Y-%m-%dT%H:%M:%SZ")))

    assert result["flags"] == ["stale_shift"]


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "9998-12-31"])
def test_a_calendar_gone_mad_still_books_the_sale(tape: Tape, session: Session, day: str) -> None:
    tape.send(tape.open())
    sale = tape.sale((TEA, 1000, 185_000))

    [result] = tape.send(tape.again(sale, {}, day=day, at=f"{day}T03:00:00Z"))

    assert result["status"] == "flagged"
    assert books(tape, session)["drawer:D"] == 185_000
