"""Corrected tenders."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.ledger.commands import PostingDraft
from pos.places.queries import bases_of
from pos.till.commands import TenderCorrect, TenderIn
from pos.till.forms.events import Event
from pos.till.models import Sale, Tender
from pos.till.queries.context import Context
from pos.till.rules.tickets import post_tenders
from pos.till.service.effects import Effects
from pos.till.service.sales import keep_tenders
from pos.till.service.shifts import touch_shift


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
