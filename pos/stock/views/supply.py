"""Running out: what will not last a week, asking for more, promises, and the paper when the goods arrive."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from pos.places.models import Site
from pos.stock.models import SupplyRequest
from pos.stock.queries import supply as queries
from pos.stock.queries.levels import list_sites
from pos.stock.service import supply as service
from pos.stock.supply_forms import wanted_of
from pos.stock.views.blueprint import bp
from pos.web.fields import Fields, errors_of
from pos.web.pages import gone, page


def site_asked(action: str) -> tuple[Site | None, list[Site]]:
    """(the place asked for, or the first within reach; all of them)."""
    sites = list_sites(db.session(), reach(viewer(), action))
    asked = request.values.get("site", "")
    return next((site for site in sites if site.id == asked), sites[0] if sites else None), sites


def may_at(action: str, site: Site | None) -> bool:
    """May this person do it at this place?"""
    return site is not None and viewer().may(action, operator=site.operator_id, site=site.id)


@bp.get("/low")
@requires("stock.read")
def low() -> ResponseReturnValue:
    """One place: what sells and lasts less than a week, with how much would last two."""
    return _low({}, {})


def _low(values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    site, sites = site_asked("stock.read")
    found = queries.list_low(db.session(), site, today()) if site else []
    made = page(
        "stock/low.html", site=site, sites=sites, low=found, values=values, errors=errors,
        may_write=may_at("stock.write", site),
    )  # fmt: skip
    return (made, 422) if errors else made  # type: ignore[return-value]


@bp.post("/low")
@requires("stock.write")
def ask() -> ResponseReturnValue:
    """One request per source: the maker, or another place that has some."""
    site_id, by = request.form.get("site", ""), viewer().id
    sites = {site.id: site for site in list_sites(db.session(), reach(viewer(), "stock.write"))}
    site = sites.get(site_id)
    reach(viewer(), "stock.write").need(operator=site.operator_id if site else None, site=site_id)
    try:
        asked = wanted_of(request.form, queries.list_low(db.session(), db.session.get_one(Site, site_id), today()))
    except Invalid as trouble:
        return _low(request.form.to_dict(), errors_of(trouble, "lines"))
    note = Fields(request.form).text("note", most=200)
    with unit_of_work() as work:
        for source, wanted in asked.items():
            service.ask_for_goods(work, site_id=site_id, source=source, wanted=wanted, note=note, at=now(), by=by)
    return gone(url_for("stock.supply_requests"))


@bp.get("/requests")
@requires("stock.read")
def supply_requests() -> ResponseReturnValue:
    """What was asked for, by whom, and what was promised."""
    mine = reach(viewer(), "stock.read")
    return page(
        "stock/requests.html", requests=queries.list_requests(db.session(), queries.requests_within(mine)),
        today=today(), may_write=viewer().may("stock.write"),
    )  # fmt: skip


def _request(request_id: str) -> SupplyRequest:
    found = service.get_request(db.session(), request_id)
    to = found.from_id if found.from_kind == "site" else None
    mine = reach(viewer(), "stock.write")
    if not mine.covers(site=to):
        mine.need(operator=found.operator_id, site=found.site_id)
    return found


@bp.post("/requests/<request_id>/promise")
@requires("stock.write")
def supply_promise(request_id: str) -> ResponseReturnValue:
    """Another place promises; or the office writes down what the maker said on the phone."""
    _request(request_id)
    read, by = Fields(request.form), viewer().id
    day = read.day("on") or today()
    read.finish()
    with unit_of_work() as work:
        service.promise(work, request_id, on=day, at=now(), by=by)
    return gone(url_for("stock.supply_requests"))


@bp.post("/requests/<request_id>/drop")
@requires("stock.write")
def supply_drop(request_id: str) -> ResponseReturnValue:
    """Not needed any more."""
    _request(request_id)
    with unit_of_work() as work:
        service.drop_request(work, request_id)
    return gone(url_for("stock.supply_requests"))


@bp.get("/requests/<request_id>/arrived")
@requires("stock.write")
def supply_arrival(request_id: str) -> ResponseReturnValue:
    """Where the maker's code leads: the request, and one button."""
    found = _request(request_id)
    shown = queries.list_requests(db.session(), SupplyRequest.id == found.id)
    return page("stock/requests.html", requests=shown, today=today(), may_write=True, one=True)


@bp.post("/requests/<request_id>/arrived")
@requires("stock.write")
def supply_arrived(request_id: str) -> ResponseReturnValue:
    """Begin the paper: an intake to count against, or a transfer to send."""
    _request(request_id)
    by = viewer().id
    with unit_of_work() as work:
        document_id = service.begin_paper(work, request_id, at=now(), by=by)
    return gone(url_for("stock.document", document_id=document_id))
