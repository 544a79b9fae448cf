"""Who is asking, and what may they see. Every view names its action; without one it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import select

from pos.access.models import Grant, Person
from pos.access.rules import ROLES, Scope, covers, scopes_of
from pos.kernel.db import db
from pos.kernel.errors import NotFound, Refused
from pos.web.pages import htmx

P = ParamSpec("P")
R = TypeVar("R")
manager = LoginManager()


@dataclass(frozen=True)
class Viewer(UserMixin):  # type: ignore[misc]
    """The person of this request as plain data: no ORM object leaves the guard."""

    id: str
    name: str
    language: str
    grants: tuple[tuple[str, str, str], ...]

    def get_id(self) -> str:
        return self.id

    def scopes(self, action: str) -> list[Scope]:
        """Where this person may do the action."""
        return scopes_of(list(self.grants), action)

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


@manager.user_loader  # type: ignore[untyped-decorator]
def load(person_id: str) -> Viewer | None:
    """One query; a person switched off is logged out everywhere at once."""
    session = db.session()
    person = session.get(Person, person_id)
    if person is None or not person.active:
        return None
    rows = session.execute(
        select(Grant.role, Grant.scope_kind, Grant.scope_id).where(
            Grant.person_id == person_id, Grant.revoked_at.is_(None)
        )
    ).all()
    return Viewer(person.id, person.name, person.language, tuple((r, k, i) for r, k, i in rows))


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
            if not current_user.is_authenticated:
                if request.method == "GET" and not htmx:
                    return redirect(url_for("access.login", next=request.full_path.rstrip("?")))
                raise Refused("login.needed", status=401)
            if not viewer().may(action):
                raise Refused("access.refused")
            return view(*args, **kwargs)

        guarded.pos_action = action  # type: ignore[attr-defined]
        return guarded

    return guard


def here(action: str, **where: str | None) -> None:
    """Refuse as not found when the action is not allowed in this place: existence is not told."""
    if not viewer().may(action, **where):
        raise NotFound("access.not_here")


def init_app(app: Flask) -> None:
    """Sessions by Flask-Login; templates get `viewer`."""
    manager.init_app(app)
    app.context_processor(lambda: {"viewer": current_user if current_user else None})
    app.before_request(lambda: g.setdefault("pos_open", None))
