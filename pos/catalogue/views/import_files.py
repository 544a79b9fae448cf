"""Files to take away: a sample to fill in, and the list of what to mend."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response
from flask.typing import ResponseReturnValue

from pos.access.guards import requires
from pos.catalogue.adapters import written_csv
from pos.catalogue.views.imports import looked, upload_of
from pos.catalogue.views.office import bp

SAMPLE = (
    ("Tên sản phẩm", "Chủ thể", "Xã/phường", "Mã nhóm", "Hạng sao", "Số quyết định", "Ngày công nhận", "Đơn vị tính",
     "Giá bán", "Thuế suất", "Mã vạch"),
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


@bp.get("/products/import/sample.csv")
@requires("product.write")
def product_import_sample() -> ResponseReturnValue:
    """A file to fill in."""
    return sent_csv(SAMPLE, "mau-nhap-hang.csv")


def sent_csv(rows: Sequence[Sequence[object]], name: str) -> Response:
    """A CSV to download."""
    made = Response(written_csv(rows), mimetype="text/csv")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made
