"""Goods in the office: levels per place."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.db import db
from pos.stock import queries
from pos.stock.queries.counts import blind_at, hidden_in
from pos.stock.views.blueprint import bp
from pos.web.pages import page, page_no


@bp.get("/")
@requires("stock.read")
def levels() -> ResponseReturnValue:
    """What is where; search as you type."""
    mine = reach(viewer(), "stock.read")
    q, site, low = request.args.get("q", "").strip(), request.args.get("site") or None, request.args.get("low") == "1"
    found, more = queries.list_levels(db.session(), mine, q=q, site_id=site, low=low, page=page_no())
    next_page = url_for("stock.levels", q=q or None, site=site, low="1" if low else None, page=page_no() + 1)
    return page(
        "stock/levels.html",
        levels=found,
        hidden=hidden_in(found, blind_at(db.session(), [place for p in found for place, _, _ in p.sites])),
        more=next_page if more else None,
        q=q,
        site=site,
        low=low,
        sites=queries.list_sites(db.session(), mine),
        may_write=viewer().may("stock.write"),
    )
