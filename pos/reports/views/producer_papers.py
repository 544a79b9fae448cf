"""A producer's statements: as a page and as text first, then as picture and PDF; and its year against the threshold."""

from __future__ import annotations

from typing import Any

from flask import current_app, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from pos.access.guards import here, requires
from pos.consignment.adapters.pdf import statement_pdf, statement_png
from pos.consignment.queries.members import has_members
from pos.consignment.queries.statements import Detail, get_detail
from pos.consignment.rules.paper import ladder, late_texts, other_rows, paper_of
from pos.kernel.clock import now, today
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.reports.queries import producer as queries
from pos.reports.queries import producer_year as years_of
from pos.reports.views import bp
from pos.reports.words import statement_text
from pos.web.pages import origin, page


@bp.get("/producer/<producer_id>/statements")
@requires("producer.home")
def producer_statements(producer_id: str) -> ResponseReturnValue:
    """The statements, newest first."""
    here("producer.home", producer=producer_id)
    session = db.session()
    return page(
        "reports/producer/statements.html",
        producer=queries.get_producer(session, producer_id),
        statements=queries.list_statements(session, producer_id),
        tab="statements",
    )


def _tongue() -> str:
    return "en" if str(get_locale()) == "en" else "vi"


def statement_of(producer_id: str, statement_id: str) -> Detail:
    """One of this producer's statements, for whoever stands for it; a void one is none. Raises NotFound."""
    here("producer.home", producer=producer_id)
    found = get_detail(db.session(), statement_id)
    if found.statement.producer_id != producer_id or found.statement.state == "void":
        raise NotFound("statement.unknown")
    return found


def _paper(found: Detail) -> dict[str, Any]:
    row = found.statement
    return paper_of(
        found.body, _tongue(), sha256=found.sha256, void=False, approver=found.approver,
        approved=row.approved_at is not None, self_approved=row.self_approved,
        demo=bool(current_app.config["POS_DEMO"]),
    )  # fmt: skip


def _check(found: Detail) -> str:
    return f"{origin()}{url_for('consignment.check', digest=found.sha256)}"


@bp.get("/producer/<producer_id>/statements/<statement_id>")
@requires("producer.home")
def producer_paper(producer_id: str, statement_id: str) -> ResponseReturnValue:
    """One statement for the phone: what is paid, how it comes to that, of which goods; and as text to send on."""
    found = statement_of(producer_id, statement_id)
    tongue = _tongue()
    return page(
        "reports/producer/paper.html",
        producer=queries.get_producer(db.session(), producer_id),
        found=found,
        body=found.body,
        paper=_paper(found),
        ladder=ladder(found.body, tongue),
        late=late_texts(found.body, tongue),
        others=other_rows(found.body, tongue),
        text=statement_text(found.body, found.statement.state, _check(found)),
        members=has_members(db.session(), found.statement.operator_id, producer_id),
        tab="statements",
    )


@bp.get("/producer/<producer_id>/statements/<statement_id>.<any(pdf, png):kind>")
@requires("producer.home")
def producer_statement(producer_id: str, statement_id: str, kind: str) -> ResponseReturnValue:
    """One statement as the paper its operator signed: a picture to send on, or the A4."""
    found = statement_of(producer_id, statement_id)
    make = statement_pdf if kind == "pdf" else statement_png
    made = make_response(make(_paper(found), _check(found)))
    made.headers["Content-Type"] = "application/pdf" if kind == "pdf" else "image/png"
    made.headers["Content-Disposition"] = f'inline; filename="{found.body["number"]}.{kind}"'
    made.headers["Cache-Control"] = "private, no-store"
    return made


@bp.get("/producer/<producer_id>/year")
@requires("producer.home")
def producer_year(producer_id: str) -> ResponseReturnValue:
    """?year=: sold by month and operator, against the household threshold; made to be printed."""
    here("producer.home", producer=producer_id)
    session, this = db.session(), today().year
    asked = request.args.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and 2000 <= int(asked) <= this else this
    first = years_of.first_year(session, producer_id) or this
    return page(
        "reports/producer/year.html",
        producer=queries.get_producer(session, producer_id),
        found=years_of.year_of(session, producer_id, year),
        threshold=years_of.THRESHOLD_VND,
        years=list(range(this, min(first, year) - 1, -1)),
        at=now(),
        tab="money",
    )
