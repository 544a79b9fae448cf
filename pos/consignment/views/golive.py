"""The day an operator begins: upload the workbook, see what it opens against its control totals, all or nothing."""

from __future__ import annotations

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.catalogue import import_jobs as jobs
from pos.catalogue.adapters import MAX_BYTES, written_csv
from pos.catalogue.uploaded import Upload, at_work, get_upload, keep_upload, promise_step
from pos.consignment.golive import jobs as golive_jobs
from pos.consignment.golive import queries
from pos.consignment.golive.jobs import GOLIVE, Look
from pos.consignment.golive.service import undo_golive
from pos.consignment.golive.sheets import CONTROL_TITLES, SHEETS
from pos.consignment.golive.template import golive_template
from pos.consignment.queries.statements import operators_of
from pos.consignment.views.blueprint import bp, operator_asked
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from pos.web.fields import errors_of
from pos.web.pages import gone, page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 200  # rows of a sheet that its preview shows


def _mine(action: str) -> dict[str, str]:
    return dict(operators_of(db.session(), viewer().ids(action, "operator")))


def _upload(upload_id: str) -> Upload:
    return get_upload(upload_id, kind=GOLIVE, by=viewer().id, operators=_mine("golive.write"))


@bp.get("/golive")
@requires("golive.write")
def golive() -> ResponseReturnValue:
    """Choose a workbook; those taken in before."""
    return _ask({})


def _ask(errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    operator_id, allowed = operator_asked("golive.write")
    made = page(
        "consignment/golive.html", operator_id=operator_id, operators=allowed, errors=errors,
        most=MAX_BYTES // 1024 // 1024, opened=queries.list_opened(db.session(), [id_ for id_, _ in allowed]),
    )  # fmt: skip
    return made, status  # type: ignore[return-value]


@bp.get("/golive/template.xlsx")
@requires("golive.write")
def golive_sample() -> ResponseReturnValue:
    """The workbook to fill in."""
    made = Response(golive_template(), mimetype=XLSX)
    made.headers["Content-Disposition"] = 'attachment; filename="mau-mo-so.xlsx"'
    return made


@bp.post("/golive")
@requires("golive.write")
def golive_read() -> ResponseReturnValue:
    """Take the workbook and lead to its preview; a large one is read by the outbox meanwhile."""
    operator_id, _ = operator_asked("golive.write")
    here("golive.write", operator=operator_id)
    try:
        upload_id = keep_upload(request.files.get("file"), kind=GOLIVE, by=viewer().id, operator_id=operator_id)
    except Invalid as trouble:
        return _ask(errors_of(trouble, "file"), 422)
    return gone(url_for("consignment.golive_look", upload_id=upload_id))


@bp.get("/golive/look/<upload_id>")
@requires("golive.write")
def golive_look(upload_id: str) -> ResponseReturnValue:
    """What it would open, against the control totals; or what to mend, cell by cell; or how far it is."""
    progress = jobs.progress_of(upload_id)
    if progress and progress.stage == jobs.DONE:
        return gone(url_for("consignment.golive_opened", golive_id=progress.run_id))
    upload = _upload(upload_id)
    if progress and (progress.running or progress.stage == jobs.FAILED):
        return page("consignment/golive_progress.html", upload=upload, progress=progress, **_paths(upload_id))
    look = _looked(upload)
    if look.problems:
        return page("consignment/golive_mend.html", upload=upload, problems=look.problems[:MOST], look=look)
    return page(
        "consignment/golive_look.html", upload=upload, look=look, titles=CONTROL_TITLES, most=MOST, sheets=SHEETS
    )


def _looked(upload: Upload) -> Look:
    found = golive_jobs.look_of(upload.id)
    if found is None:
        golive_jobs.look(upload.id, at=now())
        found = golive_jobs.look_of(upload.id)
        assert found is not None
    return found


@bp.get("/golive/look/<upload_id>/progress")
@requires("golive.write")
def golive_progress(upload_id: str) -> ResponseReturnValue:
    """How far a large workbook is; once it is through, the page that follows."""
    progress = jobs.progress_of(upload_id)
    if progress is None or not (progress.running or progress.stage == jobs.FAILED):
        return gone(url_for("consignment.golive_look", upload_id=upload_id))
    upload = _upload(upload_id)
    return page("catalogue/_import_progress.html", upload=upload, progress=progress, **_paths(upload_id))


def _paths(upload_id: str) -> dict[str, str]:
    poll = url_for("consignment.golive_progress", upload_id=upload_id)
    return {"poll": poll, "again": url_for("consignment.golive")}


@bp.get("/golive/look/<upload_id>/problems.csv")
@requires("golive.write")
def golive_problems(upload_id: str) -> ResponseReturnValue:
    """The list of what to mend, to give to whoever made the workbook."""
    problems = _looked(_upload(upload_id)).problems
    rows = [(p.row or "", p.column, p.value, p.expected, p.expected_en) for p in problems]
    made = Response(written_csv([("Dòng", "Cột", "Đang là", "Cần là", "Expected"), *rows]), mimetype="text/csv")
    made.headers["Content-Disposition"] = 'attachment; filename="can-sua-mo-so.csv"'
    return made


@bp.post("/golive/look/<upload_id>")
@requires("golive.write")
def golive_apply(upload_id: str) -> ResponseReturnValue:
    """Open the books in one unit of work; with a problem meanwhile, nothing."""
    back = gone(url_for("consignment.golive_look", upload_id=upload_id))
    if at_work(upload_id):
        return back
    if _upload(upload_id).large:
        promise_step(upload_id, jobs.APPLY, kind=GOLIVE)
        return back
    golive_jobs.apply(upload_id, at=now())
    return back


@bp.get("/golive/<golive_id>")
@requires("golive.write")
def golive_opened(golive_id: str) -> ResponseReturnValue:
    """What was opened, by which papers, and the button that takes it back."""
    found = queries.get_opened(db.session(), list(_mine("golive.write")), golive_id)
    return page("consignment/golive_opened.html", found=found, golive=found.golive, titles=CONTROL_TITLES)


@bp.post("/golive/<golive_id>/undo")
@requires("golive.write")
def golive_undo(golive_id: str) -> ResponseReturnValue:
    """All of it back, by opposite papers; or a sentence why not, and nothing done."""
    queries.get_opened(db.session(), list(_mine("golive.write")), golive_id)
    with unit_of_work() as session:
        undo_golive(session, golive_id, at=now(), by=viewer().id)
    return gone(url_for("consignment.golive_opened", golive_id=golive_id))
