"""The homes of operators and producers, and what lies behind their figures. Reads; flags alone are closed here."""

from flask import Blueprint

bp = Blueprint("reports", __name__)

from pos.reports.views import codes, control, doubts, movements, office, producer, producer_goods, sales, shifts  # noqa: E402

__all__ = ["bp", "codes", "control", "doubts", "movements", "office", "producer", "producer_goods", "sales", "shifts"]
