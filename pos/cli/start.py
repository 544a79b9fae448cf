"""Begin: `pos init`, and the demo's button that starts the empty real one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Flask, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

import config as settings
from pos.access.models import DeviceLog
from pos.access.service import add_person, grant, make_enrol_code
from pos.catalogue.reference import read
from pos.catalogue.service.register import load_groups
from pos.cli.base import build, migrate, ready, release
from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.kernel.ids import new_id
from pos.kernel.models import Installation
from pos.places.models import Till
from pos.places.service import load_wards, open_operator

bp = Blueprint("start", __name__)
SHORTEST = 10


@dataclass(frozen=True)
class Start:
    """What an empty installation begins with."""

    origin: str
    operator_name: str
    operator_code: str
    login: str
    password: str


def begin(session: Session, start: Start, *, at: datetime, demo: bool = False) -> None:
    """The installation row (origin fixed for ever), wards and groups, one operator, one administrator."""
    if len(start.password) < SHORTEST:
        raise Invalid("password.short", least=SHORTEST)
    if not start.login.strip():
        raise Invalid("field.required")
    session.add(Installation(id=1, books=new_id(), epoch=1, origin=start.origin, demo=demo, made_at=at))
    load_wards(session, read("hanoi-wards"))
    load_groups(session, read("ocop-groups"))
    open_operator(session, code=start.operator_code, name=start.operator_name, at=at)
    admin = add_person(session, name="Quản trị", login=start.login, password=start.password, at=at)
    session.flush()
    grant(session, admin.id, "administrator", "all", "", at=at)


def random_password() -> str:
    """Easy to type, hard to guess: 16 letters and digits in groups."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def begin_real(start: Start) -> Flask:
    """Migrate and begin the real database; raises Invalid, or Conflict when it has begun."""
    app = build(settings.from_environment(demo=False))
    migrate(app)
    if ready(app):
        release(app)
        raise Invalid("start.already")
    with app.app_context(), unit_of_work() as session:
        begin(session, start, at=now())
    release(app)
    settings.remember_real()
    return app


@bp.post("/demo/till")
def demo_till() -> ResponseReturnValue:
    """One tap from the demo's log-in page to a till that sells: this browser becomes the device of a free one."""
    with unit_of_work() as session:
        taken = select(DeviceLog.till_id).where(DeviceLog.revoked_at.is_(None))
        free = select(Till).where(Till.active, Till.id.not_in(taken)).order_by(Till.code).limit(1)
        till = session.scalars(free).one_or_none()
        if till is None:
            raise NotFound("till.none_free")
        code = make_enrol_code(session, till.id, at=now())
    return redirect(f"/till/#enrol={code}", code=303)


@bp.post("/start-real")
def start_real() -> ResponseReturnValue:
    """The demo's button: begin the real one and go to its log-in."""
    form = request.form
    begin_real(
        Start(
            origin=request.host_url.rstrip("/"),
            operator_name=form.get("operator", ""),
            operator_code="OP1",
            login=form.get("login", ""),
            password=form.get("password", ""),
        )
    )
    return redirect("/login", code=303)
