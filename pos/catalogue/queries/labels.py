"""What stands on labels: goods with stars, price at a place and code; the prices that begin on a day; blank codes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.catalogue.labels import Label
from pos.catalogue.models import Barcode, CodeSheet, Offer, Price, Product
from pos.catalogue.queries.office import stars_of
from pos.catalogue.queries.tablet import timelines_of
from pos.catalogue.rules import codes_of
from pos.kernel.clock import day_bounds
from pos.kernel.errors import NotFound
from pos.places.models import Fair, Site
from pos.producers.models import Producer
from pos.web.pages import percent


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A product to choose, with the label it would get."""

    product_id: str
    label: Label
    shelf_life_days: int | None


def labels_of(
    session: Session, operator_id: str, product_ids: Collection[str], *, site: Site | None, at: datetime, day: date
) -> list[LabelRow]:
    """In order of name; the price is the site's at that moment. The GTIN stands before an own code."""
    ids = list(product_ids)
    if not ids:
        return []
    rows: Any = session.execute(
        select(
            Product.id, Product.name, Product.name_en, Producer.name, Product.commune, Product.unit, Product.weighed,
            Product.alcohol_bp, Product.trace_url, Product.shelf_life_days,
        )
        .join(Producer, Producer.id == Product.producer_id)
        .join(Offer, (Offer.product_id == Product.id) & (Offer.operator_id == operator_id))
        .where(Product.id.in_(ids))
        .order_by(Product.name, Product.id)
    ).all()  # fmt: skip
    stars = stars_of(session, ids, day)
    lines = timelines_of(
        session, operator_id=operator_id, site_id=site.id if site else "", fair_id=site.fair_id if site else None,
        product_ids=ids,
    )  # fmt: skip
    mine = or_(Barcode.operator_id.is_(None), Barcode.operator_id == operator_id)
    held = select(Barcode.product_id, Barcode.code, Barcode.operator_id).where(Barcode.product_id.in_(ids), mine)
    codes: dict[str, str] = {}
    for product_id, code, _owner in sorted(session.execute(held), key=lambda row: (row[2] is not None, row[1])):
        codes.setdefault(product_id, code)
    found = []
    for id_, name, name_en, producer, commune, unit, weighed, alcohol_bp, trace, shelf in rows:
        line, shown = lines.get(id_), stars.get(id_)
        label = Label(
            name=name, name_en=name_en, producer=producer, commune=commune, unit=unit, weighed=weighed,
            price_vnd=line.price_at(at) if line else None, stars=shown.stars if shown else None,
            code=codes.get(id_, ""), trace=trace, alcohol=percent(alcohol_bp) + " vol" if alcohol_bp else None,
        )  # fmt: skip
        found.append(LabelRow(id_, label, shelf))
    return found


def with_lot(row: LabelRow, lot: str | None, expires_on: date | None) -> LabelRow:
    """The same label for one lot."""
    return replace(row, label=replace(row.label, lot=lot, expires_on=expires_on))


@dataclass(frozen=True, slots=True)
class ComingPrice:
    """A price that begins on a day, where, and what stands before it."""

    product_id: str
    name: str
    producer: str
    unit: str
    where: str
    scope_kind: str
    starts_at: datetime
    price_vnd: int
    before_vnd: int | None


def list_coming(session: Session, operator_id: str, day: date) -> list[ComingPrice]:
    """The prices of offered goods that begin on that day and differ from what is on the shelf the evening before."""
    first, last = day_bounds(day)
    rows: Any = session.execute(
        select(
            Product.id, Product.name, Producer.name, Product.unit, Price.scope_kind, Price.starts_at, Price.price_vnd,
            func.coalesce(Site.name, Fair.name, ""), Price.scope_id,
        )
        .join(Product, Product.id == Price.product_id)
        .join(Producer, Producer.id == Product.producer_id)
        .join(Offer, (Offer.product_id == Product.id) & (Offer.operator_id == operator_id) & Offer.active)
        .outerjoin(Site, (Price.scope_kind == "site") & (Site.id == Price.scope_id))
        .outerjoin(Fair, (Price.scope_kind == "fair") & (Fair.id == Price.scope_id))
        .where(Price.operator_id == operator_id, Price.starts_at >= first, Price.starts_at < last)
        .order_by(Product.name, Price.starts_at)
    ).all()  # fmt: skip
    found = []
    for id_, name, producer, unit, kind, starts_at, vnd, where, scope_id in rows:
        before = session.scalar(
            select(Price.price_vnd)
            .where(
                Price.operator_id == operator_id, Price.product_id == id_, Price.starts_at < first,
                Price.scope_kind.in_((kind, "operator")), Price.scope_id.in_((scope_id, operator_id)),
            )
            .order_by((Price.scope_kind == "operator"), Price.starts_at.desc())
            .limit(1)
        )  # fmt: skip
        if before != vnd:
            found.append(ComingPrice(id_, name, producer, unit, where, kind, starts_at, vnd, before))
    return found


def days_of_coming(session: Session, operator_id: str, after: datetime) -> list[datetime]:
    """When the next prices of the operator begin, the soonest first; at most 30."""
    starts = select(Price.starts_at).join(
        Offer, (Offer.product_id == Price.product_id) & (Offer.operator_id == operator_id) & Offer.active
    )
    starts = starts.where(Price.operator_id == operator_id, Price.starts_at > after).distinct()
    return list(session.scalars(starts.order_by(Price.starts_at).limit(30)))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A sheet of blank codes and how many of them found a product since."""

    sheet: CodeSheet
    by: str | None
    given: int


def list_sheets(session: Session, operator_id: str) -> list[SheetRow]:
    """The last 30, the newest first."""
    rows: Any = session.execute(
        select(CodeSheet, Person.name)
        .outerjoin(Person, Person.id == CodeSheet.made_by)
        .where(CodeSheet.operator_id == operator_id)
        .order_by(CodeSheet.made_at.desc())
        .limit(30)
    ).all()
    found = []
    for sheet, by in rows:
        codes = codes_of(sheet.prefix, sheet.first_no, sheet.count)
        given = select(func.count(func.distinct(Barcode.code))).where(
            Barcode.operator_id == operator_id, Barcode.code >= codes[0], Barcode.code <= codes[-1]
        )
        found.append(SheetRow(sheet, by, session.scalar(given) or 0))
    return found


def get_sheet(session: Session, sheet_id: str) -> CodeSheet:
    """Raises NotFound."""
    found = session.get(CodeSheet, sheet_id)
    if found is None:
        raise NotFound("codes.unknown")
    return found


def find_by_code(session: Session, operator_id: str, code: str) -> tuple[str, str] | None:
    """(product id, name) of what a code finds at this operator."""
    mine = or_(Barcode.operator_id.is_(None), Barcode.operator_id == operator_id)
    row = session.execute(
        select(Product.id, Product.name)
        .join(Barcode, Barcode.product_id == Product.id)
        .where(Barcode.code == code, mine)
    ).first()
    return (row[0], row[1]) if row else None
