"""Statements: the list, the run, a draft, a statement and its steps, downloads, the public check."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, current_app, make_response, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.consignment.adapters.pdf import statement_pdf, statement_png
from pos.consignment.adapters.xlsx import statement_xlsx
from pos.consignment.forms import PaidByHand, cutoff_of
from pos.consignment.queries import statements as queries
from pos.consignment.queries.annex import sold_lines
from pos.consignment.queries.members import has_members
from pos.consignment.queries.previews import Preview, preview
from pos.consignment.queries.runs import get_run, list_briefs
from pos.consignment.rules.paper import goods_tables, late_texts, other_rows, paper_of, stock_table, vat_table
from pos.consignment.service import payouts
from pos.consignment.service.freezing import AT_ONCE, promise_freeze
from pos.consignment.service.statements import freeze_statement, freeze_statements
from pos.consignment.views.blueprint import bp, language, operator_asked
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import NotFound
from pos.web.pages import gone, origin, page, page_no

TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("/statements")
@requires("statement.read")
def statements() -> ResponseReturnValue:
    """The list, newest first."""
    ids = viewer().ids("statement.read", "operator")
    asked = queries.Asked(
        request.args.get("operator") or None,
        request.args.get("state") or None,
        request.args.get("q", "")[:80],
        request.args.get("before") or None,
    )
    rows, more = queries.list_statements(db.session(), ids, asked)
    return page(
        "consignment/statements.html", rows=rows, more=more, asked=asked,
        counts=queries.count_by_state(db.session(), ids), operators=queries.operators_of(db.session(), ids),
    )  # fmt: skip


@bp.get("/statements/run")
@requires("statement.read")
def run() -> ResponseReturnValue:
    """What a freeze would do, for every producer of an operator."""
    operator_id, allowed = operator_asked("statement.read")
    cutoff = cutoff_of(request.args, today())
    found = get_run(db.session(), operator_id, cutoff, run_on=today(), page=page_no())
    return page(
        "consignment/run.html", operator_id=operator_id, operators=allowed, cutoff=cutoff, run=found,
        ticked={brief.producer_id for brief in found.shown if brief.chosen},
    )  # fmt: skip


@bp.post("/statements/run")
@requires("statement.write")
def freeze_run() -> ResponseReturnValue:
    """Freeze the producers ticked, or with `all` everybody on every page who would be ticked by himself, many of
    them by the outbox, in transactions of some producers each; what became unfit meanwhile stays out."""
    operator_id, _allowed = operator_asked("statement.write")
    cutoff = cutoff_of(request.form, today())
    wanted = request.form.getlist("producer")
    if "all" in request.form:
        briefs = list_briefs(db.session(), operator_id, cutoff, run_on=today())
        wanted = [brief.producer_id for brief in briefs if brief.chosen]
    ticked = sorted(set(wanted))
    how: dict[str, Any] = {"run_on": today(), "at": now(), "by": viewer().id}
    with unit_of_work() as session:
        if len(ticked) > AT_ONCE:
            name = promise_freeze(session, operator_id, ticked, cutoff, **how)
        elif ticked:
            freeze_statements(session, operator_id, ticked, cutoff, **how)
    if len(ticked) > AT_ONCE:
        return gone(url_for("consignment.freezing", name=name))
    return gone(url_for("consignment.statements", operator=operator_id, state="frozen"))


def _draft(operator_id: str, producer_id: str, cutoff: date) -> Preview:
    found = preview(db.session(), operator_id, producer_id, cutoff, run_on=today())
    if found is None:
        raise NotFound("producer.unknown")
    return found


@bp.get("/statements/draft/<operator_id>/<producer_id>")
@requires("statement.read")
def draft(operator_id: str, producer_id: str) -> ResponseReturnValue:
    """One producer's preview: the ladder, what is held and why, and the button that freezes."""
    here("statement.read", operator=operator_id)
    cutoff = cutoff_of(request.args, today())
    return page("consignment/draft.html", draft=_draft(operator_id, producer_id, cutoff))


@bp.post("/statements/draft/<operator_id>/<producer_id>")
@requires("statement.write")
def freeze(operator_id: str, producer_id: str) -> ResponseReturnValue:
    """Freeze it."""
    here("statement.write", operator=operator_id)
    cutoff = cutoff_of(request.form, today())
    with unit_of_work() as session:
        made = freeze_statement(session, operator_id, producer_id, cutoff, run_on=today(), at=now(), by=viewer().id)
    return gone(url_for("consignment.statement", statement_id=made))


def _detail(statement_id: str) -> queries.Detail:
    found = queries.get_detail(db.session(), statement_id)
    here("statement.read", operator=found.statement.operator_id)
    return found


