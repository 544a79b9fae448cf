"""Open operators, sites, fairs and tills; load the wards. Ids may be given, so that a demo is the same each time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.kernel.text import fold, nfc
from pos.places.commands import Bank, TenderList
from pos.places.labels import LabelPattern
from pos.places.models import Fair, Operator, Organizer, Site, TenderKind, Till, VoucherIssuer, Ward
from pos.places.rules import OWN_BASES, SITE_KINDS, TENDER_PLACES, TENDERS, code_of_tender, is_account, is_code


def _coded(code: str) -> str:
    plain = code.strip().upper()
    if not is_code(plain):
        raise Invalid("place.code", given=code)
    return plain


def _named(name: str) -> str:
    plain = nfc(name)
    if not plain:
        raise Invalid("field.required", field="name")
    return plain


def open_operator(
    session: Session,
    *,
    code: str,
    name: str,
    at: datetime,
    tax_code: str | None = None,
    address: str | None = None,
    phone: str | None = None,
    cash_rounding_vnd: int = 500,
    certificate_policy: str = "warn",
    close_limit_vnd: int = 50_000,
    id_: str | None = None,
) -> Operator:
    """A new operator. Raises Invalid on its code, Conflict when the code is taken."""
    code = _coded(code)
    if session.scalar(select(Operator.id).where(Operator.code == code)):
        raise Conflict("place.code_taken", taken=code)
    operator = Operator(
        id=id_ or new_id(), code=code, name=_named(name), tax_code=tax_code, address=address, phone=phone,
        cash_rounding_vnd=cash_rounding_vnd, certificate_policy=certificate_policy,
        close_limit_vnd=close_limit_vnd, made_at=at,
    )  # fmt: skip
    session.add(operator)
    session.flush()
    return operator


def set_bank(session: Session, operator_id: str, *, bank_bin: str, account: str, holder: str) -> None:
    """Where VietQR payments of the operator's tills go. BIN: six digits of the bank."""
    _keep_bank(session.get_one(Operator, operator_id), Bank(bank_bin, account, holder))


def set_site_bank(session: Session, site_id: str, bank: Bank | None) -> None:
    """An account of the site's own; None: the operator's again."""
    _keep_bank(session.get_one(Site, site_id), bank)


def _keep_bank(owner: Operator | Site, bank: Bank | None) -> None:
    if bank is not None and not is_account(bank.bin, bank.account):
        raise Invalid("place.bank", bank=bank.bin)
    owner.bank_bin = bank.bin if bank else None
    owner.bank_account = bank.account if bank else None
    owner.bank_holder = nfc(bank.holder) if bank else None


def change_operator(
    session: Session,
    operator_id: str,
    *,
    name: str,
    tax_code: str | None,
    address: str | None,
    phone: str | None,
    cash_rounding_vnd: int,
    certificate_policy: str,
    close_limit_vnd: int,
) -> Operator:
    """What may change about an operator. Its code stays: it stands in the books' exports."""
    operator = session.get_one(Operator, operator_id)
    operator.name, operator.tax_code, operator.address, operator.phone = _named(name), tax_code, address, phone
    operator.cash_rounding_vnd, operator.certificate_policy = cash_rounding_vnd, certificate_policy
    operator.close_limit_vnd = close_limit_vnd
    session.flush()
    return operator


def set_tender(
    session: Session,
    operator_id: str,
    code: str,
    *,
    place: str,
    position: int,
    name: str | None = None,
    name_en: str | None = None,
) -> None:
    """Where a way of paying stands at the operator's tills, and what it is called there (None: the usual words).

    Cash is always on the pay row. Raises Invalid on a kind that is not on the list.
    """
    row = session.get(TenderKind, (operator_id, code))
    if place not in TENDER_PLACES or (row is None and code not in TENDERS):
        raise Invalid("place.tenders", tenders=code)
    if row is None:
        row = TenderKind(operator_id=operator_id, code=code, base=code)
        session.add(row)
    row.place, row.position = "row" if code == "cash" else place, position
    row.name, row.name_en = name, name_en
    session.flush()


