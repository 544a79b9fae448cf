"""The office's side of money on its way: customers on account, and transfers nobody has seen."""

from __future__ import annotations

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.access.service import note
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from pos.ledger.queries import list_safes
from pos.till.forms.owed import parse_payment
from pos.till.queries import owed as queries
from pos.till.service.owed import take_payment
from pos.web.fields import errors_of
from pos.web.pages import gone, page

bp = Blueprint("money", __name__, url_prefix="/office")


def _page_no() -> int:
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


@bp.get("/owed")
@requires("owed.read")
def owed() -> ResponseReturnValue:
    """Who owes how much, the oldest debt first; phones masked."""
    number = _page_no()
    found, more = queries.list_debts(db.session(), reach(viewer(), "owed.read"), secret=_secret(), page=number)
    return page(
        "till/owed.html", debts=found, more=url_for("money.owed", page=number + 1) if more else None, at=today()
    )


@bp.get("/owed/<operator_id>/<customer>")
@requires("owed.read")
def customer(operator_id: str, customer: str) -> ResponseReturnValue:
    """One customer's account with the whole phone; the look is kept in the access log."""
    return _customer(operator_id, customer, {}, {})


def _customer(operator_id: str, customer: str, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    mine = reach(viewer(), "owed.read")
    mine.need(operator=operator_id)
    by = viewer().id
    with unit_of_work() as work:
        note(work, "read.owed", "customer", customer, by=by, at=now())
    session = db.session()
    made = page(
        "till/customer.html",
        debt=queries.get_debt(session, operator_id, customer, secret=_secret()),
        moves=queries.list_moves(session, operator_id, customer),
        safes=list_safes(session, reach(viewer(), "owed.write")),
        values={"business_date": today().isoformat(), **values},
        errors=errors,
        may_write=viewer().may("owed.write", operator=operator_id),
    )
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/owed/<operator_id>/<customer>")
@requires("owed.write")
def pay(operator_id: str, customer: str) -> ResponseReturnValue:
    """Write down that the customer paid: the document and its entry."""
    mine, by = reach(viewer(), "owed.write"), viewer().id
    mine.need(operator=operator_id)
    queries.get_debt(db.session(), operator_id, customer, secret=_secret())
    sites = [safe.site_id for safe in list_safes(db.session(), mine)]
    try:
        asked = parse_payment(request.form, sites, today=today())
        with unit_of_work() as session:
            take_payment(
                session, operator_id=operator_id, customer=customer, means=asked.means, site_id=asked.site_id,
                amount_vnd=asked.amount_vnd, day=asked.business_date, at=now(), by=by, note=asked.note,
            )  # fmt: skip
    except Invalid as trouble:
        return _customer(operator_id, customer, request.form.to_dict(), errors_of(trouble, "amount"))
    return gone(url_for("money.customer", operator_id=operator_id, customer=customer))


@bp.get("/transfers")
@requires("sale.read")
def transfers() -> ResponseReturnValue:
    """Transfers a till finished as shown: nobody has said that the money came. The same list as on the tablets."""
    number = _page_no()
    found, more = queries.list_unseen(db.session(), reach(viewer(), "sale.read"), page=number)
    return page(
        "till/transfers.html", transfers=found, more=url_for("money.transfers", page=number + 1) if more else None
    )
