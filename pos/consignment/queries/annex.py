"""What stands on a statement beside its sums: goods sold, late lines, other lines, stock. Shaped for many at once.

Every function answers by statement id with plain data that JSON keeps: dates as ISO text, đồng and
thousandths as int.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Product
from pos.consignment.models import SettlementLine, Share, Statement, StatementClaim
from pos.receipts.models import Receipt
from pos.stock.models import Movement
from pos.stock.rules import GONE

Rows = dict[str, list[dict[str, Any]]]
OURS = ("site", "transit", "quarantine")
SOLD, CAME_BACK = ("sale", "assigned"), ("return", "assigned_return")  # also of an owner said later
SAMPLE = 200  # late lines printed one by one; beyond that only their number and sum


def goods_sold(session: Session, run_id: str) -> Rows:
    """Per product and VAT rate: sold, returned, gross, discounts by funder, commission."""
    sold = case((Share.kind.in_(SOLD), Share.qty_milli), else_=0)
    back = case((Share.kind.in_(CAME_BACK), Share.qty_milli), else_=0)
    key = (Statement.id, Share.product_id, Share.vat_class, Share.vat_bp)
    sums = (
        select(
            *key,
            func.sum(sold),
            func.sum(back),
            func.sum(Share.gross_vnd),
            func.sum(Share.discount_producer_vnd),
            func.sum(Share.discount_organizer_vnd),
            func.sum(Share.discount_operator_vnd),
            func.sum(Share.commission_vnd),
            func.sum(SettlementLine.amount_vnd),
        )
        .join(StatementClaim, StatementClaim.statement_id == Statement.id)
        .join(SettlementLine, SettlementLine.id == StatementClaim.line_id)
        .join(Share, Share.id == SettlementLine.share_id)
        .where(Statement.run_id == run_id)
        .group_by(*key)
        .subquery()
    )  # names come after the sums: half a million lines have a few thousand products
    id_, product_id, vat_class, vat_bp, *totals = sums.columns
    rows: Any = session.execute(
        select(id_, Product.name, Product.unit, vat_class, vat_bp, *totals)
        .outerjoin(Product, Product.id == product_id)
        .order_by(vat_class, vat_bp, Product.name)
    )
    found: Rows = defaultdict(list)
    for row in rows:
        found[row[0]].append(
            {
                "product": row[1] or "—", "unit": row[2] or "", "vat_class": row[3], "vat_bp": row[4],
                "sold_milli": int(row[5]), "returned_milli": int(row[6]), "gross_vnd": int(row[7]),
                "discount_producer_vnd": int(row[8]), "discount_organizer_vnd": int(row[9]),
                "discount_operator_vnd": int(row[10]), "commission_vnd": int(row[11]), "due_vnd": int(row[12]),
            }
        )  # fmt: skip
    return found


def late_lines(session: Session, run_id: str, previous: dict[str, tuple[Any, int]]) -> Rows:
    """Lines of days an earlier statement had closed, that arrived after it: with their true dates.

    `previous` is (cut-off, seq) of the statement before, by statement id.
    """
    if not previous:
        return {}
    rows = session.execute(
        select(
            Statement.id, SettlementLine.business_date, SettlementLine.seq, SettlementLine.kind,
            SettlementLine.amount_vnd, Share.qty_milli, Share.gross_vnd, Product.name, Receipt.receipt_no,
        )
        .join(StatementClaim, StatementClaim.statement_id == Statement.id)
        .join(SettlementLine, SettlementLine.id == StatementClaim.line_id)
        .outerjoin(Share, Share.id == SettlementLine.share_id)
        .outerjoin(Product, Product.id == Share.product_id)
        .outerjoin(Receipt, Receipt.id == Share.event_id)
        .where(
            Statement.run_id == run_id,
            Statement.id.in_(previous),
            SettlementLine.business_date < Statement.period_from,
            SettlementLine.kind.in_(("sale", "return")),
        )
        .order_by(SettlementLine.business_date, SettlementLine.seq)
    )  # fmt: skip
    found: Rows = defaultdict(list)
    for statement_id, day, seq, kind, amount, qty, gross, name, receipt_no in rows:
        cutoff, before = previous[statement_id]
        if day <= cutoff and seq > before and len(found[statement_id]) < SAMPLE:
            found[statement_id].append(
                {
                    "day": day.isoformat(), "kind": kind, "amount_vnd": amount, "qty_milli": qty or 0,
                    "gross_vnd": gross or 0, "product": name or "—", "receipt_no": receipt_no,
                }
            )  # fmt: skip
    return found


def other_lines(session: Session, run_id: str, statement_ids: Collection[str]) -> Rows:
    """Fees, compensation and the like, one by one, of the statements that have any."""
    if not statement_ids:
        return {}
    rows = session.execute(
        select(
            Statement.id, SettlementLine.kind, SettlementLine.business_date, SettlementLine.amount_vnd,
            SettlementLine.note,
        )
        .join(StatementClaim, StatementClaim.statement_id == Statement.id)
        .join(SettlementLine, SettlementLine.id == StatementClaim.line_id)
        .where(
            Statement.run_id == run_id, Statement.id.in_(statement_ids),
            SettlementLine.kind.not_in(("sale", "return", "vat_rounding")),
        )
        .order_by(SettlementLine.business_date, SettlementLine.seq)
    )  # fmt: skip
    found: Rows = defaultdict(list)
    for statement_id, kind, day, amount, note in rows:
        found[statement_id].append({"kind": kind, "day": day.isoformat(), "amount_vnd": amount, "note": note})
    return found


def stock_rows(session: Session, run_id: str) -> Rows:
    """Per product: on hand at the start, received, net sold, back to the producer, written off, on hand at the end."""
    within = Movement.business_date >= Statement.period_from
    into, out_of = Movement.to_kind, Movement.from_kind
    delta = case((into.in_(OURS), Movement.qty_milli), else_=0) - case((out_of.in_(OURS), Movement.qty_milli), else_=0)

    def moved(condition: Any, sign: int = 1) -> Any:
        return func.sum(case((and_(within, condition), sign * Movement.qty_milli), else_=0))

    lost = GONE
    key = (Statement.id, Product.name, Product.unit)
    rows = session.execute(
        select(
            *key,
            func.sum(case((~within, delta), else_=0)),
            moved(out_of == "producer"),
            moved(into == "customer") + moved(out_of == "customer", -1),
            moved(into == "producer"),
            moved(into.in_(lost)) + moved(out_of.in_(lost), -1),
            func.sum(delta),
        )
        .join(Product, Product.producer_id == Statement.producer_id)
        .join(
            Movement,
            and_(
                Movement.product_id == Product.id,
                Movement.operator_id == Statement.operator_id,
                Movement.business_date <= Statement.cutoff_on,
                or_(into.in_(OURS), out_of.in_(OURS)),
            ),
        )
        .where(Statement.run_id == run_id)
        .group_by(*key)
        .order_by(Product.name)
    )
    names = ("start_milli", "received_milli", "sold_milli", "returned_milli", "lost_milli", "on_hand_milli")
    found: Rows = defaultdict(list)
    for statement_id, name, unit, *figures in rows:
        found[statement_id].append(
            {"product": name, "unit": unit} | {n: int(v) for n, v in zip(names, figures, strict=True)}
        )
    return found


def sold_lines(session: Session, statement_id: str, limit: int = 500) -> Collection[Any]:
    """The claimed lines of one statement, for its page and the spreadsheet."""
    return session.execute(
        select(
            SettlementLine.business_date, SettlementLine.seq, SettlementLine.kind, Product.name.label("product"),
            Share.qty_milli, Share.gross_vnd, Share.discount_producer_vnd, Share.commission_vnd,
            Share.commission_vat_vnd, SettlementLine.amount_vnd, SettlementLine.note, Receipt.receipt_no,
        )
        .join(StatementClaim, StatementClaim.line_id == SettlementLine.id)
        .outerjoin(Share, Share.id == SettlementLine.share_id)
        .outerjoin(Product, Product.id == Share.product_id)
        .outerjoin(Receipt, Receipt.id == Share.event_id)
        .where(StatementClaim.statement_id == statement_id)
        .order_by(SettlementLine.business_date, SettlementLine.seq, SettlementLine.id)
        .limit(limit)
    ).all()  # fmt: skip
