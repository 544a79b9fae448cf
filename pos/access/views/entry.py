"""Log in, log out, and the way home for each kind of person."""

from __future__ import annotations

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from pos.access.guards import CARD, enter_as, find_viewer, first_things, viewer
from pos.access.service import check_password
from pos.access.views.blueprint import bp
from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Refused
from pos.web.pages import page
from pos.web.phrases import phrase

HOMES = (
    ("home.operator", "reports.operator_home"),
    ("producer.home", "reports.producer_home"),
    ("fair.read", "fairs.choose"),
)


@bp.get("/")
def home() -> ResponseReturnValue:
    """Each to their own first screen."""
    if not current_user.is_authenticated:
        return redirect(url_for("access.card" if session.get(CARD) else "access.login"))
    if first := first_things():
        return first
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
        with unit_of_work() as work:
            person = check_password(work, name, request.form.get("password", ""), at=now(), address=request.remote_addr)
            person_id = person.id if person else None
        wrong = phrase("login.wrong", "Refused", {})
        status = 401
    except Refused as locked:
        person_id, wrong, status = None, phrase(locked.code, "Refused", locked.facts), 429
    if person_id and (who := find_viewer(person_id)):
        to = safe_next()
        enter_as(who)
        return redirect(to or url_for("access.home"), code=303)
    made = page("access/login.html", wrong=wrong, name=name, people=demo_people(), next=safe_next())
    return made, status  # type: ignore[return-value]


@bp.post("/logout")
def leave() -> ResponseReturnValue:
    """Out, on this browser. A phone that came by a card is asked for the PIN again, not for the paper."""
    card = session.get(CARD)
    logout_user()
    session.clear()
    if not card:
        return redirect(url_for("access.login"), code=303)
    session[CARD], session.permanent = card, True
    return redirect(url_for("access.card"), code=303)


def safe_next() -> str:
    """Where to go after log-in: only a path of this site."""
    asked = request.values.get("next", "")
    plain = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if plain else ""


def demo_people() -> list[dict[str, str]]:
    """The demo's log-ins; empty in a real installation."""
    people: list[dict[str, str]] = current_app.extensions.get("pos_demo_people", [])
    return people if current_app.config["POS_DEMO"] else []
