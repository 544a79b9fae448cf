"""Who is asking, and what may they see. Every view names its action; without one it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy import select

from pos.access.models import AccessKey, Grant, Person
from pos.access.rules import ROLES, GrantRow, Scope, covers, scopes_of
from pos.access.service.cards import LIFE
from pos.kernel.clock import now
from pos.kernel.db import db
from pos.kernel.errors import NotFound, Refused
from pos.web.pages import htmx

P = ParamSpec("P")
R = TypeVar("R")
manager = LoginManager()
CARD = "card"  # in the session cookie: the hash of the card's key that was opened here
OWN = "own account"  # what `signed_in` guards; not an action of a role


@dataclass(frozen=True)
class Viewer(UserMixin):  # type: ignore[misc]
    """The person of this request as plain data: no ORM object leaves the guard.

    `key_id`: entered by a card, which opens the producer's pages and nothing else, whatever else the person may.
    `must`: what has to be done before anything else: a `password` of one's own, a `pin` of one's own, or nothing.
    """

    id: str
    name: str
    language: str
    grants: tuple[GrantRow, ...]
    session_no: int = 0
    key_id: str | None = None
    must: str = ""

    def get_id(self) -> str:
        """What the session cookie holds: person, number of the session, card."""
        return ".".join((self.id, str(self.session_no), *([self.key_id] if self.key_id else [])))

    def scopes(self, action: str) -> list[Scope]:
        """Where this person may do the action."""
        return scopes_of(self.grants, action)

    def may(self, action: str, **where: str | None) -> bool:
        """May they, here? Without a place: may they anywhere?"""
        scopes = self.scopes(action)
        return covers(scopes, **where) if where else bool(scopes)

    def ids(self, action: str, kind: str) -> list[str] | None:
        """The ids of one kind this action is allowed for; None means all."""
        scopes = self.scopes(action)
        if any(s.kind == "all" for s in scopes):
            return None
        return [s.id for s in scopes if s.kind == kind]

    @property
    def roles(self) -> set[str]:
        return {role for role, _kind, _id in self.grants}


def find_viewer(person_id: str, key_id: str | None = None) -> Viewer | None:
    """The person with the rights of now; None when switched off, or their card ended. One query, by card two."""
    read = db.session()
    rows = read.execute(
        select(
            Person.name, Person.language, Person.session_no, Person.password_until,
            Grant.role, Grant.scope_kind, Grant.scope_id,
        )
        .outerjoin(Grant, (Grant.person_id == Person.id) & Grant.revoked_at.is_(None))
        .where(Person.id == person_id, Person.active)
        .order_by(Grant.made_at, Grant.id)
    ).all()  # fmt: skip
    if not rows:
        return None
    name, language, session_no, until = rows[0][:4]
    grants = tuple((role, kind, id_) for *_, role, kind, id_ in rows if role is not None)
    if key_id is None:
        return Viewer(person_id, name, language, grants, session_no, None, "password" if until else "")
    live = AccessKey.revoked_at.is_(None) & (AccessKey.expires_at > now())
    own = read.scalar(select(AccessKey.pin_own).where(AccessKey.id == key_id, AccessKey.person_id == person_id, live))
    if own is None:
        return None
    only = tuple(row for row in grants if row[0] == "producer")
    return Viewer(person_id, name, language, only, session_no, key_id, "" if own else "pin")


@manager.user_loader  # type: ignore[untyped-decorator]
def load(cookie: str) -> Viewer | None:
    """Who a session cookie stands for; None once the person logged out everywhere, or the card was replaced."""
    person_id, _, rest = cookie.partition(".")
    number, _, key_id = rest.partition(".")
    found = find_viewer(person_id, key_id or None)
    return found if found is not None and str(found.session_no) == (number or "0") else None


def enter_as(who: Viewer) -> None:
    """Begin a session. By card it outlives the browser; by password it ends with it. Nothing of before stays."""
    card = session.get(CARD)
    session.clear()
    session.permanent = who.key_id is not None
    if who.key_id is not None and card:
        session[CARD] = card
    login_user(who)


def viewer() -> Viewer:
    """The person of this request. Only behind `requires`."""
    found: Viewer = current_user._get_current_object()
    return found


def requires(action: str) -> Callable[[Callable[P, R]], Callable[P, R | ResponseReturnValue]]:
    """Refuse whoever may not do the action anywhere; which rows they see is the query's part."""
    if not any(action in actions for actions in ROLES.values()):
        raise LookupError(f"No role may do {action!r}: add it to access.rules.ROLES.")

    def guard(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
            if stop := _not_in() or first_things():
                return stop
            if not viewer().may(action):
                raise Refused("access.refused")
            return view(*args, **kwargs)

        guarded.pos_action = action  # type: ignore[attr-defined]
        return guarded

    return guard


def signed_in(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
    """For pages of one's own account: whoever is in, with whatever rights."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
        return _not_in() or view(*args, **kwargs)

    guarded.pos_action = OWN  # type: ignore[attr-defined]
    return guarded


def _not_in() -> ResponseReturnValue | None:
    if current_user.is_authenticated:
        return None
    if request.method == "GET" and not htmx:
        to = "access.card" if session.get(CARD) else "access.login"
        return redirect(url_for(to, next=request.full_path.rstrip("?")))
    raise Refused("login.needed", status=401)


def first_things() -> ResponseReturnValue | None:
    """A one-time password or PIN opens one page only: the one that changes it."""
    must = viewer().must
    if not must:
        return None
    if request.method == "GET" and not htmx:
        return redirect(url_for("access.card_pin" if must == "pin" else "access.account"))
    raise Refused("login.change_first")


def here(action: str, **where: str | None) -> None:
    """Refuse as not found when the action is not allowed in this place: existence is not told."""
    if not viewer().may(action, **where):
        raise NotFound("access.not_here")


def init_app(app: Flask) -> None:
    """Sessions by Flask-Login; templates get `viewer`. The longest session is a card's."""
    app.config["PERMANENT_SESSION_LIFETIME"] = LIFE
    manager.init_app(app)
    app.context_processor(lambda: {"viewer": current_user if current_user else None})
    app.before_request(lambda: g.setdefault("pos_open", None))
