"""What points of sale ask a producer for: one tap promises it, and announces the delivery with its code."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import NotFound
from pos.reports.queries import producer as queries
from pos.reports.views import bp
from pos.stock.queries.supply import asked_of, list_requests
from pos.stock.service import supply
from pos.web.fields import Fields
from pos.web.pages import page


@bp.get("/producer/<producer_id>/wanted")
@requires("producer.home")
def producer_wanted(producer_id: str) -> ResponseReturnValue:
    """Open requests, newest first."""
    here("producer.home", producer=producer_id)
    session = db.session()
    found = list_requests(session, asked_of(producer_id))
    return page(
        "reports/producer/wanted.html",
        producer=queries.get_producer(session, producer_id),
        requests=found,
        tomorrow=today() + timedelta(days=1),
        after=today() + timedelta(days=2),
        tab="goods",
    )


@bp.post("/producer/<producer_id>/wanted/<request_id>")
@requires("producer.home")
def producer_promise(producer_id: str, request_id: str) -> ResponseReturnValue:
    """`on`: they come that day; `no`: there is none to give."""
    here("producer.home", producer=producer_id)
    asked = supply.get_request(db.session(), request_id)
    if (asked.from_kind, asked.from_id) != ("producer", producer_id):
        raise NotFound("supply.unknown")
    read, by = Fields(request.form), viewer().id
    declined, day = read.tick("no"), read.day("on")
    read.finish()
    with unit_of_work() as work:
        if declined:
            supply.decline(work, request_id, at=now(), by=by)
        else:
            supply.promise(work, request_id, on=day or today() + timedelta(days=1), at=now(), by=by)
    return redirect(url_for("reports.producer_wanted", producer_id=producer_id), code=303)
