"""What all pages of places share."""

from __future__ import annotations

from flask import Blueprint

from pos.places.models import Operator, Site

bp = Blueprint("places", __name__, url_prefix="/places")


def bank_values(owner: Operator | Site) -> dict[str, str]:
    """The fields of the account's form as they are kept."""
    return {
        "own_bank": "1" if owner.bank_account else "", "bank_bin": owner.bank_bin or "",
        "bank_account": owner.bank_account or "", "bank_holder": owner.bank_holder or "",
    }  # fmt: skip
