"""A file of products in the office: upload, look at every change and every problem, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.catalogue import import_jobs as jobs
from pos.catalogue.adapters import MAX_BYTES
from pos.catalogue.import_jobs import Look
from pos.catalogue.queries.makers import guess_makers, maker_names
from pos.catalogue.uploaded import Upload, at_work, get_upload, keep_upload, promise_step
from pos.catalogue.views.office import bp, operator_asked
from pos.kernel.clock import now
from pos.kernel.db import db
from pos.kernel.errors import Invalid
from pos.web.fields import errors_of
from pos.web.pages import gone, page, page_no

T = TypeVar("T")
PAGE = 100
SHOWN = ("changed", "new", "same")


def upload_of(upload_id: str) -> Upload:
    """The file of this person, for an operator still within reach. Raises NotFound."""
    operators = {operator.id: operator.name for operator in operator_asked("product.write")[1]}
    return get_upload(upload_id, kind=jobs.IMPORT, by=viewer().id, operators=operators)


@bp.get("/products/import")
@requires("product.write")
def product_import() -> ResponseReturnValue:
    """Choose a file; nothing is written before its preview was seen."""
    return _ask({})


def _ask(errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    operator, operators = operator_asked("product.write")
    made = page(
        "catalogue/import.html", operator=operator, operators=operators, errors=errors, most=MAX_BYTES // 1024 // 1024
    )
    return made, status  # type: ignore[return-value]


@bp.post("/products/import")
@requires("product.write")
def product_import_read() -> ResponseReturnValue:
    """Take the file and lead to its preview; a large one is read by the outbox meanwhile."""
    operator, _ = operator_asked("product.write")
    reach(viewer(), "product.write").need(operator=operator.id if operator else None)
    assert operator is not None
    try:
        upload_id = keep_upload(request.files.get("file"), kind=jobs.IMPORT, by=viewer().id, operator_id=operator.id)
    except Invalid as trouble:
        return _ask(errors_of(trouble, "file"), 422)
    return gone(url_for("catalogue.product_import_look", upload_id=upload_id))


@bp.get("/products/import/<upload_id>")
@requires("product.write")
def product_import_look(upload_id: str) -> ResponseReturnValue:
    """What the file would change, row by row; or what to mend, cell by cell; or how far it is."""
    progress = jobs.progress_of(upload_id)
    if progress and progress.stage == jobs.DONE:
        return gone(_after(progress.run_id))
    upload = upload_of(upload_id)
    if progress and (progress.running or progress.stage == jobs.FAILED):
        return page("catalogue/import_progress.html", upload=upload, progress=progress, **_paths(upload_id))
    look = looked(upload)
    if look.problems:
        return _mend(upload, look)
    if look.said:
        guesses = guess_makers(db.session(), look.said)
        names = maker_names(db.session())
        return page("catalogue/import_makers.html", upload=upload, look=look, guesses=guesses, producers=names)
    show = request.args.get("show", next((what for what in SHOWN if look.counts[what]), "same"))
    show = show if show in SHOWN else "changed"
    chosen = [change for change in look.changes if change["what"] == show]
    return page(
        "catalogue/import_look.html",
        upload=upload,
        look=look,
        counts=look.counts,
        show=show,
        changes=_part(chosen),
        more=_more(upload, len(chosen), show=show),
    )


@bp.post("/products/import/<upload_id>/makers")
@requires("product.write")
def product_import_makers(upload_id: str) -> ResponseReturnValue:
    """Who stands behind each supplier or brand; then the file is looked through again."""
    upload = upload_of(upload_id)
    said, named = request.form.getlist("said"), request.form.getlist("producer")
    makers = {value: " ".join(name.split())[:200] or value for value, name in zip(said, named, strict=False)}
    jobs.keep_makers(upload_id, makers)
    if upload.large:
        promise_step(upload_id, jobs.LOOK, kind=jobs.IMPORT)
    else:
        jobs.look(upload_id, at=now())
    return gone(url_for("catalogue.product_import_look", upload_id=upload_id))


def looked(upload: Upload) -> Look:
    """What was found in a file, looked through now if nobody has yet."""
    found = jobs.look_of(upload.id)
    if found is None:
        jobs.look(upload.id, at=now())
        found = jobs.look_of(upload.id)
        assert found is not None
    return found


def _mend(upload: Upload, look: Look) -> ResponseReturnValue:
    return page(
        "catalogue/import_mend.html",
        upload=upload,
        count=len(look.problems),
        problems=_part(look.problems),
        more=_more(upload, len(look.problems)),
    )


def _part(rows: Sequence[T]) -> Sequence[T]:
    return rows[(page_no() - 1) * PAGE : page_no() * PAGE]


def _more(upload: Upload, count: int, show: str | None = None) -> str | None:
    if count <= page_no() * PAGE:
        return None
    return url_for("catalogue.product_import_look", upload_id=upload.id, show=show, page=page_no() + 1)


@bp.get("/products/import/<upload_id>/progress")
@requires("product.write")
def product_import_progress(upload_id: str) -> ResponseReturnValue:
    """How far a large file is; once it is through, the page that follows."""
    progress = jobs.progress_of(upload_id)
    if progress and progress.stage == jobs.DONE:
        return gone(_after(progress.run_id))
    upload = upload_of(upload_id)
    if progress is None or not (progress.running or progress.stage == jobs.FAILED):
        return gone(url_for("catalogue.product_import_look", upload_id=upload_id))
    return page("catalogue/_import_progress.html", upload=upload, progress=progress, **_paths(upload_id))


def _paths(upload_id: str) -> dict[str, str]:
    poll = url_for("catalogue.product_import_progress", upload_id=upload_id)
    return {"poll": poll, "again": url_for("catalogue.product_import")}


def _after(run_id: str | None) -> str:
    return url_for("catalogue.product_imported", run_id=run_id) if run_id else url_for("catalogue.products")


@bp.post("/products/import/<upload_id>")
@requires("product.write")
def product_import_apply(upload_id: str) -> ResponseReturnValue:
    """Write all of it in one unit of work; with a problem meanwhile, nothing."""
    progress = jobs.progress_of(upload_id)
    if progress and progress.stage == jobs.DONE:
        return gone(_after(progress.run_id))  # the second tap
    upload = upload_of(upload_id)
    back = gone(url_for("catalogue.product_import_look", upload_id=upload.id))
    if at_work(upload_id):
        return back
    if upload.large:
        promise_step(upload_id, jobs.APPLY, kind=jobs.IMPORT)
        return back
    jobs.apply(upload_id, at=now())
    progress = jobs.progress_of(upload_id)
    return gone(_after(progress.run_id)) if progress and progress.stage == jobs.DONE else back
