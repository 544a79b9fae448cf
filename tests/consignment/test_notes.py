"""Papers between operator and producer: fees, adjustments, advances, reserves, and undoing them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.models import ProducerNote, SettlementLine
from pos.consignment.service.notes import adjust, charge_fee, give_advance, release_reserve, undo_note
from pos.kernel.clock import from_iso
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from tests.stories.test_ledger_goldens import P2, P3, Day, at_the_till, stated
from tests.till.golden import SETUP

AT = from_iso("2026-11-22T02:00:00Z")
TODAY = date(2026, 11, 22)
HOW: dict[str, Any] = {"day": TODAY, "at": AT, "by": None}


@pytest.fixture
def day(session: Session) -> Day:
    return at_the_till(session)


def test_g11_a_fair_fee_is_invoiced_at_once(day: Day) -> None:
    with unit_of_work() as session:
        note = charge_fee(
            session, day.world.operator_id, P3, what="booth", unit_vnd=500_000, units=2, vat_bp=800,
            reason="Hội chợ Xuân, 2 ngày", **HOW,
        )  # fmt: skip

    assert day.entries_from(note) == [stated("G11")]
    line = day.session.scalars(select(SettlementLine)).one()
    assert (line.kind, line.amount_vnd, line.note) == ("fee", -1_080_000, "Hội chợ Xuân, 2 ngày")
    day.sound()


def test_g00c_an_advance_is_the_operators_own_money(day: Day) -> None:
    with unit_of_work() as session:
        note = give_advance(session, day.world.operator_id, P2, amount_vnd=2_000_000, reason="vụ mật", **HOW)

    assert day.entries_from(note) == [stated("G00c")]
    day.sound()


def test_an_adjustment_wants_a_reason_and_is_undone_by_another_paper(day: Day) -> None:
    operator = day.world.operator_id
    with pytest.raises(Invalid), unit_of_work() as session:
        adjust(session, operator, P2, amount_vnd=-50_000, reason=" ", **HOW)
    with unit_of_work() as session:
        note = adjust(session, operator, P2, amount_vnd=-50_000, reason="thiếu tem", **HOW)
    assert day.entries_from(note) == [{"unsettled:P2": 50_000, "misc_expense": -50_000}]

    with unit_of_work() as session:
        undo_note(session, note, at=AT, by=None, reason="ghi nhầm")
    with pytest.raises(Conflict), unit_of_work() as session:
        undo_note(session, note, at=AT, by=None, reason="ghi nhầm")

    day.session.rollback()
    assert [(n.no, n.amount_vnd, n.undoes) for n in day.session.scalars(select(ProducerNote).order_by("no"))] == [
        (1, -50_000, None), (2, 50_000, note),
    ]  # fmt: skip
    assert day.balance("unsettled:P2") == 0
    day.sound()


def test_undoing_an_advance_and_refusals(day: Day) -> None:
    operator = day.world.operator_id
    with unit_of_work() as session:
        note = give_advance(session, operator, P2, amount_vnd=300_000, reason="x", site_id=SETUP["site"]["id"], **HOW)
        undo_note(session, note, at=AT, by=None, reason="trả lại")
    assert (day.balance("producer_advance:P2"), day.balance("safe:S1")) == (0, 0)
    refused: tuple[Callable[[Session], str], ...] = (
        lambda s: give_advance(s, operator, P2, amount_vnd=0, reason="x", **HOW),
        lambda s: give_advance(s, operator, P2, amount_vnd=1, reason="x", site_id="elsewhere", **HOW),
        lambda s: adjust(s, operator, "nobody", amount_vnd=1, reason="x", **HOW),
        lambda s: release_reserve(s, operator, P2, amount_vnd=1, reason="x", **HOW),
        lambda s: charge_fee(s, operator, P2, what="air", unit_vnd=1, units=1, vat_bp=0, reason="x", **HOW),
        lambda s: undo_note(s, "nothing", at=AT, by=None, reason="x"),
    )
    for wrong in refused:
        with pytest.raises((Invalid, NotFound)), unit_of_work() as session:
            wrong(session)
    day.sound()
