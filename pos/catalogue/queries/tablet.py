"""What a tablet keeps of the catalogue: everything once, then what changed. The same few queries for 1 and 20,000."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql import ColumnElement, text

from pos.catalogue.cuts import VatStep, by_law
from pos.catalogue.models import Barcode, CatalogueHead, Certificate, Offer, Price, Product, VatRate
from pos.catalogue.queries.cuts import list_cuts
from pos.catalogue.rules import SCOPES, CertificateFacts, Terms, Timeline, in_force
from pos.kernel.clock import iso, local_date
from pos.producers.models import Producer

Steps = dict[str, list[tuple[datetime, int]]]
Wanted = ColumnElement[bool] | list[str]
PRODUCT = (
    Product.id, Offer.sku, Product.name, Product.name_en, Product.producer_id, Producer.name,
    Product.commune, Product.group_code, Product.kind, Product.unit, Product.weighed, Product.alcohol_bp, Offer.pinned,
    Offer.active, Product.active,
)  # fmt: skip
ALWAYS = frozenset({"id", "sku", "name", "producer", "producer_name", "unit", "kind", "price", "vat_bp", "vat_class"})


def catalogue_for(
    session: Session, *, operator_id: str, site_id: str, fair_id: str | None, since: int, at: datetime
) -> dict[str, Any]:
    """`{version, full, products, removed}` of till.md for one site at a moment.

    `since` 0, or beyond what there is (a restored server), gives everything (`full`); else what changed after it.
    products[], those of a producer together: id, sku, barcodes, name, name_en, producer, producer_name, commune,
    group, kind, unit, weighed, price (đồng or null), vat_bp, vat_class, next [{from, price, vat_bp, vat_class}] 30
    days ahead, stars, certificate_until, alcohol_bp, pinned, lots; on full loads `stock_milli`, this site's, as a
    hint where anything was ever counted. See `told` for what is left out; the tablet folds `search` by itself.
    """
    version = version_of(session, operator_id)  # before the rest: what comes meanwhile is sent again, never missed
    full = since <= 0 or since > version
    mine = Offer.operator_id == operator_id
    wanted = mine & (Offer.active & Product.active if full else Offer.version > since)
    rows = session.execute(
        select(*PRODUCT)
        .join(Product, Product.id == Offer.product_id)
        .join(Producer)
        .where(wanted)
        .order_by(Product.producer_id, Product.name, Product.id)  # alike stands together: a fifth less to send
    ).all()
    if not rows:
        return {"version": version, "full": full, "products": [], "removed": []}
    changed = mine if full else mine & (Offer.version > since)

    codes = _barcodes(session, operator_id, changed)
    stars, over = _stars(session, changed, local_date(at))
    lots = _lots(session, operator_id, site_id)
    prices = _prices(session, operator_id, site_id, fair_id, changed)
    vat = _vat(session, operator_id, changed)
    stock = _stock(session, operator_id, site_id) if full else None
    products, removed = [], []
    for row in rows:
        plain: tuple[Any, ...] = tuple(row)
        id_, sku, name, name_en, producer, producer_name, commune, group, kind, unit, weighed = plain[:11]
        alcohol_bp, pinned, offered, active = plain[11:]
        if not (offered and active):
            removed.append(id_)
            continue
        line = Timeline(prices.get(id_, {}), vat.get(id_, ()))
        now = line.at(at)
        shown = stars.get(id_)
        until = shown.until if shown else over.get(id_)
        products.append(told({
            "id": id_, "sku": sku, "barcodes": codes.get(id_), "name": name, "name_en": name_en,
            "producer": producer, "producer_name": producer_name, "commune": commune, "group": group, "kind": kind,
            "unit": unit, "weighed": weighed, "price": now.price_vnd, "vat_bp": now.vat_bp,
            "vat_class": now.vat_class, "next": [_next(terms) for terms in line.coming(at)],
            "stars": shown.stars if shown else None, "certificate_until": until.isoformat() if until else None,
            "alcohol_bp": alcohol_bp, "pinned": pinned, "lots": lots.get(id_),
        }, stock.get(id_) if stock is not None else None))  # fmt: skip
    return {"version": version, "full": full, "products": products, "removed": removed}


def told(product: dict[str, Any], stock_milli: int | None = None) -> dict[str, Any]:
    """A product without its empty members: missing means null, and null means none, no or 0 (till.md). A price of
    nobody yet and a rate of 0 are said; `stock_milli` None: never counted here, so nothing is hinted."""
    made = {name: value for name, value in product.items() if value or name in ALWAYS}
    if stock_milli is not None:
        made["stock_milli"] = stock_milli
    return made


def version_of(session: Session, operator_id: str) -> int:
    """The operator's catalogue version; 0 before its first offer."""
    return session.scalar(select(CatalogueHead.version).where(CatalogueHead.operator_id == operator_id)) or 0


def timelines_of(
    session: Session, *, operator_id: str, site_id: str, fair_id: str | None, product_ids: Iterable[str]
) -> dict[str, Timeline]:
    """Prices and VAT over time of some of an operator's products, as a tablet of this site meets them."""
    wanted = list(product_ids)
    prices = _prices(session, operator_id, site_id, fair_id, wanted)
    vat = _vat(session, operator_id, wanted)
    return {id_: Timeline(prices.get(id_, {}), vat.get(id_, ())) for id_ in prices.keys() | vat.keys()}


