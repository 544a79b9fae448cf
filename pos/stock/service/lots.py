"""Lots: made by an arrival, named anew, what is known of their end, and what was sold of them after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from pos.catalogue.models import Product
from pos.kernel.clock import days_after, local_date
from pos.kernel.errors import Conflict, NotFound
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.stock.commands import Draft, DraftLine, Move
from pos.stock.models import Document, Level, Lot, LotChange, Movement
from pos.stock.queries.lots import shelf_lives
from pos.stock.rules import OURS
from pos.stock.rules.fefo import left_of
from pos.stock.service.movements import move

LotKey = tuple[str, str]  # product, lot
# The earliest end anybody stated, so that it does not matter who came first.
_KEEP_EARLIEST = """ON CONFLICT (operator_id, product_id, id) DO UPDATE SET expires_on = CASE
WHEN stock_lot.expires_on IS NULL OR excluded.expires_on < stock_lot.expires_on THEN excluded.expires_on
ELSE stock_lot.expires_on END"""


def know_lots(session: Session, operator_id: str, ends: Mapping[LotKey, date | None]) -> None:
    """Keep lots that goods were counted in under; of an end stated twice the earlier stands."""
    rows = [
        {"operator_id": operator_id, "product_id": product, "id": lot, "expires_on": end}
        for (product, lot), end in sorted(ends.items())
    ]
    insert_rows(session, Lot, rows, _KEEP_EARLIEST)


def lots_of_lines(session: Session, asked: Draft, document_id: str) -> tuple[DraftLine, ...]:
    """The lines of an arrival at a till, those without a lot with one made by itself: the goods moved already."""
    lives = shelf_lives(session, {line.product_id for line in asked.lines})
    lines, rows = [], []
    for line in asked.lines:
        days = lives.get(line.product_id)
        if line.lot_id or not line.qty_milli:
            lines.append(line)
            continue
        end = line.expires_on or (days_after(asked.business_date, days) if days else None)
        lines.append(replace(line, lot_id=new_id()))
        rows.append({
            "operator_id": asked.operator_id, "product_id": line.product_id, "id": lines[-1].lot_id,
            "expires_on": end, "code": None, "arrived_on": asked.business_date, "site_id": asked.to[1],
            "document_id": document_id, "qty_milli": line.qty_milli, "made_itself": True,
        })  # fmt: skip
    insert_rows(session, Lot, rows)
    return tuple(lines)


def keep_apart(session: Session, key: tuple[str, str, str], *, at: datetime) -> int:
    """From now on a lot's goods move under its id: what is left of it, place by place, is told apart from the loose
    ones; answers how much. Nothing when it is kept apart already. Raises NotFound, Conflict `lot.nothing_left`.

    By way of the producer, as no goods go anywhere: of the loose ones less was delivered, of the lot more.
    """
    lot = session.get(Lot, key, with_for_update=True, populate_existing=True)
    if lot is None:
        raise NotFound("lot.unknown")
    if not lot.made_itself:
        return 0
    maker = session.scalar(select(Product.producer_id).where(Product.id == key[1])) or ""
    loose = session.execute(
        select(Level.place_kind, Level.place_id, Level.on_hand_milli)
        .where(
            Level.operator_id == key[0], Level.product_id == key[1], Level.lot_id == "",
            Level.place_kind.in_(OURS), Level.on_hand_milli > 0,
        )
        .order_by(Level.place_kind, Level.place_id)
        .with_for_update()
    ).all()  # fmt: skip
    others = session.scalars(
        select(Lot).where(Lot.operator_id == key[0], Lot.product_id == key[1], Lot.made_itself)
    ).all()
    came = [(one.id, one.expires_on, one.arrived_on, one.qty_milli or 0) for one in others if one.arrived_on]
    rest = left_of(came, sum(int(milli) for *_, milli in loose)).get(lot.id, 0)
    if not rest:
        raise Conflict("lot.nothing_left")
    told, source = rest, new_id()
    moves: list[Move] = []
    for kind, place, milli in sorted(loose, key=lambda row: (row[1] != lot.site_id, row[0], row[1])):
        part = min(rest, int(milli))
        if not part:
            break
        rest -= part
        for way, lot_id in ((("producer", maker), None), (("producer", maker), lot.id)):
            ends = (kind, place, *way) if lot_id is None else (*way, kind, place)
            moves.append(
                Move(
                    key[1], part, *ends, "told_apart", local_date(at), at, "lot", source, str(len(moves) + 1), lot_id
                )
            )  # fmt: skip
    move(session, key[0], moves, recorded_at=at)
    lot.made_itself = False
    session.flush()
    return told


def make_lots(session: Session, document: Document, shelf_life: Mapping[str, int | None]) -> None:
    """A lot for every line of an arrival that names none: arrived that day, good for the product's shelf life. One
    whose code is on the line is kept apart."""
    for line in document.lines:
        if line.lot_id or not line.qty_milli:
            continue
        days = shelf_life.get(line.product_id)
        end = line.expires_on or (days_after(document.business_date, days) if days else None)
        line.lot_id = new_id()
        session.add(
            Lot(
                operator_id=document.operator_id, product_id=line.product_id, id=line.lot_id, expires_on=end,
                arrived_on=document.business_date, site_id=document.to_id, document_id=document.id,
                qty_milli=line.qty_milli, code=line.lot_code, made_itself=line.lot_code is None,
            )
        )  # fmt: skip
    session.flush()


def kept_apart(session: Session, document: Document) -> set[str]:
    """Those lots of a document that move under their own id."""
    ids = {line.lot_id for line in document.lines if line.lot_id}
    itself = session.scalars(select(Lot.id).where(Lot.id.in_(ids), Lot.made_itself))
    return ids - set(itself)


def rename(
    session: Session, key: tuple[str, str, str], *, code: str | None, expires_on: date | None, at: datetime,
    by: str | None,
) -> None:  # fmt: skip
    """Name a lot anew, or correct its end; what it was called before stays known. Raises NotFound."""
    lot = session.get(Lot, key, with_for_update=True)
    if lot is None:
        raise NotFound("lot.unknown")
    if (lot.code, lot.expires_on) == (code, expires_on):
        return
    session.add(
        LotChange(
            id=new_id(), operator_id=key[0], product_id=key[1], lot_id=key[2], code_before=lot.code, code_after=code,
            expires_before=lot.expires_on, expires_after=expires_on, changed_at=at, changed_by=by,
        )
    )  # fmt: skip
    lot.code, lot.expires_on = code, expires_on
    session.flush()


def ends_of(session: Session, operator_id: str, lots: Collection[LotKey]) -> dict[LotKey, date]:
    """The last day of those lots that have one."""
    if not lots:
        return {}
    rows = session.execute(
        select(Lot.product_id, Lot.id, Lot.expires_on).where(
            Lot.operator_id == operator_id, tuple_(Lot.product_id, Lot.id).in_(sorted(lots)),
            Lot.expires_on.is_not(None),
        )
    )  # fmt: skip
    return {(product, lot): end for product, lot, end in rows if end}


def sold_after(session: Session, operator_id: str, ends: Mapping[LotKey, date]) -> dict[str, list[LotKey]]:
    """Event → the lots it sold after their last day."""
    if not ends:
        return {}
    rows = session.execute(
        select(Movement.source_id, Movement.product_id, Movement.lot_id, Movement.business_date).where(
            Movement.operator_id == operator_id, Movement.reason == "sale",
            Movement.product_id.in_({product for product, _ in ends}),
            tuple_(Movement.product_id, Movement.lot_id).in_(sorted(ends)),
            Movement.business_date > min(ends.values()),
        )
    )  # fmt: skip
    found: dict[str, list[LotKey]] = {}
    for event_id, product, named, day in rows:
        lot = named or ""
        if day > ends[product, lot] and (product, lot) not in found.setdefault(event_id, []):
            found[event_id].append((product, lot))
    return {event_id: sorted(lots) for event_id, lots in sorted(found.items()) if lots}
