"""The journal of a period as CSV or XLSX, in our columns or those of another program. Goes out as it is read."""

from __future__ import annotations

from flask import Response, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pos.access.guards import requires
from pos.kernel.clock import local, now
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.reports.adapters.journal_files import csv_chunks, maps, rows_of, sheet_chunks
from pos.reports.adapters.packages import package_chunks
from pos.reports.queries.books.package import about, package_files
from pos.reports.queries.books.taken import count_entries, entries_in
from pos.reports.views.books.blueprint import books_of, bp
from pos.web.pages import page
from pos.web.tables import TYPES


@bp.get("/export")
@requires("ledger.read")
def exports() -> ResponseReturnValue:
    """Which days, which columns, and how many entries that is."""
    books = books_of("ledger.read", in_part=True)
    count = count_entries(db.session(), books.operator_id, books.from_on, books.until_on, sites=books.sites)
    return page("reports/books/exports.html", books=books, maps=list(maps().values()), count=count)


@bp.get("/journal.<any(csv, xlsx):ext>")
@requires("ledger.read")
def journal_file(ext: str) -> ResponseReturnValue:
    """CSV leaves while it is read; XLSX is written row by row beside and then sent."""
    books, session = books_of("ledger.read", in_part=True), db.session()
    asked = maps().get(request.args.get("map", "plain"))
    if asked is None:
        raise NotFound("books.no_map")
    rows = rows_of(asked, entries_in(session, books.operator_id, books.from_on, books.until_on, sites=books.sites))
    name = f"nhat-ky-{asked.code}-{books.from_on.isoformat()}-{books.until_on.isoformat()}.{ext}"
    chunks = csv_chunks(asked.heads, rows) if ext == "csv" else sheet_chunks(asked.heads, rows, title=_("Nhật ký"))
    made = Response(stream_with_context(chunks), mimetype=TYPES[ext])
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    made.headers["Cache-Control"] = "no-store"
    return made


@bp.get("/package.zip")
@requires("ledger.read")
def package() -> ResponseReturnValue:
    """Gói kiểm tra: journal, balances, slips, seals and statements of these days with their hashes, as it is read."""
    books, session, at = books_of("ledger.read"), db.session(), now()
    told = about(session, books.operator_id, books.from_on, books.until_on, at=at)
    here = local(at)
    chunks = package_chunks(
        package_files(session, books.operator_id, books.from_on, books.until_on), told,
        stamp=(here.year, here.month, here.day, here.hour, here.minute, here.second),
    )  # fmt: skip
    made = Response(stream_with_context(chunks), mimetype="application/zip")
    name = f"goi-kiem-tra-{books.from_on.isoformat()}-{books.until_on.isoformat()}.zip"
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    made.headers["Cache-Control"] = "no-store"
    return made
