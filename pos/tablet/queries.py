"""What a tablet is told besides the goods: its till, its people, its settings."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog, Grant, Person
from pos.access.rules import ROLES, limits_of
from pos.access.service import device_pins
from pos.catalogue.models import Product
from pos.catalogue.queries.promotions import bundles_for, promotions_for
from pos.catalogue.reference import read
from pos.catalogue.service.pins import list_pins
from pos.consignment.queries.terms import discount_terms
from pos.kernel.canonical import parse
from pos.kernel.clock import iso, local_date
from pos.kernel.models import Installation
from pos.places.models import Fair, Operator, Site, Till
from pos.places.queries import list_issuers, list_tenders
from pos.receipts.queries import printer_for
from pos.tablet.guards import Enrolled
from pos.till.models import Quarantined, Sale, SaleLine, SaleReturn, Shift, Tender, TillEvent
from pos.till.rules.proof import key_id_of
from pos.till.service.progress import missing_between
from pos.till.service.shifts import missing_of

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


def staff_of(session: Session, here: Enrolled, *, secret: str) -> list[dict[str, Any]]:
    """Those who sell at this site or fair, or for the whole operator: with their limits, and their PIN as this
    tablet checks it (docs/decisions/pins.md). Nobody's password is ever among it."""
    places = [(Grant.scope_kind == "operator") & (Grant.scope_id == here.operator_id)]
    places.append((Grant.scope_kind == "site") & (Grant.scope_id == here.site_id))
    if here.fair_id:
        # Somebody of a fair sells there for one operator only: the grant names the operator's booth or the operator.
        places.append((Grant.scope_kind == "fair") & (Grant.scope_id == here.fair_id))
    rows = session.execute(
        select(Person.id, Person.name, Grant.role)
        .join(Grant, Grant.person_id == Person.id)
        .where(Person.active, Grant.revoked_at.is_(None), Grant.role.in_(SELLERS), or_(*places))
        .order_by(Person.name, Person.id, Grant.role)
    )
    people: dict[str, tuple[str, set[str]]] = {}
    for id_, name, role in rows:
        people.setdefault(id_, (name, set()))[1].add(role)
    pins = device_pins(session, here.log_id, people, secret=secret)
    makers = _makers_of(session, people)
    return [
        {
            "id": id_,
            "name": name,
            "role": "supervisor" if "supervisor" in roles else "cashier",
            "producer": next(iter(makers.get(id_, ())), None),
            **({"producers": makers[id_]} if len(makers.get(id_, ())) > 1 else {}),
            "limits": limits_of(roles),
            "pin": pins.get(id_),
        }
        for id_, (name, roles) in people.items()
    ]


def _makers_of(session: Session, people: Collection[str]) -> dict[str, list[str]]:
    """Of whom somebody who sells here is: the producers they stand for, by person; of several they choose."""
    rows = session.execute(
        select(Grant.person_id, Grant.scope_id)
        .where(Grant.person_id.in_(people), Grant.role == "producer", Grant.revoked_at.is_(None))
        .distinct()
        .order_by(Grant.person_id, Grant.scope_id)
    )
    makers: dict[str, list[str]] = {}
    for person_id, producer_id in rows:
        makers.setdefault(person_id, []).append(producer_id)
    return makers


def bank_name(bin_: str) -> str:
    """A bank as people call it; its BIN when we do not know it."""
    return next((row["short_name"] for row in read("vietqr-banks") if row["bin"] == bin_), bin_)


