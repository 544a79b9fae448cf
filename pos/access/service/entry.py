"""Getting in by password, and the lock-outs that password, card and enrolment share (rows: workers share no memory)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.models import Lockout, Person
from pos.access.rules import SHORTEST_PASSWORD
from pos.access.service.people import log_out_everywhere, note
from pos.access.service.secrets import fits, hasher
from pos.kernel.db import is_postgresql, upsert_of
from pos.kernel.errors import Invalid, Refused

LIMIT = 5
LIMIT_PER_ADDRESS = 30  # a market hall shares one address
FORGIVEN = timedelta(hours=24)


def _row(session: Session, key: str, *, at: datetime) -> Lockout:
    """The key's row, made when missing and held until the transaction ends: tries of one key go one by one."""
    session.execute(
        upsert_of(is_postgresql(session), Lockout)
        .values(key=key, failures=0, last_at=at, locked_until=None)
        .on_conflict_do_nothing()
    )
    return session.scalars(
        select(Lockout).where(Lockout.key == key).with_for_update().execution_options(populate_existing=True)
    ).one()


def check_lock(session: Session, key: str, code: str, *, at: datetime) -> None:
    """Refuse while a key is locked. Raises Refused 429 with the minutes left."""
    lock = _row(session, key, at=at)
    if lock.locked_until and lock.locked_until > at:
        minutes = int((lock.locked_until - at).total_seconds() // 60) + 1
        raise Refused(code, minutes=minutes, status=429)


def note_failure(session: Session, key: str, *, at: datetime, limit: int = LIMIT) -> None:
    """Count a failure; from the limit on the key is locked, for longer each time (1, 2, 4 … 60 minutes)."""
    lock = _row(session, key, at=at)
    if at - lock.last_at > FORGIVEN:
        lock.failures = 0
    lock.failures += 1
    lock.last_at = at
    if lock.failures >= limit:
        lock.locked_until = at + timedelta(minutes=min(60, 2 ** min(6, lock.failures - limit)))


def forget_failures(session: Session, key: str) -> None:
    """A success clears the count."""
    if lock := session.get(Lockout, key):
        session.delete(lock)


def check_password(
    session: Session, login: str, password: str, *, at: datetime, address: str | None = None
) -> Person | None:
    """The person, or None (the failure is counted). The same time is taken for an unknown name.

    A one-time password past its time is wrong. Raises Refused 429 while the name or the address is locked.
    """
    name = login.strip().lower()
    key, place = f"login:{name}", f"login-from:{address}"
    check_lock(session, key, "login.locked", at=at)
    if address:
        check_lock(session, place, "login.locked", at=at)
    person = session.scalar(select(Person).where(Person.login == name, Person.active))
    right = fits(person.password_hash if person else None, password)
    if person is None or not right or (person.password_until is not None and person.password_until < at):
        note_failure(session, key, at=at)
        if address:
            note_failure(session, place, at=at, limit=LIMIT_PER_ADDRESS)
        return None
    forget_failures(session, key)
    return person


def change_password(session: Session, person_id: str, old: str, new: str, *, at: datetime) -> None:
    """A new password of one's own: every other session ends. Raises Invalid, or Refused 429 after wrong tries.

    A wrong current password is counted by the caller in a unit of work of its own (`password.wrong`).
    """
    person = session.get_one(Person, person_id)
    check_lock(session, f"login:{person.login}", "login.locked", at=at)
    if not fits(person.password_hash, old):
        raise Invalid("password.wrong", field="old")
    if len(new) < SHORTEST_PASSWORD:
        raise Invalid("password.short", field="new", least=SHORTEST_PASSWORD)
    if len(new) > 200 or new == old or new.lower() == person.login:
        raise Invalid("password.same", field="new")
    person.password_hash, person.password_until = hasher.hash(new), None
    forget_failures(session, f"login:{person.login}")
    log_out_everywhere(session, person_id)
    note(session, "password.change", "person", person_id, by=person_id, at=at)
