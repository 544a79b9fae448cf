"""Disputes: what producers say of their lines, the operator's answer, and the lines themselves, one by one."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.consignment.forms.papers import Accepted, Said, reason_given
from pos.consignment.queries import lines as line_queries
from pos.consignment.queries.agreements import names_of
from pos.consignment.queries.disputes import Row, count_open, list_disputes
from pos.consignment.service.disputes import accept_dispute, decline_dispute, raise_dispute
from pos.consignment.views.blueprint import bp, operator_asked
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.web.fields import errors_of
from pos.web.pages import gone, page


@bp.get("/statements/disputes")
@requires("statement.read")
def disputes() -> ResponseReturnValue:
    """The open ones first, then what was answered."""
    operator_id, allowed = operator_asked("statement.read")
    rows, more = list_disputes(db.session(), operator_ids=[operator_id], before=request.args.get("before") or None)
    return page(
        "consignment/disputes.html", rows=rows, more=more, operator_id=operator_id, operators=allowed,
        waiting=count_open(db.session(), [operator_id]),
    )  # fmt: skip


def _dispute(dispute_id: str, action: str) -> Row:
    rows, _ = list_disputes(db.session(), dispute_id=dispute_id)
    if not rows:
        raise NotFound("dispute.unknown")
    here(action, operator=rows[0].operator_id)
    return rows[0]


@bp.get("/statements/disputes/<dispute_id>")
@requires("statement.read")
def dispute(dispute_id: str) -> ResponseReturnValue:
    """One: what is said, of which line, and the form that answers."""
    return _answer_page(_dispute(dispute_id, "statement.read"), {}, {})


def _answer_page(row: Row, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    made = page(
        "consignment/dispute.html", row=row, values=values, errors=errors,
        may_write=row.answer is None and viewer().may("statement.write", operator=row.operator_id),
    )  # fmt: skip
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/statements/disputes/<dispute_id>")
@requires("statement.write")
def dispute_answer(dispute_id: str) -> ResponseReturnValue:
    """Accepted with a sum, or declined with a reason."""
    row = _dispute(dispute_id, "statement.write")
    try:
        if request.form.get("answer") == "decline":
            reason = reason_given(request.form)
            with unit_of_work() as session:
                decline_dispute(session, dispute_id, reason=reason, at=now(), by=viewer().id)
        else:
            asked = Accepted.parse(request.form)
            with unit_of_work() as session:
                accept_dispute(
                    session, dispute_id, amount_vnd=asked.amount_vnd, reason=asked.reason, at=now(), by=viewer().id
                )
    except Invalid as trouble:
        return _answer_page(row, request.form.to_dict(), errors_of(trouble, "amount"))
    return gone(url_for("consignment.disputes", operator=row.operator_id))


@bp.get("/statements/lines/<operator_id>/<producer_id>")
@requires("statement.read")
def lines(operator_id: str, producer_id: str) -> ResponseReturnValue:
    """Line by line: of one statement, or what is on none yet, with what each waits for."""
    here("statement.read", operator=operator_id)
    statement_id = request.args.get("statement") or None
    rows, more = line_queries.list_lines(
        db.session(), operator_id, producer_id, statement_id=statement_id, after=request.args.get("after") or None
    )
    return page(
        "consignment/lines.html", rows=rows, more=more, operator_id=operator_id, producer_id=producer_id,
        statement_id=statement_id, names=names_of(db.session(), operator_id, producer_id), today=today(),
        statement_no=line_queries.find_number(db.session(), statement_id) if statement_id else None,
        may_write=viewer().may("statement.write", operator=operator_id), saying=request.args.get("say", ""),
    )  # fmt: skip


@bp.post("/statements/lines/<operator_id>/<producer_id>/<line_id>")
@requires("statement.write")
def dispute_new(operator_id: str, producer_id: str, line_id: str) -> ResponseReturnValue:
    """The office writes down what the producer said at the shop or on the phone."""
    here("statement.write", operator=operator_id)
    if line_queries.operator_of_line(db.session(), line_id) != operator_id:
        raise NotFound("dispute.line")
    asked = Said.parse(request.form)
    with unit_of_work() as session:
        raise_dispute(
            session, producer_id, line_id, kind=asked.kind, words=asked.words, at=now(), by=viewer().id,
            channel="office",
        )  # fmt: skip
    return gone(url_for("consignment.disputes", operator=operator_id))
