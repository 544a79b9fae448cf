"""The customer asks for an invoice, from the receipt's page: only who holds the paper, until the day's end."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from pos.access.service import check_lock, note_failure
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound, Refused
from pos.receipts.forms import receipt_no_of
from pos.receipts.rules import held_receipt
from pos.till.forms.buyers import read_buyer_form
from pos.till.models import Sale
from pos.till.queries.invoices import wishes_of
from pos.till.rules.buyers import MOST_A_SALE, may_ask, plain_code
from pos.till.service.invoices import ask_invoice
from pos.web.fields import errors_of
from pos.web.security import csrf

public = Blueprint("invoice", __name__, url_prefix="/r")
ASKED_FROM_ONE_PLACE = 30  # a fair's visitors share an address


def _sale(receipt_no: str) -> Sale:
    """The sale whose paper the caller holds. Raises NotFound."""
    sale_id = held_receipt(str(current_app.config["SECRET_KEY"]), request.form.get("pass", "")[:400])
    sale = db.session().get(Sale, sale_id) if sale_id else None
    if sale is None or sale.receipt_no != receipt_no_of(receipt_no):
        raise NotFound("receipt.unknown", receipt_no=receipt_no)
    return sale


def _page(sale: Sale, state: str, status: int = 200, **more: Any) -> ResponseReturnValue:
    told: dict[str, Any] = {"errors": {}, "form": {}, "sure": ""}
    told |= {"receipt_no": sale.receipt_no, "total": sale.total_vnd + sale.cash_rounding_vnd, "state": state, **more}
    made = make_response(render_template("till/invoice_ask.html", **told, key=request.form.get("pass", "")), status)
    made.headers["Cache-Control"] = "no-store"
    made.headers["X-Robots-Tag"] = "noindex, nofollow"
    return made


@public.post("/<receipt_no>/invoice")
def form(receipt_no: str) -> ResponseReturnValue:
    """The form; nothing is changed here, and only the paper's holder has the pass."""
    sale = _sale(receipt_no)
    if not may_ask(sale.day, now()):
        return _page(sale, "late")
    asked = wishes_of(db.session(), sale.id)
    return _page(sale, "often" if asked >= MOST_A_SALE else "ask", asked=asked)


csrf.exempt(form)  # comes from a page without a cookie, changes nothing, and wants the pass


@public.post("/<receipt_no>/invoice/ask")
def ask(receipt_no: str) -> ResponseReturnValue:
    """Send it."""
    sale, at = _sale(receipt_no), now()
    sale_id, place = sale.id, f"invoice:{request.remote_addr}"
    try:
        buyer = read_buyer_form(request.form)
    except Invalid as trouble:
        codes = trouble.facts.get("errors")
        doubtful = isinstance(codes, dict) and codes.get("code") == "buyer.check"
        sure = plain_code(request.form.get("code", "").strip()) if doubtful else ""
        told = {"errors": errors_of(trouble), "form": request.form, "sure": sure}
        return _page(sale, "ask", HTTPStatus.UNPROCESSABLE_ENTITY, **told)
    try:
        with unit_of_work() as session:
            check_lock(session, place, "invoice.too_many", at=at)
            note_failure(session, place, at=at, limit=ASKED_FROM_ONE_PLACE)
            ask_invoice(session, sale_id, buyer, secret=str(current_app.config["SECRET_KEY"]), at=at)
    except Refused as refused:
        state = {"invoice.too_late": "late", "invoice.too_often": "often"}.get(refused.code, "wait")
        return _page(_sale(receipt_no), state, 429 if state != "late" else 403)
    return _page(_sale(receipt_no), "sent")
