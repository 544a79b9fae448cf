"""People and devices: log in with a lock-out, grant roles, make enrolment codes, enrol tablets."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog, EnrolCode, Grant, Lockout, Person
from pos.access.rules import ROLES, SCOPES
from pos.kernel.errors import Invalid, Refused
from pos.kernel.ids import new_id
from pos.kernel.seal import seal, unseal

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I
CODE_LIFE = timedelta(hours=24)
SAME_ANSWER = timedelta(minutes=15)
LIMIT = 5
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP: 19 MiB, t=2, p=1


def hash_of(text: str) -> str:
    """SHA-256 of a high-entropy secret (a token, a code); passwords go through argon2."""
    return sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def _decoy() -> str:
    return hasher.hash("nobody")


def add_person(
    session: Session,
    *,
    name: str,
    at: datetime,
    login: str | None = None,
    password: str | None = None,
    id_: str | None = None,
) -> Person:
    """A new person without any right yet."""
    person = Person(
        id=id_ or new_id(),
        name=name,
        login=login.strip().lower() if login else None,
        password_hash=hasher.hash(password) if password else None,
        language="vi",
        active=True,
        made_at=at,
    )
    session.add(person)
    return person


def grant(session: Session, person_id: str, role: str, scope_kind: str, scope_id: str, *, at: datetime) -> None:
    """Give a role in one scope."""
    if role not in ROLES or scope_kind not in SCOPES:
        raise Invalid("grant.unknown", role=role, scope=scope_kind)
    session.add(
        Grant(id=new_id(), person_id=person_id, role=role, scope_kind=scope_kind, scope_id=scope_id, made_at=at)
    )


def check_lock(session: Session, key: str, code: str, *, at: datetime) -> None:
    """Refuse while a key is locked."""
    lock = session.get(Lockout, key)
    if lock and lock.locked_until and lock.locked_until > at:
        minutes = int((lock.locked_until - at).total_seconds() // 60) + 1
        raise Refused(code, minutes=minutes, status=429)


def note_failure(session: Session, key: str, *, at: datetime) -> None:
    """Count a failure; after five the key is locked, for longer each time."""
    lock = session.get(Lockout, key, with_for_update=True)
    if lock is None:
        lock = Lockout(key=key, failures=0, last_at=at, locked_until=None)
        session.add(lock)
    if at - lock.last_at > timedelta(hours=24):
        lock.failures = 0
    lock.failures += 1
    lock.last_at = at
    if lock.failures >= LIMIT:
        lock.locked_until = at + timedelta(minutes=min(60, 2 ** (lock.failures - LIMIT)))


def forget_failures(session: Session, key: str) -> None:
    """A success clears the count."""
    if lock := session.get(Lockout, key):
        session.delete(lock)


def check_password(session: Session, login: str, password: str, *, at: datetime) -> Person | None:
    """The person, or None (the failure is counted). The same time is taken for an unknown name."""
    key = f"login:{login.strip().lower()}"
    check_lock(session, key, "login.locked", at=at)
    person = session.scalar(select(Person).where(Person.login == login.strip().lower(), Person.active))
    try:
        hasher.verify(person.password_hash if person and person.password_hash else _decoy(), password)
    except (VerificationError, InvalidHashError):
        note_failure(session, key, at=at)
        return None
    if person is None:
        note_failure(session, key, at=at)
        return None
    forget_failures(session, key)
    return person


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