def keys_of(session: Session, operator_id: str) -> list[dict[str, Any]]:
    """Public keys of the operator's tablets, so that each can verify the others' receipts without a network.

    A stolen one's ends (`until`, Unix minutes) when its right was taken: what it signs later proves nothing.
    """
    rows = session.execute(
        select(DeviceLog.till_code, DeviceLog.public_key, DeviceLog.stolen_at, DeviceLog.revoked_at)
        .where(DeviceLog.operator_id == operator_id, DeviceLog.public_key.is_not(None))
        .order_by(DeviceLog.till_code)
    )
    keys: list[dict[str, Any]] = []
    for till_code, text, stolen_at, revoked_at in rows:
        jwk = parse(text or "")
        if isinstance(jwk, dict) and {"crv", "kty", "x", "y"} <= jwk.keys():
            ends = {} if stolen_at is None else {"until": int((revoked_at or stolen_at).timestamp()) // 60}
            keys.append({"id": key_id_of(jwk), "till": till_code, "jwk": jwk} | ends)
    return keys


def reductions_of(session: Session, here: Enrolled, *, at: datetime) -> dict[str, Any]:
    """What may be taken off at this place: promotions, hampers, and what producers pay of a discount."""
    place: dict[str, Any] = {"operator_id": here.operator_id, "site_id": here.site_id, "fair_id": here.fair_id}
    return {
        "promotions": promotions_for(session, **place, at=at),
        "bundles": bundles_for(session, here.operator_id),
        "terms": discount_terms(session, here.operator_id, since=local_date(at)),
    }


def settings_of(session: Session, here: Enrolled) -> dict[str, Any]:
    """What the till needs to know of its operator and site."""
    operator, site = session.get_one(Operator, here.operator_id), session.get_one(Site, here.site_id)
    place = session.get(Installation, 1)
    qr = None
    payee = site if site.bank_account else operator
    if payee.bank_bin and payee.bank_account:
        qr = {
            "bin": payee.bank_bin,
            "account": payee.bank_account,
            "name": payee.bank_holder,
            "bank": bank_name(payee.bank_bin),
        }
    return {
        "cash_rounding": operator.cash_rounding_vnd,
        "vietqr": qr,
        **_tenders_of(session, here.operator_id),
        "close_limit": operator.close_limit_vnd,
        "printer": printer_for(session, till_id=here.till_id, site_id=here.site_id) is not None,
        "watermark": "MẪU" if place and place.demo else None,
        "languages": ["vi", "en"],
        "operator": operator.name,
        "tax_code": operator.tax_code,
        "site": site.name,
        "sites": _other_sites(session, here),
        "pins": list_pins(session, here.site_id),
        "address": site.address,
        "origin": place.origin if place else None,
        "certificate_policy": operator.certificate_policy,
        "label_patterns": json.loads(operator.label_patterns),
    }


def _tenders_of(session: Session, operator_id: str) -> dict[str, Any]:
    """How one can pay here: `tenders` for builds that know only codes, `tender_kinds` with names and places."""
    kinds = [kind for kind in list_tenders(session, operator_id) if kind.place != "off"]
    issuers = list_issuers(session, operator_id, active=True)
    return {
        "tenders": [kind.code for kind in kinds if kind.place == "row"],
        "tender_kinds": [
            {"code": kind.code, "base": kind.base, "name": kind.name, "name_en": kind.name_en, "place": kind.place}
            for kind in kinds
        ],
        "voucher_issuers": [{"id": issuer.id, "name": issuer.name} for issuer in issuers],
    }


def _other_sites(session: Session, here: Enrolled) -> list[dict[str, str]]:
    """Where goods may come from or go to: the operator's other open sites."""
    rows = session.execute(
        select(Site.id, Site.name)
        .where(Site.operator_id == here.operator_id, Site.active, Site.id != here.site_id)
        .order_by(Site.name, Site.id)
    )
    return [{"id": id_, "name": name} for id_, name in rows]


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
        "missing": missing_between(session, log.id, log.received_through, log.greatest),
        "quarantined": len(waiting.all()),
        "shifts": [
            {"id": s.id, "day": s.day.isoformat(), "state": s.state, "waiting": _waiting(session, s)} for s in shifts
        ],
        "others": others_of(session, here),
    }


def _waiting(session: Session, shift: Shift) -> int:
    """How many events the shift's close waits for; 0 while it sells."""
    return missing_of(session, shift, session.get_one(TillEvent, shift.close_event)) if shift.close_event else 0


