"""PINs of the till. Kept sealed, given to each tablet as PBKDF2 with a salt of its own; they never open the office.

Why sealed and not hashed: docs/decisions/pins.md.
"""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import pbkdf2_hmac
from os import urandom
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pos.access.models import DevicePin, Person
from pos.access.rules import pin_trouble
from pos.access.service.people import note
from pos.kernel.db import is_postgresql, unit_of_work, upsert_of
from pos.kernel.errors import Invalid
from pos.kernel.seal import seal, unseal

log = logging.getLogger("pos.access")
ITERATIONS = 210_000  # OWASP 2023 asks this of SHA-512; SHA-256 on a slow tablet still takes < 1 s
SALT_BYTES = 16

Pin = dict[str, Any]


def set_pin(session: Session, person_id: str, pin: str | None, *, secret: str, by: str, at: datetime) -> None:
    """Set, change or (None) remove a person's PIN. Tablets learn it with their next catalogue.

    Raises Invalid `pin.digits` unless 4–6 digits, `pin.weak` for what is guessed first.
    """
    if pin is not None and (trouble := pin_trouble(pin)):
        raise Invalid(trouble, field="pin")
    person = session.get_one(Person, person_id)
    person.pin_sealed = None if pin is None else seal(secret, f"{person_id}:{pin}".encode())
    person.pin_set_at = None if pin is None else at
    session.execute(delete(DevicePin).where(DevicePin.person_id == person_id))
    note(session, "pin.remove" if pin is None else "pin.set", "person", person_id, by=by, at=at)


def derive(pin: str, salt: bytes, iterations: int = ITERATIONS) -> str:
    """Base64 of 32 bytes of PBKDF2-SHA-256, as static/till/pin.js computes them."""
    return b64encode(pbkdf2_hmac("sha256", pin.encode(), salt, iterations)).decode()


def device_pins(session: Session, log_id: str, person_ids: Collection[str], *, secret: str) -> Mapping[str, Pin]:
    """`{person: {salt, iterations, hash}}` for those who have a PIN, as one tablet checks them.

    Read from the cache; what is missing or older than the PIN is derived (some 0.1 s each, outside any
    transaction) and kept by a unit of work of its own, so a tablet costs it once per person and PIN.
    """
    if not person_ids:
        return {}
    known, missing = _look(session, log_id, person_ids)
    if not missing:
        return known
    rows = [row for id_, (sealed, set_at) in missing.items() if (row := _row(log_id, id_, sealed, set_at, secret))]
    with unit_of_work() as work:
        work.execute(delete(DevicePin).where(DevicePin.log_id == log_id, DevicePin.person_id.in_(list(missing))))
        if rows:
            work.execute(upsert_of(is_postgresql(work), DevicePin).values(rows).on_conflict_do_nothing())
    return _look(session, log_id, person_ids)[0]


def _look(
    session: Session, log_id: str, person_ids: Collection[str]
) -> tuple[dict[str, Pin], dict[str, tuple[str, datetime]]]:
    found = session.execute(
        select(
            Person.id, Person.pin_sealed, Person.pin_set_at, DevicePin.salt, DevicePin.iterations, DevicePin.hash
        )
        .outerjoin(
            DevicePin,
            (DevicePin.person_id == Person.id)
            & (DevicePin.log_id == log_id)
            & (DevicePin.pin_set_at == Person.pin_set_at),
        )
        .where(Person.id.in_(list(person_ids)), Person.pin_sealed.is_not(None))
    )  # fmt: skip
    known: dict[str, Pin] = {}
    missing: dict[str, tuple[str, datetime]] = {}
    for id_, sealed, set_at, salt, iterations, hashed in found:
        if hashed is None:
            missing[id_] = (sealed, set_at)
        else:
            known[id_] = {"salt": salt, "iterations": iterations, "hash": hashed}
    return known, missing


def _row(log_id: str, person_id: str, sealed: str, set_at: datetime, secret: str) -> dict[str, Any] | None:
    try:
        owner, _, pin = unseal(secret, sealed).decode().partition(":")
    except InvalidToken:
        owner, pin = "", ""
    if owner != person_id:
        log.error("the PIN of person %s cannot be unsealed: set it again", person_id)
        return None  # rule 9 of the till: no missing PIN stops a sale
    salt = urandom(SALT_BYTES)
    return {
        "log_id": log_id, "person_id": person_id, "pin_set_at": set_at, "salt": b64encode(salt).decode(),
        "iterations": ITERATIONS, "hash": derive(pin, salt),
    }  # fmt: skip
