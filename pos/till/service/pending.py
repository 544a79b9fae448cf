"""Returns that came before their sale: kept in `refund_pending`, taken back when the sale is here."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pos.catalogue.queries.at_sale import makers_of
from pos.consignment.commands import ReturnedLine, Where
from pos.consignment.service.shares import take_back
from pos.kernel.rows import send_held
from pos.ledger.commands import PostingDraft
from pos.stock import service as stock
from pos.stock.commands import Move
from pos.stock.models import Movement
from pos.till.models import PendingReturn, Sale, SaleReturn
from pos.till.queries.context import Context
from pos.till.rules.tickets import place_of_return
from pos.till.service.effects import SOURCE, Effects
from pos.till.service.flags import raise_later


def clear_pending(session: Session, ctx: Context, sale_id: str, out: Effects) -> None:
    """The sale of some earlier returns has come: take their frozen parts and clear `refund_pending`."""
    rows = session.execute(
        select(PendingReturn.sale_id, PendingReturn.line, SaleReturn, Sale)
        .join(SaleReturn, (SaleReturn.sale_id == PendingReturn.sale_id) & (SaleReturn.line == PendingReturn.line))
        .join(Sale, Sale.id == PendingReturn.sale_id)
        .where(PendingReturn.of_sale_id == sale_id, Sale.operator_id == ctx.operator_id)  # others' wait for a person
        .order_by(PendingReturn.sale_id, PendingReturn.line)
    ).all()
    for ticket, n, returned, sale in rows:
        send_held(session)  # a part depends on what the one before it has taken
        where = Where(sale.operator_id, sale.site_id, sale.fair_id, None, ticket, sale.day, sale.at)
        back = take_back(
            session,
            where,
            [ReturnedLine(n, sale_id, returned.of_line, returned.qty_milli, returned.paid_vnd, returned.product_id)],
        )
        pending = PostingDraft("refund_pending", -returned.paid_vnd, sale.site_id, site_id=sale.site_id)
        out.post(
            "return_cleared", [pending, *back.postings], day=sale.day, at=sale.at,
            source_kind="sale_return", source_id=f"{ticket}:{n}", settlement_lines=back.settlement_lines,
        )  # fmt: skip
        extra = back.too_much.get(n, 0)
        if returned.product_id is None and n in back.products:
            _bring_back(session, ctx, sale, returned, back.products[n])
        if extra:
            _set_aside(session, ctx, sale, n, extra)
            facts = {"lines": {str(n): extra}}  # the refund's own event could not know
            raise_later(session, ticket, "returned_too_much", returned.paid_vnd, facts, at=ctx.received_at)
    tickets = {ticket for ticket, *_ in rows}
    session.execute(
        delete(PendingReturn).where(PendingReturn.of_sale_id == sale_id, PendingReturn.sale_id.in_(tickets))
    )
    still = set(session.scalars(select(PendingReturn.sale_id).where(PendingReturn.sale_id.in_(tickets))))
    out.closed_flags += [(ticket, "unknown_sale") for ticket in sorted(tickets - still)]


def _bring_back(session: Session, ctx: Context, sale: Sale, returned: SaleReturn, product: str) -> None:
    """The return did not say what came back; its sale does: the goods move now, as of then. All of it: what is
    beyond the quantity sold is set aside next."""
    owner = makers_of(session, [product]).get(product)
    kind, place = place_of_return(returned.disposition, sale.site_id, owner)
    moved = Move(
        product, returned.qty_milli, "customer", sale.site_id, kind, place, "return", sale.day, sale.at, SOURCE,
        sale.id, f"r{returned.line}",
    )  # fmt: skip
    stock.move(session, sale.operator_id, [moved], recorded_at=ctx.received_at)


def _set_aside(session: Session, ctx: Context, sale: Sale, n: int, extra_milli: int) -> None:
    """What came back beyond what was sold goes to quarantine, from where it was put when it came."""
    send_held(session)
    put = session.execute(
        select(Movement.product_id, Movement.to_kind, Movement.to_id).where(
            Movement.source_kind == SOURCE, Movement.source_id == sale.id, Movement.line == f"r{n}"
        )
    ).one_or_none()
    if put is None or put.to_kind == "quarantine":
        return
    stock.move(
        session, sale.operator_id,
        [Move(
            put.product_id, extra_milli, put.to_kind, put.to_id, "quarantine", sale.site_id, "return_excess",
            sale.day, sale.at, SOURCE, sale.id, f"x{n}",
        )],
        recorded_at=ctx.received_at,
    )  # fmt: skip
