"""One's own account: what one may do, the password, the till's PIN, out everywhere."""

from __future__ import annotations

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.directory import directory
from pos.access.forms import PasswordForm, PinForm
from pos.access.guards import enter_as, find_viewer, requires, signed_in, viewer
from pos.access.queries import get_account
from pos.access.service import change_password, log_out_everywhere, note, note_failure, set_pin
from pos.access.views.blueprint import bp
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound, Refused
from pos.web.fields import errors_of
from pos.web.pages import page


def _page(errors: dict[str, str] | None = None, status: int = 200, done: str = "") -> ResponseReturnValue:
    if viewer().key_id is not None:  # a card has no password: its PIN is changed at /p/pin
        raise NotFound("page.unknown")
    made = page(
        "access/account.html",
        account=get_account(db.session(), viewer().id, directory()),
        errors=errors or {},
        must=viewer().must,
        done=done,
        may_sell=viewer().may("till.sell"),
    )
    return made, status  # type: ignore[return-value]


@bp.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """Who one is here. With a one-time password: choose one's own first."""
    done = request.args.get("done", "")
    return _page(done=done if done in ("password", "out", "pin") else "")


@bp.post("/account/password")
@signed_in
def account_password() -> ResponseReturnValue:
    """Change the password: logged out everywhere else, in here."""
    person_id, login_key = viewer().id, ""
    try:
        login_key = f"login:{get_account(db.session(), person_id, directory()).login}"
        asked = PasswordForm.parse(request.form)
        with unit_of_work() as work:
            change_password(work, person_id, asked.old, asked.new, at=now())
    except Invalid as trouble:
        if trouble.code == "password.wrong":
            with unit_of_work() as work:
                note_failure(work, login_key, at=now())
        return _page(errors_of(trouble, "new"), 422)
    except Refused as locked:
        return _page(errors_of(locked, "old"), 429)
    if who := find_viewer(person_id):
        enter_as(who)
    return redirect(url_for("access.account", done="password"), code=303)


@bp.post("/account/out")
@signed_in
def account_out() -> ResponseReturnValue:
    """Log out on every other browser."""
    person_id, key_id = viewer().id, viewer().key_id
    with unit_of_work() as work:
        log_out_everywhere(work, person_id)
        note(work, "person.out", "person", person_id, by=person_id, at=now())
    if who := find_viewer(person_id, key_id):
        enter_as(who)
    return redirect(url_for("access.home") if key_id else url_for("access.account", done="out"), code=303)


@bp.post("/account/pin")
@requires("till.sell")
def account_pin() -> ResponseReturnValue:
    """One's own PIN at the till."""
    person_id = viewer().id
    try:
        asked = PinForm.parse(request.form)
        with unit_of_work() as work:
            set_pin(work, person_id, asked.pin, secret=current_app.config["SECRET_KEY"], by=person_id, at=now())
    except Invalid as trouble:
        return _page(errors_of(trouble, "pin"), 422)
    return redirect(url_for("access.account", done="pin"), code=303)
