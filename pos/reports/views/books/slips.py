"""Phiếu thu, phiếu chi: the list, one to print, and giving numbers to cash that moved at the tills."""

from __future__ import annotations

from datetime import date

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.consignment.rules.words import in_words
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import NotFound
from pos.reports.queries.books import slips as queries
from pos.reports.views.books.blueprint import books_of, bp
from pos.till.service.slips import number_cash
from pos.web.pages import gone, page


@bp.get("/slips")
@requires("ledger.read")
def slips() -> ResponseReturnValue:
    """The slips of some days, newest first, with their sums."""
    books, session = books_of("ledger.read"), db.session()
    side = request.args.get("side", "") if request.args.get("side") in ("in", "out") else ""
    day, _, id_ = request.args.get("after", "").partition(":")
    try:
        after = (date.fromisoformat(day), id_) if id_ else None
    except ValueError:
        after = None
    found, more = queries.list_slips(session, books.operator_id, books.from_on, books.until_on, side, after)
    key = f"{found[-1].slip.business_date.isoformat()}:{found[-1].slip.id}" if found else None
    return page(
        "reports/books/slips.html",
        books=books,
        side=side,
        found=found,
        number_of=queries.number_of,
        sums=queries.cash_of(session, books.operator_id, books.from_on, books.until_on),
        waiting=queries.entries_waiting(session, books.operator_id),
        may_write=viewer().may("safe.write", operator=books.operator_id),
        more=url_for("books.slips", side=side or None, after=key, **books.query) if more else None,
    )


@bp.post("/slips")
@requires("safe.write")
def slips_number() -> ResponseReturnValue:
    """Number the cash of every entry since the last time; the night does the same."""
    books = books_of("safe.write")
    with unit_of_work() as session:
        number_cash(session, books.operator_id, at=now(), by=viewer().id)
    return gone(url_for("books.slips", **books.query))


@bp.get("/slips/<slip_id>")
@requires("ledger.read")
def slip(slip_id: str) -> ResponseReturnValue:
    """One slip as it is printed and signed."""
    found = queries.find_slip(db.session(), slip_id)
    if found is None:
        raise NotFound("slip.unknown")
    reach(viewer(), "ledger.read").need(operator=found.slip.operator_id, site=found.slip.site_id)
    return page(
        "reports/books/slip.html", found=found, slip=found.slip, number=queries.number_of(found.slip),
        words_of=in_words(found.slip.amount_vnd),
    )  # fmt: skip
