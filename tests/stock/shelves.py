"""A small operator with two sites, two producers and their goods, for tests of stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select

from pos.kernel.db import db, unit_of_work
from pos.stock.commands import Draft, DraftLine
from pos.stock.models import Document, Level
from pos.stock.service.documents import confirm, draft
from tests.factories import a_fair, a_producer, a_product, a_site, an_agreement, an_operator

DAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Shelves:
    """Ids of what there is."""

    operator: str
    shop: str
    booth: str
    maker: str
    other: str
    honey: str
    tea: str
    bowl: str  # the other producer's

    def intake(self, *lines: DraftLine) -> Draft:
        return Draft(
            self.operator, "intake", DAY, ("producer", self.maker), ("site", self.shop), lines, producer_id=self.maker
        )

    def transfer(self, *lines: DraftLine) -> Draft:
        return Draft(self.operator, "transfer", DAY, ("site", self.shop), ("transit", self.booth), lines)

    def receipt(self, transfer: str, *lines: DraftLine) -> Draft:
        return Draft(
            self.operator, "receipt", DAY, ("transit", self.booth), ("site", self.booth), lines, answers_id=transfer
        )


def shelves() -> Shelves:
    """Make it."""
    with unit_of_work() as s:
        operator = an_operator(s)
        shop, booth = a_site(s, operator), a_site(s, operator, "Gian 12", a_fair(s))
        maker, other = a_producer(s), a_producer(s, "Gốm Bát Tràng")
        for producer in (maker, other):
            an_agreement(s, operator, producer)
        honey, tea = a_product(s, maker, operator, name="Mật ong"), a_product(s, maker, operator, name="Trà sen")
        bowl = a_product(s, other, operator, name="Bát")
        s.flush()
        return Shelves(operator.id, shop.id, booth.id, maker.id, other.id, honey.id, tea.id, bowl.id)


def drafted(asked: Draft) -> str:
    with unit_of_work() as s:
        return draft(s, asked, at=AT, by=None)


def confirmed(asked: Draft | str) -> str:
    """Confirm a draft (or make one first); its id."""
    document_id = asked if isinstance(asked, str) else drafted(asked)
    with unit_of_work() as s:
        confirm(s, document_id, revision=None, at=AT, by=None)
    return document_id


def number_of(document_id: str) -> str | None:
    db.session.rollback()
    return db.session.scalar(select(Document.number).where(Document.id == document_id))


def levels(product: str) -> dict[tuple[str, str], int]:
    """What is where, producers left out and nothing where nothing is."""
    db.session.rollback()
    rows = db.session.execute(
        select(Level.place_kind, Level.place_id, Level.on_hand_milli).where(Level.product_id == product)
    )
    found: dict[tuple[str, str], int] = {}
    for kind, place, milli in rows:
        if kind != "producer":
            found[kind, place] = found.get((kind, place), 0) + milli
    return {place: milli for place, milli in found.items() if milli}
