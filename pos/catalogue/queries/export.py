"""What an operator sells, as the file an import reads back unchanged. Reads only, the same few queries for any size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.imports.cells import SMALLEST
from pos.catalogue.models import Barcode, Certificate, Offer, Price, Product, VatRate
from pos.producers.models import Producer

TITLES = (
    "Tên sản phẩm", "Chủ thể", "Xã/phường", "Tỉnh", "Mã nhóm", "Hạng sao", "Số quyết định", "Cơ quan cấp",
    "Ngày công nhận", "Ngày hết hạn", "Đơn vị tính", "Bán theo cân", "Giá bán", "Giá vốn", "Thuế suất", "Mã vạch",
    "Độ cồn", "Hạn sử dụng", "Tên tiếng Anh", "Nguồn",
)  # fmt: skip
Cell = str | int | None
_FACTS = (
    Product.id, Product.name, Producer.name, Product.commune, Product.province, Product.group_code, Product.unit,
    Product.weighed, Product.alcohol_bp, Product.shelf_life_days, Product.name_en, Product.source,
)  # fmt: skip


def offered_rows(session: Session, operator_id: str, *, at: datetime, day: date) -> Iterator[tuple[Cell, ...]]:
    """A row of TITLES per product offered, by producer and name: price, cost and VAT in force, the newest certificate
    begun, all its codes in one cell."""
    mine = Offer.operator_id == operator_id
    whole = (
        select(*_FACTS)
        .join(Offer, Offer.product_id == Product.id)
        .join(Producer, Producer.id == Product.producer_id)
        .where(mine, Offer.active, Product.active)
        .order_by(Producer.name, Product.name, Product.id)
    )
    prices: dict[str, int] = {}
    costs: dict[str, int] = {}
    priced = select(Price.product_id, Price.price_vnd, Price.cost_vnd).where(
        Price.operator_id == operator_id, Price.scope_kind == "operator", Price.starts_at <= at
    )
    for product_id, price, cost in session.execute(priced.order_by(Price.starts_at)):
        prices[product_id] = price
        if cost is not None:
            costs[product_id] = cost
    rated = select(VatRate.product_id, VatRate.vat_class, VatRate.vat_bp).where(
        VatRate.operator_id == operator_id, VatRate.starts_on <= day
    )
    vat = {id_: (class_, bp) for id_, class_, bp in session.execute(rated.order_by(VatRate.starts_on))}
    codes: dict[str, list[str]] = {}
    ours = select(Barcode.product_id, Barcode.code).where(
        Barcode.operator_id.is_(None) | (Barcode.operator_id == operator_id)
    )
    for product_id, code in session.execute(ours.order_by(Barcode.operator_id.is_not(None), Barcode.code)):
        codes.setdefault(product_id, []).append(code)
    begun = select(Certificate).where(Certificate.valid_from <= day, Certificate.revoked_on.is_(None))
    held = {one.product_id: one for one in session.scalars(begun.order_by(Certificate.valid_from))}
    rows: Any = session.execute(whole)
    for id_, name, producer, commune, province, group, unit, weighed, alcohol, life, english, source in rows:
        one = held.get(id_)
        yield (
            name, producer, commune, province, group, one.stars if one else None, one.decision_no if one else None,
            one.issuer if one else None, _day(one.valid_from) if one else None, _day(one.valid_to) if one else None,
            unit, "có" if weighed else None, _price(prices.get(id_)), costs.get(id_),
            _vat(*vat[id_]) if id_ in vat else None, "; ".join(codes.get(id_, ())) or None,
            _percent(alcohol) if alcohol else None, life, english, source,
        )  # fmt: skip


def _price(price_vnd: int | None) -> Cell:
    """A price so small that an import would ask whether thousands are meant says that đồng are."""
    return f"{price_vnd} đ" if price_vnd is not None and 0 < price_vnd < SMALLEST else price_vnd


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _percent(bp: int) -> str:
    return f"{bp // 100},{bp % 100:02d}".rstrip("0").rstrip(",")


def _vat(vat_class: str, vat_bp: int) -> str:
    return {"zero": "0%", "direct": "trực tiếp"}.get(vat_class) or (
        f"{vat_bp // 100}%" if vat_class == "standard" else vat_class
    )
