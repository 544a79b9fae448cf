"""A go-live workbook in two steps, each safe to run twice: look through it, then open the books as one unit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from pos.catalogue import import_jobs as jobs
from pos.catalogue.adapters import uploads
from pos.catalogue.imports import Problem
from pos.catalogue.service.import_plan import Origin
from pos.consignment.golive.plan import MoneyLine, Opening, StockLine, plan_opening
from pos.consignment.golive.reading import Workbook, read_workbook
from pos.consignment.golive.service import SOURCE, open_books
from pos.kernel.db import db, unit_of_work

GOLIVE = "consignment.golive"


@dataclass(frozen=True)
class Look:
    """What a workbook would open the books with, or what to mend in it, as its page shows it."""

    day: str
    totals: dict[str, int]
    controls: dict[str, int]
    goods: dict[str, int]
    asked: int
    producers: int
    stock: list[dict[str, Any]]
    owed: list[dict[str, Any]]
    advances: list[dict[str, Any]]
    cash: list[dict[str, Any]]
    without_agreement: list[str]
    ignored: list[str]
    problems: list[Problem]


def work(payload: dict[str, Any]) -> datetime | None:
    """The outbox's side."""
    return jobs.take_step(payload, {jobs.LOOK: look, jobs.APPLY: apply})


def look(upload_id: str, *, at: datetime) -> None:
    """Say what a workbook would open, or what to mend; nothing is written to the database."""
    found = uploads.find(jobs.folder(), upload_id)
    if found is None:
        return
    about, data = found
    book, plan = considered(data, about["name"], about["operator"], at=at, upload_id=upload_id, by=about["by"])
    _keep(upload_id, book, plan)
    jobs.note_progress(upload_id, jobs.LOOKED)


def considered(
    data: bytes, name: str, operator_id: str, *, at: datetime, upload_id: str | None = None, by: str | None = None
) -> tuple[Workbook, Opening | None]:
    """A workbook read, and what it would open if all of it can be read."""
    reading = jobs.telling(upload_id, jobs.READING) if upload_id else iter
    comparing = jobs.telling(upload_id, jobs.COMPARING) if upload_id else iter
    book = read_workbook(data, name, reading)
    if book.problems:
        return book, None
    return book, plan_opening(db.session(), book, operator_id=operator_id, at=at, each=comparing, by=by)


def apply(upload_id: str, *, at: datetime) -> None:
    """Open the books in one unit of work; with a problem meanwhile, or books opened already, nothing."""
    found = uploads.find(jobs.folder(), upload_id)
    if found is None:
        return
    about, data = found
    with unit_of_work() as session:
        book, plan = considered(data, about["name"], about["operator"], at=at, upload_id=upload_id, by=about["by"])
        golive_id = None
        if plan is not None and not plan.problems:
            origin = Origin(about["name"], sha256(data).hexdigest(), about["by"], SOURCE)
            writing = jobs.telling(upload_id, jobs.WRITING)
            golive_id = open_books(session, plan, origin, by=about["by"], each=writing)
    if golive_id is None:
        _keep(upload_id, book, plan)
        jobs.note_progress(upload_id, jobs.LOOKED)
        return
    uploads.forget(jobs.folder(), upload_id)
    jobs.note_progress(upload_id, jobs.DONE, run_id=golive_id)


def _keep(upload_id: str, book: Workbook, plan: Opening | None) -> None:
    problems = book.problems or (plan.problems if plan else [])
    found = {
        "day": plan.day.isoformat() if plan else "", "totals": plan.totals() if plan else {}, "controls": book.controls,
        "goods": plan.goods.counts() if plan else {}, "producers": plan.goods.done.producers if plan else 0,
        "asked": len(plan.goods.asks) if plan else 0,
        "stock": [_stock(line) for line in plan.stock] if plan else [],
        "owed": _money(plan.owed) if plan else [], "advances": _money(plan.advances) if plan else [],
        "cash": _money(plan.cash) if plan else [],
        "without_agreement": plan.without_agreement if plan else [], "ignored": book.ignored,
        "problems": [asdict(problem) for problem in problems],
    }  # fmt: skip
    uploads.note(jobs.folder(), upload_id, "look", found)


def _stock(line: StockLine) -> dict[str, Any]:
    told = asdict(line) | {"worth_vnd": line.worth_vnd}
    return told | {"expires_on": line.expires_on.isoformat() if line.expires_on else None}


def _money(lines: list[MoneyLine]) -> list[dict[str, Any]]:
    return [asdict(line) for line in lines]


def look_of(upload_id: str) -> Look | None:
    """What was found in a workbook, or None before it was looked through."""
    found = uploads.noted(jobs.folder(), upload_id, "look")
    if found is None:
        return None
    told: dict[str, Any] = found[0]
    return Look(**told | {"problems": jobs.problems_of(told["problems"])})
