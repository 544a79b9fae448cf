"""What both halves share: the blueprint, the language, the operator asked for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask_babel import get_locale

from pos.access.guards import viewer
from pos.consignment.queries import statements as queries
from pos.consignment.rules.paper import step_label as label
from pos.kernel.db import db
from pos.kernel.errors import NotFound

bp = Blueprint("consignment", __name__)


def language() -> str:
    """`vi` or `en`, of this request."""
    return "en" if str(get_locale()) == "en" else "vi"


@bp.app_template_filter("step_label")
def step_label(step: Any) -> str:
    """The words of a rung, in the language of the request."""
    code, bp_ = (step["code"], step["bp"]) if isinstance(step, dict) else (step.code, step.bp)
    return label(code, bp_, language())


def operator_asked(action: str) -> tuple[str, list[tuple[str, str]]]:
    """(the operator asked for or the first allowed, all allowed as (id, name)). Raises NotFound."""
    allowed = list(queries.operators_of(db.session(), viewer().ids(action, "operator")))
    asked = request.values.get("operator", "") or (allowed[0][0] if allowed else "")
    if asked not in {id_ for id_, _ in allowed}:
        raise NotFound("access.not_here")
    return asked, allowed
