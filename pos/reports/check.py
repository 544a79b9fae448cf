"""`pos check`: the invariants of money.md that apply so far, each over everything, said in words.

Reads only. Numbers are those of money.md "Invariants"; 10 (any order, any repeats) is a property of the code,
held by tests/till/test_properties.py.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from pos.reports.queries.findings import Finding
from pos.reports.queries.invariants_books import seals, slips
from pos.reports.queries.invariants_cash import drawers, drops
from pos.reports.queries.invariants_goods import goods, returns
from pos.reports.queries.invariants_money import balanced, chain, settlements, tickets

ALL: tuple[Callable[[Session], Finding], ...] = (balanced, goods, tickets, returns, drawers, drops, chain, seals, slips)


def check_all(session: Session) -> list[Finding]:
    """Every invariant, in the order of money.md."""
    findings = [look(session) for look in ALL] + settlements(session)
    return sorted(findings, key=lambda finding: finding.number)
