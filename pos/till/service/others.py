"""Corrected tenders, goods that come and go at the till."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.queries.at_sale import makers_of
from pos.ledger.commands import PostingDraft
from pos.places.models import Site
from pos.places.queries import bases_of
from pos.stock import service as stock
from pos.stock.commands import Move
from pos.till.commands import GoodsIn, GoodsOut, TenderCorrect, TenderIn
from pos.till.forms.events import Event
from pos.till.models import Sale, Tender
from pos.till.queries.context import Context
from pos.till.rules.tickets import post_tenders
from pos.till.service.doubts import know_ends
from pos.till.service.effects import SOURCE, Effects
from pos.till.service.sales import keep_tenders
from pos.till.service.shifts import touch_shift

GONE_TO = {
    "sample": "consumed", "gift": "consumed", "own_use": "consumed", "broken": "written_off",
    "lost": "written_off", "theft": "written_off",
}  # fmt: skip


def correct_tender(session: Session, ctx: Context, event: Event, body: TenderCorrect, out: Effects) -> None:
    """What was rung as one means was another: the wrong one is taken off the sale's own drawer."""
    shift_id = body.sale_shift or str(event.head.shift)
    taken = body.from_
    wrong = TenderIn(
        id=taken.id or event.id, kind=taken.kind, amount=-taken.amount, payee=taken.payee, issuer=taken.issuer,
        customer=taken.customer,
    )  # fmt: skip
    tenders = [wrong, *body.tenders]
    postings, drawer, unknown = post_tenders(
        tenders, shift_id=shift_id, site_id=ctx.site_id, fair_id=ctx.fair_id, keeper=event.head.keeper,
        bases=bases_of(session, ctx.operator_id, {tender.kind for tender in tenders}),
    )  # fmt: skip
    if known := _as_posted(session, body.sale, taken.id):
        account, dimension = known
        drawer += (wrong.amount if account == "drawer" else 0) - (
            wrong.amount if postings[0].account == "drawer" else 0
        )
        postings[0] = replace(postings[0], account=account, dimension=dimension)
        unknown = any(p.account == "unidentified_receipts" for p in postings[1:])
    keep_tenders(session, event, body.sale, shift_id, tenders, postings)
    if rest := -sum(p.amount_vnd for p in postings):
        postings.append(PostingDraft("cash_variance", rest, shift_id, site_id=ctx.site_id, shift_id=shift_id))
        out.flag("total_differs", rest, difference=rest)
    if unknown:
        out.flag("unknown_tender", body.from_.amount)
    out.drawer_vnd = drawer
    out.post_event(event, "tender_correct", postings)
    mine = select(Sale.id).where(Sale.id == body.sale, Sale.operator_id == ctx.operator_id)
    if session.scalar(mine) is None:
        out.flag("unknown_sale", taken.amount, sales=[body.sale])
    touch_shift(session, ctx, event, out, named=shift_id)


def _as_posted(session: Session, sale_id: str, tender_id: str | None) -> tuple[str, str] | None:
    """(account, dimension) a tender was posted to; None when it is not here (yet)."""
    if tender_id is None:
        return None
    found = session.execute(
        select(Tender.account, Tender.dimension)
        .where(Tender.sale_id == sale_id, Tender.id == tender_id)
        .order_by(Tender.event_id)
        .limit(1)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def goods_out(session: Session, ctx: Context, event: Event, body: GoodsOut, out: Effects) -> None:
    """Tasted, given, broken, lost, handed back: stock moves; money waits for a person to say who bears it."""
    moves = []
    makers = makers_of(session, [line.product for line in body.lines]) if body.reason == "to_producer" else {}
    for n, line in enumerate(body.lines, 1):
        if body.reason == "to_site" and body.to:
            to = ("transit", body.to)  # under way to that site, which counts it in
        elif body.reason == "to_producer":
            to = ("producer", body.to or makers.get(line.product) or ctx.site_id)
        else:
            to = (GONE_TO.get(body.reason, "transit"), ctx.site_id)
        way = _way(("site", ctx.site_id), to, back=body.undo_of is not None)
        moves.append(
            Move(
                line.product, line.qty_milli, *way, body.reason, event.day, event.at, SOURCE, event.id, str(n),
                line.lot,
            )
        )  # fmt: skip
    _flag_negative(stock.move(session, ctx.operator_id, moves, recorded_at=ctx.received_at), out)


def goods_in(session: Session, ctx: Context, event: Event, body: GoodsIn, out: Effects) -> None:
    """Counted in from a producer, or from what another site sent here."""
    origin = ("transit", ctx.site_id) if session.get(Site, body.from_) else ("producer", body.from_)
    way = _way(origin, ("site", ctx.site_id), back=body.undo_of is not None)
    moves = [
        Move(
            line.product, line.qty_milli, *way, "goods_in", event.day, event.at, SOURCE, event.id, str(n), line.lot,
        )
        for n, line in enumerate(body.lines, 1)
    ]  # fmt: skip
    _flag_negative(stock.move(session, ctx.operator_id, moves, recorded_at=ctx.received_at), out)
    know_ends(session, ctx, body)


def _way(here: tuple[str, str], there: tuple[str, str], *, back: bool) -> tuple[str, str, str, str]:
    """From here to there; an undo says the same and goes back, so it needs nothing of the event it mirrors."""
    return (*there, *here) if back else (*here, *there)


def _flag_negative(levels: dict[tuple[str, str, str, str], int], out: Effects) -> None:
    short = [product for (kind, _, product, _), level in levels.items() if kind == "site" and level < 0]
    if short:
        out.flag("negative_stock", 0, products=short)
