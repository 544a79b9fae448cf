"""A file of products in the office: upload, look at every change and every problem, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from flask import Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.catalogue.adapters import MAX_BYTES, uploads, written_csv
from pos.catalogue.imports import FileRead, Problem, read_file
from pos.catalogue.service.imports import Plan, carry_out, plan_import
from pos.catalogue.views.office import bp, operator_asked
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.web.fields import errors_of
from pos.web.pages import gone, page, page_no

T = TypeVar("T")
PAGE = 100
SHOWN = ("changed", "new", "same")
SAMPLE = (
    ("Tên sản phẩm", "Chủ thể", "Xã/phường", "Mã nhóm", "Hạng sao", "Số quyết định", "Ngày công nhận", "Đơn vị tính",
     "Giá bán", "Thuế suất", "Mã vạch"),
    ("Chè sen (ví dụ)", "Hợp tác xã Ví Dụ", "Phường Tây Hồ", "I.5.a", "4 sao", "123/QĐ-UBND", "22/11/2025", "hộp 100 g",
     "125.000 đ", "8%", ""),
    ("Bát gốm (ví dụ)", "Hộ kinh doanh Ví Dụ", "Xã Bát Tràng", "IV.1", "3 sao", "", "", "chiếc", "85k", "8%", ""),
)  # fmt: skip


@dataclass(frozen=True)
class _Upload:
    id: str
    name: str
    operator_id: str
    operator: str
    data: bytes


def _folder() -> Path:
    return Path(current_app.instance_path) / "imports"


def _upload(upload_id: str) -> _Upload:
    """The file of this person, for an operator still within reach. Raises NotFound."""
    found = uploads.find(_folder(), upload_id)
    if found is None or found[0]["by"] != viewer().id:
        raise NotFound("access.not_here")
    about, data = found
    operators = operator_asked("product.write")[1]
    operator = next((o for o in operators if o.id == about["operator"]), None)
    if operator is None:
        raise NotFound("access.not_here")
    return _Upload(upload_id, about["name"], operator.id, operator.name, data)


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
    """Take the file and lead to its preview."""
    operator, _ = operator_asked("product.write")
    reach(viewer(), "product.write").need(operator=operator.id if operator else None)
    assert operator is not None
    file = request.files.get("file")
    data = file.read(MAX_BYTES + 1) if file else b""
    if file:
        file.close()
    if file is None or not data:
        return _ask(errors_of(Invalid("field.required"), "file"), 422)
    about = {"name": (file.filename or "?")[-120:], "operator": operator.id, "by": viewer().id}
    return gone(url_for("catalogue.product_import_look", upload_id=uploads.keep(_folder(), data, about)))


@bp.get("/products/import/<upload_id>")
@requires("product.write")
def product_import_look(upload_id: str) -> ResponseReturnValue:
    """What the file would change, row by row; or what to mend, cell by cell."""
    upload = _upload(upload_id)
    read, plan = _considered(upload)
    problems = read.problems or (plan.problems if plan else [])
    if problems or plan is None:
        return _mend(upload, read, problems)
    counts = plan.counts()
    show = request.args.get("show", next((what for what in SHOWN if counts[what]), "same"))
    show = show if show in SHOWN else "changed"
    chosen = [change for change in plan.changes if change.what == show]
    return page(
        "catalogue/import_look.html",
        upload=upload,
        read=read,
        counts=counts,
        producers=plan.done.producers,
        show=show,
        changes=_part(chosen),
        more=_more(upload, len(chosen), show=show),
    )


def _mend(upload: _Upload, read: FileRead, problems: list[Problem]) -> ResponseReturnValue:
    return page(
        "catalogue/import_mend.html",
        upload=upload,
        read=read,
        count=len(problems),
        problems=_part(problems),
        more=_more(upload, len(problems)),
    )


def _part(rows: Sequence[T]) -> Sequence[T]:
    return rows[(page_no() - 1) * PAGE : page_no() * PAGE]


def _more(upload: _Upload, count: int, show: str | None = None) -> str | None:
    if count <= page_no() * PAGE:
        return None
    return url_for("catalogue.product_import_look", upload_id=upload.id, show=show, page=page_no() + 1)


def _considered(upload: _Upload) -> tuple[FileRead, Plan | None]:
    read = read_file(upload.data, upload.name)
    if read.problems:
        return read, None
    return read, plan_import(db.session(), read.good, operator_id=upload.operator_id, at=now())


@bp.post("/products/import/<upload_id>")
@requires("product.write")
def product_import_apply(upload_id: str) -> ResponseReturnValue:
    """Write all of it in one unit of work, from a plan made inside it; with a problem meanwhile, nothing."""
    upload = _upload(upload_id)
    read = read_file(upload.data, upload.name)
    if not read.problems:
        with unit_of_work() as session:
            plan = plan_import(session, read.good, operator_id=upload.operator_id, at=now())
            if not plan.problems:
                carry_out(session, plan)
        if not plan.problems:
            uploads.forget(_folder(), upload.id)
            new, changed, same = plan.counts().values()
            done = url_for(
                "catalogue.product_imported", operator=upload.operator_id, new=new, changed=changed, same=same
            )
            return gone(done)
    return gone(url_for("catalogue.product_import_look", upload_id=upload.id))


@bp.get("/products/imported")
@requires("product.write")
def product_imported() -> ResponseReturnValue:
    """What the import did."""
    operator, _ = operator_asked("product.write")
    counts = {what: request.args.get(what, 0, type=int) for what in SHOWN}
    return page("catalogue/import_done.html", counts=counts, operator=operator)


@bp.get("/products/import/<upload_id>/problems.csv")
@requires("product.write")
def product_import_problems(upload_id: str) -> ResponseReturnValue:
    """The list of what to mend, to give to whoever made the file."""
    read, plan = _considered(_upload(upload_id))
    problems = read.problems or (plan.problems if plan else [])
    rows = [(p.row or "", p.column, p.value, p.expected, p.expected_en) for p in problems]
    return _csv([("Dòng", "Cột", "Đang là", "Cần là", "Expected"), *rows], "can-sua.csv")


@bp.get("/products/import/sample.csv")
@requires("product.write")
def product_import_sample() -> ResponseReturnValue:
    """A file to fill in."""
    return _csv(SAMPLE, "mau-nhap-hang.csv")


def _csv(rows: Sequence[Sequence[object]], name: str) -> Response:
    made = Response(written_csv(rows), mimetype="text/csv")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made
