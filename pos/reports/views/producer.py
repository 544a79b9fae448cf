"""A producer's phone: three lines, and "Vì sao?" down to the receipt. Works without JavaScript."""

from __future__ import annotations

from datetime import date, timedelta

from flask import current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from pos.access.guards import here, requires, viewer
from pos.access.reach import reach
from pos.catalogue.queries.prices import count_asked
from pos.consignment.adapters.pdf import statement_pdf, statement_png
from pos.consignment.queries.statements import get_detail
from pos.consignment.rules.paper import paper_of
from pos.fairs.rules import complete_until
from pos.kernel.clock import now, today
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.reports.queries import producer as queries
from pos.reports.queries import producer_lines as lines_of
from pos.reports.views import bp
from pos.stock.queries.supply import count_requests
from pos.web.pages import origin, page, page_no
from pos.web.pictures import shares_of

PARTS = (*queries.PARTS, "paid")


def day_asked() -> date:
    """?day=, today when absent or unreadable, never the future."""
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today()
    return min(asked, today())


@bp.get("/producer")
@requires("producer.home")
def producer_home() -> ResponseReturnValue:
    """To the only producer this person stands for, or a choice."""
    found = queries.list_producers(db.session(), reach(viewer(), "producer.home"))
    if len(found) == 1:
        return redirect(url_for("reports.producer", producer_id=found[0].id))
    return page("reports/producer/choose.html", producers=found)


@bp.get("/producer/<producer_id>")
@requires("producer.home")
def producer(producer_id: str) -> ResponseReturnValue:
    """Sold today, next payment with its date, goods left per point."""
    here("producer.home", producer=producer_id)
    session, day, at = db.session(), today(), now()
    money, payments = queries.get_money(session, producer_id, day)
    shelves = queries.list_shelves(session, producer_id, day)
    words = queries.list_words_for(session, producer_id, day, shelves)
    return page(
        "reports/producer/home.html",
        producer=queries.get_producer(session, producer_id),
        sold=queries.list_sold(session, producer_id, day),
        money=money,
        payments=payments,
        shelves=shelves,
        wanted=count_requests(session, producer_id),
        lowest=sorted(shelves, key=lambda shelf: min(milli for _, _, milli in shelf.goods)),
        until=complete_until(words, at),
        waiting=[word for word in words if word.unsent],
        silent=[word for word in words if word.state(at) == "silent" and not word.unsent],
        asked=count_asked(session, producer_id, at),
        at=at,
        tab="money",
    )


@bp.get("/producer/<producer_id>/why")
@requires("producer.home")
def producer_why(producer_id: str) -> ResponseReturnValue:
    """The amounts the money is in, adding up."""
    here("producer.home", producer=producer_id)
    session, day = db.session(), today()
    money, payments = queries.get_money(session, producer_id, day)
    return page(
        "reports/producer/why.html",
        producer=queries.get_producer(session, producer_id),
        money=money,
        payments=payments,
        bars=shares_of([money.held, money.available, money.statement, money.way, money.reserve]),
        today=day,
        tab="money",
    )


@bp.get("/producer/<producer_id>/why/<part>")
@requires("producer.home")
def producer_part(producer_id: str, part: str) -> ResponseReturnValue:
    """The lines one of the amounts is made of."""
    here("producer.home", producer=producer_id)
    if part not in PARTS:
        raise NotFound("page.unknown")
    session, day = db.session(), today()
    money, _payments = queries.get_money(session, producer_id, day)
    lines, more = lines_of.list_lines(session, producer_id, part, day, page_no())
    return page(
        "reports/producer/part.html",
        producer=queries.get_producer(session, producer_id),
        part=part,
        vnd=getattr(money, part),
        lines=lines,
        more=more,
        page_no=page_no(),
        tab="money",
    )


@bp.get("/producer/<producer_id>/sold")
@requires("producer.home")
def producer_sold(producer_id: str) -> ResponseReturnValue:
    """One day's goods and lines."""
    here("producer.home", producer=producer_id)
    session, day = db.session(), day_asked()
    lines, more = lines_of.list_day_lines(session, producer_id, day, page_no())
    return page(
        "reports/producer/sold.html",
        producer=queries.get_producer(session, producer_id),
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today() else None,
        sold=queries.list_sold(session, producer_id, day),
        lines=lines,
        more=more,
        page_no=page_no(),
        tab="sold",
    )


@bp.get("/producer/<producer_id>/line/<share_id>")
@requires("producer.home")
def producer_line(producer_id: str, share_id: str) -> ResponseReturnValue:
    """How one line was divided, and the ticket it stands on."""
    here("producer.home", producer=producer_id)
    session = db.session()
    story = lines_of.find_story(session, producer_id, share_id)
    if story is None:
        raise NotFound("line.unknown")
    return page(
        "reports/producer/line.html",
        producer=queries.get_producer(session, producer_id),
        story=story,
        today=today(),
        tab="sold",
    )


@bp.get("/producer/<producer_id>/goods")
@requires("producer.home")
def producer_goods(producer_id: str) -> ResponseReturnValue:
    """What is left, by point."""
    here("producer.home", producer=producer_id)
    session = db.session()
    return page(
        "reports/producer/goods.html",
        producer=queries.get_producer(session, producer_id),
        shelves=queries.list_shelves(session, producer_id, today()),
        tab="goods",
    )


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


@bp.get("/producer/<producer_id>/statements/<statement_id>.<any(pdf, png):kind>")
@requires("producer.home")
def producer_statement(producer_id: str, statement_id: str, kind: str) -> ResponseReturnValue:
    """One statement as the paper its operator signed: the A4, or a picture to send on."""
    here("producer.home", producer=producer_id)
    found = get_detail(db.session(), statement_id)
    row = found.statement
    if row.producer_id != producer_id or row.state == "void":
        raise NotFound("statement.unknown")
    paper = paper_of(
        found.body, "en" if str(get_locale()) == "en" else "vi", sha256=found.sha256, void=False,
        approver=found.approver, approved=row.approved_at is not None, self_approved=row.self_approved,
        demo=bool(current_app.config["POS_DEMO"]),
    )  # fmt: skip
    link = f"{origin()}{url_for('consignment.check', digest=found.sha256)}"
    made = make_response(statement_pdf(paper, link) if kind == "pdf" else statement_png(paper, link))
    made.headers["Content-Type"] = "application/pdf" if kind == "pdf" else "image/png"
    made.headers["Content-Disposition"] = f'inline; filename="{found.body["number"]}.{kind}"'
    made.headers["Cache-Control"] = "private, no-store"
    return made
