"""The bank's side of the money: statements read, lines to decide, what the card acquirer paid."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.catalogue.adapters.encodings import Unreadable
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.ledger.queries.money import list_operators
from pos.payments.adapters import layouts, read_statement
from pos.payments.queries import list_statements
from pos.till.queries import bank as queries
from pos.till.service import bank as service
from pos.till.service.cards import take_card_payment
from pos.web.fields import Fields
from pos.web.pages import gone, page

bp = Blueprint("bank", __name__, url_prefix="/office/bank")


def _operator(action: str) -> tuple[str, list[tuple[str, str]]]:
    allowed = list_operators(db.session(), viewer().ids(action, "operator"))
    asked = request.values.get("operator", "") or (allowed[0][0] if allowed else "")
    if asked not in {id_ for id_, _ in allowed}:
        raise NotFound("access.not_here")
    return asked, allowed


@bp.get("")
@requires("ledger.read")
def lines() -> ResponseReturnValue:
    """Lines nobody has decided, with what each may be."""
    operator_id, allowed = _operator("ledger.read")
    session = db.session()
    waiting = session.scalars(queries.waiting_lines(operator_id).limit(queries.PAGE)).all()
    unknown = session.scalars(queries.kept_unknown(operator_id).limit(queries.PAGE)).all()
    return page(
        "till/bank.html", operator_id=operator_id, operators=allowed, lines=waiting, unknown=unknown,
        transfers=queries.open_transfers(session, operator_id), attempts=queries.open_attempts(session, operator_id),
        bags=queries.open_bags(session, operator_id), files=list_statements(session, operator_id), today=today(),
        told=request.args.get("told", ""), layouts=list(layouts().values()),
        may_write=viewer().may("safe.write", operator=operator_id),
    )  # fmt: skip


@bp.post("/read")
@requires("safe.write")
def read() -> ResponseReturnValue:
    """Read a file of the bank; what its texts tell without a doubt is decided by itself."""
    operator_id, _ = _operator("safe.write")
    file = request.files.get("file")
    layout = layouts().get(request.form.get("layout", ""))
    if file is None or layout is None:
        raise Invalid("field.required", field="file")
    data = file.read()
    try:
        good, bad = read_statement(data, layout)
    except Unreadable as trouble:
        raise Invalid("bank.unreadable") from trouble
    if bad or not good:
        raise Invalid("bank.rows", rows=", ".join(str(row) for row, _, _ in bad[:5]) or "1")
    with unit_of_work() as session:
        new, done = service.take_bank_statement(
            session, operator_id, data, good, name=file.filename or "", layout=layout["code"], at=now(),
            by=viewer().id,
        )  # fmt: skip
    return gone(url_for("bank.lines", operator=operator_id, told=f"{new}-{done}"))


@bp.post("/<line_id>")
@requires("safe.write")
def decide(line_id: str) -> ResponseReturnValue:
    """Say what a line is: `transfer:<id>`, `payout:<id>` (several), `bag:<id>` or `unknown`."""
    operator_id = queries.operator_of_line(db.session(), line_id)
    here("safe.write", operator=operator_id)
    chosen = [each for each in request.form.getlist("is") if each]
    kinds = {each.partition(":")[0] for each in chosen}
    ids = [each.partition(":")[2] for each in chosen]
    if len(kinds) != 1 or (len(ids) != 1 and kinds != {"payout"}):
        raise Invalid("field.choice")
    kind, how = kinds.pop(), {"at": now(), "by": viewer().id}
    with unit_of_work() as session:
        if kind == "transfer":
            service.match_transfer(session, line_id, ids[0], **how)  # type: ignore[arg-type]
        elif kind == "payout":
            service.match_payouts(session, line_id, ids, **how)  # type: ignore[arg-type]
        elif kind == "bag":
            service.match_bag(session, line_id, ids[0], **how)  # type: ignore[arg-type]
        else:
            service.keep_unknown(session, line_id, **how)  # type: ignore[arg-type]
    return gone(url_for("bank.lines", operator=operator_id))


@bp.post("/cards")
@requires("safe.write")
def cards() -> ResponseReturnValue:
    """Write down what the card acquirer paid, net of its fee."""
    operator_id, _ = _operator("safe.write")
    form = Fields(request.form)
    first, last = form.day("first_on", required=True), form.day("last_on", required=True)
    gross, fee = form.money("gross", required=True), form.money("fee") or 0
    day: date = form.day("business_date") or today()
    form.finish()
    with unit_of_work() as session:
        take_card_payment(
            session, operator_id, first_on=first or day, last_on=last or day, gross_vnd=gross or 0, fee_vnd=fee,
            day=day, at=now(), by=viewer().id,
        )  # fmt: skip
    return gone(url_for("bank.lines", operator=operator_id))
