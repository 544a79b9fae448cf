"""Why cash came into or left a drawer, and where each reason posts. Source: money.md "What events post"."""

from __future__ import annotations

FLOAT = "float"  # counted after the shift had opened by itself: docs/decisions/0015-float-counted-later.md
THEFT = "theft"
ADVANCE = "staff_advance"

# The tablet offers these; any other text is kept as it was written and is an expense.
IN_REASONS = (FLOAT, "change", "other")
OUT_REASONS = ("supplies", "transport", "food", ADVANCE, THEFT, "other")


def account_of_out(reason: str | None, staff: str | None) -> tuple[str, str]:
    """(account, dimension) of cash paid out: its reason's, else an expense."""
    if reason == THEFT:
        return "shrinkage_expense", ""
    if reason == ADVANCE and staff:
        return "staff_receivable", staff
    return "misc_expense", ""
