"""What the control report counts, made from events as they are booked: once, net of what was put back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.kernel.ids import new_id
from pos.till.models import ControlNote
from tests.till.golden import SETUP, build
from tests.till.tablet import back, enrol, line, tender

LAN = SETUP["staff"][0]["id"]


def notes(session: Session) -> list[tuple[Any, ...]]:
    session.rollback()
    rows = select(
        ControlNote.kind, ControlNote.what, ControlNote.times, ControlNote.amount_vnd, ControlNote.sale_id
    ).order_by(ControlNote.at, ControlNote.event_id, ControlNote.n)
    return [tuple(row) for row in session.execute(rows)]


def test_each_kind_is_counted_with_what_it_was_about(session: Session) -> None:
    world = build()
    tablet = enrol(world, "B")
    tea = SETUP["products"][0]["id"]
    line_ = {"product": tea, "name": "Chè Đinh", "qty_milli": 2000, "price": 185_000, "gross": 370_000}
    opened = tablet.write("shift.open", float=0)
    removed = tablet.write("line.remove", cart=new_id(), amount=370_000, count=1, lines=[line_])
    kept = tablet.write("line.remove", cart=new_id(), amount=370_000, count=1, lines=[line_], undo_of=removed["id"])
    cancelled = tablet.write("cart.cancel", cart=new_id(), amount=740_000, count=2, lines=[line_, line_])
    drawer = tablet.write("drawer.open", reason="đổi tiền")
    training = tablet.write("training.sale", receipt_no="TAP-1", total=185_000)
    sale = tablet.sale(line(tea, 1, 185_000), tenders={"cash": 185_000})
    first = tablet.write("receipt.printed", sale=sale["id"], printer="network", copy=0)
    copy = tablet.write("receipt.printed", sale=sale["id"], printer="network", copy=1)
    tablet.tell(world, opened, removed, kept, cancelled, drawer, training, sale, first, copy)
    tablet.tell(world, opened, removed, kept, cancelled, drawer, training, sale, first, copy)  # a lost answer

    assert notes(session) == [
        ("line.remove", "Chè Đinh", 1, 370_000, None),
        ("line.remove", "Chè Đinh", -1, -370_000, None),
        ("cart.cancel", "Chè Đinh, Chè Đinh", 1, 740_000, None),
        ("drawer.open", "đổi tiền", 1, 0, None),
        ("training", "TAP-1", 1, 185_000, None),
        ("reprint", "network", 1, 0, sale["id"]),
    ]


def test_undo_correction_and_approval(session: Session) -> None:
    world = build()
    tablet = enrol(world, "B")
    tea = SETUP["products"][0]["id"]
    opened, sale = tablet.write("shift.open", float=0), tablet.sale(line(tea, 1, 185_000), tenders={"cash": 185_000})
    undo = tablet.sale(returns=[back(sale, 1, 1, 185_000)], tenders={"cash": -185_000})
    undo = rewritten(tablet, undo, undo_of=sale["id"])
    wrong = sale["body"]["tenders"][0]
    right = tablet.write(
        "tender.correct", sale=sale["id"], reason="bấm nhầm", tenders=[tender("vietqr", 185_000)],
        **{"from": {"id": wrong["id"], "kind": "cash", "amount": 185_000}},
    )  # fmt: skip
    approver = new_id()
    given = {"action": "refund", "amount": 300_000, "staff": approver, "at": right["at"], "offline": True}
    refund = rewritten(
        tablet, tablet.sale(returns=[back(None, 1, 1, 300_000, product=tea)], tenders={"cash": -300_000}),
        approvals=[given],
    )  # fmt: skip
    tablet.tell(world, opened, sale, undo, right, refund)

    assert notes(session) == [
        ("undo", undo["body"]["receipt_no"], 1, 185_000, sale["id"]),
        ("correct", "bấm nhầm", 1, 185_000, sale["id"]),
        ("approval", "refund", 1, 300_000, None),
    ]
    who = session.execute(
        select(ControlNote.staff_id, ControlNote.asked_by).where(ControlNote.kind == "approval")
    ).one()
    assert tuple(who) == (approver, LAN)


def rewritten(tablet: Any, event: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The last event of the log with more in its body, hashed anew."""
    tablet.events.pop()
    tablet.prev = event["prev"]
    made: dict[str, Any] = tablet.write("sale", **(event["body"] | more))
    return made


@pytest.mark.parametrize(
    "body",
    [
        {"what": "anything"},
        {"amount": "nhiều", "lines": "chè"},
        {"amount": 2**53 - 1, "lines": [None, 3, {"name": 4}, {"name": "x" * 3000}], "undo_of": "không"},
        {"lines": {}, "amount": True},
    ],
)
def test_an_odd_body_is_kept_and_counted(session: Session, body: dict[str, Any]) -> None:
    world = build()
    tablet = enrol(world, "B")

    [result] = tablet.tell(world, tablet.write("line.remove", **body))

    assert result["status"] == "recorded"
    [(kind, what, times, _amount, _sale)] = notes(session)
    assert (kind, times) == ("line.remove", 1)
    assert len(what) <= 200


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("drawer.open", {"reason": 5}), ("drawer.open", {"sale": "not an id"}), ("training.sale", {"total": "185.000"}),
        ("training.sale", {"receipt_no": ["TAP-1"]}),
    ],
)  # fmt: skip
def test_a_drawer_or_training_of_another_shape_waits_for_a_person(
    session: Session, kind: str, body: dict[str, Any]
) -> None:
    world = build()
    tablet = enrol(world, "B")

    results = tablet.tell(world, tablet.write("shift.open", float=0), tablet.write(kind, **body))

    assert [result["status"] for result in results] == ["recorded", "quarantined"]
    assert notes(session) == []
