"""Goods that come and go at the till: they move, and stand as stock documents already confirmed."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from pos.catalogue.queries.at_sale import makers_of
from pos.kernel.ids import is_id
from pos.places.models import Site
from pos.producers.models import Producer
from pos.stock import service as stock
from pos.stock.commands import Draft, DraftLine, Move
from pos.stock.models import Document
from pos.stock.rules import GONE_TO
from pos.stock.service.documents import record
from pos.till.commands import GoodsIn, GoodsLine, GoodsOut
from pos.till.forms.events import Event
from pos.till.queries.context import Context
from pos.till.queries.tastings import tasted_beyond
from pos.till.service.doubts import know_ends
from pos.till.service.effects import SOURCE, Effects

OUT_KINDS = {"to_site": "transfer", "to_producer": "return"}
Place = tuple[str, str]


def goods_out(session: Session, ctx: Context, event: Event, body: GoodsOut, out: Effects) -> None:
    """Tasted, given, broken, lost, handed back: stock moves; money waits for a person to say who bears it."""
    moves = []
    makers = makers_of(session, [line.product for line in body.lines]) if body.reason == "to_producer" else {}
    places: set[Place] = set()
    for n, line in enumerate(body.lines, 1):
        if body.reason == "to_site" and body.to:
            to = ("transit", body.to)  # under way to that site, which counts it in
        elif body.reason == "to_producer":
            to = ("producer", body.to or makers.get(line.product) or ctx.site_id)
        else:
            to = (GONE_TO.get(body.reason, "transit"), ctx.site_id)
        places.add(to)
        way = _way(("site", ctx.site_id), to, back=body.undo_of is not None)
        moves.append(
            Move(
                line.product, line.qty_milli, *way, body.reason, event.day, event.at, SOURCE, event.id, str(n),
                line.lot,
            )
        )  # fmt: skip
    _flag_negative(stock.move(session, ctx.operator_id, moves, recorded_at=ctx.received_at), out)
    if body.reason == "sample" and body.undo_of is None:
        _doubt_tasting(session, ctx, event, body, out)
    kind = OUT_KINDS.get(body.reason, "write_off")
    reason = body.reason if kind == "write_off" else None
    _keep(session, ctx, event, kind, ("site", ctx.site_id), places, body.lines, body.undo_of, reason=reason)


def goods_in(session: Session, ctx: Context, event: Event, body: GoodsIn, out: Effects) -> None:
    """Counted in from a producer, or from what another site sent here; against what was announced, if anybody did."""
    from_site = session.get(Site, body.from_) is not None
    origin = ("transit", ctx.site_id) if from_site else ("producer", body.from_)
    way = _way(origin, ("site", ctx.site_id), back=body.undo_of is not None)
    moves = [
        Move(
            line.product, line.qty_milli, *way, "goods_in", event.day, event.at, SOURCE, event.id, str(n), line.lot,
        )
        for n, line in enumerate(body.lines, 1)
    ]  # fmt: skip
    _flag_negative(stock.move(session, ctx.operator_id, moves, recorded_at=ctx.received_at), out)
    know_ends(session, ctx, body)
    kind = "receipt" if from_site else "intake"
    _keep(
        session, ctx, event, kind, origin, {("site", ctx.site_id)}, body.lines, body.undo_of, announced=body.announced
    )


def _doubt_tasting(session: Session, ctx: Context, event: Event, body: GoodsOut, out: Effects) -> None:
    """More was tasted that day than the offers allow; asked once the movements stand."""
    goods = {line.product for line in body.lines}
    if over := tasted_beyond(session, ctx.operator_id, ctx.site_id, event.day, goods):
        tasted = {product: list(over[product]) for product in sorted(over)}
        out.flag("tasting_over", 0, products=sorted(over), tasted_and_allowed=tasted)


def _keep(
    session: Session, ctx: Context, event: Event, kind: str, from_: Place, places: set[Place], lines: list[GoodsLine],
    undo_of: str | None, *, reason: str | None = None, announced: str | None = None,
) -> None:  # fmt: skip
    """The paper of it; none of nothing. Goods of several producers go to several places: the paper then names none."""
    if not lines:
        return
    head: tuple[str, str | None] = next(iter(places)) if len(places) == 1 else (next(iter(places))[0], None)
    begin: tuple[str, str | None] = from_
    producer = next((place for k, place in (begin, head) if k == "producer"), None)
    ends = (head, begin) if undo_of else (begin, head)
    answers = None
    if kind == "receipt" and announced and not undo_of:
        sent = session.get(Document, announced)
        known = sent is not None and sent.kind == "transfer" and sent.operator_id == ctx.operator_id
        answers = announced if known else None
    asked = Draft(
        operator_id=ctx.operator_id, kind=kind, business_date=event.day, from_=ends[0], to=ends[1],
        lines=tuple(
            DraftLine(
                line.product, line.qty_milli, lot_id=line.lot,
                expires_on=date.fromisoformat(line.expires) if line.expires else None,
            )
            for line in lines
        ),
        producer_id=producer if producer and session.get(Producer, producer) else None, reason=reason,
        announced_id=announced, answers_id=answers,
    )  # fmt: skip
    staff = event.head.staff if is_id(event.head.staff) else None
    record(session, event.id, asked, undoes_id=undo_of, at=event.at, by=staff, recorded_at=ctx.received_at)


def _way(here: Place, there: Place, *, back: bool) -> tuple[str, str, str, str]:
    """From here to there; an undo says the same and goes back, so it needs nothing of the event it mirrors."""
    return (*there, *here) if back else (*here, *there)


def _flag_negative(levels: dict[tuple[str, str, str, str], int], out: Effects) -> None:
    short = [product for (kind, _, product, _), level in levels.items() if kind == "site" and level < 0]
    if short:
        out.flag("negative_stock", 0, products=short)
