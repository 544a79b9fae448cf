"""Selling: events become shifts, sales, returns, cash; doubts become flags."""
