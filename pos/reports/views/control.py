"""The control report: a calm table by person, till or day, its single notes, one note's event, and files of both."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import today
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.reports.queries import control as queries
from pos.reports.queries.control import Asked, Row, Told
from pos.reports.queries.sales import list_sites
from pos.reports.views import bp
from pos.till.rules.control import KINDS
from pos.web.pages import page, page_no
from pos.web.tables import TYPES, Cell, table_file
from pos.web.words import words

WEEK = timedelta(days=6)
LONGEST = timedelta(days=366)


def _asked() -> Asked:
    def day(name: str) -> date | None:
        try:
            return date.fromisoformat(request.args.get(name, ""))
        except ValueError:
            return None

    last = day("to") or today()
    first = day("from") or min(last, today()) - WEEK
    first, last = min(first, last), max(first, last)
    first = max(first, last - LONGEST)
    by = request.args.get("by", "person")
    by = by if by in queries.BY else "person"
    key = request.args.get("key") or None
    if by == "day" and key:
        try:
            date.fromisoformat(key)
        except ValueError:
            key = None
    kind = request.args.get("kind")
    return Asked(first, last, request.args.get("site") or None, by, key, kind if kind in KINDS else None)


def _query(asked: Asked, **more: str | int | None) -> dict[str, Any]:
    told = {"from": asked.first.isoformat(), "to": asked.last.isoformat(), "site": asked.site_id, "by": asked.by}
    return {**told, "key": asked.key, "kind": asked.kind, **more}


@bp.get("/office/control")
@requires("control.read")
def control() -> ResponseReturnValue:
    """How often and how much, by person, till or day; the last seven days unless asked."""
    session, mine, asked = db.session(), reach(viewer(), "control.read"), _asked()
    rows = queries.sum_up(session, mine, asked)
    all_ = queries.totals(rows)
    return page(
        "reports/office/control.html",
        asked=asked,
        query=_query,
        rows=rows,
        totals=all_,
        kinds=[kind for kind in KINDS if kind in all_],
        sites=list_sites(session, mine),
    )


@bp.get("/office/control/notes")
@requires("control.read")
def control_notes() -> ResponseReturnValue:
    """The notes behind a figure, newest first."""
    session, mine, asked = db.session(), reach(viewer(), "control.read"), _asked()
    found, more = queries.list_told(session, mine, asked, page=page_no())
    return page(
        "reports/office/control_notes.html",
        asked=asked,
        query=_query,
        notes=found,
        kinds=KINDS,
        more=url_for("reports.control_notes", **_query(asked, page=page_no() + 1)) if more else None,
    )


@bp.get("/office/control/event/<event_id>/<int:n>")
@requires("control.read")
def control_event(event_id: str, n: int) -> ResponseReturnValue:
    """One note down to what the tablet wrote."""
    found = queries.find_event(db.session(), event_id, n)
    if found is None:
        raise NotFound("control.unknown")
    note = found.note
    reach(viewer(), "control.read").need(operator=note.operator_id, site=note.site_id, fair=note.fair_id)
    lines = found.body.get("lines")
    return page(
        "reports/office/control_event.html",
        found=found,
        note=note,
        lines=[line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else [],
    )


@bp.get("/office/control.<any(csv, xlsx):ext>")
@requires("control.read")
def control_file(ext: str) -> ResponseReturnValue:
    """The table as a file; `?notes=1`: every single note of the period."""
    session, mine, asked = db.session(), reach(viewer(), "control.read"), _asked()
    if request.args.get("notes"):
        found, _more = queries.list_told(session, mine, asked, page=1, size=queries.MOST)
        heads, rows = _notes_table(found)
    else:
        heads, rows = _sums_table(queries.sum_up(session, mine, asked), asked.by)
    made = make_response(table_file(ext, heads, rows, title=_("Kiểm soát")))
    made.headers["Content-Type"] = TYPES[ext]
    name = f"kiem-soat-{asked.first.isoformat()}-{asked.last.isoformat()}.{ext}"
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    made.headers["Cache-Control"] = "no-store"
    return made


def _sums_table(rows: list[Row], by: str) -> tuple[list[str], list[list[Cell]]]:
    heads = [words("control_by", by), *([_("Điểm bán")] if by == "till" else [])]
    for kind in KINDS:
        heads += [words("control", kind), _("%(what)s, đồng", what=words("control", kind))]
    table: list[list[Cell]] = []
    for row in rows:
        first: list[Cell] = [date.fromisoformat(row.key) if by == "day" else row.name or _("Chưa chọn tên")]
        first += [row.more] if by == "till" else []
        table.append(first + [figure for kind in KINDS for figure in row.cells.get(kind, (0, 0))])
    return heads, table


def _notes_table(found: list[Told]) -> tuple[list[str], list[list[Cell]]]:
    heads = [_("Lúc"), _("Ngày"), _("Việc"), _("Chi tiết"), _("Lần"), _("Số tiền"), _("Điểm bán"), _("Quầy"), _("Ai"),
             _("Duyệt cho"), _("Số phiếu")]  # fmt: skip
    return heads, [
        [note.at, note.day, words("control", note.kind), said(note), note.times, note.vnd, note.site, note.till,
         note.staff, note.asked_by, note.receipt_no]
        for note in found
    ]  # fmt: skip


def said(note: Told) -> str:
    """What a note is about, an approval's action and a printer in words."""
    kind = {"approval": "approved", "reprint": "till_printer"}.get(note.kind)
    return words(kind, note.what) if kind else note.what


bp.add_app_template_filter(said, "control_said")
