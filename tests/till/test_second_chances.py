"""Held, quarantined, newer, private: nothing is lost, and a person can bring each of them home."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.app import JOBS
from pos.catalogue.models import Product
from pos.kernel.canonical import parse
from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import new_id
from pos.outbox.service import do_one
from pos.reports.check import check_all
from pos.till import commands
from pos.till.forms import events as forms
from pos.till.jobs import keep_rechecking
from pos.till.models import Flag, HeldEvent, InvoiceRequest, NewProduct, Quarantined, Sale, Shift, UnappliedEvent
from pos.till.service import replay
from pos.till.service.intake import take_events
from pos.till.service.private import erase_private, read_private
from tests.databases import SECRET
from tests.till.golden import GOLDEN, RECEIVED, SETUP, World, again, build, sent

LOG: list[dict[str, Any]] = GOLDEN["log"]
P1 = SETUP["producers"][0]["id"]


def one(kind: str, body: dict[str, Any], **more: Any) -> str:
    """A further event of the golden log's device."""
    base = LOG[0]["event"]
    return again(base, id=new_id(), seq=more.pop("seq", 11), prev="1" * 64, kind=kind, body=body, **more)


def test_a_revoked_devices_events_are_held_then_booked_once(session: Session) -> None:
    world = build()
    raw = ('{"events":[' + ",".join(sent(case) for case in LOG) + "]}").encode()

    first = take_events(world.log_id, raw, received_at=RECEIVED, secret=SECRET, revoked=True)
    second = take_events(world.log_id, raw, received_at=RECEIVED, secret=SECRET, revoked=True)
    assert {r["status"] for r in (*first["results"], *second["results"])} == {"held"}
    assert world.balances(session) == {}
    assert session.scalar(select(func.count()).select_from(HeldEvent)) == len(LOG)
    session.rollback()

    results = replay.accept_held(world.log_id, secret=SECRET, by=new_id(), at=RECEIVED)
    assert [r["status"] for r in results] == ["recorded"] * len(LOG)
    session.rollback()
    assert world.balances(session) == GOLDEN["end_balances"]
    assert replay.accept_held(world.log_id, secret=SECRET, by=new_id(), at=RECEIVED) == []


def test_a_quarantined_original_is_read_repaired_and_booked(session: Session) -> None:
    world = build()
    broken = GOLDEN["hostile"][0]["event"]  # the total says 496,500 under a hash of 495,500
    world.send(sent(LOG[0]), broken)
    [quarantined] = session.scalars(select(Quarantined.id)).all()
    session.rollback()

    _, text = replay.original_of(session, quarantined, secret=SECRET, by="p", at=RECEIVED)
    assert text == broken
    session.rollback()
    with pytest.raises(Invalid, match="still_wrong"):
        replay.repair(
            quarantined, text.replace('"qty_milli":2000', '"qty_milli":-2'), secret=SECRET, by="p", at=RECEIVED
        )

    result = replay.repair(quarantined, text.replace("496500", "495500"), secret=SECRET, by="p", at=RECEIVED)
    assert (result["status"], result["seq"]) == ("recorded", 2)
    session.rollback()
    assert session.scalar(select(Sale.total_vnd)) == 495_500
    assert session.scalar(select(func.count()).select_from(Quarantined)) == 1  # the original stays
    session.rollback()
    with pytest.raises(Conflict, match="repaired"):
        replay.repair(quarantined, text, secret=SECRET, by="p", at=RECEIVED)


def test_a_newer_format_is_kept_closing_waits_and_it_is_replayed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build()
    newer = again(LOG[5]["event"], v=2)
    rest = [sent(case) for case in LOG[:5]] + [newer] + [sent(case) for case in LOG[6:]]
    statuses = [r["status"] for r in world.send(*rest)]
    assert statuses[5] == "recorded"
    assert session.scalar(select(Shift.state)) == "closing"
    session.rollback()
    assert replay.replay_unapplied(at=RECEIVED) == 0

    for module in (replay, forms):
        monkeypatch.setattr(module, "VERSION", 2)
    assert commands.VERSION == 1
    assert replay.replay_unapplied(at=RECEIVED) == 1
    assert replay.replay_unapplied(at=RECEIVED) == 0
    session.rollback()
    assert world.balances(session) == GOLDEN["end_balances"]
    assert session.scalar(select(Shift.state)) == "closed"
    assert session.scalar(select(func.count()).select_from(UnappliedEvent)) == 0


def test_private_is_outside_the_hash_sealed_and_erasable(session: Session) -> None:
    world = build()
    sale = LOG[1]["event"]["id"]
    buyer = {"name": "Công ty Ánh Dương", "tax_code": "0101234567"}
    body = {"sale": sale, "buyer_sha256": "a" * 64}
    plain = one("invoice.request", body)
    with_private = json.dumps(parse(plain) | {"private": buyer}, ensure_ascii=False)

    assert [r["status"] for r in world.send(sent(LOG[0]), sent(LOG[1]), with_private)][2] == "recorded"
    event_id = parse(plain)["id"]
    assert json.loads(read_private(session, event_id, secret=SECRET) or "") == buyer
    assert session.get_one(InvoiceRequest, event_id).sale_id == sale
    assert erase_private(session, event_id, at=RECEIVED)
    assert read_private(session, event_id, secret=SECRET) is None
    session.rollback()