def others_of(session: Session, here: Enrolled) -> list[dict[str, Any]]:
    """The shifts that other tablets have open at this site: one of them may be lost, and this one goes on for it.

    `devices`: every log with events of the shift and how far it is known; `drawer`: what should be in it by those.
    """
    rows = session.execute(
        select(Shift, DeviceLog.device_id, DeviceLog.till_code, Person.name)
        .join(DeviceLog, DeviceLog.id == Shift.log_id)
        .outerjoin(Person, Person.id == Shift.opened_by)
        .where(
            Shift.operator_id == here.operator_id, Shift.site_id == here.site_id, Shift.state == "open",
            Shift.log_id != here.log_id, Shift.opened_event.is_not(None),
        )
        .order_by(Shift.last_at.desc(), Shift.id)
        .limit(20)
    ).all()  # fmt: skip
    ids = [shift.id for shift, *_ in rows]
    logs = session.execute(
        select(TillEvent.shift_id, DeviceLog.id, DeviceLog.device_id, DeviceLog.greatest)
        .join(DeviceLog, DeviceLog.id == TillEvent.log_id)
        .where(TillEvent.shift_id.in_(ids))
        .distinct()
        .order_by(DeviceLog.device_id)
    ).all()
    return [
        {
            "id": shift.id, "day": shift.day.isoformat(), "last_at": iso(shift.last_at),
            "opened_at": iso(shift.opened_at or shift.last_at),
            "device": device, "till": till_code, "keeper": shift.keeper, "opened_by": name,
            "float": shift.float_vnd, "counted": shift.float_counted, "sales": shift.sales,
            "drawer": shift.drawer_vnd,
            "devices": [
                {"device": each, "seq": seq} for of, log, each, seq in logs if of == shift.id and log != here.log_id
            ],
        }
        for shift, device, till_code, name in rows
    ]  # fmt: skip


def sold_of(session: Session, sale_id: str) -> dict[str, Any]:
    """What another tablet needs to take a sale back to the đồng: its body, what came back, its corrections.

    `backs[]`: ticket, returned (all that ticket took back), lines [{line, qty_milli, paid}], tenders. Five queries.
    """
    lines = session.execute(
        select(SaleLine.name, Product.name_en)
        .outerjoin(Product, Product.id == SaleLine.product_id)
        .where(SaleLine.sale_id == sale_id)
        .order_by(SaleLine.line)
    ).all()
    backs: dict[str, dict[str, Any]] = {}
    rows = session.execute(
        select(Sale.id, Sale.returned_vnd, SaleReturn.of_line, SaleReturn.qty_milli, SaleReturn.paid_vnd)
        .join(SaleReturn, SaleReturn.sale_id == Sale.id)
        .where(SaleReturn.of_sale_id == sale_id)
        .order_by(Sale.received_at, Sale.id, SaleReturn.line)
    )
    for ticket, returned, line, qty_milli, paid in rows:
        back = backs.setdefault(ticket, {"ticket": ticket, "returned": returned, "lines": [], "tenders": []})
        back["lines"].append({"line": line, "qty_milli": qty_milli, "paid": paid})
    bodies = _bodies(session, {sale_id, *backs})
    for ticket, back in backs.items():
        back["tenders"] = bodies[ticket]["tenders"]
    later = set(
        session.scalars(
            select(Tender.event_id)
            .join(TillEvent, TillEvent.id == Tender.event_id)
            .where(Tender.sale_id == sale_id, TillEvent.kind == "tender.correct")
        )
    )
    corrections = _bodies(session, later)
    body = bodies[sale_id]
    return {
        "sale": sale_id,
        "body": {name: body.get(name) for name in ("receipt_no", "lines", "discounts", "tenders", "total")},
        "names": {"vi": [name for name, _ in lines], "en": [english or name for name, english in lines]},
        "backs": list(backs.values()),
        "corrections": [{"from": each["from"], "tenders": each["tenders"]} for each in corrections.values()],
    }


def _bodies(session: Session, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    rows = session.execute(
        select(TillEvent.id, TillEvent.canonical).where(TillEvent.id.in_(ids)).order_by(TillEvent.at)
    )
    return {id_: json.loads(text)["body"] for id_, text in rows}
