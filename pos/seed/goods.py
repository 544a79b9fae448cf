"""The demo's goods: real products and producers; prices, terms and certificate dates invented and marked so."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from pos.catalogue.commands import ImportedProduct
from pos.catalogue.imports import read_products
from pos.catalogue.queries.tablet import timelines_of
from pos.catalogue.reference import DATA
from pos.catalogue.rules import CertificateFacts, Timeline, check_digit, kind_of_group
from pos.catalogue.service import (
    Stamps,
    add_barcode,
    add_certificate,
    anniversary,
    import_products,
    set_price,
    stamp,
)
from pos.consignment.service.agreements import agree
from pos.kernel.clock import day_bounds
from pos.kernel.ids import named_id
from pos.producers.service import add_account
from pos.seed.world import KINH_KY, TRANG_AN, Spot, World

OURS = Path(__file__).parent / "data" / "goods.csv"
EVERYWHERE = {
    "Công ty TNHH thực phẩm Thảo Nguyên",
    "Công ty TNHH Gốm sứ Quang Vinh",
    "Hợp tác xã chè Hảo Đạt",
}
# kind: (commission bp, days in which a customer may bring it back)
TERMS = {
    "rau": (1000, 0), "thit": (1200, 1), "gao": (1500, 2), "che": (1500, 7), "mat": (1500, 7), "uong": (1800, 7),
    "duoc": (2000, 7), "gom": (2500, 14), "vai": (2200, 14), "canh": (1500, 3),
}  # fmt: skip
SHELF = 38
NOTE = re.compile(r" \(nguồn[^)]*\)")  # the source's note about itself is not part of a name


@dataclass(frozen=True)
class Good:
    """A product on one shelf."""

    product_id: str
    producer_id: str
    name: str
    kind: str
    weighed: bool
    alcohol_bp: int
    shelf_life_days: int | None
    line: Timeline
    certificates: tuple[CertificateFacts, ...]
    weight: float


@dataclass(frozen=True)
class Offered:
    """A row of an operator's offer: the product's id and what is known of it."""

    row: ImportedProduct
    product_id: str
    certificates: tuple[CertificateFacts, ...] = ()

    @property
    def producer_id(self) -> str:
        """The id that follows the producer's name."""
        return named_id("producer", self.row.producer)


class Goods:
    """What each operator offers, and the shelf of each tablet."""

    def __init__(self) -> None:
        self.by_operator: dict[str, list[Offered]] = {}

    def shelf(self, session: Session, spot: Spot, dice: Random) -> list[Good]:
        """The goods of one tablet with how often they are asked for: cheap ones often, dear ones seldom."""
        rows = self.by_operator[spot.operator]
        if spot.kinds:
            chosen = [r for r in rows if r.row.facts.kind in spot.kinds]
        else:
            chosen = dice.sample(rows, min(SHELF, len(rows)))
            chosen += [r for r in rows if r.row.producer in EVERYWHERE and r not in chosen]
        lines = timelines_of(
            session, operator_id=spot.operator_id, site_id=spot.site_id, fair_id=spot.fair_id,
            product_ids=[r.product_id for r in chosen],
        )  # fmt: skip
        return [on_shelf(r, lines[r.product_id], dice) for r in chosen]


def on_shelf(offered: Offered, line: Timeline, dice: Random) -> Good:
    """A product of an offer as a counter sells it: the dearer, the more seldom."""
    facts = offered.row.facts
    weight = dice.uniform(0.4, 1.6) * 1000 / (offered.row.price_vnd or 1)
    return Good(
        offered.product_id, offered.producer_id, facts.name, str(facts.kind), facts.weighed, facts.alcohol_bp,
        facts.shelf_life_days, line, offered.certificates, weight,
    )  # fmt: skip


def _read_rows() -> list[ImportedProduct]:
    """The real products with what we invented for them."""
    with OURS.open(encoding="utf-8", newline="") as file:
        ours = {row["name"]: row for row in csv.DictReader(file)}
    good, problems = read_products(DATA / "ocop-products.csv")
    if problems:
        raise ValueError(f"ocop-products.csv: {problems[0]}")
    rows = []
    for product in good:
        mine = ours[product.facts.name]
        facts = replace(
            product.facts, unit=mine["unit"], weighed=mine["weighed"] == "1", alcohol_bp=int(mine["alcohol_bp"]),
            kind=kind_of_group(product.facts.group_code),
            shelf_life_days=int(mine["shelf_life_days"]) if mine["shelf_life_days"] else None,
        )  # fmt: skip
        rows.append(replace(
            product, producer=NOTE.sub("", product.producer), facts=facts, price_vnd=int(mine["price_vnd"]),
            vat_class="standard", vat_bp=int(mine["vat_bp"]),
        ))  # fmt: skip
    return rows


