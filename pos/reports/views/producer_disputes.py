"""A producer says that a line is not right, with one tap of three; the line waits, its other money does not."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.consignment.queries.disputes import list_disputes
from pos.consignment.service.disputes import raise_dispute, withdraw_dispute
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, NotFound, Refused
from pos.reports.queries import producer as queries
from pos.reports.queries import producer_lines as lines_of
from pos.reports.views import bp
from pos.web.fields import errors_of
from pos.web.pages import gone, page


@bp.get("/producer/<producer_id>/disputes")
@requires("producer.home")
def producer_disputes(producer_id: str) -> ResponseReturnValue:
    """What was said to be wrong, and how it was answered: the open ones first."""
    here("producer.home", producer=producer_id)
    session = db.session()
    found, more = list_disputes(session, producer_id=producer_id, before=request.args.get("before"))
    return page(
        "reports/producer/disputes.html",
        producer=queries.get_producer(session, producer_id),
        disputes=found,
        more=found[-1].id if more else None,
        tab="money",
    )


@bp.post("/producer/<producer_id>/line/<share_id>/dispute")
@requires("producer.home")
def producer_dispute(producer_id: str, share_id: str) -> ResponseReturnValue:
    """`kind`: missing, price or unsold; `words` of one's own, or none."""
    here("producer.home", producer=producer_id)
    story = lines_of.find_story(db.session(), producer_id, share_id)
    if story is None or story.line is None:
        raise NotFound("line.unknown")
    line_id, by, wrong = story.line.id, viewer().id, ""
    try:
        with unit_of_work() as session:
            raise_dispute(
                session, producer_id, line_id, kind=request.form.get("kind", ""), words=request.form.get("words", ""),
                at=now(), by=by,
            )  # fmt: skip
    except (Conflict, Refused) as trouble:
        wrong = errors_of(trouble, "kind")["kind"]
    return gone(
        url_for("reports.producer_line", producer_id=producer_id, share_id=share_id, wrong=wrong or None) + "#wrong"
    )


@bp.post("/producer/<producer_id>/disputes/<dispute_id>/withdraw")
@requires("producer.home")
def producer_withdraw(producer_id: str, dispute_id: str) -> ResponseReturnValue:
    """It was right after all: the line goes on."""
    here("producer.home", producer=producer_id)
    with unit_of_work() as session:
        withdraw_dispute(session, producer_id, dispute_id, at=now(), by=viewer().id)
    return gone(url_for("reports.producer_disputes", producer_id=producer_id))
