"""People and their rights. What one person does to another is checked against what the first one holds, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.access.models import AccessLog, Grant, Person
from pos.access.rules import ROLE_SCOPES, ROLES, SCOPES, GrantRow, Spot, may_give
from pos.access.service.secrets import hasher, random_password
from pos.kernel.errors import Conflict, Invalid, NotFound, Refused
from pos.kernel.ids import new_id
from pos.kernel.text import fold

ONE_TIME = timedelta(days=7)


@dataclass(frozen=True)
class Giver:
    """Who acts: their id and rights."""

    id: str
    grants: tuple[GrantRow, ...]

    def may_give(self, role: str, spot: Spot) -> bool:
        """Nobody gives more than they have, nor beyond where they have it."""
        return may_give(self.grants, role, spot)


def note(
    session: Session,
    action: str,
    subject_kind: str,
    subject_id: str,
    *,
    by: str | None,
    at: datetime,
    words: str | None = None,
    spot: Spot | None = None,
) -> None:
    """Keep who did this: every change of rights, and every look at what is masked elsewhere (`read.…`)."""
    session.add(
        AccessLog(
            id=new_id(), at=at, person_id=by, action=action, subject_kind=subject_kind, subject_id=subject_id,
            scope_kind=spot.kind if spot else None, scope_id=spot.id if spot else None, note=words,
        )
    )  # fmt: skip


def add_helper(session: Session, person_id: str, name: str, *, by: str | None, at: datetime) -> None:
    """Somebody a supervisor let sell at a till for a day. Known by name, without any right; known before, they stay."""
    if session.get(Person, person_id) is None:
        session.add(Person(id=person_id, name=name, search=fold(name), made_at=at))
        note(session, "helper.add", "person", person_id, by=by, at=at)
        session.flush()


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
        search=_search(name, login),
        login=login.strip().lower() if login else None,
        password_hash=hasher.hash(password) if password else None,
        language="vi",
        active=True,
        session_no=0,
        made_at=at,
    )
    session.add(person)
    return person


def grant(session: Session, person_id: str, role: str, scope_kind: str, scope_id: str, *, at: datetime) -> None:
    """Give a role in one scope, unasked: for the beginning of an installation. People use `give`."""
    if role not in ROLES or scope_kind not in SCOPES:
        raise Invalid("grant.unknown", role=role, scope=scope_kind)
    session.add(
        Grant(id=new_id(), person_id=person_id, role=role, scope_kind=scope_kind, scope_id=scope_id, made_at=at)
    )


def give(session: Session, giver: Giver, person_id: str, role: str, spot: Spot, *, at: datetime) -> None:
    """Give a role. Raises Refused beyond one's own rights or to oneself; giving twice changes nothing."""
    if giver.id == person_id:
        raise Refused("grant.own")
    if spot.kind not in ROLE_SCOPES.get(role, ()):
        raise Invalid("grant.where", field="where")
    if not giver.may_give(role, spot):
        raise Refused("grant.beyond")
    found = session.scalar(
        select(Grant).where(
            Grant.person_id == person_id, Grant.role == role, Grant.scope_kind == spot.kind, Grant.scope_id == spot.id
        )
    )
    if found is not None and found.revoked_at is None:
        return
    if found is not None:
        found.made_at, found.revoked_at = at, None
    else:
        grant(session, person_id, role, spot.kind, spot.id, at=at)
    note(session, "grant.give", "person", person_id, by=giver.id, at=at, words=_words(role, spot), spot=spot)


def take(session: Session, giver: Giver, grant_id: str, spot: Spot, *, at: datetime) -> str:
    """Take a role back; the person's id. Raises Refused beyond one's own rights or from oneself."""
    found = session.get(Grant, grant_id)
    if found is None or found.revoked_at is not None:
        raise NotFound("grant.gone")
    if giver.id == found.person_id:
        raise Refused("grant.own")
    if (found.scope_kind, found.scope_id) != (spot.kind, spot.id) or not giver.may_give(found.role, spot):
        raise Refused("grant.beyond")
    found.revoked_at = at
    note(
        session, "grant.take", "person", found.person_id, by=giver.id, at=at, words=_words(found.role, spot), spot=spot
    )
    return found.person_id


def _words(role: str, spot: Spot) -> str:
    return f"{role} · {spot.kind}" + (f" · {spot.name}" if spot.name else "")


def invite(
    session: Session, giver: Giver, *, name: str, login: str | None, role: str, spot: Spot, at: datetime
) -> tuple[Person, str | None]:
    """A new person with a first role. With a login: also a one-time password, good for 7 days."""
    if login and session.scalar(select(Person.id).where(Person.login == login.strip().lower())):
        raise Conflict("person.login_taken", field="login")
    person = add_person(session, name=name, login=login, at=at)
    session.flush()
    give(session, giver, person.id, role, spot, at=at)
    note(session, "person.invite", "person", person.id, by=giver.id, at=at, words=name)
    return person, new_password(session, giver, person.id, at=at) if login else None


def new_password(session: Session, giver: Giver, person_id: str, *, at: datetime) -> str:
    """A one-time password instead of a lost one; every session ends. The caller has checked the right to."""
    person = session.get_one(Person, person_id)
    if person.login is None:
        raise Invalid("person.no_login")
    password = random_password()
    person.password_hash, person.password_until = hasher.hash(password), at + ONE_TIME
    log_out_everywhere(session, person_id)
    note(session, "password.reset", "person", person_id, by=giver.id, at=at)
    return password


def switch(session: Session, giver: Giver, person_id: str, *, active: bool, at: datetime) -> None:
    """Switch a person off (logged out everywhere, gone from the tills) or on again."""
    if giver.id == person_id:
        raise Refused("grant.own")
    session.get_one(Person, person_id).active = active
    log_out_everywhere(session, person_id)
    note(session, "person.on" if active else "person.off", "person", person_id, by=giver.id, at=at)


def rename(session: Session, person_id: str, name: str, *, by: str, at: datetime) -> None:
    """Mend a name."""
    person = session.get_one(Person, person_id)
    if person.name != name:
        note(session, "person.rename", "person", person_id, by=by, at=at, words=f"{person.name} → {name}")
        person.name, person.search = name, _search(name, person.login)


def _search(name: str, login: str | None) -> str:
    return fold(f"{name} {login or ''}").strip()


def log_out_everywhere(session: Session, person_id: str) -> None:
    """End every session of a person, on every browser."""
    session.execute(update(Person).where(Person.id == person_id).values(session_no=Person.session_no + 1))


def steers(giver: Giver, rows: Sequence[GrantRow], spots: dict[tuple[str, str], Spot]) -> bool:
    """May the giver act for somebody with these rights (new password, switch off)? Only over all of them: else a
    manager would log in as the administrator. `spots` knows the places of the rows."""
    if not rows:
        return any(kind == "all" and "person.write" in ROLES.get(role, ()) for role, kind, _ in giver.grants)
    return all((kind, id_) in spots and giver.may_give(role, spots[kind, id_]) for role, kind, id_ in rows)
