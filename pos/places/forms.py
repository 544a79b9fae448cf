"""What the forms of places say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pos.places.commands import TenderList
from pos.places.rules import OWN_BASES, SITE_KINDS, TENDER_PLACES, is_code
from pos.web.fields import Fields


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
