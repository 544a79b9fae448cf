"""Counting a place: on many phones at once, blind until somebody ends it; then counted again, then confirmed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.catalogue.rules import KINDS
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, Refused, Trouble
from pos.kernel.ids import new_id
from pos.stock.count_forms import NewCount, NewEntry, liabilities_of
from pos.stock.queries import counts as queries
from pos.stock.queries.levels import list_operators, list_sites, producers_offered
from pos.stock.queries.review import review_of
from pos.stock.service import counts as service
from pos.web.fields import errors_of
from pos.web.headers import CSP_WASM
from pos.web.pages import done, gone, page, page_no

bp = Blueprint("counts", __name__, url_prefix="/stock/counts")


def _count(count_id: str, action: str = "stock.count") -> queries.CountRow:
    found = queries.get_count(db.session(), count_id)
    reach(viewer(), action).need(operator=found.operator_id, site=found.site_id, fair=found.fair_id)
    return found


def _may_decide(found: queries.CountRow) -> bool:
    return reach(viewer(), "stock.write").covers(operator=found.operator_id, site=found.site_id)


@bp.get("/")
@requires("stock.count")
def home() -> ResponseReturnValue:
    """Counts going on, then those done."""
    mine = reach(viewer(), "stock.count")
    found, more = queries.list_counts(db.session(), mine, page=page_no())
    return page(
        "stock/counts/list.html", counts=found, more=url_for("counts.home", page=page_no() + 1) if more else None,
        may_write=viewer().may("stock.write"),
    )  # fmt: skip


@bp.get("/new")
@requires("stock.write")
def new() -> ResponseReturnValue:
    """Where, and what of it."""
    return _new_form(request.args.to_dict(), {})


def _offered() -> tuple[list[Any], list[tuple[str, str]]]:
    session, mine = db.session(), reach(viewer(), "stock.write")
    producers = {pair for op in list_operators(session, mine) for pair in producers_offered(session, op.id)}
    return list_sites(session, mine), sorted(producers, key=lambda pair: pair[1])


def _new_form(values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    sites, producers = _offered()
    made = page("stock/counts/new.html", values=values, errors=errors, sites=sites, producers=producers, kinds=KINDS)
    return make_response(made, 422 if errors else 200)


@bp.post("/new")
@requires("stock.write")
def begin() -> ResponseReturnValue:
    """Open it: from now on anybody of the place may count."""
    sites, producers = _offered()
    try:
        asked = NewCount.parse(
            request.form, site_ids=[site.id for site in sites], kinds=KINDS, producers=dict(producers)
        )
        by = viewer().id
        with unit_of_work() as work:
            count_id = service.open_count(
                work, site_id=asked.site_id, scope_kind=asked.scope_kind, scope_id=asked.scope_id, note=asked.note,
                at=now(), by=by,
            )  # fmt: skip
    except (Invalid, Conflict) as trouble:
        return _new_form(request.form.to_dict(), errors_of(trouble, "site_id"))
    return gone(url_for("counts.show", count_id=count_id))


@bp.get("/<count_id>")
@requires("stock.count")
def show(count_id: str) -> ResponseReturnValue:
    """While blind: how far it is. Afterwards, for who decides: the differences; for who counts: what to count again."""
    return _show(count_id, {}, {})


def _show(count_id: str, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    found = _count(count_id)
    session, decides = db.session(), _may_decide(found)
    seen = found.state in ("review", "confirmed")
    made = page(
        "stock/counts/show.html",
        count=found,
        decides=decides,
        progress=queries.progress_of(session, found) if found.state == "open" else None,
        lines=review_of(session, found) if seen and decides else [],
        asked=queries.list_asked(session, found, viewer().id) if found.state == "review" else [],
        values=values,
        errors=errors,
    )
    return make_response(made, 422 if errors else 200)


@bp.get("/<count_id>/sheet")
@requires("stock.count")
def sheet(count_id: str) -> ResponseReturnValue:
    """For paper: names and empty boxes, no figures."""
    found = _count(count_id)
    return page("stock/counts/sheet.html", count=found, items=queries.list_to_count(db.session(), found))


@bp.get("/<count_id>/enter")
@requires("stock.count")
def enter(count_id: str) -> ResponseReturnValue:
    """The phone: scan or search, type what you see. `q` is what was scanned or typed."""
    return _enter(_count(count_id))


def _enter(
    found: queries.CountRow, *, told: queries.Seen | None = None, error: str = "", values: dict[str, str] | None = None
) -> ResponseReturnValue:  # fmt: skip
    session, me = db.session(), viewer().id
    q = request.args.get("q", "").strip()[:80]
    items = queries.find_items(session, found, q or (values or {}).get("product", ""))
    made = make_response(
        page(
            "stock/counts/enter.html", count=found, q=q, items=items, entry_id=new_id(), told=told, error=error,
            values=values or {}, mine=queries.list_mine(session, found.id, me), spot=request.values.get("spot", ""),
            asked=queries.list_asked(session, found, me) if found.state == "review" else [],
        ),
        422 if error else 200,
    )  # fmt: skip
    made.headers["Content-Security-Policy"] = CSP_WASM  # the camera's barcode reader
    return made


@bp.post("/<count_id>/entries")
@requires("stock.count")
def add(count_id: str) -> ResponseReturnValue:
    """Keep what was seen."""
    found, by = _count(count_id), viewer().id
    try:
        asked = NewEntry.parse(request.form)
        items = queries.find_items(db.session(), found, asked.product_id)
        if not items:
            raise Conflict("count.not_asked")
        item = items[0]
        with unit_of_work() as work:
            service.enter(
                work, count_id, entry_id=asked.id, product_id=item.id, qty_milli=asked.qty_milli, at=now(), by=by,
                weighed=item.weighed, spot=asked.spot,
            )  # fmt: skip
    except (Invalid, Conflict, Refused) as trouble:
        words = next(iter(errors_of(trouble, "qty").values()))
        return _enter(found, error=words, values=request.form.to_dict())
    back = url_for("counts.enter", count_id=count_id, spot=asked.spot)
    told = queries.list_mine(db.session(), count_id, by, 1)
    return done(
        "stock/counts/_work.html", back=back, count=found, told=told[0] if told else None, spot=asked.spot or "",
        mine=queries.list_mine(db.session(), count_id, by), item=item,
        asked=queries.list_asked(db.session(), found, by) if found.state == "review" else [],
    )  # fmt: skip


@bp.post("/<count_id>/entries/<entry_id>/void")
@requires("stock.count")
def void(count_id: str, entry_id: str) -> ResponseReturnValue:
    """Take one's own entry back."""
    found, by = _count(count_id), viewer().id
    with unit_of_work() as work:
        service.take_entry_back(work, count_id, entry_id, at=now(), by=by)
    return done(
        "stock/counts/_work.html", back=url_for("counts.enter", count_id=count_id), count=found,
        mine=queries.list_mine(db.session(), count_id, by),
    )  # fmt: skip


