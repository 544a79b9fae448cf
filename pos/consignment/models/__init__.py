"""Agreements, frozen shares, settlement lines; statements and payouts."""

from pos.consignment.models.agreements import Agreement, AgreementVersion, CommissionRule, GoodsTerms
from pos.consignment.models.disputes import Dispute
from pos.consignment.models.invoices import ProducerInvoice
from pos.consignment.models.losses import LossShare
from pos.consignment.models.notes import PaperCounter, ProducerNote
from pos.consignment.models.payouts import (
    AccountCheck,
    BankFile,
    Payout,
    PayoutAttempt,
    PayoutConfirmation,
    PayoutEvent,
)
from pos.consignment.models.shares import LineAssignment, SettlementLine, Share
from pos.consignment.models.statements import (
    SettlementBonus,
    SettlementLock,
    SettlementRun,
    Statement,
    StatementClaim,
    StatementDocument,
    StatementEvent,
)

__all__ = [
    "AccountCheck",
    "Agreement",
    "AgreementVersion",
    "BankFile",
    "CommissionRule",
    "Dispute",
    "GoodsTerms",
    "LineAssignment",
    "LossShare",
    "PaperCounter",
    "Payout",
    "PayoutAttempt",
    "PayoutConfirmation",
    "PayoutEvent",
    "ProducerInvoice",
    "ProducerNote",
    "SettlementBonus",
    "SettlementLine",
    "SettlementLock",
    "SettlementRun",
    "Share",
    "Statement",
    "StatementClaim",
    "StatementDocument",
    "StatementEvent",
]
