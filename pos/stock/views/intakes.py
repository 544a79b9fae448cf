"""Consignments counted in at the office."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from pos.stock import queries, service
from pos.stock.forms import parse_intake
from pos.stock.views.blueprint import bp
from pos.web.fields import errors_of
from pos.web.pages import gone, page, page_no


@bp.get("/intakes")
@requires("stock.read")
def intakes() -> ResponseReturnValue:
    """Intake notes, newest first."""
    found, more = queries.list_intakes(db.session(), reach(viewer(), "stock.read"), page=page_no())
    return page(
        "stock/intakes.html",
        intakes=found,
        more=url_for("stock.intakes", page=page_no() + 1) if more else None,
        may_write=viewer().may("stock.write"),
    )


@bp.get("/intakes/<intake_id>")
@requires("stock.read")
def intake(intake_id: str) -> ResponseReturnValue:
    """One note, fit to print and sign."""
    found = queries.get_intake(db.session(), intake_id)
    reach(viewer(), "stock.read").need(operator=found.intake.operator_id, site=found.intake.to_id)
    return page("stock/intake.html", found=found, note=found.intake)


@bp.get("/intakes/new")
@requires("stock.write")
def intake_add() -> ResponseReturnValue:
    """Choose the producer, then count what came, product by product."""
    return _form(request.args.to_dict(), {})


def _form(values: dict[str, str], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    session, mine = db.session(), reach(viewer(), "stock.write")
    operators = queries.list_operators(session, mine)
    operator = next((o for o in operators if o.id == values.get("operator_id")), operators[0] if operators else None)
    producers = queries.producers_offered(session, operator.id) if operator else []
    producer = values.get("producer_id", "")
    producer = producer if producer in dict(producers) else ""
    made = page(
        "stock/intake_new.html",
        values={"business_date": today().isoformat(), **values},
        errors=errors,
        operators=operators,
        operator=operator,
        producers=producers,
        producer=producer,
        sites=queries.list_sites(session, mine, operator_id=operator.id) if operator else [],
        goods=queries.list_countable(session, operator.id, producer) if operator and producer else [],
    )
    return made, status  # type: ignore[return-value]


@bp.post("/intakes/new")
@requires("stock.write")
def intake_create() -> ResponseReturnValue:
    """Count a consignment in."""
    session, mine = db.session(), reach(viewer(), "stock.write")
    operator_id = request.form.get("operator_id", "")
    mine.need(operator=operator_id)
    goods = queries.list_countable(session, operator_id, request.form.get("producer_id", ""))
    sites = [site.id for site in queries.list_sites(session, mine, operator_id=operator_id)]
    by = viewer().id
    try:
        asked = parse_intake(request.form, goods, operator_id=operator_id, site_ids=sites, today=today())
        with unit_of_work() as work:
            intake_id = service.receive(work, asked, at=now(), by=by).id
    except Invalid as trouble:
        return _form(request.form.to_dict(), errors_of(trouble, "lines"), 422)
    return gone(url_for("stock.intake", intake_id=intake_id))
