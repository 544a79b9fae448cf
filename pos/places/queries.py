"""Places as the office lists them. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.access.reach import Reach
from pos.kernel.errors import NotFound
from pos.kernel.text import fold
from pos.places.models import Fair, Operator, Organizer, Site, TenderKind, Till, VoucherIssuer, Ward
from pos.places.rules import TENDERS, USUAL_PLACES


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One place in the list."""

    id: str
    code: str
    name: str
    kind: str
    address: str | None
    ward: str | None
    operator: str
    fair: str | None
    active: bool
    tills: int
    devices: int


def list_operators(session: Session, reach: Reach) -> list[Operator]:
    """The operators within reach, by name."""
    return list(session.scalars(select(Operator).where(reach.where(operator=Operator.id)).order_by(Operator.name)))


def list_sites(session: Session, reach: Reach, *, q: str = "", kind: str = "") -> list[SiteRow]:
    """Places by operator and name; `q` finds without accents. One query."""
    tills = select(Till.site_id, func.count().label("n")).where(Till.active).group_by(Till.site_id).subquery()
    devices = (
        select(DeviceLog.site_id, func.count().label("n"))
        .where(DeviceLog.revoked_at.is_(None))
        .group_by(DeviceLog.site_id)
        .subquery()
    )
    query = (
        select(
            Site.id, Site.code, Site.name, Site.kind, Site.address, Ward.name, Operator.name, Fair.name, Site.active,
            func.coalesce(tills.c.n, 0), func.coalesce(devices.c.n, 0),
        )
        .join(Operator, Operator.id == Site.operator_id)
        .outerjoin(Ward, Ward.code == Site.ward_code)
        .outerjoin(Fair, Fair.id == Site.fair_id)
        .outerjoin(tills, tills.c.site_id == Site.id)
        .outerjoin(devices, devices.c.site_id == Site.id)
        .where(reach.where(operator=Site.operator_id, site=Site.id, fair=Site.fair_id))
    )  # fmt: skip
    if kind:
        query = query.where(Site.kind == kind)
    rows: Any = session.execute(query.order_by(Operator.name, Site.name))
    found = [SiteRow(*row) for row in rows]
    wanted = fold(q).split()
    return [
        s
        for s in found
        if all(w in fold(" ".join((s.code, s.name, s.address or "", s.ward or "", s.operator))) for w in wanted)
    ]


def get_site(session: Session, site_id: str) -> Site:
    """The site. Raises NotFound."""
    site = session.get(Site, site_id)
    if site is None:
        raise NotFound("site.unknown")
    return site


def get_till(session: Session, till_id: str) -> Till:
    """The till. Raises NotFound."""
    till = session.get(Till, till_id)
    if till is None:
        raise NotFound("till.unknown")
    return till


@dataclass(slots=True)
class TillRow:
    """A till with its tablets: (log id, letter, last seen, revoked)."""

    till: Till
    devices: list[tuple[str, str, datetime | None, datetime | None]] = field(default_factory=list)


def list_tills(session: Session, site_id: str) -> list[TillRow]:
    """The tills of a site, by code, with every tablet ever enrolled. Two queries."""
    tills = session.scalars(select(Till).where(Till.site_id == site_id).order_by(Till.code))
    found = {till.id: TillRow(till) for till in tills}
    logs = session.execute(
        select(DeviceLog.till_id, DeviceLog.id, DeviceLog.letter, DeviceLog.last_seen_at, DeviceLog.revoked_at)
        .where(DeviceLog.site_id == site_id)
        .order_by(DeviceLog.enrolled_at)
    )
    for till_id, id_, letter, seen, revoked in logs:
        if till_id in found:
            found[till_id].devices.append((id_, letter, seen, revoked))
    return list(found.values())


def list_fairs(session: Session) -> list[Fair]:
    """All fairs, newest first: a booth may stand at any."""
    return list(session.scalars(select(Fair).order_by(Fair.starts_on.desc(), Fair.code)))


