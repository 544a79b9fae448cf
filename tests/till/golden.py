"""The world of tests/vectors/events.json, and the books in its words (P1, D1, S1)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog, Person
from pos.catalogue.models import Certificate, Offer, Price, Product
from pos.consignment.models import Agreement, AgreementVersion, SettlementLine
from pos.kernel.canonical import canonical, digest
from pos.kernel.clock import from_iso, now
from pos.kernel.db import unit_of_work
from pos.kernel.ids import new_id
from pos.kernel.text import fold
from pos.ledger.models import JournalEntry, Posting
from pos.ledger.queries import balances
from pos.places.models import Operator, Site, Till
from pos.producers.models import Producer
from pos.stock.commands import Receive
from pos.stock.models import Level
from pos.stock.service import receive
from pos.till.service.intake import take_events
from tests.conftest import VECTORS
from tests.databases import SECRET

GOLDEN: dict[str, Any] = json.loads((VECTORS / "events.json").read_text())
SETUP: dict[str, Any] = GOLDEN["setup"]
LONG_AGO = date(2026, 1, 1)
BEFORE = from_iso("2026-01-01T00:00:00Z")
SHIFT = GOLDEN["log"][0]["event"]["shift"]
RECEIVED = from_iso("2026-11-21T14:00:01Z")


@dataclass
class World:
    """Short names for long ids."""

    log_id: str
    operator_id: str
    names: dict[str, str] = field(default_factory=dict)

    def short(self, account: str, dimension: str) -> str:
        return f"{account}:{self.names.get(dimension, dimension)}" if dimension else account

    def balances(self, session: Session) -> dict[str, int]:
        return {self.short(a, d): n for (a, d), n in balances(session, self.operator_id).items()}

    def entries_of(self, session: Session, event_id: str) -> list[dict[str, int]]:
        found = []
        query = select(JournalEntry).where(JournalEntry.source_id == event_id).order_by(JournalEntry.seq)
        for entry in session.scalars(query):
            sums: dict[str, int] = {}
            for p in session.scalars(select(Posting).where(Posting.entry_id == entry.id)):
                key = self.short(p.account, p.dimension)
                sums[key] = sums.get(key, 0) + p.amount_vnd
            found.append({key: amount for key, amount in sums.items() if amount})
        return found

    def settlement(self, session: Session) -> list[tuple[str, str, int, str, str]]:
        rows = session.execute(
            select(SettlementLine.kind, SettlementLine.producer_id, SettlementLine.amount_vnd,
                   SettlementLine.business_date, SettlementLine.available_on)
        )  # fmt: skip
        return sorted((k, self.names[p], a, d.isoformat(), v.isoformat()) for k, p, a, d, v in rows)

    def on_hand(self, session: Session) -> dict[str, int]:
        rows = session.execute(select(Level.product_id, Level.on_hand_milli).where(Level.place_kind == "site"))
        return {product: int(milli) for product, milli in rows}

    def send(self, *events: str, at: Any = RECEIVED, log_id: str | None = None) -> list[dict[str, Any]]:
        """Send raw events in one request."""
        raw = '{"events":[' + ",".join(events) + "]}"
        results: list[dict[str, Any]] = take_events(log_id or self.log_id, raw.encode(), received_at=at, secret=SECRET)[
            "results"
        ]
        return results


def sent(case: dict[str, Any]) -> str:
    """An event of the golden log as a tablet sends it."""
    return json.dumps(case["event"], ensure_ascii=False)


def again(event: dict[str, Any], **changes: Any) -> str:
    """An event with changes and a hash of its own."""
    made = {k: v for k, v in event.items() if k != "hash"} | changes
    content = {k: v for k, v in made.items() if k != "private"}
    return json.dumps(made | {"hash": digest(canonical(content))}, ensure_ascii=False)


def build() -> World:
    """The golden set-up in an empty database."""
    s, operator, site = SETUP, SETUP["operator"]["id"], SETUP["site"]["id"]
    world = World(log_id=new_id(), operator_id=operator, names={site: "S1", SHIFT: "D1"})
    with unit_of_work() as session:
        session.add(Operator(id=operator, code="KT", name=s["operator"]["name"], cash_rounding_vnd=0, made_at=BEFORE))
        session.flush()
        session.add(Site(id=site, operator_id=operator, kind=s["site"]["kind"], code="S1", name="Cửa hàng 1"))
        session.flush()
        till = s["till"]
        session.add(Till(id=till["id"], operator_id=operator, site_id=site, code="HK03", name="Quầy 3"))
        for person in s["staff"]:
            session.add(Person(id=person["id"], name=person["name"], made_at=BEFORE))
        session.add(
            DeviceLog(
                id=world.log_id, device_id=s["device"], operator_id=operator, site_id=site, till_id=till["id"],
                till_code=till["code"], letter="A", token_hash="x", enrolled_at=BEFORE,
            )
        )  # fmt: skip
        makers = {}
        for producer in s["producers"]:
            makers[producer["code"]] = producer["id"]
            world.names[producer["id"]] = producer["code"]
            session.add(
                Producer(
                    id=producer["id"], code=producer["code"], name=producer["name"], search=fold(producer["name"]),
                    kind="household", made_at=BEFORE,
                )
            )  # fmt: skip
        session.flush()
        for product in s["products"]:
            maker = makers[product["producer"]]
            session.add(
                Product(
                    id=product["id"], producer_id=maker, name=product["name"], search="", kind="che", made_at=BEFORE
                )
            )
            session.flush()
            session.add(Offer(operator_id=operator, product_id=product["id"], sku="x", version=1))
            session.execute(
                insert(Price).values(
                    id=new_id(), operator_id=operator, product_id=product["id"], scope_kind="operator",
                    scope_id=operator, price_vnd=product["price"], starts_at=BEFORE, invented=True,
                )
            )  # fmt: skip
            session.add(
                Certificate(
                    id=new_id(), product_id=product["id"], stars=4, valid_from=LONG_AGO, valid_to=date(2028, 1, 1)
                )
            )
        terms = s["agreement_terms"]
        for agreed in s["agreements"]:
            agreement = Agreement(
                id=new_id(), operator_id=operator, producer_id=makers[agreed["producer"]], made_at=BEFORE
            )
            session.add(agreement)
            session.flush()
            session.add(
                AgreementVersion(
                    id=new_id(), agreement_id=agreement.id, starts_on=LONG_AGO, mode=agreed["mode"],
                    commission_bp=agreed["commission_bp"], vat_on_commission_bp=terms["vat_on_commission_bp"],
                    return_window_days=terms["return_window_days"], made_at=BEFORE,
                )
            )  # fmt: skip
        session.flush()
        for product, stock in zip(s["products"], s["stock"], strict=True):
            receive(
                session,
                Receive(
                    operator, makers[product["producer"]], site, LONG_AGO,
                    ((stock["product"], stock["on_hand_milli"], None),),
                ),
                at=now(), by=None,
            )  # fmt: skip
    return world
