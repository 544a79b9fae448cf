"""Imports carried out: what each brought, and taking one back as a whole."""

from __future__ import annotations

from flask import current_app, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.catalogue.queries.past_imports import get_import, list_imports
from pos.catalogue.service.import_undo import undo_import
from pos.catalogue.views.office import bp
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.web.pages import gone, page, page_no


@bp.get("/products/imports")
@requires("product.write")
def product_imports() -> ResponseReturnValue:
    """All imports, the newest first."""
    found, more = list_imports(db.session(), reach(viewer(), "product.write"), page=page_no())
    return page(
        "catalogue/imports.html",
        imports=found,
        more=url_for("catalogue.product_imports", page=page_no() + 1) if more else None,
    )


@bp.get("/products/imports/<run_id>")
@requires("product.write")
def product_imported(run_id: str) -> ResponseReturnValue:
    """What one import did, and the button that takes it back."""
    found = get_import(db.session(), reach(viewer(), "product.write"), run_id)
    return page("catalogue/import_done.html", past=found, run=found.run)


@bp.post("/products/imports/<run_id>/undo")
@requires("product.write")
def product_import_undo(run_id: str) -> ResponseReturnValue:
    """Everything as before the file; or a sentence why not, and nothing done."""
    get_import(db.session(), reach(viewer(), "product.write"), run_id)
    with unit_of_work() as session:
        undo_import(session, run_id, moved=current_app.extensions["pos_goods_moved"], at=now(), by=viewer().id)
    return gone(url_for("catalogue.product_imported", run_id=run_id))
