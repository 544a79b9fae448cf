"""The loop that keeps promises: beside the server, or alone as `pos worker`."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from pos.kernel.clock import now
from pos.outbox.service import do_one

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("pos.outbox")
IDLE_SECONDS = 0.5


def run(app: Flask, stop: threading.Event) -> None:
    """Do what is due until told to stop."""
    with app.app_context():
        work = app.extensions["pos_jobs"]
        while not stop.is_set():
            try:
                busy = do_one(work, now())
            except Exception:
                log.exception("the worker stumbled and goes on")
                busy = False
            if not busy:
                stop.wait(IDLE_SECONDS)


def start(app: Flask) -> tuple[threading.Thread, threading.Event]:
    """Run the loop in a thread of this process."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(app, stop), name="pos-worker", daemon=True)
    thread.start()
    return thread, stop
