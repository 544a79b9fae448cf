"""Pages of people: the doors they come in by, their own account, and who may do what."""

from __future__ import annotations

from pos.access.views import account, cards, door, entry, people  # noqa: F401
from pos.access.views.blueprint import bp
from pos.access.views.entry import HOMES, demo_people, safe_next

__all__ = ["HOMES", "bp", "demo_people", "safe_next"]
