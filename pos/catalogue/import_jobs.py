"""An import in two steps, each safe to run twice: look through a file, then take it in as one unit.

Small files are done while the person waits, large ones by the outbox. How far it is, and what was found, stands beside
the file and not in the database: nobody sees inside a transaction that is not finished.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from pos.catalogue.adapters import uploads
from pos.catalogue.imports import FileRead, Problem, read_file
from pos.catalogue.queries.editing import editor_of
from pos.catalogue.service.import_plan import Origin, Plan
from pos.catalogue.service.imports import carry_out, plan_import
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.outbox.service import enqueue

log = logging.getLogger("pos.catalogue")
IMPORT = "catalogue.import"
SMALL = 200_000  # bytes that are looked through while the person waits
SMALL_ROWS = 1_000
SILENT_S = 90  # after so long without a word it was interrupted
LOOK, APPLY = "look", "apply"
WAITING, READING, COMPARING, WRITING = "waiting", "reading", "comparing", "writing"
LOOKED, DONE, FAILED = "looked", "done", "failed"
RUNNING = (WAITING, READING, COMPARING, WRITING)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: its stage, `done` of `total` rows; `run_id` once taken in."""

    stage: str
    done: int = 0
    total: int = 0
    run_id: str | None = None
    silent_s: float = 0.0

    @property
    def running(self) -> bool:
        return self.stage in RUNNING

    @property
    def interrupted(self) -> bool:
        """Nobody has heard of it for too long: the server was stopped meanwhile."""
        return self.running and self.silent_s > SILENT_S


def folder() -> Path:
    """Where files wait between their preview and their import."""
    return Path(current_app.instance_path) / "imports"


def progress_of(upload_id: str) -> Progress | None:
    """None before anything was asked of the file."""
    found = uploads.noted(folder(), upload_id, "progress")
    return Progress(**found[0], silent_s=found[1]) if found else None


def note_progress(upload_id: str, stage: str, done: int = 0, total: int = 0, run_id: str | None = None) -> None:
    """Say how far it is."""
    told = {"stage": stage, "done": done, "total": total, "run_id": run_id}
    uploads.note(folder(), upload_id, "progress", told)


def begin(session: Session, upload_id: str, step: str, *, at: datetime, kind: str = IMPORT) -> None:
    """Promise a step of a large file."""
    note_progress(upload_id, WAITING)
    enqueue(session, kind, {"upload": upload_id, "step": step}, at=at)


def import_file(payload: dict[str, Any]) -> datetime | None:
    """The outbox's side of an import of products."""
    return take_step(payload, {LOOK: look, APPLY: apply})


def take_step(payload: dict[str, Any], steps: Mapping[str, Callable[..., None]]) -> datetime | None:
    """One promised step. What fails stays undone and says so: a person asks again."""
    upload_id, at = payload["upload"], now()
    progress = progress_of(upload_id)
    if progress is None or not progress.running:
        return None
    if progress.stage != WAITING and not progress.interrupted:
        return at + timedelta(seconds=SILENT_S)  # somebody else is at it
    try:
        steps[payload["step"]](upload_id, at=at)
    except Exception:
        log.exception("import %s failed", upload_id)
        note_progress(upload_id, FAILED)
    return None


def look(upload_id: str, *, at: datetime) -> None:
    """Read a file and say what it would change, or what to mend; nothing is written to the database."""
    found = uploads.find(folder(), upload_id)
    if found is None:
        return
    about, data = found
    makers = makers_of(upload_id)
    read = read_file(data, about["name"], telling(upload_id, READING), makers or {})
    plan = None
    if not read.problems and (makers or not read.guessed):
        comparing, editor = telling(upload_id, COMPARING), editor_of(db.session(), about["by"])
        plan = plan_import(db.session(), read.good, operator_id=about["operator"], at=at, each=comparing, editor=editor)
    keep_look(upload_id, read, plan)
    note_progress(upload_id, LOOKED)


