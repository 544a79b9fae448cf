"""The register of certificates as the city office reads it. Reads only; the same number of queries for any length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from pos.catalogue.models import Certificate, CertificateFile, Group, Product
from pos.catalogue.queries.office import PAGE
from pos.catalogue.rules import CertificateFacts
from pos.kernel.errors import NotFound
from pos.kernel.text import fold
from pos.producers.models import Producer

SOON = timedelta(days=90)
STATES = ("all", "live", "90", "60", "30", "past", "revoked")
STARS = ("5", "p", "4", "3")  # p: four stars that may become five


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; "" for anything."""

    q: str = ""
    state: str = "all"
    stars: str = ""
    group: str = ""
    commune: str = ""
    producer: str = ""


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate with what it belongs to; `days` left of its last valid day, negative when past."""

    id: str
    product_id: str
    product: str
    producer_id: str
    producer: str
    phone: str | None
    commune: str | None
    stars: int
    potential_five: bool
    decision_no: str | None
    issuer: str | None
    valid_from: date
    valid_to: date
    revoked_on: date | None
    invented: bool
    paper: bool

    @property
    def until(self) -> date:
        """The last day its stars may be shown."""
        return CertificateFacts(self.stars, self.valid_from, self.valid_to, self.revoked_on).until

    def days(self, today: date) -> int:
        """Days left, 0 on its last day."""
        return (self.until - today).days

    def state(self, today: date) -> str:
        """`revoked`, `coming`, `far` (more than 90 days), `near`, or `past`."""
        if self.revoked_on is not None and self.revoked_on <= today:
            return "revoked"
        if self.valid_from > today:
            return "coming"
        days = self.days(today)
        return "past" if days < 0 else "near" if days <= SOON.days else "far"

    def spent(self, today: date) -> int:
        """How much of its time is over, in thousandths."""
        whole = max(1, (self.valid_to - self.valid_from).days)
        return max(0, min(1000, (today - self.valid_from).days * 1000 // whole))


_UNTIL = case(
    (and_(Certificate.revoked_on.is_not(None), Certificate.revoked_on <= Certificate.valid_to), Certificate.revoked_on),
    else_=Certificate.valid_to,
)


def _newest() -> ColumnElement[bool]:
    """Only the certificate of each product that ends last: those it replaced are history, not alarms."""
    later = aliased(Certificate)
    return ~exists().where(
        later.product_id == Certificate.product_id,
        or_(
            later.valid_to > Certificate.valid_to,
            and_(later.valid_to == Certificate.valid_to, later.id > Certificate.id),
        ),
    )


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    revoked = and_(Certificate.revoked_on.is_not(None), Certificate.revoked_on <= today)
    if state == "revoked":
        return revoked
    if state == "past":
        return and_(Certificate.valid_to < today, or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > today))
    live = and_(Certificate.valid_to >= today, or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > today))
    if state.isdecimal():
        return and_(live, today + timedelta(days=int(state)) >= _UNTIL)
    return live


def _narrowed(query: Any, wanted: Wanted) -> Any:
    query = query.where(_newest())
    number = func.lower(func.coalesce(Certificate.decision_no, ""))
    for word in fold(wanted.q).split():
        query = query.where(or_(Product.search.contains(word, autoescape=True), number.contains(word, autoescape=True)))
    if wanted.stars:
        stars = 4 if wanted.stars == "p" else int(wanted.stars)
        query = query.where(Certificate.stars == stars)
        if stars == 4:
            query = query.where(Certificate.potential_five.is_(wanted.stars == "p"))
    if wanted.group:
        inside = Product.group_code.startswith(f"{wanted.group}.", autoescape=True)
        query = query.where(or_(Product.group_code == wanted.group, inside))
    if wanted.commune:
        query = query.where(Product.commune == wanted.commune)
    if wanted.producer:
        query = query.where(Product.producer_id == wanted.producer)
    return query


def _joined(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Certificate)
        .join(Product, Product.id == Certificate.product_id)
        .join(Producer, Producer.id == Product.producer_id)
    )


_ROW = (
    Certificate.id, Product.id, Product.name, Producer.id, Producer.name, Producer.phone, Product.commune,
    Certificate.stars, Certificate.potential_five, Certificate.decision_no, Certificate.issuer, Certificate.valid_from,
    Certificate.valid_to, Certificate.revoked_on, Certificate.invented,
    exists().where(CertificateFile.certificate_id == Certificate.id).correlate(Certificate),
)  # fmt: skip


def list_certificates(session: Session, wanted: Wanted, *, today: date, page: int) -> tuple[list[CertificateRow], bool]:
    """Those that end first, first. One query."""
    query = _narrowed(_joined(*_ROW), wanted)
    if wanted.state != "all":
        query = query.where(_in_state(wanted.state, today))
    rows: Any = session.execute(
        query.order_by(_UNTIL, Product.name, Certificate.id).limit(PAGE + 1).offset((page - 1) * PAGE)
    )
    found = [CertificateRow(*row) for row in rows]
    return found[:PAGE], len(found) > PAGE


@dataclass(slots=True)
class Counts:
    """How many in each state, how many end in each month (year·12 + month - 1), and stars by what is left."""

    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    months: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    stars: dict[str, dict[str, int]] = field(
        default_factory=lambda: {s: {"far": 0, "near": 0, "past": 0, "revoked": 0} for s in STARS}
    )


def count_certificates(session: Session, wanted: Wanted, today: date) -> Counts:
    """One query over the newest, counted by last day and stars in the database: never as many rows as certificates."""
    told = (Certificate.valid_to, Certificate.revoked_on, Certificate.stars, Certificate.potential_five)
    found = Counts()
    for valid_to, revoked_on, stars, potential, count in session.execute(
        _narrowed(_joined(*told, func.count()), wanted).group_by(*told)
    ):
        until = CertificateFacts(0, valid_to, valid_to, revoked_on).until
        days = (until - today).days
        column = found.stars["p" if potential and stars == 4 else str(stars)]
        found.states["all"] += count
        if revoked_on is not None and revoked_on <= today:
            found.states["revoked"] += count
            column["revoked"] += count
        elif days < 0:
            found.states["past"] += count
            column["past"] += count
        else:
            found.states["live"] += count
            found.months[until.year * 12 + until.month - 1] += count
            for limit in (30, 60, 90):
                found.states[str(limit)] += count * (days <= limit)
            column["near" if days <= SOON.days else "far"] += count
    return found


def choices(session: Session) -> tuple[list[tuple[str, str]], list[str]]:
    """(groups, communes) that have a certificate, for the filters."""
    held = _joined(Product.group_code, Product.commune).distinct()
    rows = session.execute(held).all()
    leaves = {row[0] for row in rows if row[0]}
    above = {".".join(code.split(".")[:n]) for code in leaves for n in range(1, len(code.split(".")) + 1)}
    groups = session.execute(select(Group.code, Group.name).where(Group.code.in_(above)).order_by(Group.position))
    return [(code, f"{code} {name}") for code, name in groups], sorted({row[1] for row in rows if row[1]}, key=fold)


@dataclass(slots=True)
class Reminder:
    """One producer with the certificates it must renew; the soonest first."""

    producer_id: str
    producer: str
    phone: str | None
    rows: list[CertificateRow]


def list_reminders(session: Session, *, today: date, days: int) -> list[Reminder]:
    """Producers whose certificates end within so many days, or ended within the last 90 and were not renewed."""
    query = _narrowed(_joined(*_ROW), Wanted()).where(
        Certificate.valid_to >= today - SOON, Certificate.valid_to <= today + timedelta(days=days),
        Certificate.revoked_on.is_(None), Product.active,
    )  # fmt: skip
    return _by_producer(CertificateRow(*row) for row in session.execute(query.order_by(_UNTIL, Product.name)))


def _by_producer(rows: Iterable[CertificateRow]) -> list[Reminder]:
    found: dict[str, Reminder] = {}
    for row in rows:
        one = found.setdefault(row.producer_id, Reminder(row.producer_id, row.producer, row.phone, []))
        one.rows.append(row)
    return list(found.values())


def get_certificate(session: Session, certificate_id: str) -> Certificate:
    """The certificate. Raises NotFound."""
    found = session.get(Certificate, certificate_id)
    if found is None:
        raise NotFound("certificate.unknown")
    return found