def test_goods_first_named_at_the_till_are_sold_under_their_id(session: Session) -> None:
    world = build()
    product = new_id()
    named = one("product.new", {"id": product, "name": "Mứt sen Tây Hồ", "price": 45_000, "producer": P1}, seq=2)
    lines = [LOG[1]["event"]["body"]["lines"][0] | {"product": product, "price": 45_000, "qty_milli": 1000,
                                                    "gross": 45_000, "paid": 45_000, "stars": None}]  # fmt: skip
    tenders = [{"id": new_id(), "kind": "cash", "amount": 45_000, "state": "seen"}]
    body = {"receipt_no": "HK03A-261121-9", "lines": lines, "tenders": tenders, "total": 45_000}

    statuses = [(r["status"], r["flags"]) for r in world.send(sent(LOG[0]), named, one("sale", body, seq=3))]

    assert statuses[1:] == [("flagged", ["chain_broken"]), ("flagged", ["chain_broken", "negative_stock"])]
    assert session.get_one(Product, product).name == "Mứt sen Tây Hồ"
    assert world.balances(session)["unsettled:P1"] == -37_710  # 45,000 − 15 % − 8 % of it


def test_lines_sold_before_their_goods_were_named_are_assigned_when_they_are(session: Session) -> None:
    world = build()
    product = new_id()
    lines = [LOG[1]["event"]["body"]["lines"][0] | {"product": product, "price": 45_000, "qty_milli": 1000,
                                                    "gross": 45_000, "paid": 45_000, "stars": None}]  # fmt: skip
    tenders = [{"id": new_id(), "kind": "cash", "amount": 45_000, "state": "seen"}]
    body = {"receipt_no": "HK03A-261121-9", "lines": lines, "tenders": tenders, "total": 45_000}
    sale = one("sale", body, seq=3)

    world.send(sent(LOG[0]), sale)
    assert world.balances(session)["unidentified_receipts"] == -45_000
    session.rollback()
    world.send(one("product.new", {"id": product, "name": "Mứt sen", "price": 45_000, "producer": P1}, seq=2))

    assert world.balances(session).get("unidentified_receipts", 0) == 0
    assert world.balances(session)["unsettled:P1"] == -37_710
    waiting = select(Flag.code).where(Flag.event_id == parse(sale)["id"], Flag.closed_at.is_(None))
    assert not {"no_agreement", "unknown_product"} & set(session.scalars(waiting))
    assert [(found.number, found.problems) for found in check_all(session) if not found.holds] == []


def test_goods_without_an_owner_wait_for_a_person(session: Session) -> None:
    world = build()
    product = new_id()

    world.send(one("product.new", {"id": product, "name": "Hàng lạ", "price": 45_000}, seq=1))

    assert session.get_one(NewProduct, product).producer_id is None
    assert session.get(Product, product) is None
    assert "unknown_product" in session.scalars(select(Flag.code)).all()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("tender.seen", {"sale": new_id(), "tender": new_id()}),
        ("shift.continue", {"from_device": new_id(), "reason": "mất máy"}),
        ("receipt.printed", {"sale": new_id(), "printer": "x", "copy": 1}),
        ("line.remove", {"what": "anything"}),
        ("cart.cancel", {}),
        ("drawer.open", {"reason": "đổi tiền"}),
        ("staff.switch", {"to": new_id()}),
        ("training.sale", {"receipt_no": "TAP-1", "total": 99}),
    ],
)
def test_every_other_kind_is_kept_and_moves_no_money(session: Session, kind: str, body: dict[str, Any]) -> None:
    world: World = build()

    [result] = world.send(one(kind, body, seq=1))

    assert result["status"] in ("recorded", "flagged")
    assert world.balances(session) == {}


def test_one_that_still_cannot_be_read_waits_and_the_rest_go_on(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build()
    alien = again(LOG[0]["event"], v=2, id=new_id(), kind="shift.dance", shift=new_id(), seq=11)
    newer = again(LOG[5]["event"], v=2, seq=12)
    world.send(*(sent(case) for case in LOG[:5]), alien, newer)
    for module in (replay, forms):
        monkeypatch.setattr(module, "VERSION", 2)

    assert replay.replay_unapplied(at=RECEIVED) == 1

    session.rollback()
    [left] = session.scalars(select(UnappliedEvent)).all()
    assert left.event_id == parse(alien)["id"]
    assert "unknown kind" in left.why
    assert replay.count_unapplied(session) == 1


def test_the_job_replays_when_this_release_can_read_them(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build()
    world.send(*(sent(case) for case in LOG[:1]), again(LOG[1]["event"], v=2))
    assert replay.count_unapplied(session) == 1
    with unit_of_work() as work:
        keep_rechecking(work, at=RECEIVED)
    for module in (replay, forms):
        monkeypatch.setattr(module, "VERSION", 2)

    while do_one(JOBS, now()):
        pass

    session.rollback()
    assert replay.count_unapplied(session) == 0
    assert session.scalar(select(Sale.total_vnd)) == LOG[1]["event"]["body"]["total"]
