"""Files to take away: a sample to fill in, what is sold, the list of what to mend."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response
from flask.typing import ResponseReturnValue

from pos.access.guards import requires
from pos.catalogue.adapters import written_csv
from pos.catalogue.adapters.workbooks import written_xlsx
from pos.catalogue.queries.export import TITLES, offered_rows
from pos.catalogue.views.imports import looked, upload_of
from pos.catalogue.views.office import bp, operator_asked
from pos.kernel.clock import now, today
from pos.kernel.db import db
from pos.kernel.errors import NotFound

SAMPLE = (
    ("Tên sản phẩm", "Chủ thể", "Xã/phường", "Mã nhóm", "Hạng sao", "Số quyết định", "Ngày công nhận", "Đơn vị tính",
     "Giá bán", "Thuế suất", "Mã vạch (nhiều mã cách nhau bằng dấu ;)"),
    ("Chè sen (ví dụ)", "Hợp tác xã Ví Dụ", "Phường Tây Hồ", "I.5.a", "4 sao", "123/QĐ-UBND", "22/11/2025", "hộp 100 g",
     "125.000 đ", "8%", ""),
    ("Bát gốm (ví dụ)", "Hộ kinh doanh Ví Dụ", "Xã Bát Tràng", "IV.1", "3 sao", "", "", "chiếc", "85k", "8%", ""),
)  # fmt: skip


@bp.get("/products/import/<upload_id>/problems.csv")
@requires("product.write")
def product_import_problems(upload_id: str) -> ResponseReturnValue:
    """The list of what to mend, to give to whoever made the file."""
    problems = looked(upload_of(upload_id)).problems
    rows = [(p.row or "", p.column, p.value, p.expected, p.expected_en) for p in problems]
    return sent_csv([("Dòng", "Cột", "Đang là", "Cần là", "Expected"), *rows], "can-sua.csv")


@bp.get("/products/import/sample.<any(csv, xlsx):kind>")
@requires("product.write")
def product_import_sample(kind: str) -> ResponseReturnValue:
    """A file to fill in."""
    if kind == "xlsx":
        return sent_xlsx(written_xlsx("Hàng hóa", SAMPLE[0], SAMPLE[1:]), "mau-nhap-hang.xlsx")
    return sent_csv(SAMPLE, "mau-nhap-hang.csv")


@bp.get("/products/export.<any(csv, xlsx):kind>")
@requires("product.read")
def product_export(kind: str) -> ResponseReturnValue:
    """What an operator sells, as a file that an import reads back: change it there, bring it in here."""
    operator, _ = operator_asked("product.read")
    if operator is None:
        raise NotFound("access.not_here")
    rows = offered_rows(db.session(), operator.id, at=now(), day=today())
    name = f"hang-hoa-{operator.code}-{today().isoformat()}.{kind}".lower()
    if kind == "xlsx":
        return sent_xlsx(written_xlsx("Hàng hóa", TITLES, rows), name)
    return sent_csv([TITLES, *rows], name)


def sent_xlsx(data: bytes, name: str) -> Response:
    """A workbook to download."""
    made = Response(data, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made


def sent_csv(rows: Sequence[Sequence[object]], name: str) -> Response:
    """A CSV to download."""
    made = Response(written_csv(rows), mimetype="text/csv")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made
