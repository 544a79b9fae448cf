"""Any events in any order, any number of times: the same books, and every invariant holds."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from pos.app import create_app
from pos.consignment.commands import AssignOwner
from pos.consignment.models import Agreement, AgreementVersion, SettlementLine, Share
from pos.consignment.service.assignments import nobodys
from pos.kernel.db import db, unit_of_work
from pos.reports.check import check_all
from pos.stock.models import Level
from pos.till.commands import KINDS
from pos.till.models import PendingReturn, SaleReturn
from pos.till.service.assignments import assign_line
from tests.databases import SECRET, Templates
from tests.till.golden import RECEIVED, World
from tests.till.life import P2, Life, wild_world
from tests.till.tablet import enrol


@contextmanager
def fresh(templates: Templates) -> Iterator[Session]:
    """A database of its own: the books of two runs are compared."""
    url, name = templates.fresh()
    app = create_app(Config(database_url=url, secret_key=SECRET, demo=False))
    with app.app_context():
        yield db.session()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    templates.drop(name)


def books_after(templates: Templates, life: Life, requests: list[list[tuple[int, str]]]) -> dict[str, Any]:
    """Send the requests to an empty database; every invariant holds, then everything by name.

    Half of the lines without an owner get one at the end, those that came back too."""
    with fresh(templates) as session:
        world = wild_world()
        logs = [
            enrol(world, "B", device=life.tablets[0].device),
            enrol(world, "C", True, device=life.tablets[1].device),
        ]
        for request in requests:
            for n in (0, 1):
                if events := [event for tablet, event in request if tablet == n]:
                    statuses = {result["status"] for result in world.send(*events, log_id=logs[n].log_id)}
                    assert statuses <= {"recorded", "flagged", "repeated"}
        sound(session)
        assert world.balances(session).get("refund_pending:S1", 0) == refunds_waiting(session)
        for n, (event_id, line_no) in enumerate(waiting_lines(session)):
            if n % 2 == 0:
                assign(session, world, event_id, line_no)
        sound(session)
        return {
            "balances": world.balances(session),
            "stock": {place: milli for place, milli in stock_everywhere(session).items() if milli},
            "settlement": Counter(world.settlement(session)),
            "per line": Counter(lines_of_shares(session)),
        }


def sound(session: Session) -> None:
    session.rollback()
    assert [(found.number, found.problems) for found in check_all(session) if not found.holds] == []


def refunds_waiting(session: Session) -> int:
    """đồng paid out for sales that are not here."""
    waits = (SaleReturn.sale_id == PendingReturn.sale_id) & (SaleReturn.line == PendingReturn.line)
    return int(session.scalar(select(func.sum(SaleReturn.paid_vnd)).join(PendingReturn, waits)) or 0)


def waiting_lines(session: Session) -> list[tuple[str, int]]:
    rows = session.execute(select(Share.event_id, Share.line).where(nobodys()).order_by(Share.event_id, Share.line))
    return [(event_id, line_no) for event_id, line_no in rows]


def assign(session: Session, world: World, event_id: str, line_no: int) -> None:
    version = select(AgreementVersion.id).join(Agreement).where(Agreement.producer_id == P2)
    found = session.scalars(version).one()
    with unit_of_work() as work:
        assign_line(work, AssignOwner(world.operator_id, event_id, line_no, found), by=None, at=RECEIVED)


def stock_everywhere(session: Session) -> dict[tuple[str, ...], int]:
    key = (Level.place_kind, Level.place_id, Level.product_id, Level.lot_id)
    return {tuple(place): int(milli) for *place, milli in session.execute(select(*key, Level.on_hand_milli))}


def lines_of_shares(session: Session) -> list[tuple[Any, ...]]:
    """Settlement lines by the ticket they stand on."""
    rows = session.execute(
        select(Share.event_id, Share.line, SettlementLine.kind, SettlementLine.producer_id, SettlementLine.amount_vnd)
        .join(SettlementLine, SettlementLine.share_id == Share.id)
    )  # fmt: skip
    return [tuple(row) for row in rows]


def test_every_kind_of_event_is_among_them() -> None:
    lives = [Life(seed) for seed in range(60)]
    kinds = {json.loads(event)["kind"] for life in lives for _, event in life.events}
    rows = [row for life in lives for n, event in life.events if n == 1 for row in sold(json.loads(event))]
    discounts = [discount for row in rows for discount in row["line_discounts"]]  # at the fair

    assert kinds == set(KINDS)
    organizer = {f["bp"] < 10_000 for discount in discounts for f in discount["funders"] if f["who"] == "organizer"}
    assert organizer == {True, False}


def sold(event: dict[str, Any]) -> list[dict[str, Any]]:
    return event["body"].get("lines", []) if event["kind"] == "sale" else []


@pytest.mark.parametrize("seed", range(10))
def test_any_order_any_repeats_the_same_books(templates: Templates, seed: int) -> None:
    life, dice = Life(seed), random.Random(seed + 1000)

    in_order = books_after(templates, life, [life.events])
    wild = books_after(templates, life, shuffled_twice(life.events, dice))

    assert wild == in_order
    assert not any(account.startswith("drawer") for account in wild["balances"])


@pytest.mark.parametrize("seed", range(10, 14))
def test_a_sale_that_never_comes_leaves_the_same_books_in_any_order(templates: Templates, seed: int) -> None:
    """Its refund stays open, its shift waits for it, everything else goes on."""
    life, dice = Life(seed), random.Random(seed + 1000)
    gone = dice.choice([id_ for id_ in returned_from(life) if id_ in {e["id"] for e in said(life)}])
    here = [(tablet, event) for tablet, event in life.events if json.loads(event)["id"] != gone]

    in_order = books_after(templates, life, [here])
    wild = books_after(templates, life, shuffled_twice(here, dice))

    assert wild == in_order
    assert any(account.startswith("refund_pending") for account in wild["balances"])
    assert any(account.startswith("drawer") for account in wild["balances"])  # its shift is closed, waiting


def shuffled_twice(events: list[tuple[int, str]], dice: random.Random) -> list[list[tuple[int, str]]]:
    """In any order, half of them again, four to a request."""
    shuffled = events + dice.choices(events, k=len(events) // 2)
    dice.shuffle(shuffled)
    return [shuffled[n : n + 4] for n in range(0, len(shuffled), 4)]


def said(life: Life) -> list[dict[str, Any]]:
    return [json.loads(event) for _, event in life.events]


def returned_from(life: Life) -> list[str]:
    """The sales of which something came back."""
    return [back["sale"] for event in said(life) for back in event["body"].get("returns", []) if back["sale"]]
