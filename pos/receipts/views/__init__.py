"""The public receipt, and the office's page of printers."""

from pos.receipts.views.paper import bp as bp
from pos.receipts.views.printers import bp as printers

__all__ = ["bp", "printers"]
