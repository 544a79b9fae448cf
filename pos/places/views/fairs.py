"""Fairs and who holds them, as places: identity and days. Plan and board are the fairs' own."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.places import queries, service
from pos.places.forms import FairForm
from pos.places.models import Fair
from pos.places.views.blueprint import bp
from pos.web.fields import Fields, errors_of
from pos.web.pages import gone, page


@bp.get("/fairs")
@requires("fair.write")
def fairs() -> ResponseReturnValue:
    """All fairs, newest first, and who holds them."""
    return _list({}, {})


def _list(values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    session = db.session()
    made = page(
        "places/fairs.html",
        fairs=queries.list_fairs(session),
        organizers=queries.list_organizers(session),
        values=values,
        errors=errors,
    )
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/fairs/organizers")
@requires("fair.write")
def create_organizer() -> ResponseReturnValue:
    """Add who holds fairs."""
    try:
        read = Fields(request.form)
        name = read.needed("organizer", most=120)
        read.finish()
        with unit_of_work() as session:
            service.add_organizer(session, name=name)
    except (Invalid, Conflict) as trouble:
        return _list(request.form.to_dict(), errors_of(trouble, "organizer"))
    return gone(url_for("places.fairs"))


def _form(fair: Fair | None, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    organizers = queries.list_organizers(db.session())
    made = page("places/fair.html", fair=fair, values=values, errors=errors, organizers=organizers)
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.get("/fairs/new")
@requires("fair.write")
def add_fair() -> ResponseReturnValue:
    """The form for a new fair."""
    return _form(None, {}, {})


@bp.post("/fairs/new")
@requires("fair.write")
def create_fair() -> ResponseReturnValue:
    """Add a fair; booths are then opened as places of it."""
    known = [organizer.id for organizer in queries.list_organizers(db.session())]
    try:
        asked = FairForm.parse(request.form, known, new=True)
        with unit_of_work() as session:
            service.add_fair(
                session, organizer_id=asked.organizer_id, code=asked.code, name=asked.name, place=asked.place,
                starts_on=asked.starts_on, ends_on=asked.ends_on,
            )  # fmt: skip
    except (Invalid, Conflict) as trouble:
        return _form(None, request.form.to_dict(), errors_of(trouble, "code"))
    return gone(url_for("places.fairs"))


@bp.get("/fairs/<fair_id>")
@requires("fair.write")
def fair(fair_id: str) -> ResponseReturnValue:
    """One fair."""
    found = queries.get_fair(db.session(), fair_id)
    values = {
        "name": found.name, "place": found.place, "starts_on": found.starts_on.isoformat(),
        "ends_on": found.ends_on.isoformat(),
    }  # fmt: skip
    return _form(found, values, {})


@bp.post("/fairs/<fair_id>")
@requires("fair.write")
def change_fair(fair_id: str) -> ResponseReturnValue:
    """Change its name, place or days."""
    found = queries.get_fair(db.session(), fair_id)
    try:
        asked = FairForm.parse(request.form, (), new=False)
        with unit_of_work() as session:
            service.change_fair(
                session, fair_id, name=asked.name, place=asked.place, starts_on=asked.starts_on, ends_on=asked.ends_on
            )
    except Invalid as trouble:
        return _form(found, request.form.to_dict(), errors_of(trouble, "name"))
    return gone(url_for("places.fairs"))
