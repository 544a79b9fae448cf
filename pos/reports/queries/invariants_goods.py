"""Invariants of money.md about goods: 3 (nothing appears or vanishes) and 7 (what comes back). Reads only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from pos.consignment.models import Share
from pos.consignment.rules.shares import PRIMARY
from pos.ledger.models import Posting
from pos.reports.queries.findings import Finding
from pos.stock.models import DaySum, DaySumRun, Level, Movement
from pos.till.models import PendingReturn, Sale, SaleLine, SaleReturn

AMOUNTS = (*PRIMARY, "paid_vnd", "producer_due_vnd")


def goods(session: Session) -> Finding:
    """3. Levels are what the movements add up to; what went to customers is what the tickets say."""
    out = Finding(3, "Tồn kho = tổng các lần chuyển hàng", "stock levels are the sums of the movements")
    lot = func.coalesce(Movement.lot_id, "")
    sides = union_all(
        select(Movement.operator_id, Movement.to_kind.label("kind"), Movement.to_id.label("place"),
               Movement.product_id, lot.label("lot"), Movement.qty_milli.label("qty")),
        select(Movement.operator_id, Movement.from_kind, Movement.from_id, Movement.product_id, lot,
               -Movement.qty_milli),
    ).subquery()  # fmt: skip
    key = (sides.c.operator_id, sides.c.kind, sides.c.place, sides.c.product_id, sides.c.lot)
    summed = {
        tuple(row[:5]): int(row[5]) for row in session.execute(select(*key, func.sum(sides.c.qty)).group_by(*key))
    }
    kept = {
        tuple(row[:5]): int(row[5])
        for row in session.execute(
            select(
                Level.operator_id, Level.place_kind, Level.place_id, Level.product_id, Level.lot_id, Level.on_hand_milli
            )
        )
    }
    for place in sorted(summed.keys() | kept.keys()):
        there, moved = kept.get(place, 0), summed.get(place, 0)
        if there != moved:
            out.wrong(
                f"Tồn {place[3]} ở {place[1]} {place[2]}: {there}, các lần chuyển cộng được {moved} (phần nghìn)",
                f"level of {place[3]} at {place[1]} {place[2]}: {there}, movements say {moved} (thousandths)",
            )
    _tickets_moved(session, out)
    _days_summed(session, out)
    out.looked_at = len(kept)
    return out


def _days_summed(session: Session, out: Finding) -> None:
    """The sums of days say what the movements say that they cover."""
    upto = session.scalar(select(func.max(DaySumRun.upto_id)))
    if not upto:
        return
    alike = ("operator_id", "product_id", "from_kind", "to_kind", "reason")

    def summed(of: type[Movement] | type[DaySum], *where: Any) -> dict[tuple[str, ...], int]:
        key = [getattr(of, name) for name in alike]
        rows = session.execute(select(*key, func.sum(of.qty_milli)).where(*where).group_by(*key))
        return {tuple(row[:5]): int(row[5]) for row in rows}

    moved, kept = summed(Movement, Movement.id < upto), summed(DaySum)
    for key in sorted(moved.keys() | kept.keys()):
        if moved.get(key, 0) != kept.get(key, 0):
            out.wrong(
                f"Tổng theo ngày của {key[1]}, {key[2]} → {key[3]}: {kept.get(key, 0)}, các lần chuyển "
                f"{moved.get(key, 0)} (phần nghìn)",
                f"day sums of {key[1]}, {key[2]} to {key[3]}: {kept.get(key, 0)}, movements {moved.get(key, 0)} "
                "(thousandths)",
            )


def _tickets_moved(session: Session, out: Finding) -> None:
    told: dict[str, int] = {}
    came_back = func.coalesce(SaleReturn.product_id, Share.product_id)  # one that does not say it is of its line's
    of = and_(Share.event_id == SaleReturn.of_sale_id, Share.line == SaleReturn.of_line, Share.kind == "sale")
    here = and_(of, Share.operator_id == Sale.operator_id)  # another operator's is not known here
    for product, qty in (
        *session.execute(select(SaleLine.product_id, func.sum(SaleLine.qty_milli)).group_by(SaleLine.product_id)),
        *session.execute(
            select(came_back, -func.sum(SaleReturn.qty_milli))
            .join(Sale, Sale.id == SaleReturn.sale_id)
            .outerjoin(Share, here)
            .group_by(came_back)
        ),
    ):
        if product:
            told[str(product)] = told.get(str(product), 0) + int(qty)
    way = case((Movement.to_kind == "customer", Movement.qty_milli), else_=-Movement.qty_milli)
    moved = session.execute(
        select(Movement.product_id, func.sum(way))
        .where(or_(Movement.to_kind == "customer", Movement.from_kind == "customer"))
        .group_by(Movement.product_id)
    )
    gone = {product: int(qty) for product, qty in moved}
    for product in sorted(told.keys() | gone.keys()):
        if told.get(product, 0) != gone.get(product, 0):
            out.wrong(
                f"Hàng {product}: phiếu bán {told.get(product, 0)}, kho xuất {gone.get(product, 0)} (phần nghìn)",
                f"{product}: tickets sold {told.get(product, 0)}, stock moved {gone.get(product, 0)} (thousandths)",
            )


def returns(session: Session) -> Finding:
    """7. Returns never exceed what was sold, in quantity or any amount; after a full return each nets to 0.

    A line assigned later replaces exactly what it was before."""
    out = Finding(7, "Hàng trả không quá hàng bán", "returns never exceed the line; a full return nets to 0")
    back = (
        select(
            Share.returns_share_id.label("of"), func.sum(Share.qty_milli).label("qty"),
            *(func.sum(getattr(Share, name)).label(name) for name in AMOUNTS),
        )
        .where(Share.returns_share_id.is_not(None))
        .group_by(Share.returns_share_id)
        .subquery()
    )  # fmt: skip
    nets = [getattr(Share, name) + back.c[name] for name in AMOUNTS]
    beyond = [func.abs(back.c[name]) > func.abs(getattr(Share, name)) for name in PRIMARY]
    full = case((back.c.qty == Share.qty_milli, sum((func.abs(net) for net in nets), literal(0))), else_=0)
    rows = session.execute(
        select(Share.event_id, Share.line)
        .join(back, back.c.of == Share.id)
        .where(or_(back.c.qty > Share.qty_milli, full != 0, *beyond))
    )
    for event, line in rows:
        out.wrong(f"Phiếu {event} dòng {line}: trả quá phần đã bán", f"ticket {event} line {line}: too much came back")
    before, after = aliased(Share), aliased(Share)
    for event, line in session.execute(
        select(after.event_id, after.line)
        .join(before, before.id == after.assigns_share_id)
        .where(
            after.kind == "assigned",
            or_(after.qty_milli != before.qty_milli, after.gross_vnd != before.gross_vnd,
                after.paid_vnd != before.paid_vnd),
        )
    ):  # fmt: skip
        out.wrong(
            f"Phiếu {event} dòng {line}: gán chủ làm đổi số tiền", f"ticket {event} line {line}: assigning changed it"
        )
    _waiting(session, out)
    out.looked_at = session.scalar(select(func.count()).where(Share.returns_share_id.is_not(None))) or 0
    return out


def _waiting(session: Session, out: Finding) -> None:
    """What was refunded for sales that are not here yet is what `refund_pending` of each site says."""
    waits = and_(SaleReturn.sale_id == PendingReturn.sale_id, SaleReturn.line == PendingReturn.line)
    said = {
        site: int(vnd)
        for site, vnd in session.execute(
            select(Sale.site_id, func.sum(SaleReturn.paid_vnd))
            .join(SaleReturn, SaleReturn.sale_id == Sale.id)
            .join(PendingReturn, waits)
            .group_by(Sale.site_id)
        )
    }
    booked = {
        site: int(vnd)
        for site, vnd in session.execute(
            select(Posting.dimension, func.sum(Posting.amount_vnd))
            .where(Posting.account == "refund_pending")
            .group_by(Posting.dimension)
        )
    }
    for site in sorted(said.keys() | booked.keys()):
        if booked.get(site, 0) != said.get(site, 0):
            out.differs(
                f"Tiền trả chờ phiếu bán ở {site}", f"refunds waiting for their sale at {site}",
                booked.get(site, 0), said.get(site, 0),
            )  # fmt: skip
