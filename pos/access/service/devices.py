"""Devices: a code that makes one tablet the device of one till, once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog, DevicePin, EnrolCode, ExposedPin
from pos.access.rules import Spot
from pos.access.service.people import note
from pos.access.service.secrets import hash_of
from pos.kernel.errors import Invalid, NotFound
from pos.kernel.ids import new_id
from pos.kernel.seal import seal, unseal

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I
CODE_LIFE = timedelta(hours=24)
SAME_ANSWER = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)
TOLD = {"unsent": "unsent_told", "battery": "battery_told", "storage": "storage_told"}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def make_enrol_code(session: Session, till_id: str, *, at: datetime) -> str:
    """A code such as `K7QF-2M9X`, good once within 24 hours."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(8))
    session.add(EnrolCode(id=new_id(), code_hash=hash_of(code), till_id=till_id, made_at=at, expires_at=at + CODE_LIFE))
    return f"{code[:4]}-{code[4:]}"


@dataclass(frozen=True)
class TillPlace:
    """Where a till stands, as plain data from the floor above."""

    till_id: str
    code: str
    operator_id: str
    site_id: str
    fair_id: str | None


def find_code(session: Session, code: str, device_id: str, *, at: datetime) -> EnrolCode:
    """The live code for this device. Raises Invalid when wrong, spent or too old."""
    plain = code.strip().upper().replace("-", "").replace(" ", "")
    found = session.scalar(select(EnrolCode).where(EnrolCode.code_hash == hash_of(plain)).with_for_update())
    if found is None or (found.used_at is None and found.expires_at < at):
        raise Invalid("enrol.bad_code")
    if found.used_at is not None and (found.device_id != device_id or at - found.used_at > SAME_ANSWER):
        raise Invalid("enrol.bad_code")
    return found


def enrol(
    session: Session,
    code: EnrolCode,
    place: TillPlace,
    *,
    device_id: str,
    public_key: str | None,
    secret: str,
    at: datetime,
) -> tuple[DeviceLog, str]:
    """Make this tablet the next device of the till: always a new log, a new letter. Returns (log, token).

    The same code and device within 15 minutes get the same answer: the first may have been lost.
    """
    if code.used_at is not None and code.log_id and code.token:
        log = session.get_one(DeviceLog, code.log_id)
        return log, unseal(secret, code.token).decode()
    count = session.scalar(select(func.count()).where(DeviceLog.till_id == place.till_id)) or 0
    letter = LETTERS[count % 26] if count < 26 else LETTERS[count // 26 - 1] + LETTERS[count % 26]
    token = secrets.token_urlsafe(32)
    log = DeviceLog(
        id=new_id(), device_id=device_id, operator_id=place.operator_id, site_id=place.site_id, fair_id=place.fair_id,
        till_id=place.till_id, till_code=place.code + letter, letter=letter, token_hash=hash_of(token),
        public_key=public_key, enrolled_at=at, received_through=0, recorded_through=0, greatest=0,
    )  # fmt: skip
    session.add(log)
    code.used_at, code.device_id, code.log_id, code.token = (
        at,
        device_id,
        log.id,
        seal(secret, token.encode()),
    )
    return log, token


def tells_news(log: DeviceLog, told: dict[str, int], *, at: datetime) -> bool:
    """Whether what a tablet says of itself is worth a write: something changed, or it was last noted a minute ago."""
    if log.last_seen_at is None or at - log.last_seen_at >= SEEN_EVERY:
        return True
    return any(getattr(log, TOLD[name]) != value for name, value in told.items())


def note_state(session: Session, log_id: str, told: dict[str, int], *, at: datetime) -> None:
    """What a tablet says of itself when it asks how it stands; what it leaves out stays. Never part of an event."""
    values: dict[str, object] = {TOLD[name]: value for name, value in told.items()}
    session.execute(update(DeviceLog).where(DeviceLog.id == log_id).values(last_seen_at=at, **values))


def revoke_device(session: Session, log_id: str, reason: str, *, by: str, at: datetime) -> DeviceLog:
    """Take a tablet's right away: what it sends from now on is held until a person accepts it. Twice is once.

    Raises NotFound, Invalid without a reason.
    """
    log = session.get(DeviceLog, log_id, with_for_update=True)
    if log is None:
        raise NotFound("device.unknown")
    if not reason.strip():
        raise Invalid("device.reason_needed")
    if log.revoked_at is None:
        log.revoked_at = at
        spot = Spot("site", log.site_id, log.till_code)
        note(session, "device.revoke", "device", log_id, by=by, at=at, words=reason.strip()[:300], spot=spot)
    return log


def report_stolen(session: Session, log_id: str, reason: str, *, by: str, at: datetime) -> DeviceLog:
    """Take a stolen tablet's right away and keep whose PINs lie on it: a PIN of four digits is found by trying them.

    One revoked before may be reported too; twice is once. Raises NotFound, Invalid without a reason.
    """
    log = revoke_device(session, log_id, reason, by=by, at=at)
    if log.stolen_at is None:
        log.stolen_at = at
        spot = Spot("site", log.site_id, log.till_code)
        note(session, "device.stolen", "device", log_id, by=by, at=at, words=reason.strip()[:300], spot=spot)
        people = session.scalars(select(DevicePin.person_id).where(DevicePin.log_id == log_id))
        session.add_all([ExposedPin(log_id=log_id, person_id=person) for person in people])
    return log
