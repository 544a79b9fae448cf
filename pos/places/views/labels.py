"""The page of the labels an operator's tills read: scales that print a price or a weight into a barcode."""

from __future__ import annotations

import json

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from pos.places import queries, service
from pos.places.labels import read_patterns
from pos.places.views.blueprint import bp
from pos.web.fields import errors_of
from pos.web.pages import gone, page


@bp.get("/operators/<operator_id>/labels")
@requires("place.read")
def labels(operator_id: str) -> ResponseReturnValue:
    """The patterns, one per line."""
    return _labels(operator_id, None, {})


def _labels(operator_id: str, typed: str | None, errors: dict[str, str]) -> ResponseReturnValue:
    reach(viewer(), "place.read").need(operator=operator_id)
    operator = queries.get_operator(db.session(), operator_id)
    kept = [p["mask"] + (f" x {p['scale']}" if p["scale"] != 1 else "") for p in json.loads(operator.label_patterns)]
    made = page(
        "places/labels.html",
        operator=operator,
        values={"patterns": "\n".join(kept) if typed is None else typed},
        errors=errors,
        saved=request.args.get("saved") == "1",
        may_write=viewer().may("place.write", operator=operator_id),
    )
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/operators/<operator_id>/labels")
@requires("place.write")
def change_labels(operator_id: str) -> ResponseReturnValue:
    """Keep them: tills take them with their next look at the catalogue."""
    reach(viewer(), "place.write").need(operator=operator_id)
    typed = request.form.get("patterns", "")
    patterns = read_patterns(typed)
    if patterns is None:
        return _labels(operator_id, typed, errors_of(Invalid("place.label_pattern"), "patterns"))
    with unit_of_work() as session:
        service.change_labels(session, operator_id, patterns)
    return gone(url_for("places.labels", operator_id=operator_id, saved=1))