def add_tender(
    session: Session, operator_id: str, *, name: str, name_en: str | None, base: str, position: int
) -> TenderKind:
    """An operator's own way of paying: an e-wallet, a delivery app. In the books it is what `base` is."""
    if base not in OWN_BASES:
        raise Invalid("place.tenders", tenders=base)
    taken = set(session.scalars(select(TenderKind.code).where(TenderKind.operator_id == operator_id)))
    row = TenderKind(
        operator_id=operator_id, code=code_of_tender(name, taken), base=base, name=_named(name), name_en=name_en,
        place="more", position=position,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def add_issuer(session: Session, operator_id: str, *, name: str, id_: str | None = None) -> VoucherIssuer:
    """Somebody whose vouchers the tills take. Raises Conflict when the name is there already."""
    plain = _named(name)
    same = (VoucherIssuer.operator_id == operator_id) & (VoucherIssuer.name == plain)
    if session.scalar(select(VoucherIssuer.id).where(same)):
        raise Conflict("place.issuer_taken", name=plain)
    row = VoucherIssuer(id=id_ or new_id(), operator_id=operator_id, name=plain, active=True)
    session.add(row)
    session.flush()
    return row


def switch_issuer(session: Session, operator_id: str, issuer_id: str, *, active: bool) -> None:
    """Offer an issuer's vouchers at the tills, or no longer. Raises NotFound for one of another operator."""
    row = session.get(VoucherIssuer, issuer_id)
    if row is None or row.operator_id != operator_id:
        raise NotFound("place.unknown")
    row.active = active


def change_tenders(session: Session, operator_id: str, asked: TenderList) -> None:
    """Keep the whole list, with what is new on it. Raises Invalid or Conflict and keeps nothing."""
    for position, (code, place, name, name_en) in enumerate(asked.kinds):
        set_tender(session, operator_id, code, place=place, position=position, name=name, name_en=name_en)
    if asked.own:
        name, name_en, base = asked.own
        add_tender(session, operator_id, name=name, name_en=name_en, base=base, position=len(asked.kinds))
    for issuer_id, active in asked.issuers.items():
        switch_issuer(session, operator_id, issuer_id, active=active)
    if asked.issuer:
        add_issuer(session, operator_id, name=asked.issuer)


def change_labels(session: Session, operator_id: str, patterns: Iterable[LabelPattern]) -> None:
    """Which labels of scales the operator's tills read."""
    found = [{"mask": pattern.mask, "scale": pattern.scale} for pattern in patterns]
    session.get_one(Operator, operator_id).label_patterns = json.dumps(found)


def add_organizer(session: Session, *, name: str, id_: str | None = None) -> Organizer:
    """Who holds fairs."""
    organizer = Organizer(id=id_ or new_id(), name=_named(name))
    session.add(organizer)
    session.flush()
    return organizer


def add_fair(
    session: Session,
    *,
    organizer_id: str,
    code: str,
    name: str,
    place: str,
    starts_on: date,
    ends_on: date,
    id_: str | None = None,
) -> Fair:
    """A fair's identity: both days are days of the fair. Raises Invalid `fair.dates`, Conflict `place.code_taken`."""
    if ends_on < starts_on:
        raise Invalid("fair.dates", starts_on=starts_on, ends_on=ends_on)
    if session.scalar(select(Fair.id).where(Fair.code == _coded(code))):
        raise Conflict("place.code_taken", taken=_coded(code))
    fair = Fair(
        id=id_ or new_id(), organizer_id=organizer_id, code=_coded(code), name=_named(name), place=_named(place),
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    session.add(fair)
    session.flush()
    return fair


def change_fair(session: Session, fair_id: str, *, name: str, place: str, starts_on: date, ends_on: date) -> Fair:
    """What may change about a fair. Its code and organizer stay. Raises Invalid `fair.dates`."""
    if ends_on < starts_on:
        raise Invalid("fair.dates", starts_on=starts_on, ends_on=ends_on)
    fair = session.get_one(Fair, fair_id)
    fair.name, fair.place, fair.starts_on, fair.ends_on = _named(name), _named(place), starts_on, ends_on
    session.flush()
    return fair


def add_site(
    session: Session,
    *,
    operator_id: str,
    kind: str,
    code: str,
    name: str,
    address: str | None = None,
    ward_code: str | None = None,
    fair_id: str | None = None,
    id_: str | None = None,
) -> Site:
    """A place of an operator; a booth belongs to a fair, nothing else does. Raises Conflict `place.code_taken`."""
    if kind not in SITE_KINDS or (kind == "booth") != (fair_id is not None):
        raise Invalid("site.kind", kind=kind)
    if fair_id is not None and session.get(Fair, fair_id) is None:
        raise Invalid("site.kind", field="fair_id", kind=kind)
    code = _coded(code)
    if session.scalar(select(Site.id).where(Site.operator_id == operator_id, Site.code == code)):
        raise Conflict("place.code_taken", taken=code)
    site = Site(
        id=id_ or new_id(), operator_id=operator_id, kind=kind, code=code, name=_named(name), address=address,
        ward_code=ward_code, fair_id=fair_id, active=True,
    )  # fmt: skip
    session.add(site)
    session.flush()
    return site


def add_till(session: Session, *, site_id: str, code: str, name: str, id_: str | None = None) -> Till:
    """A place to sell within a site. Its code stands in every receipt number, so it is unique everywhere."""
    code = _coded(code)
    if session.scalar(select(Till.id).where(Till.code == code)):
        raise Conflict("place.code_taken", taken=code)
    operator_id = session.get_one(Site, site_id).operator_id
    till = Till(id=id_ or new_id(), operator_id=operator_id, site_id=site_id, code=code, name=_named(name), active=True)
    session.add(till)
    session.flush()
    return till


def load_wards(session: Session, rows: Iterable[Mapping[str, str]]) -> int:
    """Take the wards (`code`, `name`, `type`) that are not here yet. Returns how many came."""
    known = set(session.scalars(select(Ward.code)))
    fresh = [
        Ward(code=row["code"], name=nfc(row["name"]), kind=nfc(row["type"]), search=fold(nfc(row["name"])))
        for row in rows
        if row["code"] not in known
    ]
    session.add_all(fresh)
    session.flush()
    return len(fresh)


def change_site(
    session: Session,
    site_id: str,
    *,
    name: str,
    address: str | None,
    ward_code: str | None,
    active: bool,
) -> Site:
    """What may change about a place. Its operator, kind, code and fair stay: sales and stock hang on them."""
    site = session.get_one(Site, site_id)
    site.name, site.address, site.ward_code, site.active = _named(name), address, ward_code, active
    session.flush()
    return site
