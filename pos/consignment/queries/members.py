"""Members of a co-op behind a statement: what each delivered and what of it the statement settles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from pos.catalogue.models import Product
from pos.consignment.models import SettlementLine, Share, Statement, StatementClaim
from pos.consignment.queries.annex import CAME_BACK
from pos.consignment.rules.members import Part, Sold, parts_of, payouts_of
from pos.stock.models import Document, DocumentLine

_NET = func.sum(case((Share.kind.in_(CAME_BACK), -Share.qty_milli), else_=Share.qty_milli))


@dataclass(frozen=True, slots=True)
class Annex:
    """Each member's part of each product, the names of the products, and the list to pay by."""

    parts: list[Part]
    products: dict[str, tuple[str, str]]  # id → (name, unit)
    payouts: list[tuple[str, int, int]]  # member, goods, to be paid
    goods_vnd: int
    payout_vnd: int


def has_members(session: Session, operator_id: str, producer_id: str) -> bool:
    """Somebody delivered by name for this co-op."""
    named = select(DocumentLine.document_id).join(Document, Document.id == DocumentLine.document_id)
    ours = and_(Document.operator_id == operator_id, Document.producer_id == producer_id)
    return bool(session.scalar(select(named.where(ours, DocumentLine.member.is_not(None)).exists())))


def members_of(session: Session, row: Statement) -> Annex:
    """The annex of one statement. Four queries, however many lines."""
    settled = session.execute(
        select(Share.product_id, Share.lot_id, _NET, func.sum(SettlementLine.amount_vnd))
        .join(SettlementLine, SettlementLine.share_id == Share.id)
        .join(StatementClaim, StatementClaim.line_id == SettlementLine.id)
        .where(StatementClaim.statement_id == row.id)
        .group_by(Share.product_id, Share.lot_id)
        .order_by(Share.product_id, Share.lot_id)
    ).all()
    products = {product for product, *_ in settled if product}
    deliveries, apart = _deliveries(session, row, products)
    sold: dict[tuple[str, str | None], list[int]] = defaultdict(lambda: [0, 0])
    for product, lot, qty, vnd in settled:
        at = sold[product or "", apart.get((product, lot)) if lot else None]
        at[0] += int(qty)
        at[1] += int(vnd)
    lines = [Sold(product, qty, vnd, member) for (product, member), (qty, vnd) in sold.items()]
    parts = parts_of(lines, deliveries, _before(session, row, products, apart))
    names = session.execute(select(Product.id, Product.name, Product.unit).where(Product.id.in_(products)))
    known = {id_: (name, unit) for id_, name, unit in names}
    parts.sort(key=lambda part: (part.member == "", part.member, known.get(part.product_id, ("", ""))[0]))
    return Annex(
        parts, known, payouts_of(parts, row.payout_vnd), sum(part.vnd for part in parts), row.payout_vnd
    )  # fmt: skip


def _deliveries(
    session: Session, row: Statement, products: Collection[str]
) -> tuple[dict[str, list[tuple[str, int]]], dict[tuple[str, str], str]]:
    """Product → (member, thousandths) in order of arrival; (product, lot) → member of what was kept apart."""
    undone = aliased(Document)
    rows: Any = session.execute(
        select(
            DocumentLine.product_id, DocumentLine.member, DocumentLine.qty_milli, DocumentLine.lot_id,
            DocumentLine.lot_code,
        )
        .join(Document, Document.id == DocumentLine.document_id)
        .where(
            Document.operator_id == row.operator_id, Document.producer_id == row.producer_id,
            Document.kind == "intake", Document.state == "confirmed", Document.undoes_id.is_(None),
            DocumentLine.product_id.in_(products), ~exists().where(undone.undoes_id == Document.id),
        )
        .order_by(Document.business_date, Document.confirmed_at, Document.id, DocumentLine.line)
    )  # fmt: skip
    loose: dict[str, list[tuple[str, int]]] = defaultdict(list)
    apart: dict[tuple[str, str], str] = {}
    for product, member, qty, lot, code in rows:
        if code and lot:
            apart[product, lot] = member or ""
        else:
            loose[product].append((member or "", qty))
    return loose, apart


def _before(
    session: Session, row: Statement, products: Collection[str], apart: Collection[tuple[str, str]]
) -> dict[str, int]:
    """Product → thousandths that live statements before this one settled, without what was kept apart."""
    rows = session.execute(
        select(Share.product_id, Share.lot_id, _NET)
        .join(SettlementLine, SettlementLine.share_id == Share.id)
        .join(StatementClaim, StatementClaim.line_id == SettlementLine.id)
        .join(Statement, Statement.id == StatementClaim.statement_id)
        .where(
            Statement.operator_id == row.operator_id, Statement.producer_id == row.producer_id,
            Statement.state != "void", Statement.no < row.no, Share.product_id.in_(products),
        )
        .group_by(Share.product_id, Share.lot_id)
    )  # fmt: skip
    found: dict[str, int] = defaultdict(int)
    for product, lot, qty in rows:
        if product and (product, lot) not in apart:
            found[product] += int(qty)
    return found
