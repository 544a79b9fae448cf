"""The safes of the office: what is in them, and cash fetched from the bank for floats."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.ledger import queries
from pos.ledger.forms import parse_funding, parse_money
from pos.ledger.queries import money as money_queries
from pos.ledger.queries.coverage import coverage_of
from pos.ledger.service import fund_safe
from pos.ledger.service.money import write_money
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


def _operator(action: str) -> tuple[str, list[tuple[str, str]]]:
    allowed = money_queries.list_operators(db.session(), viewer().ids(action, "operator"))
    asked = request.values.get("operator", "") or (allowed[0][0] if allowed else "")
    if asked not in {id_ for id_, _ in allowed}:
        raise NotFound("access.not_here")
    return asked, allowed


@bp.get("/money")
@requires("ledger.read")
def money() -> ResponseReturnValue:
    """Is what producers are owed covered; bags, shortages, capital and withdrawals."""
    operator_id, allowed = _operator("ledger.read")
    session = db.session()
    sites = [s for s in queries.list_safes(session, reach(viewer(), "safe.write")) if s.balance_vnd > 0]
    return page(
        "ledger/money.html", operator_id=operator_id, operators=allowed,
        coverage=coverage_of(session, operator_id, on=today()), bags=money_queries.list_bags(session, operator_id),
        off=money_queries.list_off(session, operator_id), papers=money_queries.list_papers(session, operator_id),
        safes=sites, may_write=viewer().may("safe.write", operator=operator_id),
    )  # fmt: skip


@bp.post("/money")
@requires("safe.write")
def money_paper() -> ResponseReturnValue:
    """Write one down: capital, a bag handed over or credited, a shortage decided, a withdrawal, a top-up."""
    operator_id, _ = _operator("safe.write")
    asked = parse_money(request.form)
    if asked.kind == "bag":
        safes = queries.list_safes(db.session(), reach(viewer(), "safe.write"))
        if asked.of not in {safe.site_id for safe in safes}:
            raise NotFound("access.not_here")
    if asked.kind == "bag_credited" and asked.of not in {
        bag.paper_id for bag in money_queries.list_bags(db.session(), operator_id)
    }:
        raise NotFound("money.unknown")
    with unit_of_work() as session:
        write_money(
            session, operator_id, asked.kind, of=asked.of, amount_vnd=asked.amount_vnd, note=asked.note, day=today(),
            at=now(), by=viewer().id,
        )  # fmt: skip
    return gone(url_for("ledger.money", operator=operator_id))
