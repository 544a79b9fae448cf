"""What the forms of places say."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from pos.places.commands import Bank, TenderList
from pos.places.rules import OWN_BASES, SITE_KINDS, TENDER_PLACES, is_account, is_code
from pos.web.fields import Fields

TAX_CODE = re.compile(r"[0-9]{10}(-?[0-9]{3})?|[0-9]{12}")


def _code(read: Fields, field: str = "code") -> str:
    code = read.needed(field, most=12).upper()
    if code and not is_code(code):
        read.wrong(field, "place.code")
    return code


@dataclass(frozen=True)
class SiteForm:
    """A place, new or changed; `ward` is a ward's name or code as typed."""

    operator_id: str
    kind: str
    code: str
    name: str
    address: str | None
    ward: str
    fair_id: str | None
    active: bool

    @classmethod
    def parse(cls, form: Mapping[str, str], *, new: bool) -> SiteForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        kind = read.choice("kind", SITE_KINDS) if new else ""
        made = cls(
            operator_id=read.needed("operator_id") if new else "",
            kind=kind,
            code=_code(read) if new else "",
            name=read.needed("name", most=120),
            address=read.text("address"),
            ward=read.raw("ward"),
            fair_id=(read.raw("fair_id") or None) if kind == "booth" else None,
            active=read.tick("active") or new,
        )
        if kind == "booth" and made.fair_id is None:
            read.wrong("fair_id", "site.kind")
        read.finish()
        return made


@dataclass(frozen=True)
class TillForm:
    """A till of a site."""

    code: str
    name: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> TillForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        made = cls(code=_code(read, "till_code"), name=read.needed("till_name", most=60))
        read.finish()
        return made


def parse_tenders(form: Mapping[str, str], *, codes: Collection[str], issuers: Collection[str]) -> TenderList:
    """The list of ways of paying as sent. Raises Invalid with the troubles by field."""
    read = Fields(form)
    kinds = []
    for code in codes:
        place = "row" if code == "cash" else read.choice(f"place-{code}", TENDER_PLACES)
        kinds.append((code, place, read.text(f"name-{code}", most=24), read.text(f"name_en-{code}", most=24)))
    name = read.text("own_name", most=24)
    own = (name, read.text("own_name_en", most=24), read.choice("own_base", OWN_BASES)) if name else None
    made = TenderList(
        kinds=tuple(kinds),
        own=own,
        issuers={id_: read.tick(f"issuer-{id_}") for id_ in issuers},
        issuer=read.text("issuer", most=80),
    )
    read.finish()
    return made


@dataclass(frozen=True)
class OperatorForm:
    """Who runs sales points, new or changed."""

    code: str
    name: str
    tax_code: str | None
    address: str | None
    phone: str | None
    cash_rounding_vnd: int
    certificate_policy: str
    close_limit_vnd: int

    @classmethod
    def parse(cls, form: Mapping[str, str], *, new: bool) -> OperatorForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        rounding = read.choice("cash_rounding", ("0", "500", "1000"))
        tax_code = read.text("tax_code", most=14)
        if tax_code and not TAX_CODE.fullmatch(tax_code):
            read.wrong("tax_code", "operator.tax_code")
        made = cls(
            code=_code(read) if new else "",
            name=read.needed("name", most=120),
            tax_code=tax_code,
            address=read.text("address"),
            phone=read.text("phone", most=20),
            cash_rounding_vnd=int(rounding) if rounding.isdigit() else 500,
            certificate_policy=read.choice("certificate_policy", ("warn", "block")),
            close_limit_vnd=read.money("close_limit", required=True) or 0,
        )
        read.finish()
        return made


def parse_bank(form: Mapping[str, str], *, own: bool = True) -> Bank | None:
    """An account for VietQR; None when a site has none of its own (`own` not ticked). Raises Invalid by field."""
    read = Fields(form)
    if not own and not read.tick("own_bank"):
        return None
    made = Bank(
        read.raw("bank_bin"), read.raw("bank_account").replace(" ", ""), read.needed("bank_holder", most=70).upper()
    )
    if not is_account(made.bin, "0000"):
        read.wrong("bank_bin", "place.bank_bin")
    if not is_account("000000", made.account):
        read.wrong("bank_account", "place.bank_account")
    read.finish()
    return made


@dataclass(frozen=True)
class FairForm:
    """A fair's identity, new or changed."""

    organizer_id: str
    code: str
    name: str
    place: str
    starts_on: date
    ends_on: date

    @classmethod
    def parse(cls, form: Mapping[str, str], organizers: Collection[str], *, new: bool) -> FairForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        starts, ends = read.day("starts_on", required=True), read.day("ends_on", required=True)
        if starts and ends and ends < starts:
            read.wrong("ends_on", "fair.dates")
        made = cls(
            organizer_id=read.choice("organizer_id", organizers) if new else "",
            code=_code(read) if new else "",
            name=read.needed("name", most=120),
            place=read.needed("place", most=160),
            starts_on=starts or date.min,
            ends_on=ends or date.min,
        )
        read.finish()
        return made