def bring_goods(
    session: Session, world: World, *, today: date, opened_at: datetime, now: datetime, secret: str, dice: Random
) -> Goods:
    """Register, offer, price, certify, agree; all as of the day the demo's shops opened."""
    goods, rows = Goods(), _read_rows()
    makers = list(dict.fromkeys(row.producer for row in rows))
    both = {maker for n, maker in enumerate(makers) if n % 4 in (1, 2)} | EVERYWHERE
    only_ours = {maker for n, maker in enumerate(makers) if n % 4 == 0}
    held = _certify_plan(rows, today, dice)
    for key in (TRANG_AN, KINH_KY):
        mine = [
            row for row in rows
            if row.producer in both or (row.producer in only_ours) == (key == TRANG_AN)
        ]  # fmt: skip
        plain = [replace(row, stars=None, recognised=None) for row in mine]
        done = import_products(
            session, plain, operator_id=world.operators[key], at=opened_at, invented=True, named=True
        )
        goods.by_operator[key] = [
            Offered(row, id_, held.get((row.producer, row.facts.name), ()))
            for row, id_ in zip(mine, done.product_ids, strict=True)
        ]
    _certify(session, rows, held)
    for key, offered in goods.by_operator.items():
        _terms(session, world, key, offered, today, opened_at, now)
        _agreements(session, world.operators[key], offered, opened_at, dice)
    _accounts(session, secret, opened_at)
    return goods


def _certify_plan(
    rows: Sequence[ImportedProduct], today: date, dice: Random
) -> dict[tuple[str, str], tuple[CertificateFacts, ...]]:
    """Certificates by (producer, product): dated where the source has a full date, else invented around today so
    that most are in force, some end within 90 days and a few are over."""
    held: dict[tuple[str, str], tuple[CertificateFacts, ...]] = {}
    for n, row in enumerate(rows):
        stars = row.stars or (4 if row.potential_five else None)
        if stars is None:
            continue
        if row.recognised:
            start = date.fromisoformat(row.recognised)
            held[row.producer, row.facts.name] = (CertificateFacts(stars, start, anniversary(start), None),)
            continue
        left = dice.randint(10, 85) if n % 8 == 3 else -dice.randint(4, 60) if n % 23 == 5 else dice.randint(120, 900)
        last = today + timedelta(days=left)
        start = date(last.year - 3, last.month, min(last.day, 28))
        held[row.producer, row.facts.name] = (CertificateFacts(stars, start, last, None),)
    return held


def _certify(
    session: Session,
    rows: Sequence[ImportedProduct],
    held: dict[tuple[str, str], tuple[CertificateFacts, ...]],
) -> None:
    stamps = Stamps()
    for row in rows:
        for facts in held.get((row.producer, row.facts.name), ()):
            add_certificate(
                session, named_id("product", row.producer, row.facts.name), stars=facts.stars,
                valid_from=facts.valid_from, valid_to=facts.valid_to, potential_five=row.potential_five,
                decision_no=row.decision_no, invented=row.recognised is None, stamps=stamps,
            )  # fmt: skip
    stamp(session, stamps)


def _terms(
    session: Session,
    world: World,
    key: str,
    offered: Sequence[Offered],
    today: date,
    opened_at: datetime,
    now: datetime,
) -> None:
    """Codes of our own, a fair price and two prices announced."""
    operator_id, stamps = world.operators[key], Stamps()
    prefix = "200" if key == TRANG_AN else "201"  # GS1: 200-299 are a shop's own
    for n, r in enumerate(offered, 1):
        digits = f"{prefix}{n:09d}"
        add_barcode(session, r.product_id, digits + check_digit(digits), operator_id=operator_id, stamps=stamps)
    fair_from = day_bounds(world.fair_starts_on)[0]
    for n, r in enumerate(offered):
        price = r.row.price_vnd or 0
        if n % 9 == 4 and price >= 30_000:
            set_price(
                session, operator_id=operator_id, product_id=r.product_id, price_vnd=price * 9 // 10 // 1000 * 1000,
                starts_at=max(fair_from, opened_at), at=opened_at, scope_kind="fair", scope_id=world.fair_id,
                invented=True, stamps=stamps,
            )  # fmt: skip
        elif n % 31 == 7:
            set_price(
                session, operator_id=operator_id, product_id=r.product_id, price_vnd=price + 5_000,
                starts_at=day_bounds(today + timedelta(days=9))[0], at=now, invented=True, stamps=stamps,
            )  # fmt: skip
    stamp(session, stamps)


def _agreements(
    session: Session, operator_id: str, offered: Sequence[Offered], opened_at: datetime, dice: Random
) -> None:
    starts_on = opened_at.date() - timedelta(days=30)
    for r in {r.producer_id: r for r in reversed(offered)}.values():
        rate, window = TERMS[str(r.row.facts.kind)]
        agree(
            session, operator_id=operator_id, producer_id=r.producer_id, starts_on=starts_on,
            commission_bp=rate + dice.choice((-200, 0, 0, 50, 300)), return_window_days=window, at=opened_at, by=None,
            min_payout_vnd=100_000, pay_weekday=dice.choice((0, 2, 4)),
        )  # fmt: skip


def _accounts(session: Session, secret: str, at: datetime) -> None:
    for n, name in enumerate(sorted(EVERYWHERE), 1):
        holder = re.sub(r"\W+", " ", f"TAI KHOAN MAU {n}")
        add_account(
            session, named_id("producer", name), bank_bin="970418", bank_name="BIDV", number=f"000000100{n}",
            holder=holder, secret=secret, at=at, confirmed_at=at,
        )  # fmt: skip
