"""golden/events.json through the real intake: entries, settlement lines, stock; every order, twice; hostile input."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.kernel.canonical import canonical, digest
from pos.kernel.db import db
from pos.ledger.models import JournalEntry
from pos.stock.models import Movement
from pos.till.models import Quarantined, TillEvent
from tests.till.golden import GOLDEN, build, sent

LOG: list[dict[str, Any]] = GOLDEN["log"]


@pytest.mark.parametrize("case", LOG, ids=lambda case: f"{case['event']['seq']}-{case['event']['kind']}")
def test_canonical_bytes_and_hash(case: dict[str, Any]) -> None:
    event = {key: value for key, value in case["event"].items() if key != "hash"}

    assert canonical(event).decode() == case["canonical"]
    assert digest(canonical(event)) == case["hash"]


def test_in_order_the_entries_it_states(session: Session) -> None:
    world = build()
    for case in LOG:
        event, expect = case["event"], case["expect"]
        [result] = world.send(sent(case))
        assert (result["status"], result["flags"]) == ("recorded", [])
        assert world.entries_of(session, event["id"]) == expect["entries"]
        moved = session.execute(
            select(Movement.product_id, Movement.qty_milli, Movement.from_kind, Movement.to_kind)
            .where(Movement.source_id == event["id"])
            .order_by(Movement.line)
        ).all()
        wanted = [(m["product"], m["qty_milli"], m["from"], m["to"]) for m in expect.get("movements", [])]
        assert sorted(tuple(row) for row in moved) == sorted(wanted)
    assert_end(world, session)


def assert_end(world: Any, session: Session) -> None:
    session.rollback()
    session.expire_all()
    assert world.balances(session) == GOLDEN["end_balances"]
    assert world.on_hand(session) == GOLDEN["on_hand_milli"]
    wanted = sorted(
        (s["kind"], s["producer"], s["amount"], s["business_date"], s.get("available_on", s["business_date"]))
        for case in LOG
        for s in case["expect"].get("settlement_lines", [])
    )
    assert world.settlement(session) == wanted


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_and_twice_the_same_end(session: Session, seed: int) -> None:
    world = build()
    events = [sent(case) for case in LOG] * 2
    if seed == 0:
        events.reverse()
    else:
        random.Random(seed).shuffle(events)
    for n in range(0, len(events), 3):
        world.send(*events[n : n + 3])

    assert_end(world, session)
    assert session.scalar(select(func.count()).select_from(TillEvent)) == len(LOG)


def test_hostile_cases_get_their_statuses(session: Session) -> None:
    world = build()
    close = LOG[-1]
    for case in LOG:
        for hostile in GOLDEN["hostile"]:
            if hostile.get("before_log_seq", close["event"]["seq"]) == case["event"]["seq"]:
                [result] = world.send(hostile["event"])
                assert result["status"] == hostile["expect"], hostile["what"]
                assert result["flags"] == hostile.get("flags", []), hostile["what"]
                if "then" in hostile:
                    assert [r["status"] for r in world.send(hostile["then"])] == [hostile["then_expect"]]
        if case is not close:
            world.send(sent(case))

    assert session.scalar(select(func.count()).select_from(Quarantined)) == 7


def test_the_same_bad_bytes_twice_make_one_row(session: Session) -> None:
    world = build()
    bad = GOLDEN["hostile"][0]["event"]

    first, second = world.send(bad), world.send(bad)

    assert [r["status"] for r in (*first, *second)] == ["quarantined", "quarantined"]
    assert session.scalar(select(func.count()).select_from(Quarantined)) == 1


def test_one_bad_event_does_not_touch_the_next(session: Session) -> None:
    world = build()
    deep = '{"id":1,"x":' + "[" * 2000 + "]" * 2000 + "}"

    results = world.send(sent(LOG[0]), deep, "5", '{"n":' + "9" * 5000 + "}", sent(LOG[1]))

    assert [r["status"] for r in results] == ["recorded", "quarantined", "quarantined", "quarantined", "recorded"]
    assert [r.get("index") for r in results] == [None, 1, 2, 3, None]


def test_the_chain_of_entries_is_gapless(session: Session) -> None:
    world = build()
    world.send(*(sent(case) for case in LOG))

    rows = session.execute(
        select(JournalEntry.seq, JournalEntry.prev_hash, JournalEntry.hash).order_by(JournalEntry.seq)
    )
    last, seqs = "0" * 64, []
    for seq, prev, hash_ in rows:
        assert prev == last
        last = hash_
        seqs.append(seq)
    assert seqs == list(range(1, len(seqs) + 1))
    db.session.remove()
