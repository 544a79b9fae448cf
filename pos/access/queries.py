"""People, cards and the access log as the office lists them. Reads only; no secret leaves the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from pos.access.directory import PAGE, Directory
from pos.access.models import AccessKey, AccessLog, Grant, Person
from pos.access.rules import EVERYWHERE, ROLES, GrantRow, Scope, Spot, within
from pos.kernel.errors import NotFound
from pos.kernel.text import fold

STAFF = tuple(role for role in ROLES if role != "producer")
STAFF_KINDS = ("operator", "site", "fair", "organizer")
SELLING = tuple(role for role, actions in ROLES.items() if "till.sell" in actions)


@dataclass(frozen=True)
class Right:
    """One live grant with the name of its place."""

    id: str
    role: str
    spot: Spot
    made_at: datetime


@dataclass
class Member:
    """A person of a list with the rights the reader may see."""

    id: str
    name: str
    login: str | None
    active: bool
    one_time: bool
    has_pin: bool
    rights: list[Right] = field(default_factory=list)


@dataclass(frozen=True)
class Holder:
    """Somebody who stands for a producer, and their card."""

    person_id: str
    name: str
    active: bool
    issued_at: datetime | None
    expires_at: datetime | None
    last_used_at: datetime | None
    pin_own: bool


@dataclass(frozen=True)
class Said:
    """One line of the access log."""

    at: datetime
    who: str | None
    action: str
    whom: str | None
    whom_id: str
    note: str | None


def seen_by(session: Session, scopes: Sequence[Scope], directory: Directory) -> ColumnElement[bool]:
    """The condition on grants somebody reads with these scopes: all, or those of places within."""
    if within(scopes, EVERYWHERE):
        return true()
    return and_(Grant.role != "producer", _among(session, scopes, directory, Grant.scope_kind, Grant.scope_id))


def _among(
    session: Session, scopes: Sequence[Scope], directory: Directory, kind_column: Any, id_column: Any
) -> ColumnElement[bool]:
    ids: dict[str, list[str]] = defaultdict(list)
    for spot in directory.inside(session, scopes, STAFF_KINDS):
        ids[spot.kind].append(spot.id)
    parts = [and_(kind_column == kind, id_column.in_(found)) for kind, found in sorted(ids.items())]
    return or_(*parts) if parts else false()


def _live(seen: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Grant.person_id == Person.id, Grant.revoked_at.is_(None), seen)


def list_people(
    session: Session, scopes: Sequence[Scope], directory: Directory, *, q: str, role: str, page: int
) -> tuple[list[Member], bool]:
    """By name, 50 to a page, with what they may do within the reader's reach. Producers' people are with the cards."""
    seen = seen_by(session, scopes, directory)
    query = select(Person).where(
        or_(_live(and_(seen, Grant.role.in_([role] if role else STAFF))), _rightless(scopes, role))
    )
    for word in fold(q).split():
        query = query.where(Person.search.contains(word, autoescape=True))
    rows = session.scalars(query.order_by(Person.name, Person.id).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return _members(session, rows[:PAGE], seen, directory), len(rows) > PAGE


def _rightless(scopes: Sequence[Scope], role: str) -> ColumnElement[bool]:
    """People who may do nothing (any more) are found by those who may do everything."""
    nothing = ~exists().where(Grant.person_id == Person.id, Grant.revoked_at.is_(None))
    return nothing if within(scopes, EVERYWHERE) and not role else Person.id.is_(None)


def _members(
    session: Session, people: Iterable[Person], seen: ColumnElement[bool], directory: Directory
) -> list[Member]:
    made = {
        p.id: Member(p.id, p.name, p.login, p.active, p.password_until is not None, p.pin_sealed is not None)
        for p in people
    }
    rows = session.scalars(
        select(Grant)
        .where(Grant.person_id.in_(made), Grant.revoked_at.is_(None), seen)
        .order_by(Grant.made_at, Grant.id)
    ).all()
    spots = directory.find(session, {(g.scope_kind, g.scope_id) for g in rows})
    for g in rows:
        spot = spots.get((g.scope_kind, g.scope_id)) or Spot(g.scope_kind, g.scope_id, g.scope_id)
        made[g.person_id].rights.append(Right(g.id, g.role, spot, g.made_at))
    return list(made.values())


def get_member(session: Session, person_id: str, scopes: Sequence[Scope], directory: Directory) -> Member:
    """One person within reach. Raises NotFound: existence is not told."""
    seen = seen_by(session, scopes, directory)
    person = session.scalar(select(Person).where(Person.id == person_id, or_(_live(seen), _rightless(scopes, ""))))
    if person is None:
        raise NotFound("person.unknown")
    return _members(session, [person], seen, directory)[0]


@dataclass(frozen=True)
class Account:
    """One's own account."""

    name: str
    login: str | None
    pin_set_at: datetime | None
    rights: list[tuple[str, Spot]]


