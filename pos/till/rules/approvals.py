"""May an approval stand without a second look? Source: till.md "approvals offline are capped by limits"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pos.kernel.money import pct
from pos.till.commands import Approval, Body, SaleBody

Limits = Mapping[str, int | bool]  # what somebody may do alone, as the tablet gets it; {} for who may not sell


def approvals_in(body: Body) -> list[Approval]:
    """Every approval an event carries."""
    several = body.approvals if isinstance(body, SaleBody) else []
    return [*several, *([body.approval] if body.approval else [])]


def base_of(body: Body) -> int:
    """What a discount's limit is a share of: the basket's gross, đồng."""
    return sum(line.gross for line in body.lines) if isinstance(body, SaleBody) else 0


def why_look(approval: Approval, limits: Limits | None, gross_vnd: int) -> str | None:
    """`offline`, `nobody` (unknown), `no_right`, `over_limit`; None when it stands by itself.

    `limits` are those of the approver at this place and moment, None for a person nobody knows.
    """
    if approval.offline:
        return "offline"
    if limits is None:
        return "nobody"
    if not limits.get("approve"):
        return "no_right"
    amount = abs(approval.amount or 0)
    if approval.action == "discount":
        return "over_limit" if amount > pct(gross_vnd, int(limits.get("discount_bp", 0))) else None
    if approval.action == "return_without_receipt" and not limits.get("return_without_receipt"):
        return "no_right"
    if approval.action in ("refund", "return_without_receipt"):
        return "over_limit" if amount > int(limits.get("refund", 0)) else None
    return None


def doubtful(approvals: Sequence[Approval], people: Mapping[str, Limits], gross_vnd: int) -> list[tuple[Approval, str]]:
    """Those a person should look at, with why."""
    found = []
    for approval in approvals:
        limits = people.get(approval.staff) if approval.staff else None
        if why := why_look(approval, limits, gross_vnd):
            found.append((approval, why))
    return found
