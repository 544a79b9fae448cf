"""Agreements, frozen shares, settlement lines; statements and payouts."""

from pos.consignment.models.agreements import Agreement, AgreementVersion
from pos.consignment.models.shares import SettlementLine, Share

__all__ = ["Agreement", "AgreementVersion", "SettlementLine", "Share"]
