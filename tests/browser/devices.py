"""The printer's side of the browser's device interfaces, injected before the page's own scripts.

A fake `navigator.serial` and `navigator.usb` that remember what was allowed over a reload, take bytes at their own
pace, and fail as real ones do. `window.printers` steers them; the bytes come back by `taken`.
"""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("devices.js")


def plug(page: Page) -> None:
    """This page's browser has both interfaces from its next load on."""
    page.add_init_script(path=SCRIPT)


def steer(page: Page, **what: Any) -> None:
    """`absent`, `paper`, `talks`, `refuses`, `dies_after`: how the printers behave from now on."""
    page.evaluate("(what) => window.printers.set(what)", what)


def taken(page: Page, way: str) -> list[bytes]:
    """The jobs that arrived at `serial`, `usb` or `rawbt` since the page opened."""
    text = "job.reduce((text, byte) => text + String.fromCharCode(byte), '')"
    jobs: list[str] = page.evaluate(f"(way) => window.printers.jobs[way].map((job) => btoa({text}))", way)
    return [base64.b64decode(job) for job in jobs]


def wait(page: Page, script: str, seconds: float = 15) -> None:
    """Until the script answers true; the page's policy forbids a script that polls inside it."""
    until = time.monotonic() + seconds
    while not page.evaluate(script):
        assert time.monotonic() < until, script
        page.wait_for_timeout(100)
