"""Terms of many at once: a rate for everybody shown first, and rates by product, group, price or fair."""

from __future__ import annotations

from datetime import timedelta

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.consignment.forms.rates import BulkForm, RateForm
from pos.consignment.queries import rates as queries
from pos.consignment.service.agreements import agree_in_bulk, rule_commission
from pos.consignment.views.blueprint import bp, operator_asked
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.web.fields import errors_of
from pos.web.pages import gone, page


@bp.get("/agreements/bulk")
@requires("agreement.write")
def bulk() -> ResponseReturnValue:
    """Another commission or pay day for many: who would get it, from what to what; nothing is written."""
    operator_id, allowed = operator_asked("agreement.write")
    values, errors = request.args.to_dict(), {}
    touched = None
    if "starts_on" in values:
        try:
            asked = BulkForm.parse(request.args, today())
            touched = queries.list_touched(
                db.session(), operator_id, starts_on=asked.starts_on, commission_bp=asked.commission_bp,
                pay_weekday=asked.pay_weekday,
            )  # fmt: skip
        except Invalid as trouble:
            errors = errors_of(trouble, "starts_on")
    made = page(
        "consignment/bulk.html", operator_id=operator_id, operators=allowed, values=values, errors=errors,
        touched=touched, first_day=today() + timedelta(days=1),
    )  # fmt: skip
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/agreements/bulk")
@requires("agreement.write")
def bulk_apply() -> ResponseReturnValue:
    """Write it down for those ticked."""
    operator_id, _ = operator_asked("agreement.write")
    here("agreement.write", operator=operator_id)
    asked = BulkForm.parse(request.form, today())
    with unit_of_work() as session:
        agree_in_bulk(
            session, operator_id, request.form.getlist("producer"), starts_on=asked.starts_on, at=now(),
            by=viewer().id, **asked.changes,
        )  # fmt: skip
    return gone(url_for("consignment.agreements_list", operator=operator_id, agreed="yes"))


@bp.get("/agreements/rates")
@requires("agreement.read")
def rates() -> ResponseReturnValue:
    """Every rule of commission besides the agreements, the newest first, and the form for one more."""
    operator_id, _ = operator_asked("agreement.read")
    return _rates(operator_id, {}, {})


def _rates(operator_id: str, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    _, allowed = operator_asked("agreement.read")
    session = db.session()
    made = page(
        "consignment/rates.html", operator_id=operator_id, operators=allowed, values=values, errors=errors,
        rules=queries.list_rules(session, operator_id), first_day=today() + timedelta(days=1), today=today(),
        choices=queries.scopes_of(session, operator_id),
        may_write=viewer().may("agreement.write", operator=operator_id),
    )  # fmt: skip
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/agreements/rates")
@requires("agreement.write")
def rate_new() -> ResponseReturnValue:
    """One more rule."""
    operator_id, _ = operator_asked("agreement.write")
    here("agreement.write", operator=operator_id)
    try:
        asked = RateForm.parse(request.form, queries.scopes_of(db.session(), operator_id))
        with unit_of_work() as session:
            rule_commission(
                session, operator_id, scope_kind=asked.kind, scope_id=asked.scope_id, producer_id=asked.producer_id,
                commission_bp=asked.commission_bp, from_price_vnd=asked.from_price_vnd, starts_on=asked.starts_on,
                at=now(), by=viewer().id,
            )  # fmt: skip
    except (Invalid, Conflict) as trouble:
        return _rates(operator_id, request.form.to_dict(), errors_of(trouble, "starts_on"))
    return gone(url_for("consignment.rates", operator=operator_id))
