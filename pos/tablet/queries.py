"""What a tablet is told besides the goods: its till, its people, its settings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog, Grant, Person
from pos.access.rules import ROLES
from pos.catalogue.reference import read
from pos.kernel.models import Installation
from pos.places.models import Fair, Operator, Site, Till
from pos.receipts.queries import printer_for
from pos.tablet.guards import Enrolled
from pos.till.models import Quarantined, Shift

SELLERS = tuple(role for role, actions in ROLES.items() if "till.sell" in actions)


def till_of(session: Session, log: DeviceLog) -> dict[str, Any]:
    """The `till` of the enrolment answer."""
    till = session.get_one(Till, log.till_id)
    site, operator = session.get_one(Site, log.site_id), session.get_one(Operator, log.operator_id)
    fair = session.get(Fair, log.fair_id) if log.fair_id else None
    return {
        "id": till.id,
        "code": log.till_code,
        "name": till.name,
        "site": {"id": site.id, "name": site.name, "code": site.code, "kind": site.kind},
        "operator": {"id": operator.id, "name": operator.name, "code": operator.code},
        "fair": {"id": fair.id, "name": fair.name, "code": fair.code} if fair else None,
        "takings": "operator",
    }


def staff_of(session: Session, here: Enrolled) -> list[dict[str, Any]]:
    """Those who sell at this site or fair, or for the whole operator."""
    places = [(Grant.scope_kind == "operator") & (Grant.scope_id == here.operator_id)]
    places.append((Grant.scope_kind == "site") & (Grant.scope_id == here.site_id))
    if here.fair_id:
        # Somebody of a fair sells there for one operator only: the grant names the operator's booth or the operator.
        places.append((Grant.scope_kind == "fair") & (Grant.scope_id == here.fair_id))
    rows = session.execute(
        select(Person.id, Person.name, Grant.role)
        .join(Grant, Grant.person_id == Person.id)
        .where(Person.active, Grant.revoked_at.is_(None), Grant.role.in_(SELLERS), or_(*places))
        .order_by(Person.name, Person.id)
    )
    people: dict[str, dict[str, Any]] = {}
    for id_, name, role in rows:
        one = people.setdefault(
            id_, {"id": id_, "name": name, "role": role, "producer": None, "limits": {}, "pin": None}
        )
        if role == "supervisor":
            one["role"] = role
    return list(people.values())


def bank_name(bin_: str) -> str:
    """A bank as people call it; its BIN when we do not know it."""
    return next((row["short_name"] for row in read("vietqr-banks") if row["bin"] == bin_), bin_)


def settings_of(session: Session, here: Enrolled) -> dict[str, Any]:
    """What the till needs to know of its operator and site."""
    operator, site = session.get_one(Operator, here.operator_id), session.get_one(Site, here.site_id)
    place = session.get(Installation, 1)
    qr = None
    if operator.bank_bin and operator.bank_account:
        qr = {
            "bin": operator.bank_bin,
            "account": operator.bank_account,
            "name": operator.bank_holder,
            "bank": bank_name(operator.bank_bin),
        }
    return {
        "cash_rounding": operator.cash_rounding_vnd,
        "vietqr": qr,
        "tenders": operator.tenders.split(","),
        "printer": printer_for(session, till_id=here.till_id, site_id=here.site_id) is not None,
        "watermark": "MẪU" if place and place.demo else None,
        "languages": ["vi", "en"],
        "operator": operator.name,
        "site": site.name,
        "address": site.address,
        "origin": place.origin if place else None,
        "certificate_policy": operator.certificate_policy,
    }


def status_of(session: Session, here: Enrolled) -> dict[str, Any]:
    """What the server has of this tablet's log and its open shifts."""
    log = session.get_one(DeviceLog, here.log_id)
    shifts = session.scalars(
        select(Shift).where(Shift.log_id == here.log_id, Shift.state != "closed").order_by(Shift.last_at)
    )
    waiting = session.scalars(
        select(Quarantined.id).where(Quarantined.log_id == here.log_id, Quarantined.repaired_at.is_(None))
    )
    return {
        "till": till_of(session, log),
        "received_through": log.received_through,
        "recorded_through": log.recorded_through,
        "greatest": log.greatest,
        "quarantined": len(waiting.all()),
        "shifts": [{"id": s.id, "day": s.day.isoformat(), "state": s.state} for s in shifts],
    }
