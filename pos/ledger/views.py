"""The safes of the office: what is in them, and cash fetched from the bank for floats."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from pos.ledger import queries
from pos.ledger.forms import parse_funding
from pos.ledger.service import fund_safe
from pos.web.fields import errors_of
from pos.web.pages import gone, page

bp = Blueprint("ledger", __name__, url_prefix="/office/safe")


@bp.get("")
@requires("ledger.read")
def safes() -> ResponseReturnValue:
    """Each safe with its balance, and the newest documents."""
    return _page({}, {})


def _page(values: dict[str, str], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    session, may_write = db.session(), viewer().may("safe.write")
    made = page(
        "ledger/safe.html",
        safes=queries.list_safes(session, reach(viewer(), "ledger.read")),
        papers=queries.list_fundings(session, reach(viewer(), "ledger.read")),
        sites=queries.list_safes(session, reach(viewer(), "safe.write")) if may_write else [],
        values={"business_date": today().isoformat(), **values},
        errors=errors,
        may_write=may_write,
    )
    return made, status  # type: ignore[return-value]


@bp.post("")
@requires("safe.write")
def fund() -> ResponseReturnValue:
    """Write down cash from the bank: the document and its entry."""
    mine, by = reach(viewer(), "safe.write"), viewer().id
    sites = [safe.site_id for safe in queries.list_safes(db.session(), mine)]
    try:
        asked = parse_funding(request.form, sites, today=today())
        with unit_of_work() as session:
            fund_safe(
                session, site_id=asked.site_id, amount_vnd=asked.amount_vnd, day=asked.business_date, at=now(), by=by,
                note=asked.note,
            )  # fmt: skip
    except Invalid as trouble:
        return _page(request.form.to_dict(), errors_of(trouble, "amount"), 422)
    return gone(url_for("ledger.safes"))