def apply(upload_id: str, *, at: datetime) -> None:
    """Take a file in, in one unit of work, from a plan made inside it; with a problem meanwhile, nothing."""
    found = uploads.find(folder(), upload_id)
    if found is None:
        return
    about, data = found
    makers = makers_of(upload_id)
    read, plan, run_id = read_file(data, about["name"], telling(upload_id, READING), makers or {}), None, None
    if not read.problems and (makers or not read.guessed):
        with unit_of_work() as session:
            comparing, editor = telling(upload_id, COMPARING), editor_of(session, about["by"])
            plan = plan_import(session, read.good, operator_id=about["operator"], at=at, each=comparing, editor=editor)
            if not plan.problems:
                origin = Origin(about["name"], sha256(data).hexdigest(), about["by"])
                run_id = carry_out(session, plan, telling(upload_id, WRITING), origin=origin).run_id
    if plan is None or plan.problems:
        keep_look(upload_id, read, plan)
        note_progress(upload_id, LOOKED)
        return
    uploads.forget(folder(), upload_id)
    note_progress(upload_id, DONE, run_id=run_id)


def telling(upload_id: str, stage: str) -> Callable[[Sequence[Any]], Iterable[Any]]:
    """Goes through rows, telling how far it is twice a second."""

    def each(rows: Sequence[Any]) -> Iterable[Any]:
        told = 0.0
        for n, row in enumerate(rows):
            if (tick := time.monotonic()) - told > 0.5:
                told = tick
                note_progress(upload_id, stage, n, len(rows))
            yield row

    return each


# ── What was found ───────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Look:
    """What a file would change, or what to mend in it, as its page shows it."""

    rows: int
    ignored: tuple[str, ...]
    producers: int
    counts: dict[str, int]
    changes: list[dict[str, Any]]
    problems: list[Problem]
    system: str = ""
    guessed: str = ""
    asked: int = 0  # changes of the register that wait for who keeps it
    said: tuple[str, ...] = ()  # who the file names, row by row, while nobody has said who they are


def keep_look(upload_id: str, read: FileRead, plan: Plan | None) -> None:
    """Put beside the file what was found in it, so that its pages need not read it again."""
    problems = read.problems or (plan.problems if plan else [])
    found = {
        "rows": read.rows, "ignored": read.ignored, "producers": plan.done.producers if plan else 0,
        "counts": plan.counts() if plan else {}, "changes": [vars(change) for change in plan.changes] if plan else [],
        "problems": [asdict(problem) for problem in problems], "system": read.system, "guessed": read.guessed,
        "asked": len(plan.asks) if plan else 0,
        "said": [row.producer for row in read.good] if plan is None and read.guessed and not problems else [],
    }  # fmt: skip
    uploads.note(folder(), upload_id, "look", found)


def look_of(upload_id: str) -> Look | None:
    """What was found, or None before."""
    found = uploads.noted(folder(), upload_id, "look")
    if found is None:
        return None
    told = found[0]
    problems = problems_of(told.pop("problems"))
    return Look(**told | {"ignored": tuple(told["ignored"]), "said": tuple(told["said"])}, problems=problems)


def makers_of(upload_id: str) -> dict[str, str] | None:
    """What a supplier or brand column says → the producer, as a person confirmed it; None before."""
    found = uploads.noted(folder(), upload_id, "makers")
    return dict(found[0]) if found else None


def keep_makers(upload_id: str, makers: Mapping[str, str]) -> None:
    """Remember who they are; the file is looked through again."""
    uploads.note(folder(), upload_id, "makers", dict(makers))


def problems_of(told: Iterable[dict[str, Any]]) -> list[Problem]:
    """Problems as they were before they were put beside a file."""
    return [Problem(p["row"], p["column"], p["value"], p["code"], tuple((k, v) for k, v in p["facts"])) for p in told]
