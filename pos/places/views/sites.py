"""Places: shops, booths, warehouses, and the ways of paying at them."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.access.rules import Spot
from pos.access.service.people import note
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.places import queries, service
from pos.places.forms import SiteForm, parse_bank, parse_tenders
from pos.places.models import Site
from pos.places.views.blueprint import bank_values, bp
from pos.places.views.operators import masked
from pos.web.fields import errors_of
from pos.web.pages import gone, page


@bp.get("/")
@requires("place.read")
def sites() -> ResponseReturnValue:
    """All places within reach."""
    q, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    found = queries.list_sites(db.session(), reach(viewer(), "place.read"), q=q, kind=kind)
    return page("places/sites.html", sites=found, q=q, kind=kind, may_write=viewer().may("place.write"))


def _form(
    site: Site | None,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
    *,
    bank: dict[str, str] | None = None,
    bank_errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    session = db.session()
    made = page(
        "places/site.html",
        site=site,
        values=values,
        errors=errors,
        operators=queries.list_operators(session, reach(viewer(), "place.write" if site is None else "place.read")),
        fairs=queries.list_fairs(session),
        wards=queries.list_wards(session),
        tills=queries.list_tills(session, site.id) if site else [],
        may_write=viewer().may("place.write", operator=site.operator_id) if site else True,
        may_enrol=viewer().may("device.enrol", operator=site.operator_id, site=site.id) if site else False,
        at=now(),
        bank=bank if bank is not None else bank_values(site) if site else {},
        bank_errors=bank_errors or {},
    )
    return made, status  # type: ignore[return-value]


@bp.get("/new")
@requires("place.write")
def add_site() -> ResponseReturnValue:
    """The form for a new place."""
    return _form(None, {"kind": request.args.get("kind", "shop"), "active": "1"}, {})


@bp.post("/new")
@requires("place.write")
def create_site() -> ResponseReturnValue:
    """Open a place."""
    try:
        asked = SiteForm.parse(request.form, new=True)
        reach(viewer(), "place.write").need(operator=asked.operator_id)
        ward = _ward(asked.ward)
        with unit_of_work() as session:
            site = service.add_site(
                session, operator_id=asked.operator_id, kind=asked.kind, code=asked.code, name=asked.name,
                address=asked.address, ward_code=ward, fair_id=asked.fair_id,
            )  # fmt: skip
            site_id = site.id
    except (Invalid, Conflict) as trouble:
        return _form(None, request.form.to_dict(), errors_of(trouble, "code"), 422)
    return gone(url_for("places.site", site_id=site_id))


@bp.get("/<site_id>")
@requires("place.read")
def site(site_id: str) -> ResponseReturnValue:
    """One place: its facts, tills and tablets."""
    found = queries.get_site(db.session(), site_id)
    reach(viewer(), "place.read").need(operator=found.operator_id, site=found.id, fair=found.fair_id)
    return _site(site_id)


def _site(
    site_id: str, *, bank: dict[str, str] | None = None, bank_errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    found = queries.get_site(db.session(), site_id)
    values = {
        "name": found.name, "address": found.address or "", "active": "1" if found.active else "",
        "ward": dict(queries.list_wards(db.session())).get(found.ward_code or "", ""),
    }  # fmt: skip
    return _form(found, values, {}, 422 if bank_errors else 200, bank=bank, bank_errors=bank_errors)


@bp.post("/<site_id>")
@requires("place.write")
def change_site(site_id: str) -> ResponseReturnValue:
    """Change a place's name, address, ward, or close it."""
    found = queries.get_site(db.session(), site_id)
    reach(viewer(), "place.write").need(operator=found.operator_id)
    try:
        asked = SiteForm.parse(request.form, new=False)
        ward = _ward(asked.ward)
        with unit_of_work() as session:
            service.change_site(
                session, site_id, name=asked.name, address=asked.address, ward_code=ward, active=asked.active
            )
    except Invalid as trouble:
        return _form(queries.get_site(db.session(), site_id), request.form.to_dict(), errors_of(trouble, "name"), 422)
    return gone(url_for("places.site", site_id=site_id))


def _ward(text: str) -> str | None:
    """The ward's code. Raises Invalid when there is text but no such ward."""
    code = queries.find_ward(db.session(), text)
    if text and code is None:
        raise Invalid("form.invalid", errors={"ward": "field.choice"})
    return code


@bp.post("/<site_id>/bank")
@requires("place.write")
def site_bank(site_id: str) -> ResponseReturnValue:
    """An account of the site's own for VietQR, or the operator's again; who did is kept."""
    found = queries.get_site(db.session(), site_id)
    reach(viewer(), "place.write").need(operator=found.operator_id)
    spot, by = Spot("operator", found.operator_id, ""), viewer().id
    try:
        asked = parse_bank(request.form, own=False)
        with unit_of_work() as session:
            service.set_site_bank(session, site_id, asked)
            note(session, "bank.set", "site", site_id, by=by, at=now(), words=masked(asked), spot=spot)
    except Invalid as trouble:
        return _site(site_id, bank=request.form.to_dict(), bank_errors=errors_of(trouble, "bank_account"))
    return gone(url_for("places.site", site_id=site_id))


# ── Ways of paying ───────────────────────────────────────────────────────────
@bp.get("/tenders")
@requires("place.read")
def tenders() -> ResponseReturnValue:
    """The operators within reach; where there is one, its ways of paying at once."""
    found = queries.list_operators(db.session(), reach(viewer(), "place.read"))
    if len(found) == 1:
        return redirect(url_for("places.operator_tenders", operator_id=found[0].id))
    return page("places/tenders_choose.html", operators=found)


@bp.get("/tenders/<operator_id>")
@requires("place.read")
def operator_tenders(operator_id: str) -> ResponseReturnValue:
    """How one can pay at an operator's tills."""
    return _tenders(operator_id, {}, {})


def _tenders(operator_id: str, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    reach(viewer(), "place.read").need(operator=operator_id)
    session = db.session()
    made = page(
        "places/tenders.html",
        operator=queries.get_operator(session, operator_id),
        kinds=queries.list_tenders(session, operator_id),
        issuers=queries.list_issuers(session, operator_id),
        values=values,
        errors=errors,
        saved=request.args.get("saved") == "1",
        may_write=viewer().may("place.write", operator=operator_id),
    )
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/tenders/<operator_id>")
@requires("place.write")
def change_tenders(operator_id: str) -> ResponseReturnValue:
    """Keep the whole list: tills take it with their next look at the catalogue."""
    reach(viewer(), "place.write").need(operator=operator_id)
    session = db.session()
    codes = [kind.code for kind in queries.list_tenders(session, operator_id)]
    issuers = [issuer.id for issuer in queries.list_issuers(session, operator_id)]
    try:
        asked = parse_tenders(request.form, codes=codes, issuers=issuers)
        with unit_of_work() as work:
            service.change_tenders(work, operator_id, asked)
    except (Invalid, Conflict) as trouble:
        return _tenders(operator_id, request.form.to_dict(), errors_of(trouble, "issuer"))
    return gone(url_for("places.operator_tenders", operator_id=operator_id, saved=1))
