"""Goods that end soon, and goods below zero: what each asks of the storekeeper."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import today
from pos.kernel.db import db
from pos.stock.queries.expiring import Expiring, list_expiring
from pos.stock.queries.negative import list_negative
from pos.stock.views.blueprint import bp
from pos.stock.views.supply import may_at, site_asked
from pos.web.pages import page


@bp.get("/expiring")
@requires("stock.read")
def expiring() -> ResponseReturnValue:
    """One place: what ends within thirty days, by maker, as a list to take off the shelf and to mark down."""
    site, sites = site_asked("stock.read")
    found = list_expiring(db.session(), site, today()) if site else []
    by_maker = [
        (maker, list(rows))
        for maker, rows in groupby(
            sorted(found, key=lambda r: (r.producer, r.expires_on, r.name)), lambda r: r.producer
        )
    ]
    return page(
        "stock/expiring.html", site=site, sites=sites, makers=by_maker, today=today(),
        offers={r: _offer(r, site.operator_id, site.id) for r in found if site and r.markdown_bp},
        may_write=may_at("stock.write", site),
        may_offer=may_at("product.write", site),
    )  # fmt: skip


def _offer(row: Expiring, operator_id: str, site_id: str) -> str:
    """The address of a promotion's form, filled in: nothing is given before a person keeps it."""
    ends = max(today(), min(row.expires_on, today() + timedelta(days=30)))
    return url_for(
        "catalogue.promotion_add", operator=operator_id, name=_("Sắp hết hạn: %(name)s", name=row.name)[:60],
        kind="percent", value=str((row.markdown_bp or 0) // 100), goods_kind="products", products=row.sku,
        starts_on=today().isoformat(), ends_on=ends.isoformat(), scope=f"site:{site_id}",
    )  # fmt: skip


@bp.get("/negative")
@requires("stock.read")
def negative() -> ResponseReturnValue:
    """Every level below zero with its likely cause, and the paper that mends it."""
    found = list_negative(db.session(), reach(viewer(), "stock.read"), today())
    return page("stock/negative.html", rows=found, may_write=viewer().may("stock.write"))
