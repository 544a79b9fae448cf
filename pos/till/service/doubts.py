"""What looks wrong on an event, for a person to see. Nothing here refuses or changes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from pos.access.sellers import Spot, held_by, limits_at
from pos.catalogue.queries.at_sale import Facts
from pos.stock.service.lots import ends_of, know_lots, sold_after
from pos.till.commands import GoodsIn, Line, SaleBody
from pos.till.forms.events import Event
from pos.till.queries.context import Context
from pos.till.rules.approvals import approvals_in, base_of, doubtful
from pos.till.rules.tickets import SplitDiscount, line_adds_up
from pos.till.service.effects import Effects
from pos.till.service.flags import raise_later


def doubt_ticket(
    body: SaleBody, known: Mapping[str, Facts], splits: list[SplitDiscount],
    out: Effects,
) -> None:  # fmt: skip
    """A ticket whose goods, prices, sums, stars or buyer's age want a look."""
    _goods(body, known, out)
    stated = sum(x.paid for x in body.lines) - sum(r.paid for r in body.returns)
    off = [x.line for x, split in zip(body.lines, splits, strict=True) if not line_adds_up(x, split)]
    apart = [d.amount for d in body.discounts if d.amount != sum(d.shares)]
    if off or apart or stated != body.total:
        out.flag("total_differs", stated - body.total, lines=off, stated=body.total, lines_say=stated)
    over = {
        x.product
        for x in body.lines
        if x.product
        and (facts := known.get(x.product))
        and not facts.certified
        and (x.stars or facts.certified is False)
    }
    if over:
        out.flag("certificate_expired", 0, products=sorted(over))


def _goods(body: SaleBody, known: Mapping[str, Facts], out: Effects) -> None:
    unknown = {x.product for x in body.lines if x.product and x.product not in known}
    if unknown:
        out.flag("unknown_product", _paid(body, unknown), products=sorted(unknown))
    found = {x.product: known[x.product] for x in body.lines if x.product and x.product in known}
    foreign = {product for product, facts in found.items() if not facts.offered}
    if foreign:
        out.flag("foreign_goods", _paid(body, foreign), products=sorted(foreign))
    for x in body.lines:
        if (facts := found.get(x.product or "")) and facts.price_vnd is not None and facts.price_vnd != x.price:
            apart = (facts.price_vnd - x.price) * x.qty_milli // 1000
            out.flag("price_differs", apart, ours=facts.price_vnd, till=x.price)
    strong = {product for product, facts in found.items() if facts.alcohol_bp > 0}
    if strong and not body.age_checked:
        out.flag("under_age_unchecked", _paid(body, strong), products=sorted(strong))


def _paid(body: SaleBody, products: set[str]) -> int:
    return sum(x.paid for x in body.lines if x.product in products)


def doubt_lots(session: Session, ctx: Context, event: Event, body: SaleBody, out: Effects) -> None:
    """Lots sold after their last day. Asked when their levels are locked: a count of them waits, or was first."""
    named: dict[tuple[str, str], list[Line]] = {}
    for x in body.lines:
        if x.product and x.lot:
            named.setdefault((x.product, x.lot), []).append(x)
    over = {lot for lot, end in ends_of(session, ctx.operator_id, named).items() if end < event.day}
    if over:
        paid = sum(x.paid for lot in over for x in named[lot])
        out.flag("lot_expired", paid, products=sorted({p for p, _ in over}), lots=sorted(lot for _, lot in over))


def know_ends(session: Session, ctx: Context, body: GoodsIn) -> None:
    """Keep the lots counted in; one whose end comes to be known only now may have been sold after it."""
    stated: dict[tuple[str, str], date | None] = {}
    for line in body.lines:
        if line.lot:
            ends = [stated.get((line.product, line.lot)), date.fromisoformat(line.expires) if line.expires else None]
            stated[line.product, line.lot] = min((end for end in ends if end), default=None)
    know_lots(session, ctx.operator_id, stated)
    ended = {lot: end for lot, end in stated.items() if end}
    for event_id, lots in sold_after(session, ctx.operator_id, ended).items():
        facts = {"products": sorted({p for p, _ in lots}), "lots": sorted(lot for _, lot in lots)}
        raise_later(session, event_id, "lot_expired", 0, facts, at=ctx.received_at)


def doubt_approvals(session: Session, ctx: Context, event: Event, out: Effects) -> None:
    """An approval given without the server, by nobody known, without the right or beyond its limit."""
    given = approvals_in(event.body)
    if not given:
        return
    spot = Spot(ctx.operator_id, ctx.site_id, ctx.fair_id)
    held = held_by(session, {a.staff for a in given if a.staff})
    people = {person: limits_at(roles, spot, event.at) for person, roles in held.items()}
    gross = base_of(event.body)
    if found := doubtful(given, people, gross):
        told = [{"action": a.action, "amount": a.amount, "staff": a.staff, "why": why} for a, why in found]
        out.flag("approved_offline", sum(abs(a.amount or 0) for a, _ in found), approvals=told, gross=gross)
