"""The same thing told twice: a shift opened again, an event sent from another log, a format read later."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.kernel.canonical import canonical, digest
from pos.kernel.ids import new_id
from pos.ledger.models import JournalEntry
from pos.reports.check import check_all
from pos.till.models import ElsewhereEvent, Flag, Shift, TillEvent
from pos.till.service.intake import take_events
from tests.databases import SECRET
from tests.till.golden import RECEIVED, SETUP, World, build
from tests.till.tablet import Tablet, enrol, line

TEA = SETUP["products"][0]["id"]
P1 = SETUP["producers"][0]["id"]


def sound(session: Session) -> None:
    session.rollback()
    assert [(found.number, found.problems) for found in check_all(session) if not found.holds] == []


def opening(tablet: Tablet, vnd: int, **more: Any) -> dict[str, Any]:
    return tablet.write("shift.open", float=vnd, count=None, keeper=more.pop("keeper", None), **more)


# ── A shift opened twice ─────────────────────────────────────────────────────
@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_of_several_openings_the_first_by_seq_takes_the_float(session: Session, order: tuple[int, ...]) -> None:
    world = build()
    tablet = Tablet(world.log_id)
    events = [opening(tablet, 300_000), opening(tablet, 500_000), opening(tablet, 700_000),
              tablet.sale(line(TEA, 1, 185_000), tenders={"cash": 185_000})]  # fmt: skip
    world.names[tablet.shift] = "D"

    for n in order:
        tablet.tell(world, events[n])

    sound(session)
    balances = world.balances(session)
    assert (balances["drawer:D"], balances["safe:S1"]) == (485_000, -300_000)
    shift = session.get_one(Shift, tablet.shift)
    assert (shift.opened_event, shift.float_vnd, shift.drawer_vnd) == (events[0]["id"], 300_000, 485_000)
    doubted = session.scalars(select(Flag.event_id).where(Flag.code == "second_open", Flag.closed_at.is_(None)))
    assert set(doubted) == {events[1]["id"], events[2]["id"]}
    undone = session.scalars(select(JournalEntry).where(JournalEntry.kind == "shift_open_undone")).all()
    assert all(entry.reverses for entry in undone)


def test_a_second_opening_after_the_close_leaves_the_drawer_empty(session: Session) -> None:
    world = build()
    tablet = Tablet(world.log_id)
    first, second = opening(tablet, 300_000), opening(tablet, 500_000)
    closed = tablet.write("shift.close", counted=300_000)
    world.names[tablet.shift] = "D"

    tablet.tell(world, second)
    tablet.tell(world, closed)
    tablet.tell(world, first)
    tablet.tell(world, first, second, closed)

    sound(session)
    balances = {key: vnd for key, vnd in world.balances(session).items() if vnd}
    assert balances == {}
    assert session.get_one(Shift, tablet.shift).state == "closed"


@pytest.mark.parametrize("kept_first", [True, False])
def test_a_kept_opening_and_one_of_ours(session: Session, kept_first: bool) -> None:
    world = build()
    tablet = Tablet(world.log_id)
    kept, ours = opening(tablet, 300_000, keeper=P1), opening(tablet, 500_000)

    for event in (kept, ours) if kept_first else (ours, kept):
        tablet.tell(world, event)

    sound(session)
    assert {key: vnd for key, vnd in world.balances(session).items() if vnd} == {}


# ── The same event from another log ──────────────────────────────────────────
def answer(world: World, log_id: str, *events: dict[str, Any]) -> dict[str, Any]:
    raw = json.dumps({"events": events}, ensure_ascii=False).encode()
    return take_events(log_id, raw, received_at=RECEIVED, secret=SECRET)


def log_of(session: Session, log_id: str) -> DeviceLog:
    session.rollback()
    return session.get_one(DeviceLog, log_id, populate_existing=True)


def test_what_another_log_has_brought_is_no_gap_here(session: Session) -> None:
    world = build()
    other = enrol(world, "B")
    tablet = Tablet(world.log_id)
    opened, one = opening(tablet, 0), tablet.sale(line(TEA, 1, 185_000), tenders={"cash": 185_000})
    two = tablet.sale(line(TEA, 1, 185_000), tenders={"cash": 185_000})
    answer(world, tablet.log_id, opened, one)

    for _ in range(2):
        told = answer(world, other.log_id, opened, one, two)

    assert [r["status"] for r in told["results"]] == ["repeated"] * 3
    assert (told["received_through"], told["missing"]) == (3, [])
    log = log_of(session, other.log_id)
    assert (log.recorded_through, log.greatest, log.last_hash) == (3, 3, two["hash"])
    assert session.scalar(select(func.count()).select_from(ElsewhereEvent)) == 2
    assert session.scalar(select(func.count()).select_from(TillEvent)) == 3
    assert session.scalar(select(func.count()).select_from(Flag)) == 0  # the chain holds across them
    sound(session)


def test_it_fills_its_place_in_any_order_and_the_close_posts(session: Session) -> None:
    world = build()
    other = enrol(world, "B")
    tablet = Tablet(world.log_id)
    opened, one = opening(tablet, 0), tablet.sale(line(TEA, 1, 185_000), tenders={"cash": 185_000})
    closed = tablet.write("shift.close", counted=185_000, devices=[{"device": other.device, "seq": 3}])
    answer(world, tablet.log_id, one)

    told = answer(world, other.log_id, closed)
    assert told["missing"] == [[1, 2]]
    told = answer(world, other.log_id, one)
    assert told["missing"] == [[1, 1]]
    told = answer(world, other.log_id, opened)

    assert (told["received_through"], told["missing"]) == (3, [])
    assert session.get_one(Shift, tablet.shift, populate_existing=True).state == "closed"
    sound(session)


def test_the_id_with_other_content_is_quarantined_and_fills_its_place_too(session: Session) -> None:
    world = build()
    other = enrol(world, "B")
    tablet, forged = Tablet(world.log_id), Tablet(other.log_id)
    opened = opening(tablet, 0)
    answer(world, tablet.log_id, opened)
    forged.shift = new_id()
    false = opening(forged, 1)
    raw = {key: value for key, value in false.items() if key != "hash"} | {"id": opened["id"]}
    told = answer(world, other.log_id, raw | {"hash": digest(canonical(raw))})

    assert [r["status"] for r in told["results"]] == ["quarantined"]
    assert (told["received_through"], told["missing"]) == (1, [])
    log = log_of(session, other.log_id)
    assert (log.recorded_through, log.greatest) == (0, 0)  # a close waits for a person