def get_fair(session: Session, fair_id: str) -> Fair:
    """The fair. Raises NotFound."""
    fair = session.get(Fair, fair_id)
    if fair is None:
        raise NotFound("fair.unknown")
    return fair


def list_organizers(session: Session) -> list[Organizer]:
    """Who holds fairs, by name."""
    return list(session.scalars(select(Organizer).order_by(Organizer.name)))


def list_wards(session: Session) -> list[tuple[str, str]]:
    """(code, name) of the wards and communes of Hanoi."""
    rows = session.execute(select(Ward.code, Ward.kind, Ward.name).order_by(Ward.search))
    return [(code, name if fold(name).startswith(fold(kind)) else f"{kind} {name}") for code, kind, name in rows]


def find_ward(session: Session, text: str) -> str | None:
    """The code of a ward named as in `list_wards`, by code, or by its bare name."""
    plain = text.strip()
    if not plain:
        return None
    found = session.scalar(select(Ward.code).where(or_(Ward.code == plain, Ward.search == fold(plain))))
    return found or next((code for code, name in list_wards(session) if fold(name) == fold(plain)), None)


def get_operator(session: Session, operator_id: str) -> Operator:
    """Raises NotFound."""
    found = session.get(Operator, operator_id)
    if found is None:
        raise NotFound("place.unknown")
    return found


@dataclass(frozen=True, slots=True)
class TenderRow:
    """One way of paying as an operator has it. `own`: not one of the built-in kinds."""

    code: str
    base: str
    name: str | None
    name_en: str | None
    place: str
    own: bool


def list_tenders(session: Session, operator_id: str) -> list[TenderRow]:
    """Every way of paying an operator could offer, those on the pay row first, in its order. One query."""
    rows = session.scalars(select(TenderKind).where(TenderKind.operator_id == operator_id))
    kept = {row.code: row for row in rows}
    found = []
    for n, code in enumerate([*TENDERS, *sorted(set(kept) - set(TENDERS))]):
        row = kept.get(code)
        if row:
            made = TenderRow(code, row.base, row.name, row.name_en, row.place, code not in TENDERS)
            found.append((row.position, n, made))
        else:
            found.append((n, n, TenderRow(code, code, None, None, USUAL_PLACES.get(code, "off"), False)))
    order = {"row": 0, "more": 1, "off": 2}
    return [row for position, n, row in sorted(found, key=lambda each: (order[each[2].place], each[0], each[1]))]


def bases_of(session: Session, operator_id: str, codes: set[str]) -> dict[str, str]:
    """What an operator's own ways of paying are in the books: {code: base}. Built-in kinds ask nothing."""
    own = codes - set(TENDERS)
    if not own:
        return {}
    query = select(TenderKind.code, TenderKind.base).where(
        TenderKind.operator_id == operator_id, TenderKind.code.in_(own)
    )
    return dict(session.execute(query).all())


def kind_names(session: Session, operator_id: str, codes: set[str]) -> dict[str, tuple[str | None, str | None]]:
    """{code: (name, English name)} of an operator's own ways of paying; built-in kinds ask nothing."""
    own = codes - set(TENDERS)
    if not own:
        return {}
    query = select(TenderKind.code, TenderKind.name, TenderKind.name_en).where(
        TenderKind.operator_id == operator_id, TenderKind.code.in_(own)
    )
    return {code: (name, name_en) for code, name, name_en in session.execute(query)}


def list_issuers(session: Session, operator_id: str, *, active: bool = False) -> list[VoucherIssuer]:
    """Whose vouchers an operator takes, by name."""
    query = select(VoucherIssuer).where(VoucherIssuer.operator_id == operator_id).order_by(VoucherIssuer.name)
    return list(session.scalars(query.where(VoucherIssuer.active) if active else query))


def issuer_names(session: Session, issuers: set[str]) -> dict[str, str]:
    """{id: name} of issuers; asks nothing for none."""
    if not issuers:
        return {}
    query = select(VoucherIssuer.id, VoucherIssuer.name).where(VoucherIssuer.id.in_(issuers))
    return dict(session.execute(query).all())
