"""Pure figures for the pages."""

from __future__ import annotations

from datetime import date, timedelta


def next_pay_day(today: date, weekday: int, *, waiting: bool) -> date:
    """The next day of the agreement's weekday; today only while a statement still waits to be paid."""
    days = (weekday - today.weekday()) % 7
    return today + timedelta(days=days if days or waiting else 7)
