"""Operators: who sells, and to which account a VietQR at their tills pays."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.access.rules import Spot
from pos.access.service.people import note
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.text import dong
from pos.places import queries, service
from pos.places.commands import Bank
from pos.places.forms import OperatorForm, parse_bank
from pos.places.models import Operator
from pos.places.views.blueprint import bank_values, bp
from pos.web.fields import errors_of
from pos.web.pages import gone, page


@bp.get("/operators")
@requires("place.read")
def operators() -> ResponseReturnValue:
    """The operators within reach."""
    found = queries.list_operators(db.session(), reach(viewer(), "place.read"))
    return page("places/operators.html", operators=found, may_write=viewer().may("operator.write"))


def _form(
    operator: Operator | None,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    bank: dict[str, str] | None = None,
    bank_errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    made = page(
        "places/operator.html",
        operator=operator,
        values=values,
        errors=errors,
        bank=bank if bank is not None else bank_values(operator) if operator else {},
        bank_errors=bank_errors or {},
        may_write=viewer().may("place.write", operator=operator.id) if operator else True,
    )
    return made, 422 if errors or bank_errors else 200  # type: ignore[return-value]


@bp.get("/operators/new")
@requires("operator.write")
def add_operator() -> ResponseReturnValue:
    """The form for a new operator."""
    return _form(None, {"cash_rounding": "500", "certificate_policy": "warn", "close_limit": "50.000"}, {})


@bp.post("/operators/new")
@requires("operator.write")
def create_operator() -> ResponseReturnValue:
    """Open an operator: its own books, chain and catalogue begin."""
    try:
        asked = OperatorForm.parse(request.form, new=True)
        with unit_of_work() as session:
            operator_id = service.open_operator(
                session, code=asked.code, name=asked.name, at=now(), tax_code=asked.tax_code, address=asked.address,
                phone=asked.phone, cash_rounding_vnd=asked.cash_rounding_vnd,
                certificate_policy=asked.certificate_policy, close_limit_vnd=asked.close_limit_vnd,
            ).id  # fmt: skip
    except (Invalid, Conflict) as trouble:
        return _form(None, request.form.to_dict(), errors_of(trouble, "code"))
    return gone(url_for("places.operator", operator_id=operator_id))


@bp.get("/operators/<operator_id>")
@requires("place.read")
def operator(operator_id: str) -> ResponseReturnValue:
    """One operator: its facts and its account."""
    reach(viewer(), "place.read").need(operator=operator_id)
    found = queries.get_operator(db.session(), operator_id)
    return _form(found, _values(found), {})


def _values(found: Operator) -> dict[str, str]:
    return {
        "name": found.name, "tax_code": found.tax_code or "", "address": found.address or "",
        "phone": found.phone or "", "cash_rounding": str(found.cash_rounding_vnd),
        "certificate_policy": found.certificate_policy, "close_limit": dong(found.close_limit_vnd),
    }  # fmt: skip


@bp.post("/operators/<operator_id>")
@requires("place.write")
def change_operator(operator_id: str) -> ResponseReturnValue:
    """Change its facts; tills take them with their next look at the catalogue."""
    reach(viewer(), "place.write").need(operator=operator_id)
    try:
        asked = OperatorForm.parse(request.form, new=False)
        with unit_of_work() as session:
            service.change_operator(
                session, operator_id, name=asked.name, tax_code=asked.tax_code, address=asked.address,
                phone=asked.phone, cash_rounding_vnd=asked.cash_rounding_vnd,
                certificate_policy=asked.certificate_policy, close_limit_vnd=asked.close_limit_vnd,
            )  # fmt: skip
    except Invalid as trouble:
        found = queries.get_operator(db.session(), operator_id)
        return _form(found, request.form.to_dict(), errors_of(trouble, "name"))
    return gone(url_for("places.operator", operator_id=operator_id))


@bp.post("/operators/<operator_id>/bank")
@requires("place.write")
def operator_bank(operator_id: str) -> ResponseReturnValue:
    """Set the account VietQR pays to; who did is kept."""
    reach(viewer(), "place.write").need(operator=operator_id)
    found = queries.get_operator(db.session(), operator_id)
    name, by = found.name, viewer().id
    try:
        asked = parse_bank(request.form)
        assert asked is not None
        with unit_of_work() as session:
            service.set_bank(
                session, operator_id, bank_bin=asked.bin, account=asked.account, holder=asked.holder
            )  # fmt: skip
            note(
                session, "bank.set", "operator", operator_id, by=by, at=now(), words=masked(asked),
                spot=Spot("operator", operator_id, name),
            )  # fmt: skip
    except Invalid as trouble:
        found = queries.get_operator(db.session(), operator_id)
        typed, errors = request.form.to_dict(), errors_of(trouble, "bank_account")
        return _form(found, _values(found), {}, bank=typed, bank_errors=errors)
    return gone(url_for("places.operator", operator_id=operator_id))


def masked(bank: Bank | None) -> str:
    """An account in the log: the bank and the last four."""
    return f"{bank.bin} ••{bank.account[-4:]}" if bank else "—"
