"""The goods equation of a producer's products, each figure down to its movements; goods on their way."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import today
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.kernel.ids import is_id
from pos.stock import queries
from pos.stock.queries import documents as papers
from pos.stock.queries import equation as sums
from pos.stock.queries.lots import codes_of
from pos.stock.rules.equation import LEFT, MINUS, PLUS
from pos.stock.views.blueprint import bp
from pos.web.pages import page, page_no

COLUMNS = (*PLUS, "sold", "returned", *MINUS[1:], *LEFT)


def day_in(name: str) -> date | None:
    """?name=2026-11-22; None when absent or unreadable."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def cursor_in() -> sums.Cursor | None:
    """?after=day~id~left: where a page of a card begins."""
    day, _, rest = request.args.get("after", "").partition("~")
    id_, _, left = rest.partition("~")
    try:
        return sums.Cursor(date.fromisoformat(day), id_, int(left) if left else None) if is_id(id_) else None
    except ValueError:
        return None


def cursor_text(cursor: sums.Cursor | None) -> str | None:
    """The same, as a link carries it."""
    if cursor is None:
        return None
    return f"{cursor.day.isoformat()}~{cursor.id}~{'' if cursor.left_milli is None else cursor.left_milli}"


def _asked() -> tuple[sums.Asked, dict[str, Any]]:
    """What the page is about, within reach: an operator, or one of the sites of who sees only sites."""
    session, mine = db.session(), reach(viewer(), "stock.read")
    operators, sites = queries.list_operators(session, mine), queries.list_sites(session, mine)
    whole = {operator.id for operator in operators}
    known = sorted(whole | {site.operator_id for site in sites})
    if not known:
        raise NotFound("access.not_here")
    operator = request.args.get("operator", "")
    operator = operator if operator in known else known[0]
    here = [site for site in sites if site.operator_id == operator]
    site = next((s.id for s in here if s.id == request.args.get("site")), None)
    if site is None and operator not in whole:
        site = here[0].id
    first, last = day_in("first"), day_in("last")
    shown = {"operators": operators, "operator": operator, "sites": here, "site": site, "whole": operator in whole}
    return sums.Asked([operator], site, first, last), shown | {"first": first, "last": last}


@bp.get("/equation")
@requires("stock.read")
def equation() -> ResponseReturnValue:
    """Delivered = sold − returned + … + on hand, by product (and lot), of one producer, place and period."""
    asked, shown = _asked()
    session = db.session()
    producers = sums.producers_moved(session, shown["operator"])
    producer = request.args.get("producer", "")
    producer = producer if producer in dict(producers) else (producers[0][0] if producers else "")
    by_lot = request.args.get("lots") == "1"
    goods, more = sums.moved_page(session, asked, producer, page=page_no())
    lines = sums.list_equations(session, asked, producer, by_lot=by_lot, only=goods) if goods else []
    kept: dict[str, Any] = {k: v for k, v in request.args.items() if k != "page"}
    codes = codes_of(session, shown["operator"], {line.lot_id for line in lines if line.lot_id}) if by_lot else {}
    used = [c for c in COLUMNS if any(line.sums[c] for line in lines)]
    return page(
        "stock/equation.html", lines=lines, columns=used, plus=PLUS, left=LEFT, producers=producers, producer=producer,
        by_lot=by_lot, codes=codes,
        before=url_for("stock.equation", **{**kept, "page": page_no() - 1}) if page_no() > 1 else None,
        after=url_for("stock.equation", **{**kept, "page": page_no() + 1}) if more else None, **shown,
    )  # fmt: skip


@bp.get("/card/<product_id>")
@requires("stock.read")
def card(product_id: str) -> ResponseReturnValue:
    """The movements of a product (or lot), newest first, with what was left after each; or those of one figure."""
    asked, shown = _asked()
    column = request.args.get("column") if request.args.get("column") in COLUMNS else None
    lot = request.args.get("lot") or None
    session = db.session()
    item = papers.items_of(session, [product_id])[product_id]
    rows, names, after = sums.list_card(session, asked, product_id, column=column, lot_id=lot, after=cursor_in())
    kept: dict[str, Any] = {
        k: request.args[k] for k in ("operator", "site", "first", "last", "lot", "column") if request.args.get(k)
    }
    more = url_for("stock.card", product_id=product_id, **kept, after=cursor_text(after)) if after else None
    return page("stock/card.html", item=item, rows=rows, names=names, more=more, column=column, lot=lot, **shown)


@bp.get("/under-way")
@requires("stock.read")
def under_way() -> ResponseReturnValue:
    """Goods sent and not counted in."""
    return page(
        "stock/under_way.html", rows=sums.list_under_way(db.session(), reach(viewer(), "stock.read")), today=today()
    )
