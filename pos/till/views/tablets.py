"""The office's side of the tablets: devices and their last word, events held, events in quarantine."""

from __future__ import annotations

import json

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.access.service import revoke_device
from pos.kernel.canonical import parse
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.till.queries import waiting
from pos.till.rules.whys import cause_of
from pos.till.service.progress import gaps
from pos.till.service.replay import accept_held, original_of
from pos.till.service.replay import repair as book_repaired
from pos.till.service.rescue import take_file
from pos.till.views.blueprint import bp
from pos.web.fields import errors_of
from pos.web.pages import gone, origin, page, page_no
from pos.web.words import words


def waits() -> tuple[int, int] | None:
    """The numbers on the tabs, for who may open them."""
    return (
        waiting.count_waiting(db.session(), reach(viewer(), "quarantine.read"))
        if viewer().may("quarantine.read")
        else None
    )


# ── Devices ──────────────────────────────────────────────────────────────────
@bp.get("/devices")
@requires("place.read")
def devices() -> ResponseReturnValue:
    """Every tablet in use; those revoked behind a tab."""
    q, revoked, number = request.args.get("q", "").strip(), request.args.get("state") == "revoked", page_no()
    found, more = waiting.list_devices(db.session(), reach(viewer(), "place.read"), revoked=revoked, q=q, page=number)
    state = "revoked" if revoked else None
    return page(
        "till/devices.html",
        devices=found,
        more=url_for("till.devices", q=q or None, state=state, page=number + 1) if more else None,
        q=q,
        revoked=revoked,
        waits=waits(),
        at=now(),
        tab="devices",
    )


@bp.get("/devices/<log_id>")
@requires("place.read")
def device(log_id: str) -> ResponseReturnValue:
    """One tablet: last word, what is missing, what waits; take its right away."""
    return _device(log_id, {}, "")


def _device(log_id: str, errors: dict[str, str], reason: str) -> ResponseReturnValue:
    session = db.session()
    found = waiting.get_device(session, log_id)
    place = {"operator": found.operator_id, "site": found.site_id, "fair": found.fair_id}
    reach(viewer(), "place.read").need(**place)
    made = page(
        "till/device.html",
        device=found,
        missing=gaps(session, log_id)[1],
        errors=errors,
        reason=reason,
        may_revoke=viewer().may("device.revoke", operator=found.operator_id, site=found.site_id),
        may_rescue=viewer().may("quarantine.repair", operator=found.operator_id, site=found.site_id),
        may_enrol=viewer().may("device.enrol", operator=found.operator_id, site=found.site_id),
        may_held=viewer().may("quarantine.read", operator=found.operator_id, site=found.site_id),
        waits=waits(),
        at=now(),
        tab="devices",
    )
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.get("/devices/<log_id>/sticker")
@requires("place.read")
def sticker(log_id: str) -> ResponseReturnValue:
    """What is stuck on the tablet: where it stands, its letter, and the way to the till. Holds no secret."""
    found = waiting.get_device(db.session(), log_id)
    reach(viewer(), "place.read").need(operator=found.operator_id, site=found.site_id, fair=found.fair_id)
    return page("till/sticker.html", device=found, address=f"{origin()}/till/")


@bp.post("/devices/<log_id>/revoke")
@requires("device.revoke")
def revoke(log_id: str) -> ResponseReturnValue:
    """From now on what this tablet sends is held, not booked."""
    found = waiting.get_device(db.session(), log_id)
    reach(viewer(), "device.revoke").need(operator=found.operator_id, site=found.site_id)
    by, reason = viewer().id, request.form.get("reason", "")
    try:
        with unit_of_work() as session:
            revoke_device(session, log_id, reason, by=by, at=now())
    except Invalid as trouble:
        return _device(log_id, errors_of(trouble, "reason"), reason)
    return gone(url_for("till.device", log_id=log_id))


@bp.post("/devices/<log_id>/rescue")
@requires("quarantine.repair")
def rescue(log_id: str) -> ResponseReturnValue:
    """Book the file a tablet saved when it could not send; what was here before stays once."""
    found = waiting.get_device(db.session(), log_id)
    reach(viewer(), "quarantine.repair").need(operator=found.operator_id, site=found.site_id)
    file = request.files.get("file")
    secret, at = current_app.config["SECRET_KEY"], now()
    try:
        take_file(db.session(), log_id, found.operator_id, file.read() if file else b"", secret=secret, at=at)
    except (Invalid, NotFound) as trouble:
        return _device(log_id, errors_of(trouble, "file"), "")
    return gone(url_for("till.device", log_id=log_id))


# ── Held ─────────────────────────────────────────────────────────────────────
@bp.get("/held")
@requires("quarantine.read")
def held() -> ResponseReturnValue:
    """The revoked devices that went on sending: how many, since when."""
    found = waiting.list_holding(db.session(), reach(viewer(), "quarantine.read"))
    return page("till/held.html", devices=found, waits=waits(), at=now(), tab="held")


