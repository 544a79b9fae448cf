"""Small things tests need, made by the services a person would use. Commit with `unit_of_work`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.access.service import add_person, grant
from pos.catalogue import service as catalogue
from pos.catalogue.commands import ProductFacts
from pos.catalogue.models import Product
from pos.consignment.models import Agreement, AgreementVersion
from pos.kernel.ids import new_id
from pos.places import service as places
from pos.places.models import Fair, Operator, Site, Till
from pos.producers.models import Producer
from pos.producers.service import add_producer

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)  # 12:00 in Hanoi
SUNDAY = date(2026, 11, 22)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = count(1)


def an_operator(session: Session, name: str = "Công ty Quà Hà Nội", code: str | None = None) -> Operator:
    """Who runs sales points."""
    return places.open_operator(session, code=code or f"DV{next(_numbers)}", name=name, at=LONG_AGO)


def a_fair(session: Session, name: str = "Hội chợ OCOP Hồ Gươm", starts: date = SUNDAY, ends: date = SUNDAY) -> Fair:
    """A fair with its organizer."""
    organizer = places.add_organizer(session, name="Sở Công Thương")
    return places.add_fair(
        session, organizer_id=organizer.id, code=f"HC{next(_numbers)}", name=name, place="Hồ Gươm", starts_on=starts,
        ends_on=ends,
    )  # fmt: skip


def a_site(session: Session, operator: Operator, name: str = "Cửa hàng Hàng Bồ", fair: Fair | None = None) -> Site:
    """A shop, or a booth when a fair is named."""
    kind = "booth" if fair else "shop"
    return places.add_site(
        session, operator_id=operator.id, kind=kind, code=f"S{next(_numbers)}", name=name,
        fair_id=fair.id if fair else None,
    )  # fmt: skip


def a_till(session: Session, site: Site, name: str = "Quầy 7") -> Till:
    """A place to sell within a site."""
    return places.add_till(session, site_id=site.id, code=f"Q{next(_numbers)}", name=name)


def a_producer(session: Session, name: str = "HTX Mật ong Ba Vì") -> Producer:
    """An OCOP subject."""
    return add_producer(session, name=name, at=LONG_AGO, commune="Ba Vì")


def an_agreement(
    session: Session,
    operator: Operator,
    producer: Producer,
    *,
    commission_bp: int = 1500,
    return_window_days: int = 7,
    pay_weekday: int = 0,
) -> AgreementVersion:
    """Terms in force for long."""
    agreement = Agreement(id=new_id(), operator_id=operator.id, producer_id=producer.id, made_at=LONG_AGO)
    terms = AgreementVersion(
        id=new_id(), agreement=agreement, starts_on=LONG_AGO.date(), mode="commission", commission_bp=commission_bp,
        vat_on_commission_bp=800, return_window_days=return_window_days, min_payout_vnd=0, pay_weekday=pay_weekday,
        samples_borne_by="producer", made_at=LONG_AGO,
    )  # fmt: skip
    session.add_all([agreement, terms])
    session.flush()
    return terms


def a_product(
    session: Session,
    producer: Producer,
    *operators: Operator,
    name: str = "Mật ong hoa nhãn",
    price_vnd: int = 125_500,
    unit: str = "hũ",
    kind: str = "mat",
    stars: int | None = None,
    until: date = date(2028, 1, 1),
) -> Product:
    """A product, offered and priced by each operator; with stars, a certificate in force."""
    facts = ProductFacts(name=name, unit=unit, kind=kind, commune=producer.commune)
    product = catalogue.add_product(session, producer.id, facts, at=LONG_AGO)
    for operator in operators:
        catalogue.offer_product(session, operator_id=operator.id, product_id=product.id)
        catalogue.set_price(
            session, operator_id=operator.id, product_id=product.id, price_vnd=price_vnd, starts_at=LONG_AGO,
            at=LONG_AGO,
        )  # fmt: skip
    if stars:
        catalogue.add_certificate(session, product.id, stars=stars, valid_from=date(2025, 1, 1), valid_to=until)
    return product


def a_person(
    session: Session, role: str, scope_kind: str = "all", scope_id: str = "", name: str = "Trần Thu Hà"
) -> Person:
    """Somebody with one role in one scope; logs in by `logged_in`, without a password."""
    person = add_person(session, name=name, at=LONG_AGO, login=f"person{next(_numbers)}")
    session.flush()
    grant(session, person.id, role, scope_kind, scope_id, at=LONG_AGO)
    session.flush()
    return person


def logged_in(client: FlaskClient, person: Person | str) -> FlaskClient:
    """The client, as this person (or the person of this id)."""
    with client.session_transaction() as cookie:
        cookie["_user_id"] = person if isinstance(person, str) else person.id
        cookie["_fresh"] = True
    return client
