"""A small world for catalogue tests: two operators, a fair, a producer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from pos.catalogue.commands import ProductFacts
from pos.catalogue.queries.tablet import catalogue_for
from pos.catalogue.service import add_product, load_groups, offer_product, set_price, set_vat
from pos.places.service import add_fair, add_organizer, add_site, open_operator
from pos.producers.service import add_producer

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
GROUPS = [
    {"code": "I.5.a", "name_vi": "Chè tươi, chế biến", "lead_ministry": "NNMT", "leaf": "1"},
    {"code": "IV.1", "name_vi": "Thủ công mỹ nghệ gia dụng, trang trí", "lead_ministry": "CT; NNMT", "leaf": "1"},
]


@dataclass(frozen=True)
class World:
    """Ids of what stands ready."""

    ours: str
    theirs: str
    shop: str
    booth: str
    fair: str
    producer: str

    def asked(self, session: Session, *, since: int = 0, at: datetime = NOON, booth: bool = False) -> dict[str, object]:
        """What a tablet of ours is told."""
        site, fair = (self.booth, self.fair) if booth else (self.shop, None)
        return catalogue_for(session, operator_id=self.ours, site_id=site, fair_id=fair, since=since, at=at)


def a_world(session: Session) -> World:
    load_groups(session, GROUPS)
    ours = open_operator(session, code="HTX1", name="HTX Điểm bán Một", at=NOON).id
    theirs = open_operator(session, code="CTY2", name="Công ty Điểm bán Hai", at=NOON).id
    organizer = add_organizer(session, name="Văn phòng điều phối").id
    days = (date(2026, 11, 20), date(2026, 11, 24))
    fair = add_fair(
        session, organizer_id=organizer, code="HG", name="Hội chợ Hồ Gươm", place="Phố đi bộ", starts_on=days[0],
        ends_on=days[1],
    ).id  # fmt: skip
    shop = add_site(session, operator_id=ours, kind="shop", code="S1", name="Cửa hàng Một").id
    booth = add_site(session, operator_id=ours, kind="booth", code="B1", name="Gian 1", fair_id=fair).id
    producer = add_producer(session, name="HTX chè Hảo Đạt", at=NOON, commune="Xã Tân Cương").id
    return World(ours, theirs, shop, booth, fair, producer)


def a_tea(session: Session, world: World, name: str = "Chè Đinh Tân Cương", price_vnd: int = 185_000) -> str:
    """A product that ours offers at a price; returns its id."""
    product = add_product(session, world.producer, ProductFacts(name=name, group_code="I.5.a", unit="hộp"), at=NOON)
    offer_product(session, operator_id=world.ours, product_id=product.id)
    set_price(session, operator_id=world.ours, product_id=product.id, price_vnd=price_vnd, starts_at=NOON, at=NOON)
    set_vat(
        session, operator_id=world.ours, product_id=product.id, vat_class="standard", vat_bp=800,
        starts_on=date(2026, 7, 1), at=NOON,
    )  # fmt: skip
    return product.id