def get_account(session: Session, person_id: str, directory: Directory) -> Account:
    """What one sees of oneself."""
    person = session.get_one(Person, person_id)
    rows = rights_of(session, person_id)
    spots = directory.find(session, {(kind, id_) for _, kind, id_ in rows})
    rights = [(role, spots.get((kind, id_)) or Spot(kind, id_, id_)) for role, kind, id_ in rows]
    return Account(person.name, person.login, person.pin_set_at, rights)


def rights_of(session: Session, person_id: str) -> list[GrantRow]:
    """All live rights of a person, whoever asks: to judge who may act for them."""
    rows = session.execute(
        select(Grant.role, Grant.scope_kind, Grant.scope_id).where(
            Grant.person_id == person_id, Grant.revoked_at.is_(None)
        )
    )
    return [(role, kind, id_) for role, kind, id_ in rows]


def find_grant(session: Session, grant_id: str) -> tuple[str, str, str, str] | None:
    """(person, role, scope kind, scope id) of a live grant."""
    found = session.execute(
        select(Grant.person_id, Grant.role, Grant.scope_kind, Grant.scope_id).where(
            Grant.id == grant_id, Grant.revoked_at.is_(None)
        )
    ).one_or_none()
    return (found[0], found[1], found[2], found[3]) if found else None


def list_holders(session: Session, producer_ids: Collection[str]) -> dict[str, list[Holder]]:
    """Who stands for these producers, with their live card. One query."""
    rows = session.execute(
        select(
            Grant.scope_id, Person.id, Person.name, Person.active, AccessKey.issued_at, AccessKey.expires_at,
            AccessKey.last_used_at, AccessKey.pin_own,
        )
        .join(Person, Person.id == Grant.person_id)
        .outerjoin(AccessKey, (AccessKey.person_id == Person.id) & AccessKey.revoked_at.is_(None))
        .where(
            Grant.role == "producer", Grant.scope_kind == "producer", Grant.scope_id.in_(list(producer_ids)),
            Grant.revoked_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )  # fmt: skip
    found: dict[str, list[Holder]] = {id_: [] for id_ in producer_ids}
    for producer, id_, name, active, issued, expires, used, own in rows:
        found[producer].append(Holder(id_, name, active, issued, expires, used, bool(own)))
    return found


def list_log(
    session: Session, scopes: Sequence[Scope], directory: Directory, *, person_id: str | None, page: int
) -> tuple[list[Said], bool]:
    """What was done to whose rights and what was read unmasked, newest first: by or about people within reach."""
    subject = aliased(Person)
    actor = aliased(Person)
    query = (
        select(AccessLog, actor.name, subject.name)
        .outerjoin(actor, actor.id == AccessLog.person_id)
        .outerjoin(subject, (subject.id == AccessLog.subject_id) & (AccessLog.subject_kind == "person"))
    )
    if not within(scopes, EVERYWHERE):
        # A right that was taken tells too where somebody worked; rights of theirs elsewhere stay hidden.
        mine = select(Grant.person_id).where(seen_by(session, scopes, directory))
        here = _among(session, scopes, directory, AccessLog.scope_kind, AccessLog.scope_id)
        about = and_(AccessLog.subject_kind == "person", AccessLog.subject_id.in_(mine), AccessLog.scope_kind.is_(None))
        query = query.where(or_(about, here))
    if person_id:
        query = query.where(AccessLog.subject_id == person_id)
    rows = session.execute(
        query.order_by(AccessLog.at.desc(), AccessLog.id.desc()).limit(PAGE + 1).offset((page - 1) * PAGE)
    ).all()
    said = [Said(log.at, who, log.action, whom, log.subject_id, log.note) for log, who, whom in rows[:PAGE]]
    return said, len(rows) > PAGE


def stands_for(session: Session, secret_hash: str, producer_id: str) -> bool:
    """The card of this key is live and its person stands for this producer: the phone is the right one."""
    return bool(
        session.scalar(
            select(AccessKey.id)
            .join(Grant, Grant.person_id == AccessKey.person_id)
            .where(
                AccessKey.secret_hash == secret_hash, AccessKey.revoked_at.is_(None), Grant.revoked_at.is_(None),
                Grant.role == "producer", Grant.scope_kind == "producer", Grant.scope_id == producer_id,
            )
        )
    )  # fmt: skip


def card_reissued_at(session: Session, producer_id: str) -> datetime | None:
    """When somebody who stands for a producer last got a new card in the place of an older one."""
    older = aliased(AccessKey)
    return session.scalar(
        select(AccessKey.issued_at)
        .join(Grant, Grant.person_id == AccessKey.person_id)
        .where(
            Grant.role == "producer", Grant.scope_kind == "producer", Grant.scope_id == producer_id,
            exists().where(older.person_id == AccessKey.person_id, older.issued_at < AccessKey.issued_at),
        )
        .order_by(AccessKey.issued_at.desc())
        .limit(1)
    )  # fmt: skip
