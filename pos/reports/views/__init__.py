"""The homes of operators and producers, and what lies behind their figures. Reads; flags alone are closed here."""

from flask import Blueprint

bp = Blueprint("reports", __name__)

from pos.reports.views import (  # noqa: E402
    books,
    codes,
    control,
    doubts,
    movements,
    office,
    producer,
    producer_disputes,
    producer_goods,
    producer_members,
    producer_notices,
    producer_papers,
    producer_supply,
    sales,
    shifts,
)

__all__ = [
    "books", "bp", "codes", "control", "doubts", "movements", "office", "producer", "producer_disputes",
    "producer_goods", "producer_members", "producer_notices", "producer_papers",
    "producer_supply", "sales", "shifts",
]  # fmt: skip
