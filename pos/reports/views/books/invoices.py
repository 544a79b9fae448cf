"""The invoice desk: sales without an invoice, their file for a provider, numbers typed back; producers' invoices
received or missing; VAT on commission by rate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.consignment.queries import producer_invoices as received
from pos.consignment.queries.statements import get_statement
from pos.consignment.service.producer_invoices import receive_invoice
from pos.kernel.clock import from_iso, iso, now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import NotFound
from pos.kernel.text import nfc
from pos.reports.adapters.invoice_files import invoice_maps, invoice_rows
from pos.reports.adapters.journal_files import sheet_chunks
from pos.reports.queries.books import invoices as queries
from pos.reports.views.books.blueprint import books_of, bp
from pos.till.service.sale_invoices import keep_numbers
from pos.web.fields import Fields
from pos.web.pages import gone, page
from pos.web.tables import TYPES


def _key() -> tuple[datetime, str] | None:
    at, _sep, id_ = request.args.get("after", "").rpartition("_")
    try:
        return (from_iso(at), id_) if at else None
    except ValueError:
        return None


@bp.get("/invoices")
@requires("invoice.read")
def invoices() -> ResponseReturnValue:
    """Sales without an invoice, by day and one by one."""
    return _invoices()


def _invoices(kept: int | None = None, unknown: list[str] | None = None) -> ResponseReturnValue:
    books, session = books_of("invoice.read"), db.session()
    found, more = queries.sales_without(session, books.operator_id, books.from_on, books.until_on, _key())
    last = f"{iso(found[-1].at)}_{found[-1].id}" if more else None
    return page(
        "reports/books/invoices.html",
        books=books,
        days=queries.days_without(session, books.operator_id, books.from_on, books.until_on),
        found=found,
        maps=list(invoice_maps().values()),
        may_write=viewer().may("invoice.write", operator=books.operator_id),
        kept=kept,
        unknown=unknown or [],
        more=url_for("books.invoices", after=last, **books.query) if more else None,
    )


@bp.get("/invoices.xlsx")
@requires("invoice.read")
def invoices_sheet() -> ResponseReturnValue:
    """Those sales line by line in the columns of a provider; nobody is named on them."""
    books = books_of("invoice.read")
    asked = invoice_maps().get(request.args.get("map", "neutral"))
    if asked is None:
        raise NotFound("invoice.no_map")
    lines = queries.lines_without(db.session(), books.operator_id, books.from_on, books.until_on)
    chunks = sheet_chunks(asked.heads, invoice_rows(asked, lines), title=_("Hóa đơn"))
    made = Response(stream_with_context(chunks), mimetype=TYPES["xlsx"])
    made.headers["Content-Disposition"] = (
        f'attachment; filename="hoa-don-{books.from_on.isoformat()}-{asked.code}.xlsx"'
    )
    made.headers["Cache-Control"] = "no-store"
    return made


@bp.post("/invoices")
@requires("invoice.write")
def invoices_numbers() -> ResponseReturnValue:
    """Numbers typed or pasted back: a receipt and its invoice on each line."""
    books, pairs = books_of("invoice.write"), []
    for line in request.form.get("numbers", "").splitlines():
        receipt, _sep, number = nfc(line.replace("\t", " ").replace(";", " ").replace(",", " ")).partition(" ")
        if receipt and number:
            pairs.append((receipt, number[:60]))
    with unit_of_work() as session:
        kept, unknown = keep_numbers(session, books.operator_id, pairs, at=now(), by=viewer().id)
    return _invoices(kept, unknown)


@bp.get("/producer-invoices")
@requires("invoice.read")
def producer_invoices() -> ResponseReturnValue:
    """Per statement and VAT rate: what the producer should invoice, what came; VAT on commission by rate."""
    books, session = books_of("invoice.read"), db.session()
    before = request.args.get("before", "")
    key = int(before) if before.isascii() and before.isdecimal() and len(before) < 10 else None
    found, following = received.list_invoices(session, books.operator_id, books.from_on, books.until_on, before=key)
    return page(
        "reports/books/producer_invoices.html",
        books=books,
        found=found,
        today=today(),
        vat=received.commission_vat(session, books.operator_id, books.from_on, books.until_on),
        may_write=viewer().may("invoice.write", operator=books.operator_id),
        more=url_for("books.producer_invoices", before=following, **books.query) if following else None,
    )


@bp.post("/producer-invoices/<statement_id>")
@requires("invoice.write")
def producer_invoice_add(statement_id: str) -> ResponseReturnValue:
    """Write one down."""
    found = get_statement(db.session(), statement_id)
    reach(viewer(), "invoice.write").need(operator=found.operator_id)
    read = Fields(request.form)
    vat_class, _sep, bp_told = request.form.get("rate", "").partition(":")
    symbol, number = read.needed("symbol", most=20), read.needed("number", most=20)
    issued_on, amount = read.day("issued_on", required=True) or today(), read.money("amount", required=True) or 0
    read.finish()
    with unit_of_work() as session:
        receive_invoice(
            session, statement_id, vat_class=vat_class, vat_bp=int(bp_told) if bp_told.isdecimal() else -1,
            symbol=symbol, number=number, issued_on=issued_on, amount_vnd=amount, at=now(), by=viewer().id,
        )  # fmt: skip
    days: dict[str, Any] = {"from": found.run_on.isoformat(), "until": found.run_on.isoformat()}
    return gone(url_for("books.producer_invoices", operator=found.operator_id, **days))
