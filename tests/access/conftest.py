"""The market these tests ask for: two operators, a fair, producers of both and of one."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.reports.market import Market, a_market


@pytest.fixture
def market(app: Flask) -> Market:
    """Open, nothing sold yet."""
    return a_market(app)