def _next(terms: Terms) -> dict[str, Any]:
    return {
        "from": iso(terms.starts_at),
        "price": terms.price_vnd,
        "vat_bp": terms.vat_bp,
        "vat_class": terms.vat_class,
    }


def _of_offers(query: Any, product: InstrumentedAttribute[str], wanted: Wanted) -> Any:
    """Of the offers that fit a condition, or of these products: by id no planner has anything to guess."""
    if isinstance(wanted, list):
        return query.where(product.in_(wanted))
    return query.join(Offer, Offer.product_id == product).where(wanted)


def _barcodes(session: Session, operator_id: str, wanted: ColumnElement[bool]) -> dict[str, list[str]]:
    ours = Barcode.operator_id.is_(None) | (Barcode.operator_id == operator_id)
    query = _of_offers(select(Barcode.product_id, Barcode.code), Barcode.product_id, wanted & ours)
    found: dict[str, list[str]] = defaultdict(list)
    for product_id, code in session.execute(query.order_by(Barcode.code)):
        found[product_id].append(code)
    return found


def _stars(
    session: Session, wanted: ColumnElement[bool], day: date
) -> tuple[dict[str, CertificateFacts], dict[str, date]]:
    """(the certificate whose stars are shown, by product; the last day of those that had one and have none now)."""
    columns = (Certificate.stars, Certificate.valid_from, Certificate.valid_to, Certificate.revoked_on)
    query = _of_offers(
        select(Certificate.product_id, *columns), Certificate.product_id, wanted & (Certificate.valid_from <= day)
    )
    held: dict[str, list[CertificateFacts]] = defaultdict(list)
    for product_id, *facts in session.execute(query):
        held[product_id].append(CertificateFacts(*facts))
    shown = {id_: one for id_, ones in held.items() if (one := in_force(ones, day))}
    return shown, {id_: max(one.until for one in ones) for id_, ones in held.items() if id_ not in shown}


def _prices(session: Session, operator_id: str, site_id: str, fair_id: str | None, wanted: Wanted) -> dict[str, Steps]:
    ids = {"operator": operator_id, "site": site_id, "fair": fair_id}
    here = [(Price.scope_kind == kind) & (Price.scope_id == ids[kind]) for kind in SCOPES if ids[kind]]
    columns = (Price.product_id, Price.scope_kind, Price.starts_at, Price.price_vnd)
    query = _of_offers(select(*columns), Price.product_id, wanted).where(Price.operator_id == operator_id, or_(*here))
    found: dict[str, Steps] = {}
    for product_id, scope_kind, starts_at, price_vnd in session.execute(query.order_by(Price.starts_at)):
        found.setdefault(product_id, {}).setdefault(scope_kind, []).append((starts_at, price_vnd))
    return found


def _vat(session: Session, operator_id: str, wanted: Wanted) -> dict[str, list[VatStep]]:
    columns = (VatRate.product_id, VatRate.starts_on, VatRate.vat_bp, VatRate.vat_class)
    query = _of_offers(select(*columns), VatRate.product_id, wanted).where(VatRate.operator_id == operator_id)
    found: dict[str, list[VatStep]] = defaultdict(list)
    for product_id, starts_on, vat_bp, vat_class in session.execute(query.order_by(VatRate.starts_on)):
        found[product_id].append((starts_on, vat_bp, vat_class))
    if found:
        cuts = list_cuts(session)
        found = {product_id: by_law(steps, cuts) for product_id, steps in found.items()}
    return found


def _stock(session: Session, operator_id: str, site_id: str) -> dict[str, int]:
    """This site's levels. By table name: goods live a floor above, the hint is the only thing read up there."""
    levels = text(
        "SELECT product_id, SUM(on_hand_milli) FROM stock_level"
        " WHERE operator_id = :operator AND place_kind = 'site' AND place_id = :site GROUP BY product_id"
    )
    return {id_: int(milli) for id_, milli in session.execute(levels, {"operator": operator_id, "site": site_id})}


def _lots(session: Session, operator_id: str, site_id: str) -> dict[str, list[dict[str, Any]]]:
    """The lots on this site's shelf whose last day is known, by product. By table name, like the stock."""
    rows = session.execute(
        text(
            "SELECT l.product_id, l.lot_id, t.expires_on FROM stock_level l JOIN stock_lot t"
            " ON t.operator_id = l.operator_id AND t.product_id = l.product_id AND t.id = l.lot_id"
            " WHERE l.operator_id = :operator AND l.place_kind = 'site' AND l.place_id = :site"
            " AND l.on_hand_milli > 0 AND t.expires_on IS NOT NULL ORDER BY t.expires_on, l.lot_id"
        ),
        {"operator": operator_id, "site": site_id},
    )
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for product_id, lot_id, expires_on in rows:
        found[product_id].append({"id": lot_id, "code": lot_id[-4:], "expires": str(expires_on)[:10]})
    return found
