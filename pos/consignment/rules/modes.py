"""On what terms one line is sold: commission, margin or own, and at what cost. Source: money.md "Three modes"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pos.consignment.commands import Agreed, Goods, Rate, SoldLine, Terms
from pos.consignment.rules.shares import COMMISSION, MARGIN, OWN

FAIR_VAT_BP = 800  # on the commission of a fair's default rate


def applying(goods: Sequence[Goods], site_id: str, lot_id: str | None) -> list[Goods]:
    """Those of a product's terms that apply, first the one that wins: the named lot, the site, everywhere; late first.

    Arrival order cannot choose: the day was asked for before, a lot counts only where the line names it.
    """
    here = [g for g in goods if (g.lot_id == (lot_id or "") if g.lot_id else g.site_id in ("", site_id))]
    return sorted(here, key=lambda g: (bool(g.lot_id), bool(g.site_id), g.starts_on), reverse=True)


SCOPES = ("fair", "producer", "group", "product")  # the later wins


def rate_of(line: SoldLine, rates: Sequence[Rate]) -> Rate | None:
    """The commission that was agreed for such a line besides the agreement: the nearest rule, of it the highest price
    step the line's unit price reaches, of those the latest."""
    unit = (line.gross_vnd * 1000 * 2 + line.qty_milli) // (2 * line.qty_milli) if line.qty_milli else 0
    mine = [
        r
        for r in rates
        if r.from_price_vnd <= unit
        and r.producer_id in ("", line.producer_id)
        and r.product_id in ("", line.product_id)
    ]
    return max(
        mine, key=lambda r: (SCOPES.index(r.kind), bool(r.producer_id), r.from_price_vnd, r.starts_on), default=None
    )


def terms_of_line(line: SoldLine, site_id: str, agreed: Agreed) -> Terms | None:
    """The line's own terms; None while owner, agreement or cost is unknown: a person assigns it (G24)."""
    base = agreed.by_producer.get(line.producer_id) if line.producer_id else None
    if agreed.rates and line.producer_id and (found := rate_of(line, agreed.rates)):
        if base is None and found.kind == "fair":
            base = Terms(line.producer_id, None, COMMISSION, found.commission_bp, FAIR_VAT_BP, 0)
        elif base is not None and found.kind != "fair":
            base = replace(base, commission_bp=found.commission_bp)
    goods = agreed.by_product.get(line.product_id) if line.product_id else None
    if not goods:
        if base is None or base.mode == COMMISSION:
            return base
        goods = []
    rows = applying(goods, site_id, line.lot_id)
    return with_mode(line, base, _mode(rows, base), rows)


def mode_of(product_id: str, producer_id: str, site_id: str, lot_id: str | None, agreed: Agreed) -> str | None:
    """How a producer's product is sold at a site; None without an agreement."""
    rows = applying(agreed.by_product.get(product_id, ()), site_id, lot_id)
    return _mode(rows, agreed.by_producer.get(producer_id))


def _mode(rows: Sequence[Goods], base: Terms | None) -> str | None:
    return next((g.mode for g in rows if g.mode), base.mode if base else None)


def with_mode(line: SoldLine, base: Terms | None, mode: str | None, rows: Sequence[Goods]) -> Terms | None:
    """Terms of one mode with the cost it needs: margin the agreed one, own the named lot's or the standard one."""
    if mode == OWN:
        lots = (g.cost_vnd for g in rows if g.lot_id and g.cost_vnd is not None)
        cost = next(lots, line.standard_cost_vnd)
        if cost is None:
            return None
        version = base.agreement_version_id if base else None
        return Terms(line.producer_id or "", version, OWN, 0, 0, 0, cost)
    if base is None or mode is None:
        return None
    if mode == MARGIN:
        agreed_cost = next((g.cost_vnd for g in rows if g.cost_vnd is not None), None)
        return None if agreed_cost is None else replace(base, mode=MARGIN, cost_vnd=agreed_cost)
    return base if base.mode == mode else replace(base, mode=mode)
