"""What the pages of people send, as frozen commands. Raises Invalid with a code per field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pos.access.rules import ROLES, SCOPES
from pos.web.fields import Fields

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


def _where(read: Fields) -> tuple[str, str]:
    """`site:0193…` as the select sends it; `all:` is everywhere."""
    kind, colon, id_ = read.raw("where").partition(":")
    if kind not in SCOPES or not colon or (kind == "all") == bool(id_):
        read.wrong("where", "field.choice")
    return kind, id_


@dataclass(frozen=True)
class GiveForm:
    """A role in one place."""

    role: str
    kind: str
    id: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> GiveForm:
        """Role and place."""
        read = Fields(form)
        role, (kind, id_) = read.choice("role", ROLES), _where(read)
        read.finish()
        return cls(role, kind, id_)


@dataclass(frozen=True)
class InviteForm:
    """A new person with a first role; without a login they only sell by PIN."""

    name: str
    login: str | None
    role: str
    kind: str
    id: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> InviteForm:
        """Name, perhaps a login, role and place."""
        read = Fields(form)
        name, login = read.needed("name", most=80), read.raw("login").lower()
        if login and not LOGIN.fullmatch(login):
            read.wrong("login", "person.login")
        role, (kind, id_) = read.choice("role", ROLES), _where(read)
        if not login and role and "till.sell" not in ROLES.get(role, ()):
            read.wrong("login", "person.login_needed")
        read.finish()
        return cls(name, login or None, role, kind, id_)


@dataclass(frozen=True)
class PasswordForm:
    """The current password and a new one, typed twice."""

    old: str
    new: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> PasswordForm:
        """Passwords are taken as typed: blanks count."""
        read = Fields(form)
        old, new = form.get("old", ""), form.get("new", "")
        if not old:
            read.wrong("old", "field.required")
        if not new:
            read.wrong("new", "field.required")
        if new != form.get("again", ""):
            read.wrong("again", "password.again")
        read.finish()
        return cls(old, new)


@dataclass(frozen=True)
class PinForm:
    """A new PIN, typed twice; blanks and points between digits do not count."""

    pin: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> PinForm:
        """Whether it is a good PIN is the rules' part."""
        read = Fields(form)
        pin, again = (re.sub(r"[\s.-]", "", form.get(name, "")) for name in ("pin", "again"))
        if not pin:
            read.wrong("pin", "field.required")
        elif pin != again:
            read.wrong("again", "pin.again")
        read.finish()
        return cls(pin)
