"""What the forms of products and certificates say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pos.catalogue.commands import ProductFacts
from pos.catalogue.labels import MOST, SHEETS
from pos.catalogue.rules import KINDS, VAT_CLASSES
from pos.kernel.errors import Invalid
from pos.web.fields import Fields


@dataclass(frozen=True)
class ProductForm:
    """A product's shared facts and, for one operator, whether it sells it and for how much."""

    producer_id: str
    facts: ProductFacts

    @classmethod
    def parse(cls, form: Mapping[str, str], *, new: bool) -> ProductForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        shelf = read.raw("shelf_life_days")
        if shelf and not (shelf.isascii() and shelf.isdigit() and 0 < int(shelf) < 10_000):
            read.wrong("shelf_life_days", "field.number")
            shelf = ""
        made = cls(
            producer_id=read.needed("producer_id") if new else "",
            facts=ProductFacts(
                name=read.needed("name", most=160),
                name_en=read.text("name_en", most=160),
                group_code=read.raw("group_code") or None,
                kind=read.choice("kind", KINDS, required=False) or None,
                unit=read.needed("unit", most=20),
                weighed=read.tick("weighed"),
                commune=read.text("commune", most=80),
                province=read.text("province", most=80),
                alcohol_bp=read.hundredths("alcohol"),
                shelf_life_days=int(shelf) if shelf else None,
                trace_url=read.link("trace_url"),
            ),
        )
        read.finish()
        return made


@dataclass(frozen=True)
class OfferForm:
    """One operator's offer: sold or not, pinned, a new price, a new VAT rate, one more barcode."""

    offered: bool
    pinned: bool
    price_vnd: int | None
    cost_vnd: int | None
    vat_class: str
    vat_bp: int
    vat_from: date | None
    barcode: str
    own_code: bool
    tasting_milli: int | None

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> OfferForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        made = cls(
            offered=read.tick("offered"),
            pinned=read.tick("pinned"),
            price_vnd=read.money("price"),
            cost_vnd=read.money("cost"),
            vat_class=read.choice("vat_class", VAT_CLASSES, required=False),
            vat_bp=read.hundredths("vat"),
            vat_from=read.day("vat_from"),
            barcode=read.raw("barcode"),
            own_code=read.tick("own_code"),
            tasting_milli=read.thousandths("tasting"),
        )
        if made.vat_class and made.vat_class != "standard" and made.vat_bp:
            read.wrong("vat", "vat.class")
        read.finish()
        return made


@dataclass(frozen=True)
class CertificateForm:
    """Stars by a decision. Without an end it runs 36 months; its last valid day is the anniversary."""

    product_id: str
    stars: int
    potential_five: bool
    decision_no: str | None
    issuer: str | None
    valid_from: date
    valid_to: date

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> CertificateForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        stars = read.choice("stars", ("3", "4", "5"))
        starts = read.day("valid_from", required=True) or date(2000, 1, 1)
        ends = read.day("valid_to") or three_years_after(starts)
        if ends < starts:
            read.wrong("valid_to", "certificate.dates")
        made = cls(
            product_id=read.needed("product_id"),
            stars=int(stars) if stars.isdigit() else 0,
            potential_five=read.tick("potential_five") and stars == "4",
            decision_no=read.text("decision_no", most=60),
            issuer=read.text("issuer", most=160),
            valid_from=starts,
            valid_to=ends,
        )
        read.finish()
        return made


@dataclass(frozen=True)
class CutForm:
    """A period in which a VAT rate is lower, by the text that says so."""

    starts_on: date
    ends_on: date
    cut_bp: int
    full_bp: int
    source: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> CutForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        made = cls(
            starts_on=read.day("starts_on", required=True) or date.min,
            ends_on=read.day("ends_on", required=True) or date.min,
            cut_bp=read.hundredths("cut"),
            full_bp=read.hundredths("full"),
            source=read.needed("source", most=200),
        )
        if not read.errors and (made.ends_on < made.starts_on or not 0 < made.cut_bp < made.full_bp):
            read.wrong("ends_on", "cut.dates")
        read.finish()
        return made


def three_years_after(day: date) -> date:
    """36 months on, the anniversary (vietnam.md 1.3); 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + 3)
    except ValueError:
        return day.replace(year=day.year + 3, day=28)


@dataclass(frozen=True)
class LabelsForm:
    """Which labels, how many of each, on what paper."""

    kind: str
    counts: dict[str, int]
    site_id: str
    skip: int
    lines: bool
    lot: str | None
    expires_on: date | None
    day: date | None

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> LabelsForm:
        """Raises Invalid with the troubles by field."""
        read, counts = Fields(form), {}
        for key in form:
            if key.startswith("n-") and (text := read.raw(key)):
                if not (text.isascii() and text.isdigit() and len(text) < 5):
                    read.wrong("n", "field.number")
                elif int(text):
                    counts[key[2:]] = int(text)
        skip = read.raw("skip") or "0"
        if not (skip.isascii() and skip.isdigit() and len(skip) < 3):
            read.wrong("skip", "field.number")
            skip = "0"
        made = cls(
            kind=read.choice("kind", SHEETS),
            counts=counts,
            site_id=read.raw("site"),
            skip=int(skip),
            lines=read.raw("lines") != "0",
            lot=read.text("lot", most=24),
            expires_on=read.day("expires"),
            day=read.day("day"),
        )
        read.finish()
        if not counts:
            raise Invalid("labels.none", field="n")
        if sum(counts.values()) > MOST:
            raise Invalid("labels.many", field="n", most=MOST)
        return made