@bp.get("/statements/<statement_id>")
@requires("statement.read")
def statement(statement_id: str) -> ResponseReturnValue:
    """A frozen statement and what became of it."""
    return page("consignment/statement.html", **_shown(_detail(statement_id)))


def _shown(found: queries.Detail) -> dict[str, Any]:
    tongue, body, row = language(), found.body, found.statement
    where = {"operator": row.operator_id}
    alone = row.frozen_by == viewer().id
    others = queries.authorized_people(db.session(), row.operator_id) - {viewer().id}
    return {
        "found": found, "row": row, "body": body, "paper": _paper(found, tongue),
        "tables": [
            table for table in (*goods_tables(body, tongue), vat_table(body, tongue), stock_table(body, tongue))
            if table["rows"]
        ],
        "late": late_texts(body, tongue), "others": other_rows(body, tongue),
        "may_approve": viewer().may("statement.approve", **where) and row.state == "frozen",
        "needs_second": alone and bool(others), "self_approval": alone,
        "may_pay": viewer().may("statement.write", **where) and row.state == "approved",
        "may_void": viewer().may("statement.approve", **where) and row.state in ("frozen", "approved"),
        "sites": queries.sites_of(db.session(), row.operator_id) if row.state == "approved" else [],
        "today": today(), "members": has_members(db.session(), row.operator_id, row.producer_id),
    }  # fmt: skip


def _moved(statement_id: str) -> ResponseReturnValue:
    return gone(url_for("consignment.statement", statement_id=statement_id))


@bp.post("/statements/<statement_id>/approve")
@requires("statement.approve")
def approve(statement_id: str) -> ResponseReturnValue:
    """By a second person; by the only authorized one it is labelled."""
    here("statement.approve", operator=_detail(statement_id).statement.operator_id)
    with unit_of_work() as session:
        payouts.approve_statement(session, statement_id, at=now(), by=viewer().id)
    return _moved(statement_id)


@bp.post("/statements/<statement_id>/pay")
@requires("statement.write")
def pay(statement_id: str) -> ResponseReturnValue:
    """Mark paid by hand."""
    here("statement.write", operator=_detail(statement_id).statement.operator_id)
    asked = PaidByHand.parse(request.form, today())
    with unit_of_work() as session:
        payouts.pay_by_hand(
            session, statement_id, channel=asked.channel, paid_on=asked.paid_on, site_id=asked.site_id,
            reference=asked.reference, reason=asked.reason, at=now(), by=viewer().id,
        )  # fmt: skip
    return _moved(statement_id)


@bp.post("/statements/<statement_id>/void")
@requires("statement.approve")
def void(statement_id: str) -> ResponseReturnValue:
    """Take it back with a reason."""
    here("statement.approve", operator=_detail(statement_id).statement.operator_id)
    with unit_of_work() as session:
        payouts.void_statement(
            session, statement_id, at=now(), by=viewer().id, reason=request.form.get("reason", "")[:300]
        )
    return _moved(statement_id)


def _paper(found: queries.Detail, tongue: str) -> dict[str, Any]:
    row = found.statement
    return paper_of(
        found.body, tongue, sha256=found.sha256, void=row.state == "void", approver=found.approver,
        approved=row.approved_at is not None, self_approved=row.self_approved,
        demo=bool(current_app.config["POS_DEMO"]),
    )  # fmt: skip


def _link(found: queries.Detail) -> str:
    return f"{origin()}{url_for('consignment.check', digest=found.sha256)}"


@bp.get("/statements/<statement_id>.<any(pdf, png, xlsx):kind>")
@requires("statement.read")
def download(statement_id: str, kind: str) -> ResponseReturnValue:
    """The A4 as PDF or picture, or the spreadsheet with every line."""
    found = _detail(statement_id)
    paper = _paper(found, language())
    if kind == "pdf":
        data = statement_pdf(paper, _link(found))
    elif kind == "png":
        data = statement_png(paper, _link(found))
    else:
        data = statement_xlsx(paper, found.body, sold_lines(db.session(), statement_id, limit=100_000))
    made: Response = make_response(data)
    made.headers["Content-Type"] = TYPES[kind]
    how = "attachment" if kind == "xlsx" else "inline"
    made.headers["Content-Disposition"] = f'{how}; filename="{found.body["number"]}.{kind}"'
    made.headers["Cache-Control"] = "private, no-store"
    return made


@bp.get("/statements/check/<digest>")
def check(digest: str) -> ResponseReturnValue:
    """Public: whoever holds the paper has its 64-digit fingerprint. Says only what the paper says."""
    found = queries.find_by_digest(db.session(), digest[:64].lower())
    made: Response = make_response(
        page("consignment/check.html", row=found[0] if found else None, body=found[1] if found else None),
        200 if found else 404,
    )
    made.headers["X-Robots-Tag"] = "noindex, nofollow"
    made.headers["Cache-Control"] = "no-store"
    return made
