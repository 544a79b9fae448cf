"""The bookkeeper's pages: trial balance, ledgers, journal, seals, chain, slips. Reads; seals and slips are written."""

from pos.reports.views.books.blueprint import bp

from pos.reports.views.books import exports, invoices, ledgers, seals, slips  # isort: skip

__all__ = ["bp", "exports", "invoices", "ledgers", "seals", "slips"]
