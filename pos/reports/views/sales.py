"""Sales as the office reads them: a list, one ticket with its receipt, one more copy of the paper."""

from __future__ import annotations

import json
from datetime import date

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, NotFound
from pos.receipts.models import Receipt
from pos.receipts.queries import list_prints, list_tablet_prints
from pos.receipts.service import queue_print
from pos.reports.queries import sales as queries
from pos.reports.views import bp
from pos.reports.views.doubts import facts_of
from pos.web.pages import done, page, page_no


@bp.get("/office/sales")
@requires("sale.read")
def sales() -> ResponseReturnValue:
    """Newest first; by receipt number, day and site."""
    session = db.session()
    mine = reach(viewer(), "sale.read")
    q = request.args.get("q", "").strip()
    asked = request.args.get("day", "")
    try:
        day = date.fromisoformat(asked) if asked else None
    except ValueError:
        day = None
    site = request.args.get("site") or None
    number = page_no()
    found, more = queries.list_sales(session, mine, q=q, day=day, site_id=site, page=number)
    return page(
        "reports/office/sales.html",
        tickets=found,
        more=url_for("reports.sales", q=q or None, day=day, site=site, page=number + 1) if more else None,
        q=q,
        day=day,
        site=site,
        sites=queries.list_sites(session, mine),
    )


@bp.get("/office/sales/<sale_id>")
@requires("sale.read")
def sale(sale_id: str) -> ResponseReturnValue:
    """One ticket: lines, tenders, returns, flags, its receipt as printed."""
    session = db.session()
    found = queries.find_sale(session, sale_id)
    if found is None:
        raise NotFound("sale.unknown")
    place = found.sale
    reach(viewer(), "sale.read").need(operator=place.operator_id, site=place.site_id, fair=place.fair_id)
    receipt = session.get(Receipt, sale_id)
    return page(
        "reports/office/sale.html",
        found=found,
        sale=place,
        document=json.loads(receipt.document) if receipt else None,
        facts=facts_of(found.flags),
        prints=found.prints,
        tablet_prints=found.tablet_prints,
        may_reprint=receipt is not None
        and viewer().may("receipt.reprint", operator=place.operator_id, site=place.site_id),
        may_close=viewer().may("flag.close", operator=place.operator_id, site=place.site_id),
        at=now(),
    )


@bp.post("/office/sales/<sale_id>/print")
@requires("receipt.reprint")
def reprint(sale_id: str) -> ResponseReturnValue:
    """One more copy, marked BẢN SAO."""
    session = db.session()
    receipt = session.get(Receipt, sale_id)
    if receipt is None:
        raise NotFound("sale.unknown")
    reach(viewer(), "receipt.reprint").need(operator=receipt.operator_id, site=receipt.site_id)
    with unit_of_work() as work:
        job = queue_print(work, work.get_one(Receipt, sale_id), at=now(), copy=True)
    if job is None:
        raise Conflict("printer.none")
    return done(
        "reports/office/_prints.html",
        back=url_for("reports.sale", sale_id=sale_id),
        prints=list_prints(db.session(), sale_id),
        tablet_prints=list_tablet_prints(db.session(), sale_id),
        sale_id=sale_id,
        may_reprint=True,
    )