@bp.post("/<count_id>/end")
@requires("stock.write")
def end(count_id: str) -> ResponseReturnValue:
    """End the blind part. What nobody counted is left as it is, or counted as nothing (`rest=zero`)."""
    found, by = _count(count_id, "stock.write"), viewer().id
    nothing = (
        [item.id for item in queries.progress_of(db.session(), found).left]
        if request.form.get("rest") == "zero"
        else []
    )
    return _decide(count_id, lambda work: service.end_blind(work, count_id, nothing_of=nothing, at=now(), by=by))


@bp.post("/<count_id>/again")
@requires("stock.write")
def again(count_id: str) -> ResponseReturnValue:
    """Let another person count the ticked goods again; all that differ when none is ticked."""
    found, by = _count(count_id, "stock.write"), viewer().id
    ticked = request.form.getlist("again") or [
        line.item.id for line in review_of(db.session(), found) if line.difference_milli and line.round == 1
    ]
    return _decide(count_id, lambda work: service.ask_again(work, count_id, ticked, at=now(), by=by))


@bp.post("/<count_id>/confirm")
@requires("stock.write")
def confirm(count_id: str) -> ResponseReturnValue:
    """Move the differences; who bears them is posted right after."""
    found, by = _count(count_id, "stock.write"), viewer().id
    differing = [line.item.id for line in review_of(db.session(), found) if line.difference_milli]
    reason = request.form.get("reason", "").strip()[:200] or None
    try:
        who = liabilities_of(request.form, differing)
    except Invalid as trouble:
        return _show(count_id, request.form.to_dict(), errors_of(trouble))
    return _decide(
        count_id,
        lambda work: service.confirm_count(work, count_id, liabilities=who, reason=reason, at=now(), by=by),
    )


@bp.post("/<count_id>/drop")
@requires("stock.write")
def drop(count_id: str) -> ResponseReturnValue:
    """Nothing comes of it."""
    by = viewer().id
    _count(count_id, "stock.write")
    return _decide(count_id, lambda work: service.drop_count(work, count_id, at=now(), by=by))


def _decide(count_id: str, step: Any) -> ResponseReturnValue:
    try:
        with unit_of_work() as work:
            step(work)
    except Trouble as trouble:
        return _show(count_id, request.form.to_dict(), errors_of(trouble, "step"))
    return gone(url_for("counts.show", count_id=count_id))
