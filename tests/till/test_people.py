"""Who sells and what is in the drawer, as the server takes it in: floats, reasons, helpers, lost tablets."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.models import AccessLog, DeviceLog, Person
from pos.kernel.canonical import canonical, digest
from pos.kernel.ids import new_id
from pos.reports.check import check_all
from pos.tablet.guards import Enrolled
from pos.tablet.queries import others_of, status_of
from pos.till.models import Flag, Shift, TillEvent
from tests.till.golden import SETUP, World, build
from tests.till.tablet import Tablet, enrol, line

STAFF = SETUP["staff"][0]["id"]
BOWL = SETUP["products"][2]["id"]
P3 = SETUP["producers"][2]["id"]


@pytest.fixture
def world(app: Any) -> World:
    return build()


@pytest.fixture
def tablet(world: World) -> Tablet:
    tablet = Tablet(world.log_id)
    world.names[tablet.shift] = "D1"
    return tablet


def sell(tablet: Tablet, amount: int = 89_000) -> dict[str, Any]:
    return tablet.sale(line(BOWL, 1, amount), tenders={"cash": amount})


def told(tablet: Tablet, world: World, *events: dict[str, Any]) -> list[list[str]]:
    return [result["flags"] for event in events for result in tablet.tell(world, event)]


def sound(session: Session) -> None:
    session.rollback()
    assert [(f.number, f.problems) for f in check_all(session) if not f.holds] == []


# ── The float ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_float_counted_later_is_the_float_in_any_order(
    world: World, tablet: Tablet, session: Session, order: tuple[int, ...]
) -> None:
    log = [
        tablet.write("shift.open", float=0, count=None, keeper=None),
        sell(tablet),
        tablet.write("cash.move", direction="in", amount=500_000, reason="float", count={"100000": 5}),
        tablet.write("shift.close", counted=589_000, devices=[], z="HK03A-Z1"),
    ]
    for n in order:
        tablet.tell(world, log[n])

    session.rollback()
    shift = session.get_one(Shift, tablet.shift)
    assert (shift.float_vnd, shift.float_counted, shift.state, shift.expected_vnd) == (500_000, True, "closed", 589_000)
    assert shift.z_no == "HK03A-Z1"
    balances = world.balances(session)
    assert (balances.get("safe:S1"), balances.get("cash_variance:D1")) == (89_000, None)
    sound(session)


# ── Reasons ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("reason", "account"),
    [
        ("theft", "shrinkage_expense"),
        ("staff_advance", f"staff_receivable:{STAFF}"),
        ("supplies", "misc_expense"),
        ("Mua đá", "misc_expense"),
        (None, "misc_expense"),
    ],
)
def test_cash_paid_out_posts_by_its_reason(
    world: World, tablet: Tablet, session: Session, reason: str | None, account: str
) -> None:
    move = tablet.write("cash.move", direction="out", amount=30_000, reason=reason)
    tablet.tell(world, move)

    assert world.entries_of(session, move["id"]) == [{account: 30_000, "drawer:D1": -30_000}]
    sound(session)


def test_what_is_stolen_from_kept_takings_is_the_keepers_loss(world: World, tablet: Tablet, session: Session) -> None:
    tablet.keeper = P3
    opened = tablet.write("shift.open", float=0, count=None, keeper=P3)
    sold = sell(tablet)
    stolen = tablet.write("cash.move", direction="out", amount=50_000, reason="theft")
    tablet.tell(world, opened, sold, stolen)

    assert world.entries_of(session, stolen["id"]) == []
    assert world.balances(session)["held_by_producer:P3"] == 89_000
    sound(session)


# ── Helpers ──────────────────────────────────────────────────────────────────
def helper_event(tablet: Tablet, helper: str, private: Any) -> dict[str, Any]:
    event = tablet.write("staff.switch", **{"from": STAFF, "to": helper, "helper": {"id": helper, "day": tablet.day}})
    return {**event, "private": private}


def by(tablet: Tablet, staff: str, event: dict[str, Any]) -> dict[str, Any]:
    """The event as this person made it; the log's last."""
    changed = {key: value for key, value in event.items() if key != "hash"} | {"staff": staff}
    changed["hash"] = tablet.prev = digest(canonical(changed))
    tablet.events[-1] = json.dumps(changed, ensure_ascii=False)
    return changed


