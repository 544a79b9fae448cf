"""A server that has just started and gets its first events on many threads at once."""

from __future__ import annotations

import subprocess
import sys

from config import ROOT

FIRST = """
import sys, threading
sys.setswitchinterval(1e-6)
import msgspec
from pos.till.commands import KINDS
gate = threading.Barrier(16)
line = {"line": 1, "qty_milli": 1000, "price": 1, "gross": 1, "paid": 1, "vat_bp": 0, "vat_class": "direct"}
def read():
    gate.wait()
    for kind in KINDS.values():
        try:
            msgspec.convert({"lines": [line], "total": 1}, kind, strict=True)
        except msgspec.ValidationError:
            pass
threads = [threading.Thread(target=read) for _ in range(16)]
[t.start() for t in threads]
[t.join() for t in threads]
"""


def test_first_events_at_once_do_not_crash_the_server() -> None:
    runs = [subprocess.Popen([sys.executable, "-c", FIRST], cwd=ROOT) for _ in range(8)]
    assert [run.wait(timeout=60) for run in runs] == [0] * 8
