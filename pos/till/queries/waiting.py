"""What of the tablets waits for a person: quarantined events, held events, devices. Reads only, scoped by Reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.access.reach import Reach
from pos.kernel.errors import NotFound
from pos.kernel.text import fold
from pos.places.models import Operator, Site, Till
from pos.till.models import HeldEvent, Quarantined

PAGE = 50
MOST = 500  # held events accepted in one request; the rest by pressing again


def _logs(reach: Reach) -> ColumnElement[bool]:
    return reach.where(operator=DeviceLog.operator_id, site=DeviceLog.site_id, fair=DeviceLog.fair_id)


# ── Quarantine ───────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Broken:
    """An event that could not be read, without its content."""

    id: str
    log_id: str
    till_code: str
    site: str
    operator: str
    operator_id: str
    site_id: str
    seq: int | None
    why: str
    received_at: datetime
    repaired_at: datetime | None


def _broken() -> Any:
    return (
        select(
            Quarantined.id, DeviceLog.id, DeviceLog.till_code, Site.name, Operator.name, DeviceLog.operator_id,
            DeviceLog.site_id, Quarantined.seq, Quarantined.why, Quarantined.received_at, Quarantined.repaired_at,
        )
        .join(DeviceLog, DeviceLog.id == Quarantined.log_id)
        .join(Site, Site.id == DeviceLog.site_id)
        .join(Operator, Operator.id == DeviceLog.operator_id)
    )  # fmt: skip


def list_broken(session: Session, reach: Reach, *, repaired: bool, page: int) -> tuple[list[Broken], bool]:
    """Those that wait, by operator and oldest first; those repaired, newest first. True when there are more."""
    done = Quarantined.repaired_at
    query = _broken().where(_logs(reach), done.is_not(None) if repaired else done.is_(None))
    order = (done.desc(),) if repaired else (Operator.name, Quarantined.received_at)
    rows = session.execute(query.order_by(*order, Quarantined.id).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return [Broken(*row) for row in rows[:PAGE]], len(rows) > PAGE


def get_broken(session: Session, quarantine_id: str) -> Broken:
    """One of them. Raises NotFound."""
    row = session.execute(_broken().where(Quarantined.id == quarantine_id)).one_or_none()
    if row is None:
        raise NotFound("quarantine.unknown")
    return Broken(*row)


def count_waiting(session: Session, reach: Reach) -> tuple[int, int]:
    """(quarantined events not repaired, held events not accepted) within reach."""
    broken = select(func.count()).select_from(Quarantined).join(DeviceLog, DeviceLog.id == Quarantined.log_id)
    held = select(func.count()).select_from(HeldEvent).join(DeviceLog, DeviceLog.id == HeldEvent.log_id)
    return (
        session.scalar(broken.where(_logs(reach), Quarantined.repaired_at.is_(None))) or 0,
        session.scalar(held.where(_logs(reach), HeldEvent.accepted_at.is_(None))) or 0,
    )


# ── Devices ──────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Device:
    """One enrolment: its last word, what it says it still has, what is missing and what waits for a person."""

    log_id: str
    till_code: str
    till: str
    site: str
    operator: str
    operator_id: str
    site_id: str
    fair_id: str | None
    till_id: str
    letter: str
    enrolled_at: datetime
    revoked_at: datetime | None
    last_seen_at: datetime | None
    last_event_at: datetime | None
    app: str | None
    unsent: int
    received_through: int
    greatest: int
    quarantined: int
    held: int
    held_since: datetime | None
    battery: int | None  # percent, as last told
    storage: int | None
    stolen_at: datetime | None

    @property
    def has_gaps(self) -> bool:
        """Something below the greatest number known is not here."""
        return self.greatest > self.received_through


def _devices() -> Any:
    broken = (
        select(Quarantined.log_id, func.count().label("n"))
        .where(Quarantined.repaired_at.is_(None))
        .group_by(Quarantined.log_id)
        .subquery()
    )
    held = (
        select(HeldEvent.log_id, func.count().label("n"), func.min(HeldEvent.received_at).label("since"))
        .where(HeldEvent.accepted_at.is_(None))
        .group_by(HeldEvent.log_id)
        .subquery()
    )
    return (
        select(
            DeviceLog.id, DeviceLog.till_code, Till.name, Site.name, Operator.name, DeviceLog.operator_id,
            DeviceLog.site_id, DeviceLog.fair_id, DeviceLog.till_id, DeviceLog.letter, DeviceLog.enrolled_at,
            DeviceLog.revoked_at, DeviceLog.last_seen_at, DeviceLog.last_event_at, DeviceLog.app,
            func.coalesce(DeviceLog.unsent_told, 0),
            DeviceLog.received_through, DeviceLog.greatest, func.coalesce(broken.c.n, 0),
            func.coalesce(held.c.n, 0), held.c.since, DeviceLog.battery_told, DeviceLog.storage_told,
            DeviceLog.stolen_at,
        )
        .join(Till, Till.id == DeviceLog.till_id)
        .join(Site, Site.id == DeviceLog.site_id)
        .join(Operator, Operator.id == DeviceLog.operator_id)
        .outerjoin(broken, broken.c.log_id == DeviceLog.id)
        .outerjoin(held, held.c.log_id == DeviceLog.id)
    )  # fmt: skip


def _waiting_in(table: type[Quarantined] | type[HeldEvent], done_at: Any) -> ColumnElement[bool]:
    return select(table.id).where(table.log_id == DeviceLog.id, done_at.is_(None)).exists()


def list_devices(session: Session, reach: Reach, *, revoked: bool, q: str = "", page: int) -> tuple[list[Device], bool]:
    """Tablets that want a person first, then by operator, site and till.

    `q` is the beginning of a till's code or words of a site's name, without accents.
    """
    query = _devices().where(
        _logs(reach), DeviceLog.revoked_at.is_not(None) if revoked else DeviceLog.revoked_at.is_(None)
    )
    broken, held = _waiting_in(Quarantined, Quarantined.repaired_at), _waiting_in(HeldEvent, HeldEvent.accepted_at)
    wants = case((or_(DeviceLog.greatest > DeviceLog.received_through, broken, held), 1), else_=0)
    if q:
        wanted = fold(q).split()
        sites = session.execute(select(Site.id, Site.name).where(reach.where(operator=Site.operator_id, site=Site.id)))
        named = [id_ for id_, name in sites if all(word in fold(name) for word in wanted)]
        query = query.where(or_(DeviceLog.till_code.istartswith(q, autoescape=True), Site.id.in_(named)))
    query = query.order_by(wants.desc(), Operator.name, Site.name, DeviceLog.till_code, DeviceLog.id)
    rows = session.execute(query.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return [Device(*row) for row in rows[:PAGE]], len(rows) > PAGE


def list_holding(session: Session, reach: Reach) -> list[Device]:
    """The devices with held events that nobody accepted, longest waiting first."""
    waiting = select(HeldEvent.log_id).where(HeldEvent.accepted_at.is_(None))
    rows = session.execute(_devices().where(_logs(reach), DeviceLog.id.in_(waiting)))
    return sorted((Device(*row) for row in rows), key=lambda d: (d.held_since or d.enrolled_at, d.log_id))


def get_device(session: Session, log_id: str) -> Device:
    """One enrolment. Raises NotFound."""
    row = session.execute(_devices().where(DeviceLog.id == log_id)).one_or_none()
    if row is None:
        raise NotFound("device.unknown")
    return Device(*row)


# ── Held ─────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Held:
    """One held event as the door saw it; its content stays sealed."""

    id: str
    seq: int | None
    kind: str | None
    received_at: datetime


def list_held(session: Session, log_id: str, *, page: int) -> tuple[list[Held], bool]:
    """A device's held events in the order they would be booked. True when there are more."""
    rows = session.execute(
        select(HeldEvent.id, HeldEvent.seq, HeldEvent.kind, HeldEvent.received_at)
        .where(HeldEvent.log_id == log_id, HeldEvent.accepted_at.is_(None))
        .order_by(HeldEvent.seq, HeldEvent.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return [Held(*row) for row in rows[:PAGE]], len(rows) > PAGE


def first_held(session: Session, log_id: str) -> list[str]:
    """The next MOST held events, in the order they are booked."""
    wanted = select(HeldEvent.id).where(HeldEvent.log_id == log_id, HeldEvent.accepted_at.is_(None))
    return list(session.scalars(wanted.order_by(HeldEvent.seq, HeldEvent.id).limit(MOST)))
