"""People of the office and the tills: who they are, what they may do, and what was done to their rights."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue

from pos.access import service
from pos.access.directory import directory
from pos.access.forms import GiveForm, InviteForm, PinForm
from pos.access.guards import requires, viewer
from pos.access.queries import SELLING, STAFF, Member, find_grant, get_member, list_log, list_people, rights_of
from pos.access.rules import LIMITS, ROLE_SCOPES, ROLES, Spot, may_give, within
from pos.access.service.people import steers
from pos.access.views.blueprint import bp, giver
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound, Refused
from pos.web.fields import Fields, errors_of
from pos.web.pages import gone, page, page_no


def _offers() -> tuple[list[str], list[Spot]]:
    """(roles, places) this person may give; the service checks each pair again."""
    kinds = {kind for role in STAFF for kind in ROLE_SCOPES[role]}
    places = directory().inside(db.session(), viewer().scopes("person.write"), kinds)
    roles = [role for role in STAFF if any(may_give(viewer().grants, role, spot) for spot in places)]
    usable = {kind for role in roles for kind in ROLE_SCOPES[role]}
    return roles, [spot for spot in places if spot.kind in usable]


def _spot(kind: str, id_: str) -> Spot:
    """The place asked for. Raises NotFound when there is none, or none of one's own: existence is not told."""
    found = directory().find(db.session(), [(kind, id_)]).get((kind, id_))
    if found is None or not within(viewer().scopes("person.write"), found):
        raise NotFound("access.not_here")
    return found


def _may_steer(person_id: str, only: tuple[str, ...] | None = None) -> bool:
    """May the viewer act for all this person may do (of the roles `only`)? Never for oneself: that is the account."""
    rows = [row for row in rights_of(db.session(), person_id) if only is None or row[0] in only]
    spots = directory().find(db.session(), {(kind, id_) for _, kind, id_ in rows})
    return person_id != viewer().id and steers(giver(), rows, spots)


def _need(allowed: bool) -> None:
    if not allowed:
        raise Refused("grant.beyond")


@bp.get("/people/")
@requires("person.read")
def people() -> ResponseReturnValue:
    """Everybody within reach with their rights; search as you type."""
    q, role = request.args.get("q", "").strip(), request.args.get("role", "")
    role = role if role in STAFF else ""
    found, more = list_people(db.session(), viewer().scopes("person.read"), directory(), q=q, role=role, page=page_no())
    return page(
        "access/people.html",
        people=found,
        more=url_for("access.people", q=q or None, role=role or None, page=page_no() + 1) if more else None,
        q=q,
        role=role,
        roles=STAFF,
        may_write=viewer().may("person.write"),
        may_log=viewer().may("access.read"),
    )


