"""A producer's card: a QR with a personal key and a short PIN, for people without e-mail. Opens only their own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.models import AccessKey, Person
from pos.access.rules import pin_trouble
from pos.access.service.entry import LIMIT_PER_ADDRESS, check_lock, forget_failures, note_failure
from pos.access.service.people import log_out_everywhere, note
from pos.access.service.secrets import fits, hash_of, hasher, random_key, random_pin
from pos.kernel.errors import Invalid, NotFound
from pos.kernel.ids import new_id

LIFE = timedelta(days=180)


@dataclass(frozen=True)
class Issued:
    """What is printed once and then known only to the paper."""

    person_id: str
    name: str
    key: str
    pin: str
    expires_at: datetime


def issue_card(session: Session, person_id: str, *, by: str, at: datetime) -> Issued:
    """A new card; the old one and every session it opened end at once. The caller has checked the right to."""
    person = session.get(Person, person_id, with_for_update=True)
    if person is None or not person.active:
        raise NotFound("person.unknown")
    again = _end(session, person_id, at=at)
    key, pin = random_key(), random_pin()
    session.add(
        AccessKey(
            id=new_id(), person_id=person_id, kind="card", secret_hash=hash_of(key), pin_hash=hasher.hash(pin),
            pin_own=False, issued_at=at, issued_by=by, expires_at=at + LIFE,
        )
    )  # fmt: skip
    note(session, "card.reissue" if again else "card.issue", "person", person_id, by=by, at=at)
    return Issued(person_id, person.name, key, pin, at + LIFE)


def revoke_card(session: Session, person_id: str, *, by: str, at: datetime) -> None:
    """A lost card: nobody enters by it any more."""
    if _end(session, person_id, at=at):
        note(session, "card.revoke", "person", person_id, by=by, at=at)


def _end(session: Session, person_id: str, *, at: datetime) -> bool:
    live = session.scalars(
        select(AccessKey).where(AccessKey.person_id == person_id, AccessKey.revoked_at.is_(None))
    ).all()
    for key in live:
        key.revoked_at = at
    session.flush()
    return bool(live)


def open_card(session: Session, secret_hash: str, pin: str, *, address: str, at: datetime) -> AccessKey | None:
    """The card, when key and PIN fit, good for another 180 days; None when not (the failure is counted).

    An unknown, ended or expired key takes the same time and counts the same. Raises Refused 429 while the key or
    the address is locked.
    """
    own, place = f"card:{secret_hash}", f"card-from:{address}"
    check_lock(session, own, "card.locked", at=at)
    check_lock(session, place, "card.locked", at=at)
    key = session.scalar(
        select(AccessKey)
        .join(Person, Person.id == AccessKey.person_id)
        .where(
            AccessKey.secret_hash == secret_hash, AccessKey.revoked_at.is_(None), AccessKey.expires_at > at,
            Person.active,
        )
    )  # fmt: skip
    if not fits(key.pin_hash if key else None, pin) or key is None:
        note_failure(session, own, at=at)
        note_failure(session, place, at=at, limit=LIMIT_PER_ADDRESS)
        return None
    forget_failures(session, own)
    key.last_used_at, key.expires_at = at, at + LIFE
    return key


def choose_pin(session: Session, key_id: str, pin: str, *, at: datetime) -> None:
    """A PIN of one's own instead of the office's; every session of the person ends (the caller opens a new one).

    Raises Invalid unless 4–6 digits, not guessed first, and not the PIN it replaces.
    """
    key = session.get_one(AccessKey, key_id)
    if trouble := pin_trouble(pin):
        raise Invalid(trouble, field="pin")
    if fits(key.pin_hash, pin):
        raise Invalid("pin.same", field="pin")
    key.pin_hash, key.pin_own = hasher.hash(pin), True
    log_out_everywhere(session, key.person_id)
    note(session, "card.pin", "person", key.person_id, by=key.person_id, at=at)