@bp.get("/held/<log_id>")
@requires("quarantine.read")
def held_device(log_id: str) -> ResponseReturnValue:
    """One device's held events, to accept all or some."""
    session = db.session()
    found = waiting.get_device(session, log_id)
    reach(viewer(), "quarantine.read").need(operator=found.operator_id, site=found.site_id)
    events, more = waiting.list_held(session, log_id, page=page_no())
    return page(
        "till/held_device.html",
        device=found,
        events=events,
        more=url_for("till.held_device", log_id=log_id, page=page_no() + 1) if more else None,
        most=waiting.MOST,
        may_accept=viewer().may("quarantine.repair", operator=found.operator_id, site=found.site_id),
        waits=waits(),
        tab="held",
    )


@bp.post("/held/<log_id>/accept")
@requires("quarantine.repair")
def accept(log_id: str) -> ResponseReturnValue:
    """Book held events, those ticked or (`all`) the next in the log's order."""
    session = db.session()
    found = waiting.get_device(session, log_id)
    reach(viewer(), "quarantine.repair").need(operator=found.operator_id, site=found.site_id)
    ids = waiting.first_held(session, log_id) if request.form.get("all") else request.form.getlist("event")
    accept_held(log_id, secret=current_app.config["SECRET_KEY"], by=viewer().id, at=now(), held_ids=ids[: waiting.MOST])
    left = waiting.get_device(db.session(), log_id).held
    return gone(url_for("till.held_device", log_id=log_id) if left else url_for("till.held"))


# ── Quarantine ───────────────────────────────────────────────────────────────
@bp.get("/quarantine")
@requires("quarantine.read")
def quarantine() -> ResponseReturnValue:
    """What could not be read as an event; those repaired behind a tab."""
    repaired, number = request.args.get("state") == "repaired", page_no()
    mine = reach(viewer(), "quarantine.read")
    found, more = waiting.list_broken(db.session(), mine, repaired=repaired, page=number)
    state = "repaired" if repaired else None
    return page(
        "till/quarantine.html",
        items=found,
        cause_of=cause_of,
        more=url_for("till.quarantine", state=state, page=number + 1) if more else None,
        repaired=repaired,
        waits=waits(),
        tab="quarantine",
    )


@bp.get("/quarantine/<quarantine_id>")
@requires("quarantine.read")
def quarantined(quarantine_id: str) -> ResponseReturnValue:
    """The original as it came, and a text to mend. The look is kept in the access log."""
    return _quarantined(quarantine_id, {}, None)


def _quarantined(quarantine_id: str, errors: dict[str, str], typed: str | None) -> ResponseReturnValue:
    found = waiting.get_broken(db.session(), quarantine_id)
    reach(viewer(), "quarantine.read").need(operator=found.operator_id, site=found.site_id)
    secret, by = current_app.config["SECRET_KEY"], viewer().id
    with unit_of_work() as session:
        _row, original = original_of(session, quarantine_id, secret=secret, by=by, at=now())
    made = page(
        "till/quarantined.html",
        item=found,
        cause=cause_of(found.why),
        original=original,
        text=readable(original) if typed is None else typed,
        errors=errors,
        may_repair=viewer().may("quarantine.repair", operator=found.operator_id, site=found.site_id),
        waits=waits(),
        tab="quarantine",
    )
    return made, 422 if errors else 200  # type: ignore[return-value]


def readable(original: str) -> str:
    """The original with one member a line where it is JSON of plain members; else exactly as it came."""
    try:
        return json.dumps(parse(original), ensure_ascii=False, indent=2)
    except (ValueError, TypeError, RecursionError):
        return original


@bp.post("/quarantine/<quarantine_id>")
@requires("quarantine.repair")
def repair(quarantine_id: str) -> ResponseReturnValue:
    """Book what the person mended in place of the original, which stays."""
    found = waiting.get_broken(db.session(), quarantine_id)
    reach(viewer(), "quarantine.repair").need(operator=found.operator_id, site=found.site_id)
    secret, typed = current_app.config["SECRET_KEY"], request.form.get("text", "")
    try:
        book_repaired(quarantine_id, typed, secret=secret, by=viewer().id, at=now())
    except (Invalid, Conflict) as trouble:
        return _quarantined(quarantine_id, _told(trouble), typed)
    return gone(url_for("till.quarantine"))


def _told(trouble: Invalid | Conflict) -> dict[str, str]:
    """The trouble beside the field: the cause in words, then the exact place."""
    errors = errors_of(trouble, "text")
    why = trouble.facts.get("why")
    if isinstance(why, str) and (cause := cause_of(why)) != "field":
        errors["text"] = f"{words('quarantine', cause)} ({why})"
    return errors
