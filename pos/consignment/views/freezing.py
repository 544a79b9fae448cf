"""A freeze of many producers while it runs: how far it is, then the statements it made."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires
from pos.consignment.queries.freezing import get_freezing
from pos.consignment.views.blueprint import bp
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.kernel.ids import is_id
from pos.web.pages import gone, htmx, page


@bp.get("/statements/run/<name>")
@requires("statement.read")
def freezing(name: str) -> ResponseReturnValue:
    """Progress; asked every second by the page itself. Leads to the statements once all is frozen."""
    if not is_id(name):
        raise NotFound("statement.unknown")
    found = get_freezing(db.session(), name)
    here("statement.read", operator=found.operator_id)
    if found.over:
        return gone(url_for("consignment.statements", operator=found.operator_id, state="frozen"))
    part = "consignment/_freezing.html" if htmx else "consignment/freezing.html"
    return page(part, found=found, name=name)
