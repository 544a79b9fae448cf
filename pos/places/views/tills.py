"""The tills of a place, and the codes that make a tablet the next device of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.access.service import CODE_LIFE, make_enrol_code
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.places import queries, service
from pos.places.forms import TillForm
from pos.places.views.blueprint import bp
from pos.web.fields import errors_of
from pos.web.pages import done, origin, page


@dataclass(frozen=True, slots=True)
class Pairing:
    """A code as shown once: `link` is what its QR says."""

    till: str
    code: str
    link: str
    until: datetime


@bp.post("/<site_id>/tills")
@requires("place.write")
def add_till(site_id: str) -> ResponseReturnValue:
    """One more till at a place."""
    found = queries.get_site(db.session(), site_id)
    reach(viewer(), "place.write").need(operator=found.operator_id)
    errors: dict[str, str] = {}
    try:
        asked = TillForm.parse(request.form)
        with unit_of_work() as session:
            service.add_till(session, site_id=site_id, code=asked.code, name=asked.name)
    except (Invalid, Conflict) as trouble:
        errors = errors_of(trouble, "till_code")
    return _tills(site_id, errors=errors, values=request.form.to_dict() if errors else {})


@bp.post("/tills/<till_id>/code")
@requires("device.enrol")
def enrol_code(till_id: str) -> ResponseReturnValue:
    """A code that makes one tablet the next device of this till, good once within 24 hours."""
    till = queries.get_till(db.session(), till_id)
    reach(viewer(), "device.enrol").need(operator=till.operator_id, site=till.site_id)
    site_id, name = till.site_id, till.name
    at = now()
    with unit_of_work() as session:
        code = make_enrol_code(session, till_id, at=at)
    return _tills(site_id, code=Pairing(name, code, f"{origin()}/till/#enrol={code}", at + CODE_LIFE))


def _tills(
    site_id: str,
    *,
    errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
    code: Pairing | None = None,
) -> ResponseReturnValue:
    """The tills' part; a plain browser gets the whole page when there is something to read once."""
    site = queries.get_site(db.session(), site_id)
    context = {
        "site": site,
        "tills": queries.list_tills(db.session(), site_id),
        "errors": errors or {},
        "values": values or {},
        "code": code,
        "may_write": viewer().may("place.write", operator=site.operator_id),
        "may_enrol": viewer().may("device.enrol", operator=site.operator_id, site=site.id),
        "at": now(),
    }
    if code or errors:
        return _once("places/_tills.html", "places/tills.html", context)
    return done("places/_tills.html", back=url_for("places.site", site_id=site_id), **context)


def _once(fragment: str, whole: str, context: dict[str, object]) -> ResponseReturnValue:
    return done(fragment, back="", **context) if request.headers.get("HX-Request") else page(whole, **context)