def _new(values: dict[str, str], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    roles, places = _offers()
    made = page("access/person_new.html", values=values, errors=errors, roles=roles, places=places, scopes=ROLE_SCOPES)
    return made, status  # type: ignore[return-value]


@bp.get("/people/new")
@requires("person.write")
def people_add() -> ResponseReturnValue:
    """The form for a new person."""
    return _new({"role": "cashier"}, {})


@bp.post("/people/new")
@requires("person.write")
def people_invite() -> ResponseReturnValue:
    """A new person with a first role; a one-time password is shown once."""
    try:
        asked = InviteForm.parse(request.form)
        spot = _spot(asked.kind, asked.id)
        with unit_of_work() as work:
            person, password = service.invite(
                work, giver(), name=asked.name, login=asked.login, role=asked.role, spot=spot, at=now()
            )
            person_id = person.id
    except (Invalid, Conflict) as trouble:
        return _new(request.form.to_dict(), errors_of(trouble, "role"), 422)
    if password is None:
        return gone(url_for("access.people_one", person_id=person_id))
    return _person(person_id, password=password)


def _person(
    person_id: str, errors: dict[str, str] | None = None, status: int = 200, password: str | None = None, part: str = ""
) -> ResponseReturnValue:
    member = get_member(db.session(), person_id, viewer().scopes("person.read"), directory())
    roles, places = _offers() if viewer().may("person.write") else ([], [])
    said, _ = list_log(db.session(), viewer().scopes("access.read"), directory(), person_id=person_id, page=1)
    context: dict[str, Any] = {
        "person": member,
        "roles": roles,
        "places": places,
        "may_take": {r.id for r in member.rights if _takes(member, r.role, r.spot)},
        "may_give": bool(roles) and person_id != viewer().id,
        "may_steer": viewer().may("person.write") and _may_steer(person_id),
        "may_pin": viewer().may("pin.write") and _sells(member) and _may_steer(person_id, SELLING),
        "limits": next((LIMITS[role] for role in ("supervisor", "cashier") if role in _roles(member)), None),
        "errors": errors or {},
        "part": part,
        "values": request.form.to_dict() if errors else {},
        "password": password,
        "said": said[:12] if viewer().may("access.read") else [],
    }
    return page("access/person.html", **context), status  # type: ignore[return-value]


def _roles(member: Member) -> set[str]:
    return {right.role for right in member.rights}


def _sells(member: Member) -> bool:
    return any("till.sell" in ROLES[role] for role in _roles(member))


def _takes(member: Member, role: str, spot: Spot) -> bool:
    return member.id != viewer().id and may_give(viewer().grants, role, spot)


@bp.get("/people/<person_id>")
@requires("person.read")
def people_one(person_id: str) -> ResponseReturnValue:
    """One person: rights, password, PIN, and what was done to them."""
    return _person(person_id)


def _within(person_id: str) -> None:
    """Refuse as not found whoever is not within the reach of one's right to write."""
    get_member(db.session(), person_id, viewer().scopes("person.write"), directory())


@bp.post("/people/<person_id>")
@requires("person.write")
def people_change(person_id: str) -> ResponseReturnValue:
    """Mend the name; switch off or on."""
    _within(person_id)
    _need(_may_steer(person_id))
    try:
        read = Fields(request.form)
        name, active = read.needed("name", most=80), read.tick("active")
        read.finish()
        with unit_of_work() as work:
            service.rename(work, person_id, name, by=viewer().id, at=now())
            service.switch(work, giver(), person_id, active=active, at=now())
    except Invalid as trouble:
        return _person(person_id, errors_of(trouble, "name"), 422, part="name")
    return gone(url_for("access.people_one", person_id=person_id))


@bp.post("/people/<person_id>/grants")
@requires("person.write")
def people_give(person_id: str) -> ResponseReturnValue:
    """One more role in one place."""
    _within(person_id)
    try:
        asked = GiveForm.parse(request.form)
        spot = _spot(asked.kind, asked.id)
        with unit_of_work() as work:
            service.give(work, giver(), person_id, asked.role, spot, at=now())
    except Invalid as trouble:
        return _person(person_id, errors_of(trouble, "role"), 422, part="give")
    return gone(url_for("access.people_one", person_id=person_id))


@bp.post("/people/grants/<grant_id>/take")
@requires("person.write")
def people_take(grant_id: str) -> ResponseReturnValue:
    """Take a role back; it ends with the next click of that person."""
    found = find_grant(db.session(), grant_id)
    if found is None:
        raise NotFound("grant.gone")
    person_id, _role, kind, id_ = found
    spot = _spot(kind, id_)
    with unit_of_work() as work:
        service.take(work, giver(), grant_id, spot, at=now())
    left = rights_of(db.session(), person_id)
    return gone(url_for("access.people_one", person_id=person_id) if left else url_for("access.people"))


@bp.post("/people/<person_id>/password")
@requires("person.write")
def people_password(person_id: str) -> ResponseReturnValue:
    """A one-time password instead of a lost one, shown once; logged out everywhere."""
    _within(person_id)
    _need(_may_steer(person_id))
    with unit_of_work() as work:
        password = service.new_password(work, giver(), person_id, at=now())
    return _person(person_id, password=password)


@bp.post("/people/<person_id>/pin")
@requires("pin.write")
def people_pin(person_id: str) -> ResponseReturnValue:
    """Set or remove the PIN of somebody who sells; tablets learn it by themselves."""
    _within(person_id)
    member = get_member(db.session(), person_id, viewer().scopes("pin.write"), directory())
    _need(_sells(member) and _may_steer(person_id, SELLING))
    try:
        pin = None if request.form.get("remove") == "1" else PinForm.parse(request.form).pin
        with unit_of_work() as work:
            service.set_pin(work, person_id, pin, secret=current_app.config["SECRET_KEY"], by=viewer().id, at=now())
    except Invalid as trouble:
        return _person(person_id, errors_of(trouble, "pin"), 422, part="pin")
    return gone(url_for("access.people_one", person_id=person_id))


@bp.get("/people/log")
@requires("access.read")
def people_log() -> ResponseReturnValue:
    """Rights given and taken, passwords and PINs set, cards issued, masked data read."""
    said, more = list_log(db.session(), viewer().scopes("access.read"), directory(), person_id=None, page=page_no())
    return page("access/log.html", said=said, more=url_for("access.people_log", page=page_no() + 1) if more else None)
