"""Goods nobody could name: the list, and the page where a person says whose they were."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.access.reach import reach
from pos.consignment.queries.agreements import versions_of
from pos.consignment.service.assignments import Plan, plan_owners
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import NotFound, Trouble
from pos.places.queries import get_operator
from pos.till.forms.owners import OwnerForm
from pos.till.queries import owners as queries
from pos.till.service.assignments import assign_lines
from pos.till.views.blueprint import bp
from pos.web.fields import errors_of
from pos.web.pages import gone, page, page_no

OWN = "own"


@bp.get("/owners")
@requires("owner.read")
def owners() -> ResponseReturnValue:
    """What waits, by goods, most money first; and what was said lately."""
    mine = reach(viewer(), "owner.read")
    found, more = queries.list_waiting(db.session(), mine, page=page_no())
    return page(
        "till/owners.html",
        found=found,
        more=url_for("till.owners", page=page_no() + 1) if more else None,
        total=queries.sum_waiting(db.session(), mine),
        said=queries.list_said(db.session(), mine),
        tab="owners",
    )


@bp.get("/owners/<operator_id>")
@requires("owner.read")
def owner(operator_id: str) -> ResponseReturnValue:
    """The waiting lines of one row of the list, and the form; ?producer= chooses whose terms are offered."""
    here("owner.read", operator=operator_id)
    return _form(operator_id, request.args.to_dict(), None, {})


@bp.post("/owners/<operator_id>/plan")
@requires("owner.assign")
def owner_plan(operator_id: str) -> ResponseReturnValue:
    """What the form as it stands would post. Writes nothing."""
    here("owner.assign", operator=operator_id)
    lines = _lines(operator_id, request.form.to_dict())
    return page("till/_owner_plan.html", plan=_planned(operator_id, lines), operator_id=operator_id)


@bp.post("/owners/<operator_id>")
@requires("owner.assign")
def owner_assign(operator_id: str) -> ResponseReturnValue:
    """All ticked lines in one unit, or none."""
    here("owner.assign", operator=operator_id)
    lines = _lines(operator_id, request.form.to_dict())
    try:
        asked = OwnerForm.parse(request.form, {line.key for line in lines})
        with unit_of_work() as session:
            assign_lines(session, asked.commands(operator_id), asked.reason, by=viewer().id, at=now())
    except Trouble as trouble:
        field = {"assign.cost_needed": "cost", "assign.no_version": "version"}.get(trouble.code, "line")
        return _form(operator_id, request.form.to_dict(), set(request.form.getlist("line")), errors_of(trouble, field))
    return gone(url_for("till.owners"))


def _lines(operator_id: str, values: dict[str, str]) -> list[queries.Line]:
    lines = queries.list_lines(db.session(), operator_id, values.get("product") or None, values.get("name", ""))
    if not lines:
        raise NotFound("assign.none_wait")
    return lines


def _form(
    operator_id: str, values: dict[str, str], ticked: set[str] | None, errors: dict[str, str]
) -> ResponseReturnValue:
    session = db.session()
    lines = _lines(operator_id, values)
    offered = queries.agreed_producers(session, operator_id)
    known = {id_ for id_, _ in offered}
    chosen = values.get("producer", "") or next((x.producer_id for x in lines if x.producer_id in known), None) or ""
    versions = list(versions_of(session, operator_id, chosen)) if chosen in known else []
    at_first = lines[0].business_date
    values = {"version": _in_force(versions, at_first), **values, "producer": chosen}
    made = page(
        "till/owner.html",
        operator=get_operator(session, operator_id),
        lines=lines,
        ticked={line.key for line in lines} if ticked is None else ticked,
        producers=offered,
        versions=versions,
        values=values,
        errors=errors,
        plan=None,
        may_assign=viewer().may("owner.assign", operator=operator_id),
    )
    return (made, 422) if errors else made  # type: ignore[return-value]


def _in_force(versions: list[Any], day: date) -> str:
    """The version that day, else the earliest: an assignment may name any, whatever its start."""
    return next((v.id for v in versions if v.starts_on <= day), versions[-1].id if versions else "")


def _planned(operator_id: str, lines: list[queries.Line]) -> dict[str, Any]:
    """Sums of what would be written, or why it cannot be."""
    try:
        asked = OwnerForm.parse(request.form, {line.key for line in lines})
        plans = plan_owners(db.session(), asked.commands(operator_id), at=now())
    except Trouble as trouble:
        return {"errors": errors_of(trouble, "line"), "sums": {}, "postings": [], "lines": 0}
    return {"errors": {}, "sums": sums_of(plans), "postings": postings_of(plans), "lines": len(plans)}


def sums_of(plans: list[Plan]) -> dict[str, int]:
    """What customers paid, and who gets what of it; returns taken off."""
    sums: dict[str, int] = defaultdict(int)
    for plan in plans:
        for share in plan.shares:
            for name in (
                "gross_vnd", "discount_producer_vnd", "discount_organizer_vnd", "discount_operator_vnd", "paid_vnd",
                "commission_vnd", "commission_vat_vnd", "cost_vnd", "producer_due_vnd", "vat_vnd",
            ):  # fmt: skip
                sums[name] += share[name]
    return dict(sums)


def postings_of(plans: list[Plan]) -> list[tuple[str, int]]:
    """(account, đồng) over all entries, debits first."""
    accounts: dict[str, int] = defaultdict(int)
    for plan in plans:
        for posting in plan.entry.postings:
            accounts[posting.account] += posting.amount_vnd
    return sorted(((account, vnd) for account, vnd in accounts.items() if vnd), key=lambda row: -row[1])
