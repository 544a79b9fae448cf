"""The customer's screen on another tablet: the till says, the screen asks by the key of its QR (till.md, Screen).

Plain asking, every other second or so: a held connection would cost a thread for each screen.
"""

from __future__ import annotations

import json

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from pos.kernel.clock import iso, now
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Refused
from pos.tablet.guards import bearer, enrolled
from pos.till.forms.displays import read_message
from pos.till.queries.displays import last_word
from pos.till.service.displays import NOTED, end_display, note_watched, pair_display, say_to_display

bp = Blueprint("till_display", __name__, url_prefix="/api/till/display")


@bp.post("")
def pair_screen() -> ResponseReturnValue:
    """A key for the customer's screens of this till, shown as a QR; the one before it ends."""
    here = enrolled()
    with unit_of_work() as session:
        key, until = pair_display(session, here.log_id, at=now())
    return jsonify(key=key, expires_at=iso(until))


@bp.put("")
def say() -> ResponseReturnValue:
    """The till's last word to its customer. `watched`: whether a screen asked within a minute."""
    here, message = enrolled(), read_message(request.get_data(cache=False))
    with unit_of_work() as session:
        watched = say_to_display(session, here.log_id, message, at=now())
    return jsonify(watched=watched)


@bp.delete("")
def end_screen() -> ResponseReturnValue:
    """End the pairing: the screens say so."""
    here = enrolled()
    with unit_of_work() as session:
        end_display(session, here.log_id)
    return "", 204


@bp.get("")
def heard() -> ResponseReturnValue:
    """What a screen sees: `message` when it is newer than `since`, and how old the till's last sign of life is."""
    key, at = bearer(), now()
    if not key:
        raise Refused("display.ended", status=401)
    said = last_word(key, at=at)
    if said.seen_at is None or at - said.seen_at > NOTED:
        with unit_of_work() as session:
            note_watched(session, said.log_id, at=at)
    new = said.message is not None and request.args.get("since") != str(said.n)
    age = None if said.said_at is None else max(0, round((at - said.said_at).total_seconds() * 1000))
    return jsonify(n=said.n, age_ms=age, message=json.loads(said.message or "null") if new else None)
