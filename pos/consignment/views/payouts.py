"""Payouts: what waits, the file for the bank, one transfer by VietQR, the bank's answer, money that came back."""

from __future__ import annotations

from flask import Response, current_app, make_response, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.access.service import note
from pos.consignment.adapters.bank_files import TYPES, layouts, writer
from pos.consignment.forms.papers import day_given, parse_confirmation, reason_given
from pos.consignment.queries import payouts as queries
from pos.consignment.queries.statements import authorized_people
from pos.consignment.service.accounts import check_account, point_to_account
from pos.consignment.service.attempts import confirm_attempts, doubt_attempt, take_payout_back
from pos.consignment.service.exports import export_payouts, send_by_transfer
from pos.consignment.views.blueprint import bp, language, operator_asked
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.web.pages import gone, page


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


@bp.get("/statements/payouts")
@requires("statement.read")
def payouts_list() -> ResponseReturnValue:
    """What waits for somebody to send it, what the bank has not answered, the files made."""
    operator_id, allowed = operator_asked("statement.read")
    session, me = db.session(), viewer()
    alone = not authorized_people(session, operator_id) - {me.id}
    return page(
        "consignment/payouts.html", operator_id=operator_id, operators=allowed,
        waiting=queries.list_waiting(session, operator_id, at=now(), by=me.id, alone=alone),
        sent=queries.list_sent(session, operator_id), files=queries.list_files(session, operator_id),
        layouts=[(each.code, each.name[language()], each.verified) for each in layouts().values()], today=today(),
        may_send=me.may("statement.write", operator=operator_id),
        may_check=me.may("statement.approve", operator=operator_id), checking=request.args.get("check", ""),
    )  # fmt: skip


@bp.post("/statements/payouts/export")
@requires("statement.write")
def payouts_export() -> ResponseReturnValue:
    """One file for the bank of the payouts ticked."""
    operator_id, _ = operator_asked("statement.write")
    layout = layouts().get(request.form.get("layout", ""))
    if layout is None:
        raise Invalid("field.choice")
    with unit_of_work() as session:
        export_payouts(
            session, operator_id, request.form.getlist("payout"), layout=layout.code, ending=layout.kind,
            write=writer(layout), secret=_secret(), at=now(), by=viewer().id,
        )  # fmt: skip
    return _list(operator_id)


def _list(operator_id: str) -> ResponseReturnValue:
    return gone(url_for("consignment.payouts_list", operator=operator_id))


@bp.get("/statements/payouts/files/<file_id>")
@requires("statement.write")
def bank_file(file_id: str) -> ResponseReturnValue:
    """The same bytes on every download; each is kept in the access log."""
    found, data = queries.get_file(db.session(), file_id, secret=_secret())
    here("statement.write", operator=found.operator_id)
    name, layout = found.name, layouts().get(found.layout)
    with unit_of_work() as session:
        note(session, "read.bank_file", "bank_file", file_id, by=viewer().id, at=now())
    made: Response = make_response(data)
    made.headers["Content-Type"] = TYPES[layout.kind] if layout else "application/octet-stream"
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    made.headers["Cache-Control"] = "private, no-store"
    return made


@bp.post("/statements/payouts/<payout_id>/send")
@requires("statement.write")
def payout_send(payout_id: str) -> ResponseReturnValue:
    """Claim it for one transfer and show its VietQR."""
    operator_id = queries.operator_of_payout(db.session(), payout_id)
    here("statement.write", operator=operator_id)
    with unit_of_work() as session:
        made = send_by_transfer(session, operator_id, payout_id, at=now(), by=viewer().id)
    return gone(url_for("consignment.attempt", attempt_id=made))


@bp.get("/statements/payouts/attempts/<attempt_id>")
@requires("statement.read")
def attempt(attempt_id: str) -> ResponseReturnValue:
    """One attempt: its code while it has to be made, its history, what may be said of it."""
    found = queries.get_attempt(db.session(), attempt_id)
    here("statement.read", operator=found.operator_id)
    may_send = viewer().may("statement.write", operator=found.operator_id)
    code = queries.qr_of(found, secret=_secret()) if may_send else None
    if code:
        with unit_of_work() as session:
            note(session, "read.account", "payout_attempt", attempt_id, by=viewer().id, at=now())
        found = queries.get_attempt(db.session(), attempt_id)
    return page("consignment/attempt.html", found=found, code=code, may_send=may_send, today=today())


@bp.post("/statements/payouts/confirm")
@requires("statement.write")
def attempts_confirm() -> ResponseReturnValue:
    """The bank paid those ticked, in one booking."""
    asked = parse_confirmation(request.form, request.form.getlist("attempt"), today())
    mine = queries.operators_of_attempts(db.session(), asked.attempt_ids)
    if len(mine) != 1:
        raise NotFound("payout.unknown")
    (operator_id,) = mine
    here("statement.write", operator=operator_id)
    with unit_of_work() as session:
        confirm_attempts(
            session, asked.attempt_ids, booked_on=asked.booked_on, fee_vnd=asked.fee_vnd, reference=asked.reference,
            at=now(), by=viewer().id,
        )  # fmt: skip
    return _list(operator_id)


def _mine(attempt_id: str) -> str:
    operator_id = queries.get_attempt(db.session(), attempt_id).operator_id
    here("statement.write", operator=operator_id)
    return operator_id


@bp.post("/statements/payouts/attempts/<attempt_id>/doubt")
@requires("statement.write")
def attempt_doubt(attempt_id: str) -> ResponseReturnValue:
    """Nobody knows whether it left."""
    _mine(attempt_id)
    with unit_of_work() as session:
        doubt_attempt(session, attempt_id, at=now(), by=viewer().id, note=reason_given(request.form))
    return gone(url_for("consignment.attempt", attempt_id=attempt_id))


@bp.post("/statements/payouts/attempts/<attempt_id>/back")
@requires("statement.write")
def attempt_back(attempt_id: str) -> ResponseReturnValue:
    """It came back."""
    operator_id = _mine(attempt_id)
    day, reason = day_given(request.form, "on", today()), reason_given(request.form)
    with unit_of_work() as session:
        take_payout_back(session, attempt_id, on=day, at=now(), by=viewer().id, reason=reason)
    return _list(operator_id)


@bp.post("/statements/payouts/<payout_id>/account")
@requires("statement.approve")
def payout_account(payout_id: str) -> ResponseReturnValue:
    """Somebody called the producer: the account is theirs; or the payout goes to their newest account."""
    operator_id = queries.operator_of_payout(db.session(), payout_id)
    here("statement.approve", operator=operator_id)
    account_id = request.form.get("account_id", "")
    with unit_of_work() as session:
        if "how" in request.form:
            check_account(session, operator_id, account_id, how=request.form["how"][:200], at=now(), by=viewer().id)
        else:
            point_to_account(session, payout_id, account_id)
    return _list(operator_id)