@pytest.mark.parametrize("late", [False, True])
def test_a_helper_added_at_the_till_is_known_by_name(
    world: World, tablet: Tablet, session: Session, late: bool
) -> None:
    helper = new_id()
    opened = tablet.write("shift.open", float=0, count=None, keeper=None)
    added = helper_event(tablet, helper, {"helper": {"name": "  Cháu   Hoa\u0000 "}})
    sold = by(tablet, helper, sell(tablet))
    events = [opened, sold, added] if late else [opened, added, sold]

    flags = told(tablet, world, *events)

    assert flags[events.index(sold)] == (["unknown_staff"] if late else [])
    session.rollback()
    assert session.get_one(Person, helper).name == "Cháu Hoa"
    assert session.scalars(select(Flag.code).where(Flag.closed_at.is_(None), Flag.code == "unknown_staff")).all() == []
    kept = session.scalars(select(TillEvent.canonical).where(TillEvent.kind == "staff.switch")).one()
    assert "Hoa" not in kept
    said = session.scalars(select(AccessLog).where(AccessLog.action == "helper.add")).one()
    assert (said.subject_id, said.person_id) == (helper, STAFF)
    sound(session)


def test_a_helper_cannot_take_the_name_of_somebody_known(world: World, tablet: Tablet, session: Session) -> None:
    before = session.get_one(Person, STAFF).name
    tablet.tell(world, helper_event(tablet, STAFF, {"helper": {"name": "Kẻ Khác"}}))

    session.rollback()
    assert session.get_one(Person, STAFF).name == before


@pytest.mark.parametrize("private", [None, {"helper": "x"}, [1], {"helper": {"name": 7}}, {"helper": {"name": " "}}])
def test_a_helper_without_a_readable_name_is_still_somebody(
    world: World, tablet: Tablet, session: Session, private: Any
) -> None:
    helper = new_id()
    [flags] = told(tablet, world, helper_event(tablet, helper, private))

    assert "unknown_staff" not in flags
    session.rollback()
    assert session.get_one(Person, helper).name == "Phụ bán 21/11"


# ── A lost tablet ────────────────────────────────────────────────────────────
def here(session: Session, log_id: str) -> Enrolled:
    log = session.get_one(DeviceLog, log_id)
    return Enrolled(log.id, log.device_id, log.operator_id, log.site_id, log.fair_id, log.till_id, log.till_code, False)


def test_another_tablet_is_offered_the_open_shift_and_goes_on_with_it(
    world: World, tablet: Tablet, session: Session
) -> None:
    lost, found = tablet, enrol(world, "B")
    opened = lost.write("shift.open", float=100_000, count={"100000": 1}, keeper=None)
    sold = sell(lost)
    unsent = sell(lost)
    lost.tell(world, opened, sold)
    session.rollback()

    [offer] = others_of(session, here(session, found.log_id))

    assert offer["id"] == lost.shift
    assert (offer["drawer"], offer["float"], offer["sales"]) == (189_000, 100_000, 1)
    assert offer["devices"] == [{"device": lost.device, "seq": 2}]
    assert others_of(session, here(session, lost.log_id)) == []  # its own shift is not another's

    found.shift = lost.shift
    gone_on = found.write("shift.continue", from_device=lost.device, reason="mất máy")
    more = sell(found)
    close = found.write("shift.close", counted=278_000, devices=[*offer["devices"], {"device": found.device, "seq": 3}])
    found.tell(world, gone_on, more, close)

    session.rollback()
    shift = session.get_one(Shift, lost.shift)
    assert (shift.state, shift.expected_vnd, shift.counted_vnd) == ("closed", 278_000, 278_000)
    sound(session)

    [flags] = told(lost, world, unsent)  # the tablet is found again, with a sale nobody had seen
    assert "late" in flags
    sound(session)


def test_a_close_says_how_much_it_waits_for(world: World, tablet: Tablet, session: Session) -> None:
    opened = tablet.write("shift.open", float=0, count=None, keeper=None)
    missing = [sell(tablet), sell(tablet)]
    close = tablet.write("shift.close", counted=178_000, devices=[{"device": tablet.device, "seq": 4}])
    tablet.tell(world, opened, close)

    session.rollback()
    [waits] = status_of(session, here(session, world.log_id))["shifts"]
    assert (waits["state"], waits["waiting"]) == ("closing", 3)  # the close itself stands beyond the gap

    tablet.tell(world, *missing)
    session.rollback()
    assert status_of(session, here(session, world.log_id))["shifts"] == []
    sound(session)
