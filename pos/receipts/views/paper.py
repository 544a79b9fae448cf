"""The public receipt: shown only to somebody who holds the paper or its QR.

Receipt numbers can be guessed, so the address alone shows nothing. The QR's key stands behind
the #, which browsers keep to themselves; static/js/receipt.js posts it.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.receipts import qr, queries, rules, service
from pos.receipts.forms import Asked, receipt_no_of

bp = Blueprint("receipts", __name__)
bp.add_app_template_filter(qr.svg_path, "qr_path")


def _answer(template: str, status: HTTPStatus = HTTPStatus.OK, **context: Any) -> Response:
    made: Response = make_response(render_template(f"receipts/{template}", **context), status)
    made.headers["Cache-Control"] = "no-store"
    made.headers["X-Robots-Tag"] = "noindex, nofollow"
    return made


@bp.get("/r/<receipt_no>")
def show(receipt_no: str) -> ResponseReturnValue:
    """The same page for every number, known or not."""
    number = receipt_no_of(receipt_no)
    return _answer("receipt.html", receipt_no=number, document=None, problem=None)


@bp.post("/r/<receipt_no>")
def opened(receipt_no: str) -> ResponseReturnValue:
    """A fragment for the QR's key, a page for the printed sum."""
    number = receipt_no_of(receipt_no)
    asked = Asked.parse(request.form)
    if asked.by_key:
        return _by_key(number, asked.sale_id)
    moment = now()
    with unit_of_work() as session:
        found = service.open_by_total(
            session,
            receipt_no=number,
            total_vnd=asked.total_vnd,
            caller=request.remote_addr or "",
            at=moment,
        )
    if isinstance(found, dict):
        mine = queries.find_by_total(db.session(), receipt_no=number, total_vnd=asked.total_vnd or 0)
        return _answer(
            "receipt.html", receipt_no=number, document=found, problem=None, held=_held(mine[0]) if mine else None
        )
    if found is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _answer("receipt.html", status, receipt_no=number, document=None, problem="total")
    return _wait(number, found, moment)


def _by_key(number: str, sale_id: str | None) -> Response:
    document = None
    if sale_id is not None:
        document = queries.find_document(db.session(), receipt_no=number, sale_id=sale_id)
    if document is None:
        return _answer("_ask.html", HTTPStatus.NOT_FOUND, receipt_no=number, problem="key")
    return _answer("_paper.html", receipt_no=number, document=document, held=_held(sale_id or ""))


def _held(receipt_id: str) -> str:
    """For the page where an invoice is asked for: only who holds the paper gets there."""
    return rules.held_pass(str(current_app.config["SECRET_KEY"]), receipt_id)


def _wait(number: str, until: datetime, moment: datetime) -> Response:
    seconds = max(1, int((until - moment).total_seconds()))
    made = _answer(
        "receipt.html",
        HTTPStatus.TOO_MANY_REQUESTS,
        receipt_no=number,
        document=None,
        problem="wait",
        minutes=-(-seconds // 60),
    )
    made.headers["Retry-After"] = str(seconds)
    return made
