"""Until when a VAT rate is lowered: the law's period, and those an administrator adds for the whole installation."""

from __future__ import annotations

from datetime import date, timedelta

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.catalogue import service
from pos.catalogue.cuts import DAY
from pos.catalogue.forms import CutForm
from pos.catalogue.queries import cuts as queries
from pos.catalogue.views.office import bp
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.web.fields import errors_of
from pos.web.pages import gone, page


@bp.get("/vat-cuts")
@requires("product.read")
def vat_cuts() -> ResponseReturnValue:
    """The periods, what comes after them, and how many goods they concern."""
    return _cuts({}, {})


def _cuts(values: dict[str, str], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    session = db.session()
    found = sorted(queries.list_cuts(session), key=lambda cut: cut.starts_on, reverse=True)
    last = max((cut.ends_on for cut in found), default=date.min)
    values = values or {"starts_on": (last + DAY).isoformat(), "ends_on": "", "cut": "8", "full": "10", "source": ""}
    made = page(
        "catalogue/vat_cuts.html",
        cuts=found,
        lowered={cut.cut_bp: queries.count_lowered(session, cut.cut_bp) for cut in found},
        values=values,
        errors=errors,
        today=today(),
        day_after=timedelta(days=1),
        may_write=viewer().may("vat.write"),
    )
    return made, status  # type: ignore[return-value]


@bp.post("/vat-cuts")
@requires("vat.write")
def vat_cut_add() -> ResponseReturnValue:
    """The law lowers the rate for longer: one line here, and all goods of that rate follow."""
    try:
        asked = CutForm.parse(request.form)
        with unit_of_work() as session:
            service.extend_cut(
                session, starts_on=asked.starts_on, ends_on=asked.ends_on, source=asked.source, cut_bp=asked.cut_bp,
                full_bp=asked.full_bp, at=now(), by=viewer().id,
            )  # fmt: skip
    except (Invalid, Conflict) as trouble:
        return _cuts(request.form.to_dict(), errors_of(trouble, "ends_on"), 422)
    return gone(url_for("catalogue.vat_cuts"))
