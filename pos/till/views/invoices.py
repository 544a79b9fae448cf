"""Invoices customers asked for: what waits, one with its buyer (the look is logged), done, forgotten, as a file."""

from __future__ import annotations

from flask import current_app, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import NotFound
from pos.kernel.text import nfc
from pos.till.models import InvoiceRequest
from pos.till.queries import invoices as queries
from pos.till.queries.invoices import Wish
from pos.till.rules.buyers import Buyer, masked, masked_email, masked_name, shown_code
from pos.till.service import invoices as service
from pos.till.views.blueprint import bp
from pos.web.pages import gone, page, page_no
from pos.web.tables import TYPES, Cell, table_file


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


@bp.get("/invoices")
@requires("invoice.read")
def invoices() -> ResponseReturnValue:
    """What waits, oldest first; what is done behind a tab. Buyers are not shown here."""
    done = request.args.get("state") == "done"
    found, more = queries.list_wishes(db.session(), reach(viewer(), "invoice.read"), done=done, page=page_no())
    return page(
        "till/invoices.html",
        found=found,
        done=done,
        more=url_for("till.invoices", state="done" if done else None, page=page_no() + 1) if more else None,
        may_write=viewer().may("invoice.write"),
    )


def _wish(request_id: str, action: str) -> Wish:
    found = queries.find_wish(db.session(), request_id)
    if found is None:
        raise NotFound("invoice.unknown")
    reach(viewer(), action).need(operator=found.operator_id, site=found.site_id)
    return found


@bp.get("/invoices/<request_id>")
@requires("invoice.read")
def invoice(request_id: str) -> ResponseReturnValue:
    """One request, its buyer masked."""
    found = _wish(request_id, "invoice.read")
    with unit_of_work() as session:
        buyer = service.buyer_of(session, session.get_one(InvoiceRequest, request_id), secret=_secret())
    hidden = Buyer(
        masked_name(buyer.name), masked(buyer.code), masked_name(buyer.address), masked_email(buyer.email)
    ) if buyer else None  # fmt: skip
    may = viewer().may("invoice.write", operator=found.operator_id, site=found.site_id)
    return page("till/invoice.html", wish=found, buyer=hidden, clear=False, may_write=may)


@bp.post("/invoices/<request_id>/buyer")
@requires("invoice.write")
def invoice_buyer(request_id: str) -> ResponseReturnValue:
    """The buyer in the clear; the look is kept in the access log."""
    found = _wish(request_id, "invoice.write")
    with unit_of_work() as session:
        buyer = service.buyer_of(session, session.get_one(InvoiceRequest, request_id), secret=_secret())
        service.note_read(session, request_id, by=viewer().id, at=now())
    made = make_response(page("till/invoice.html", wish=found, buyer=buyer, clear=True, may_write=True))
    made.headers["Cache-Control"] = "no-store"
    return made


@bp.post("/invoices/<request_id>/done")
@requires("invoice.write")
def invoice_done(request_id: str) -> ResponseReturnValue:
    """The invoice is made, under this number."""
    _wish(request_id, "invoice.write")
    number = nfc(request.form.get("number", ""))[:60] or None
    with unit_of_work() as session:
        service.mark_done(session, request_id, number, by=viewer().id, at=now())
    return gone(url_for("till.invoices"))


@bp.post("/invoices/<request_id>/erase")
@requires("invoice.write")
def invoice_erase(request_id: str) -> ResponseReturnValue:
    """Forget the buyer; the request and the sale stay."""
    _wish(request_id, "invoice.write")
    with unit_of_work() as session:
        service.erase_buyer(session, request_id, by=viewer().id, at=now())
    return gone(url_for("till.invoice", request_id=request_id))


@bp.post("/invoices.<any(csv, xlsx):ext>")
@requires("invoice.write")
def invoices_file(ext: str) -> ResponseReturnValue:
    """What waits, with the buyers in the clear, for the invoicing software; each look is logged."""
    heads = [_("Lúc xin"), _("Số phiếu"), _("Ngày bán"), _("Số tiền"), _("Điểm bán"), _("Tên người mua"),
             _("Mã số thuế, số định danh"), _("Địa chỉ"), _("Thư điện tử")]  # fmt: skip
    rows: list[list[Cell]] = []
    with unit_of_work() as session:
        mine = reach(viewer(), "invoice.write")
        for wish in queries.list_wishes(session, mine, done=False, page=1, size=queries.MOST)[0]:
            buyer = service.buyer_of(session, session.get_one(InvoiceRequest, wish.id), secret=_secret())
            told = (buyer.name, shown_code(buyer.code), buyer.address, buyer.email) if buyer else ("", "", "", "")
            rows.append([wish.at, wish.receipt_no, wish.day, wish.total_vnd, wish.site, *told])
            service.note_read(session, wish.id, by=viewer().id, at=now())
    made = make_response(table_file(ext, heads, rows, title=_("Xin hóa đơn")))
    made.headers["Content-Type"] = TYPES[ext]
    made.headers["Content-Disposition"] = f'attachment; filename="xin-hoa-don-{today().isoformat()}.{ext}"'
    made.headers["Cache-Control"] = "no-store"
    return made
