"""A producer's messages: as texts to read, copy and send on; and where else they go."""

from __future__ import annotations

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from pos.access.guards import here, requires, viewer
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.notices import queries as notices
from pos.notices import service
from pos.reports.queries import producer as queries
from pos.reports.views import bp
from pos.web.fields import errors_of
from pos.web.pages import gone, page, page_no


@bp.get("/producer/<producer_id>/notices")
@requires("producer.home")
def producer_notices(producer_id: str) -> ResponseReturnValue:
    """Newest first."""
    here("producer.home", producer=producer_id)
    return _notices(producer_id, {})


def _notices(producer_id: str, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    session = db.session()
    found, more = notices.list_notices(session, producer_id, page_no())
    made = page(
        "reports/producer/notices.html",
        producer=queries.get_producer(session, producer_id),
        notices=found,
        more=more,
        page_no=page_no(),
        addresses=notices.list_addresses(session, producer_id),
        by_mail=bool(current_app.config["POS_SMTP_URL"]),
        given=request.form.get("address", ""),
        errors=errors,
        tab="money",
    )
    return made, status  # type: ignore[return-value]


@bp.post("/producer/<producer_id>/notices/email")
@requires("producer.home")
def producer_notices_email(producer_id: str) -> ResponseReturnValue:
    """Every message from now on also by e-mail, in the language of the moment."""
    here("producer.home", producer=producer_id)
    by, tongue = viewer().id, "en" if str(get_locale()) == "en" else "vi"
    try:
        with unit_of_work() as session:
            service.add_email(
                session,
                producer_id,
                request.form.get("address", ""),
                language=tongue,
                at=now(),
                by=by,
            )
    except (Invalid, Conflict) as trouble:
        return _notices(producer_id, errors_of(trouble, "address"), 422)
    return gone(url_for("reports.producer_notices", producer_id=producer_id))


@bp.post("/producer/<producer_id>/notices/<address_id>/end")
@requires("producer.home")
def producer_notices_end(producer_id: str, address_id: str) -> ResponseReturnValue:
    """No more to that address."""
    here("producer.home", producer=producer_id)
    with unit_of_work() as session:
        service.end_address(session, producer_id, address_id, at=now())
    return gone(url_for("reports.producer_notices", producer_id=producer_id))
