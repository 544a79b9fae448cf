"""The office's printers: where each stands, its address, a test sheet."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from pos.receipts import queries, service
from pos.receipts.forms import parse_printer
from pos.receipts.models import Printer
from pos.web.fields import errors_of
from pos.web.pages import done, gone, page

bp = Blueprint("printers", __name__, url_prefix="/office/printers")
NEW = {"port": "9100", "width": "80", "drawer": "1", "talks_back": "1", "active": "1"}


@bp.get("")
@requires("place.read")
def printers() -> ResponseReturnValue:
    """All printers within reach with their last sheet."""
    found = queries.list_printers(db.session(), reach(viewer(), "place.read"))
    return page("receipts/printers.html", rows=found, may_write=viewer().may("place.write"))


def _form(
    printer: Printer | None, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> ResponseReturnValue:
    made = page(
        "receipts/printer.html",
        printer=printer,
        values=values,
        errors=errors,
        places=_places(printer),
        row=queries.list_printers(db.session(), reach(viewer(), "place.read"), printer.id)[0] if printer else None,
        may_write=viewer().may("place.write", operator=printer.operator_id) if printer else True,
    )
    return made, status  # type: ignore[return-value]


def _places(printer: Printer | None) -> list[tuple[str, str]]:
    """What it may serve: a printer stays with its operator, whose sheets it has printed."""
    found = queries.places_to_serve(db.session(), reach(viewer(), "place.write" if printer is None else "place.read"))
    return [(key, words) for key, words, operator_id in found if printer is None or operator_id == printer.operator_id]


@bp.get("/new")
@requires("place.write")
def add() -> ResponseReturnValue:
    """The form for a new printer; ?place= chooses whom it serves."""
    return _form(None, NEW | {"place": request.args.get("place", "")}, {})


@bp.post("/new")
@requires("place.write")
def create() -> ResponseReturnValue:
    """Keep a new printer."""
    offered = queries.places_to_serve(db.session(), reach(viewer(), "place.write"))
    operators = {key: operator_id for key, _, operator_id in offered}
    try:
        asked = parse_printer(request.form, operators.keys(), new=True)
        operator_id = operators[f"{asked.scope_kind}:{asked.scope_id}"]
        with unit_of_work() as session:
            printer_id = service.keep_printer(session, operator_id, None, asked).id
    except Invalid as trouble:
        return _form(None, request.form.to_dict(), errors_of(trouble, "host"), 422)
    return gone(url_for("printers.printer", printer_id=printer_id))


@bp.get("/<printer_id>")
@requires("place.read")
def printer(printer_id: str) -> ResponseReturnValue:
    """One printer, its last sheet, and the button of the test."""
    found = queries.get_printer(db.session(), printer_id)
    reach(viewer(), "place.read").need(operator=found.operator_id)
    values = {
        "place": f"{found.scope_kind}:{found.scope_id}", "name": found.name, "host": found.host,
        "port": str(found.port), "width": "58" if found.width_dots == 384 else "80",
        "drawer": "1" if found.drawer else "", "talks_back": "1" if found.talks_back else "",
        "active": "1" if found.active else "",
    }  # fmt: skip
    return _form(found, values, {})


@bp.post("/<printer_id>")
@requires("place.write")
def change(printer_id: str) -> ResponseReturnValue:
    """Keep what changed."""
    found = queries.get_printer(db.session(), printer_id)
    reach(viewer(), "place.write").need(operator=found.operator_id)
    operator_id = found.operator_id
    try:
        asked = parse_printer(request.form, [key for key, _ in _places(found)], new=False)
        with unit_of_work() as session:
            service.keep_printer(session, operator_id, printer_id, asked)
    except Invalid as trouble:
        found = queries.get_printer(db.session(), printer_id)
        return _form(found, request.form.to_dict(), errors_of(trouble, "host"), 422)
    return gone(url_for("printers.printer", printer_id=printer_id))


@bp.post("/<printer_id>/test")
@requires("place.write")
def test(printer_id: str) -> ResponseReturnValue:
    """Ask for a test sheet."""
    found = queries.get_printer(db.session(), printer_id)
    reach(viewer(), "place.write").need(operator=found.operator_id)
    with unit_of_work() as session:
        service.print_test(session, queries.get_printer(session, printer_id), at=now())
    return _state(printer_id)


@bp.get("/<printer_id>/state")
@requires("place.read")
def state(printer_id: str) -> ResponseReturnValue:
    """What became of the last sheet; the page asks again while it is on its way."""
    found = queries.get_printer(db.session(), printer_id)
    reach(viewer(), "place.read").need(operator=found.operator_id)
    return _state(printer_id, read=True)


def _state(printer_id: str, *, read: bool = False) -> ResponseReturnValue:
    row = queries.list_printers(db.session(), reach(viewer(), "place.read"), printer_id)[0]
    if read:
        return page("receipts/_printer_state.html", row=row)
    return done("receipts/_printer_state.html", back=url_for("printers.printer", printer_id=printer_id), row=row)
