"""The picture of a trial balance: each account's debit and credit of the period on one scale. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from pos.ledger.queries.trial import Trial, TrialRow

MOST, WIDTH = 12, 500


@dataclass(frozen=True, slots=True)
class Pair:
    """One account: how far its debit reaches to the left of the middle and its credit to the right."""

    row: TrialRow
    debit: int
    credit: int


def trial_bars(trial: Trial) -> list[Pair]:
    """The accounts that moved most, the largest first; together their sides are equal when all are shown."""
    moved = sorted(
        (row for row in trial.rows if row.debit_vnd or row.credit_vnd), key=lambda r: -(r.debit_vnd + r.credit_vnd)
    )
    top = max((max(row.debit_vnd, row.credit_vnd) for row in moved), default=0)
    return [  # what moved at all is seen
        Pair(row, max(row.debit_vnd * WIDTH // top, 3 * (row.debit_vnd > 0)),
             max(row.credit_vnd * WIDTH // top, 3 * (row.credit_vnd > 0)))
        for row in moved[:MOST]
    ]  # fmt: skip
