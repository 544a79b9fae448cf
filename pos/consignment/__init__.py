"""Whose goods, whose money: agreements, shares, statements, payouts."""
