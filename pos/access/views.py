"""Log in, log out, and the way home for each kind of person."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from pos.access.guards import load, viewer
from pos.access.service import check_password
from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Refused
from pos.web.pages import page
from pos.web.phrases import phrase

bp = Blueprint("access", __name__)
HOMES = (
    ("home.operator", "reports.operator_home"),
    ("producer.home", "reports.producer_home"),
    ("fair.read", "fairs.choose"),
)


@bp.get("/")
def home() -> ResponseReturnValue:
    """Each to their own first screen."""
    if not current_user.is_authenticated:
        return redirect(url_for("access.login"))
    for action, endpoint in HOMES:
        if viewer().may(action):
            return redirect(url_for(endpoint))
    return redirect("/till/") if viewer().may("till.sell") else page("access/no_home.html")


@bp.get("/login")
def login() -> ResponseReturnValue:
    """The log-in page; in the demo it lists the demo's people."""
    return page("access/login.html", wrong=None, name="", people=demo_people(), next=safe_next())


@bp.post("/login")
def enter() -> ResponseReturnValue:
    """Check and enter. A wrong try says so and keeps the name."""
    name = request.form.get("login", "")
    try:
        with unit_of_work() as session:
            person = check_password(session, name, request.form.get("password", ""), at=now())
            person_id = person.id if person else None
        wrong = phrase("login.wrong", "Refused", {})
        status = 401
    except Refused as locked:
        person_id, wrong, status = None, phrase(locked.code, "Refused", locked.facts), 429
    if person_id and (who := load(person_id)):
        login_user(who)
        return redirect(safe_next() or url_for("access.home"), code=303)
    made = page("access/login.html", wrong=wrong, name=name, people=demo_people(), next=safe_next())
    return made, status  # type: ignore[return-value]


@bp.post("/logout")
def leave() -> ResponseReturnValue:
    """Out, on this browser."""
    logout_user()
    return redirect(url_for("access.login"), code=303)


def safe_next() -> str:
    """Where to go after log-in: only a path of this site."""
    asked = request.values.get("next", "")
    return asked if asked.startswith("/") and not asked.startswith(("//", "/\\")) else ""


def demo_people() -> list[dict[str, str]]:
    """The demo's log-ins; empty in a real installation."""
    people: list[dict[str, str]] = current_app.extensions.get("pos_demo_people", [])
    return people if current_app.config["POS_DEMO"] else []
