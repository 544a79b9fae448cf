"""Goods as one ledger: every movement from a place to a place."""
