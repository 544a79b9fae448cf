"""Corrected tenders, goods that come and go at the till."""

from __future__ import annotations

from sqlalchemy.orm import Session

from pos.ledger.commands import PostingDraft
from pos.stock import service as stock
from pos.stock.commands import Move
from pos.till.commands import GoodsIn, GoodsOut, TenderCorrect, TenderIn
from pos.till.forms.events import Event
from pos.till.queries.context import Context
from pos.till.rules.tickets import post_tenders
from pos.till.service.effects import SOURCE, Effects
from pos.till.service.shifts import touch_shift

GONE_TO = {
    "sample": "consumed", "gift": "consumed", "own_use": "consumed", "broken": "written_off",
    "lost": "written_off", "theft": "written_off",
}  # fmt: skip


def correct_tender(session: Session, ctx: Context, event: Event, body: TenderCorrect, out: Effects) -> None:
    """What was rung as one means was another: the wrong one is taken off the sale's own drawer."""
    shift_id = body.sale_shift or str(event.head.shift)
    wrong = TenderIn(id=body.from_.id or event.id, kind=body.from_.kind, amount=-body.from_.amount)
    postings, drawer, unknown = post_tenders(
        [wrong, *body.tenders], shift_id=shift_id, site_id=ctx.site_id, fair_id=ctx.fair_id, keeper=event.head.keeper
    )
    if rest := -sum(p.amount_vnd for p in postings):
        postings.append(PostingDraft("cash_variance", rest, shift_id, site_id=ctx.site_id, shift_id=shift_id))
        out.flag("total_differs", rest, difference=rest)
    if unknown:
        out.flag("unknown_tender", body.from_.amount)
    out.drawer_vnd = drawer
    out.post_event(event, "tender_correct", postings)
    touch_shift(session, ctx, event, out)


def goods_out(session: Session, ctx: Context, event: Event, body: GoodsOut, out: Effects) -> None:
    """Tasted, given, broken, lost, handed back: stock moves; money waits for a person to say who bears it."""
    moves = []
    for n, line in enumerate(body.lines, 1):
        if body.reason == "to_site" and body.to:
            to = ("site", body.to)
        elif body.reason == "to_producer" and body.to:
            to = ("producer", body.to)
        else:
            to = (GONE_TO.get(body.reason, "transit"), ctx.site_id)
        moves.append(
            Move(
                line.product, line.qty_milli, "site", ctx.site_id, *to, body.reason, event.day, event.at,
                SOURCE, event.id, str(n), line.lot,
            )
        )  # fmt: skip
    _flag_negative(stock.move(session, ctx.operator_id, moves, recorded_at=ctx.received_at), out)


def goods_in(session: Session, ctx: Context, event: Event, body: GoodsIn, out: Effects) -> None:
    """Counted in from a producer or another site."""
    kind = "site" if body.announced is None and _is_site(session, body.from_) else "producer"
    moves = [
        Move(
            line.product, line.qty_milli, kind, body.from_, "site", ctx.site_id, "goods_in", event.day, event.at,
            SOURCE, event.id, str(n), line.lot,
        )
        for n, line in enumerate(body.lines, 1)
    ]  # fmt: skip
    _flag_negative(stock.move(session, ctx.operator_id, moves, recorded_at=ctx.received_at), out)


def _is_site(session: Session, id_: str) -> bool:
    from pos.places.models import Site

    return session.get(Site, id_) is not None


def _flag_negative(levels: dict[tuple[str, str, str, str], int], out: Effects) -> None:
    short = [product for (kind, _, product, _), level in levels.items() if kind == "site" and level < 0]
    if short:
        out.flag("negative_stock", 0, products=short)
