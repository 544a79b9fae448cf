"""Record a ticket: it has happened, so nothing here may refuse it; doubts become flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from pos.catalogue.queries.at_sale import Facts, facts_at, makers_of
from pos.consignment.commands import Accrued, ReturnedLine, SoldLine, Where
from pos.consignment.queries.terms import agreed_on
from pos.consignment.service.shares import accrue, take_back
from pos.kernel.db import connection_of, is_postgresql, upsert_of
from pos.kernel.money import net_of_vat
from pos.kernel.rows import ask, insert_rows, send_held
from pos.ledger.commands import PostingDraft
from pos.places.queries import bases_of
from pos.stock import service as stock
from pos.stock.commands import Move
from pos.till.commands import Return, SaleBody, TenderIn
from pos.till.forms.events import Event
from pos.till.models import PendingReturn, Sale, SaleLine, SaleReturn, Tender
from pos.till.queries.context import Context
from pos.till.rules.tickets import SplitDiscount, place_of_return, post_tenders, split_discounts
from pos.till.service.doubts import doubt_lots, doubt_ticket
from pos.till.service.effects import SOURCE, Effects
from pos.till.service.paper import keep_paper
from pos.till.service.pending import clear_pending
from pos.till.service.reductions import doubt_reductions

PRINT_WITHIN = timedelta(minutes=30)


def record_sale(session: Session, ctx: Context, event: Event, body: SaleBody, out: Effects) -> None:
    """Book a sale, refund or exchange that has already happened, as the tablet stated it."""
    shift_id = str(event.head.shift)
    splits = split_discounts(body)
    known = _facts(session, ctx, event, body)
    lock_tickets(session, event.id, body)
    reused, awaited = _insert_rows(session, ctx, event, body, known, splits)
    if reused:
        out.flag("receipt_no_reused", 0, other=reused)
    doubt_ticket(body, known, splits, out)

    where = where_of(ctx, event)
    sold = [_sold(line, split, known) for line, split in zip(body.lines, splits, strict=True)]
    producers, products = {s.producer_id for s in sold if s.producer_id}, {s.product_id for s in sold if s.product_id}
    agreed = agreed_on(session, ctx.operator_id, producers, products, event.day, where.fair_id)
    doubt_reductions(session, ctx, event, body, known, agreed, out)
    accrued = accrue(session, where, sold, agreed)
    if accrued.no_agreement:
        paid = sum(line.paid for line in body.lines if line.line in accrued.no_agreement)
        out.flag("no_agreement", paid, lines=accrued.no_agreement)
    if accrued.not_allowed_vnd:
        out.flag("discount_not_allowed", accrued.not_allowed_vnd)
    here, pending = _sort_returns(session, ctx.operator_id, body)
    back = take_back(session, where, [_returned(n, r) for n, r in here])
    pending_vnd = sum(r.paid for _, r in pending)
    if pending:
        out.flag("unknown_sale", pending_vnd, sales=sorted({str(r.sale) for _, r in pending}))
        rows = [{"sale_id": event.id, "line": n, "of_sale_id": r.sale} for n, r in pending]
        insert_rows(session, PendingReturn, rows)
    _flag_too_much(body.returns, back, out)

    makers = {product: facts.producer_id for product, facts in known.items()}
    if unsaid := set(back.products.values()) - set(makers):
        makers |= makers_of(session, unsaid)
    levels = stock.move(session, ctx.operator_id, _moves(ctx, event, body, makers, back), recorded_at=ctx.received_at)
    short = [p for (kind, _, p, _), level in levels.items() if kind == "site" and level < 0]
    if short:
        out.flag("negative_stock", 0, products=short)
    doubt_lots(session, ctx, event, body, out)

    money, out.drawer_vnd, unknown = post_tenders(
        body.tenders, shift_id=shift_id, site_id=ctx.site_id, fair_id=ctx.fair_id, keeper=event.head.keeper,
        bases=bases_of(session, ctx.operator_id, {tender.kind for tender in body.tenders}),
    )  # fmt: skip
    keep_tenders(session, event, event.id, shift_id, body.tenders, money)
    if unknown:
        out.flag("unknown_tender", body.total)
    postings = money + accrued.postings + back.postings
    postings.append(PostingDraft("cash_short_expense", -body.cash_rounding, site_id=ctx.site_id, shift_id=shift_id))
    postings.append(PostingDraft("refund_pending", pending_vnd, ctx.site_id, site_id=ctx.site_id))
    if rest := -sum(p.amount_vnd for p in postings):
        postings.append(PostingDraft("cash_variance", rest, shift_id, site_id=ctx.site_id, shift_id=shift_id))
        out.flag("total_differs", rest, difference=rest)
    out.post_event(event, "sale", postings, accrued.settlement_lines + back.settlement_lines)
    out.sales, out.sales_vnd = 1, body.total
    if awaited:
        send_held(session)
        clear_pending(session, ctx, event.id, out)
    may_print = not ctx.seeded and body.printed_by is None and ctx.received_at - event.at <= PRINT_WITHIN
    keep_paper(session, ctx, event, body, known, may_print=may_print)


def where_of(ctx: Context, event: Event) -> Where:
    """The ticket as consignment sees it."""
    return Where(
        ctx.operator_id, ctx.site_id, ctx.fair_id, ctx.organizer_id, event.id, event.day, event.at
    )  # fmt: skip


def _facts(session: Session, ctx: Context, event: Event, body: SaleBody) -> dict[str, Facts]:
    products = {x.product for x in body.lines if x.product} | {r.product for r in body.returns if r.product}
    return facts_at(
        session, products, operator_id=ctx.operator_id, site_id=ctx.site_id, fair_id=ctx.fair_id, at=event.at
    )


def _sold(line: Any, split: SplitDiscount, known: Mapping[str, Facts]) -> SoldLine:
    facts = known.get(line.product) if line.product else None
    return SoldLine(
        line=line.line,
        product_id=line.product,
        producer_id=facts.producer_id if facts else line.producer,
        qty_milli=line.qty_milli,
        gross_vnd=line.gross,
        discount_producer_vnd=split.producer,
        discount_organizer_vnd=split.organizer,
        discount_operator_vnd=split.operator,
        vat_bp=line.vat_bp,
        vat_class=line.vat_class,
        lot_id=line.lot,
        standard_cost_vnd=facts.cost_vnd if facts else None,
    )


def _returned(n: int, back: Return) -> ReturnedLine:
    return ReturnedLine(n, back.sale, back.line, back.qty_milli, back.paid, back.product)


def lock_tickets(session: Session, own: str, body: SaleBody) -> None:
    """A refund and its sale may arrive on two connections at once: one waits, or neither would see the other.

    A ticket without returns has locked its own name with its event row.
    """
    if body.returns:
        lock_names(session, {own} | {r.sale for r in body.returns if r.sale})


def lock_names(session: Session, tickets: set[str]) -> None:
    """Lock the names of tickets, here or not, in their order until the transaction ends."""
    if is_postgresql(session):
        for ticket in sorted(tickets):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(ticket, 0))))


def _sort_returns(
    session: Session, operator_id: str, body: SaleBody
) -> tuple[list[tuple[int, Return]], list[tuple[int, Return]]]:
    """(those that can be taken back now, those whose sale is not here yet), with their line numbers."""
    asked = {r.sale for r in body.returns if r.sale}
    if not asked:
        return list(enumerate(body.returns, 1)), []
    mine = select(Sale.id).where(Sale.id.in_(asked), Sale.operator_id == operator_id)
    found = set(session.scalars(mine))
    numbered = list(enumerate(body.returns, 1))
    pending = [(n, r) for n, r in numbered if r.sale and r.sale not in found]
    return [(n, r) for n, r in numbered if not r.sale or r.sale in found], pending


def _flag_too_much(returns: Sequence[Return], back: Accrued, out: Effects) -> None:
    if back.too_much:
        paid = sum(returns[n - 1].paid for n in back.too_much)
        out.flag("returned_too_much", paid, lines={str(n): milli for n, milli in back.too_much.items()})


def _moves(ctx: Context, event: Event, body: SaleBody, makers: Mapping[str, str], back: Accrued) -> list[Move]:
    """Sold: site → customer. Returned: customer → where the cashier said, the excess to quarantine."""

    def move(
        product: str, qty: int, a: tuple[str, str], b: tuple[str, str], reason: str, line: str, lot: str | None = None
    ) -> Move:
        return Move(product, qty, *a, *b, reason, event.day, event.at, SOURCE, event.id, line, lot)

    site, customer = ("site", ctx.site_id), ("customer", ctx.site_id)
    moves = [move(x.product, x.qty_milli, site, customer, "sale", f"l{x.line}", x.lot) for x in body.lines if x.product]
    for n, r in enumerate(body.returns, 1):
        product = r.product or back.products.get(n)
        if not product:
            continue
        owner = makers.get(product) or r.producer
        to = place_of_return(r.disposition, ctx.site_id, owner)
        extra = back.too_much.get(n, 0)
        if r.qty_milli > extra:
            moves.append(move(product, r.qty_milli - extra, customer, to, "return", f"r{n}"))
        if extra:
            quarantine = ("quarantine", ctx.site_id)
            moves.append(move(product, extra, customer, quarantine, "return_excess", f"x{n}"))
    return moves


@lru_cache(maxsize=2)
def _new_sale(postgresql: bool) -> Any:
    """Insert a ticket and look up, in the same statement, what stands against it; built once per database."""
    other = aliased(Sale)
    same_number = other.receipt_no == bindparam("number")
    elsewhere = (other.id != bindparam("own")) & (other.operator_id == bindparam("operator"))
    reused = select(other.id).where(same_number, elsewhere).limit(1)
    awaited = select(PendingReturn.line).where(PendingReturn.of_sale_id == bindparam("own")).limit(1)
    return upsert_of(postgresql, Sale).returning(Sale.id, reused.scalar_subquery(), awaited.scalar_subquery())


def _insert_rows(
    session: Session,
    ctx: Context,
    event: Event,
    body: SaleBody,
    known: Mapping[str, Facts],
    splits: list[SplitDiscount],
) -> tuple[str | None, bool]:
    """Write the ticket. Answers (another ticket of the same number, whether a return waits for this one)."""
    head = event.head
    [told] = ask(
        connection_of(session),
        _new_sale(is_postgresql(session)),
        {
            "id": event.id, "operator_id": ctx.operator_id, "site_id": ctx.site_id, "fair_id": ctx.fair_id,
            "till_id": ctx.till_id, "log_id": ctx.log_id, "shift_id": head.shift,
            "staff_id": body.seller or head.staff, "receipt_no": body.receipt_no, "day": event.day, "at": event.at,
            "received_at": ctx.received_at, "catalogue": head.catalogue, "total_vnd": body.total,
            "sold_vnd": sum(x.paid for x in body.lines), "returned_vnd": sum(r.paid for r in body.returns),
            "cash_rounding_vnd": body.cash_rounding, "undo_of_id": body.undo_of,
            "own": event.id, "number": body.receipt_no, "operator": ctx.operator_id,
        },
    )  # fmt: skip
    if body.lines:
        insert_rows(session, SaleLine, [
            {
                "sale_id": event.id, "line": x.line, "product_id": x.product,
                "producer_id": known[x.product].producer_id if x.product and x.product in known else x.producer,
                "name": known[x.product].name if x.product and x.product in known else (x.name or "?"),
                "qty_milli": x.qty_milli, "price_vnd": x.price, "gross_vnd": x.gross, "discount_vnd": split.total,
                "paid_vnd": x.paid, "vat_bp": x.vat_bp, "vat_class": x.vat_class,
                "vat_vnd": net_of_vat(x.paid, x.vat_bp)[1], "stars": x.stars, "barcode": x.barcode,
            }
            for x, split in zip(body.lines, splits, strict=True)
        ])  # fmt: skip
    if body.returns:
        insert_rows(session, SaleReturn, [
            {
                "sale_id": event.id, "line": n, "of_sale_id": r.sale, "of_line": r.line, "product_id": r.product,
                "qty_milli": r.qty_milli, "paid_vnd": r.paid, "disposition": r.disposition,
            }
            for n, r in enumerate(body.returns, 1)
        ])  # fmt: skip
    return told[1], told[2] is not None


def keep_tenders(
    session: Session, event: Event, sale_id: str, shift_id: str, tenders: Sequence[TenderIn],
    posted: Sequence[PostingDraft],
) -> None:  # fmt: skip
    """Write how a ticket was paid, and where each part was posted."""
    if tenders:
        insert_rows(session, Tender, [
            {
                "event_id": event.id, "n": n, "id": t.id, "sale_id": sale_id, "shift_id": shift_id, "kind": t.kind,
                "amount_vnd": t.amount, "received_vnd": t.received, "change_vnd": t.change,
                "reference": t.reference, "state": t.state, "account": p.account, "dimension": p.dimension,
            }
            for n, (t, p) in enumerate(zip(tenders, posted, strict=True), 1)
        ])  # fmt: skip
