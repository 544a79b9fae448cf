"""Short runs of the simulation on each database; `make simulate` is the long one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from config import ROOT

RUNS = {"sqlite": ((1, 1, 200), (4, 2, 20)), "postgresql": ((3, 1, 20),)}  # seeds, the first one, events a tablet


@pytest.mark.story
def test_ten_tablets_over_a_hostile_network_leave_the_books_of_an_ordinary_day(database_kind: str) -> None:
    for seeds, first, events in RUNS[database_kind]:
        words = ["--seeds", str(seeds), "--first", str(first), "--events", str(events), "--database", database_kind]
        ran = subprocess.run(
            [sys.executable, "-m", "tests.simulation", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )

        assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
        assert ran.stdout.splitlines()[-1] == "books equal, nothing missing, nothing doubled"
