"""What the forms of producers say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pos.web.fields import Fields

KINDS = ("household", "coop", "company", "group")
TAX_METHODS = ("direct", "deduction", "exempt")


@dataclass(frozen=True)
class ProducerForm:
    """A producer's facts."""

    name: str
    kind: str
    tax_code: str | None
    tax_method: str
    phone: str | None
    commune: str | None
    province: str | None

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> ProducerForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        made = cls(
            name=read.needed("name", most=160),
            kind=read.choice("kind", KINDS),
            tax_code=read.text("tax_code", most=14),
            tax_method=read.choice("tax_method", TAX_METHODS),
            phone=(read.text("phone", most=20) or "").replace(" ", "") or None,
            commune=read.text("commune", most=80),
            province=read.text("province", most=80),
        )
        read.finish()
        return made


@dataclass(frozen=True)
class AccountForm:
    """A new version of a bank account."""

    bank_bin: str
    bank_name: str
    number: str
    holder: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> AccountForm:
        """Raises Invalid with the troubles by field."""
        read = Fields(form)
        made = cls(
            bank_bin=read.needed("bank_bin", most=6),
            bank_name=read.needed("bank_name", most=60),
            number=read.needed("number", most=24),
            holder=read.needed("holder", most=80),
        )
        if made.bank_bin and not (made.bank_bin.isascii() and made.bank_bin.isdigit() and len(made.bank_bin) == 6):
            read.wrong("bank_bin", "producer.bank")
        read.finish()
        return made
