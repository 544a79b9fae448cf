"""Who bears a count's differences, as a piece of the count's page (stock cannot ask upwards)."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires
from pos.consignment.queries.losses import losses_of_count
from pos.consignment.views.blueprint import bp
from pos.kernel.db import db


@bp.get("/losses/count/<count_id>")
@requires("statement.read")
def count_losses(count_id: str) -> ResponseReturnValue:
    """Every divided difference, or that it is on its way."""
    operator_id, rows = losses_of_count(db.session(), count_id)
    here("statement.read", operator=operator_id)
    return render_template("consignment/_losses.html", rows=rows)
