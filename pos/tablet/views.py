"""`/api/till/…`: JSON in, JSON out, by token. Source: till.md."""

from __future__ import annotations

import json
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.access.service import (
    TillPlace,
    check_lock,
    enrol,
    find_code,
    forget_failures,
    note_failure,
    note_state,
    tells_news,
)
from pos.catalogue.queries.tablet import catalogue_for
from pos.kernel.clock import iso, local_date, now
from pos.kernel.db import db, end_reading, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.kernel.models import Installation
from pos.places.models import Site, Till
from pos.receipts.models import Receipt
from pos.receipts.queries import printer_for
from pos.receipts.service import open_drawer, queue_print
from pos.tablet import queries
from pos.tablet.forms import read_enrol, read_rescue, read_state
from pos.tablet.guards import Enrolled, enrolled, forget_sender, sender
from pos.till.adapters import clean_picture
from pos.till.forms.batch import decompressed
from pos.till.queries.best import best_sellers
from pos.till.queries.context import UnknownLog
from pos.till.queries.newcomers import merged_lately
from pos.till.rules.rescue import public_jwk
from pos.till.service.intake import MIN_APP, take_events
from pos.till.service.photos import MOST_BYTES, check_photo, find_photo, keep_photo
from pos.till.service.rescue import find_log, take_rescued
from pos.web import packing

MERGED = timedelta(days=60)  # as long as a tablet keeps what it named itself
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp")
api = Blueprint("till_api", __name__, url_prefix="/api/till")


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


@api.post("/events")
def events() -> ResponseReturnValue:
    """Take a batch in. 200 with a status for each; 400, 401, 413, 503 acknowledge nothing."""
    log_id, revoked = sender()
    body = decompressed(request.get_data(cache=False), request.headers.get("Content-Encoding", ""))
    try:
        return jsonify(take_events(log_id, body, received_at=now(), secret=_secret(), revoked=revoked))
    except UnknownLog:
        raise forget_sender() from None


@api.post("/enrol")
def enrol_device() -> ResponseReturnValue:
    """Make this tablet a device of a till: a log of its own and a token, shown once."""
    asked, at = read_enrol(request.get_data()), now()
    key = f"enrol:{request.remote_addr}"
    try:
        with unit_of_work() as session:
            check_lock(session, key, "enrol.too_many", at=at)
            code = find_code(session, asked.code, asked.device, at=at)
            till = session.get_one(Till, code.till_id, with_for_update=True)  # letters are given out one at a time
            site = session.get_one(Site, till.site_id)
            place = TillPlace(till.id, till.code, till.operator_id, site.id, site.fair_id)
            log, token = enrol(
                session, code, place, device_id=asked.device, public_key=asked.public_key, secret=_secret(), at=at
            )
            forget_failures(session, key)
            session.flush()
            answer: dict[str, Any] = {"device": asked.device, "token": token, "till": queries.till_of(session, log)}
            answer["rescue"] = public_jwk(_secret())
            installation = session.get(Installation, 1)
            answer |= {"books": installation.books, "epoch": installation.epoch} if installation else {}
    except Invalid:
        with unit_of_work() as session:
            note_failure(session, key, at=at)
        raise
    return jsonify(answer)


@api.get("/catalogue")
def catalogue() -> ResponseReturnValue:
    """The goods since a version, with the people and settings of this till. ETag, gzip."""
    here, at = enrolled(), now()
    since = request.args.get("since", "0")
    if not (since.isascii() and since.isdigit()) or len(since) > 15:
        raise Invalid("catalogue.since", status=400)
    session = db.session()
    goods = catalogue_for(
        session, operator_id=here.operator_id, site_id=here.site_id, fair_id=here.fair_id, since=int(since), at=at
    )
    body: dict[str, Any] = {
        **goods,
        "staff": queries.staff_of(session, here, secret=_secret()),
        **queries.reductions_of(session, here, at=at),
        "keys": queries.keys_of(session, here.operator_id),
        "settings": queries.settings_of(session, here)
        | {
            "best": _best(session, here, local_date(at)),
            "rescue": public_jwk(_secret()),
            "merged": merged_lately(session, here.operator_id, at - MERGED),
        },
    }
    return _compressed(body, at=iso(at))


def _best(session: Session, here: Enrolled, today: date) -> list[str]:
    """The site's best sellers, counted once a day by each worker: tablets ask every minute."""
    kept: dict[str, tuple[date, list[str]]] = current_app.extensions.setdefault("pos_best_sellers", {})
    day, best = kept.get(here.site_id, (None, []))
    if day != today:
        best = best_sellers(session, here.operator_id, here.site_id, today)
        kept[here.site_id] = (today, best)
    return best


def _compressed(body: dict[str, Any], *, at: str) -> ResponseReturnValue:
    """JSON with an ETag over everything but the time; packed where the browser takes it."""
    told = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    mark = sha256(told).hexdigest()[:32]
    made = Response(mimetype="application/json")
    made.set_etag(mark)
    made.headers["Cache-Control"] = "private, no-cache"
    made.vary.add("Accept-Encoding")
    made.vary.add("Authorization")
    data = told[:-1] + f',"server_time":{json.dumps(at)}}}'.encode()  # serialised once: it may be 20,000 products
    if len(data) > packing.SMALL and (how := packing.accepted()):
        data = packing.pack(data, how, again=False)
        made.headers["Content-Encoding"] = how
    made.set_data(data)
    return made.make_conditional(request)


def _receipt(receipt_no: str, operator_id: str) -> Receipt:
    found = db.session().scalars(
        select(Receipt)
        .where(Receipt.receipt_no == receipt_no, Receipt.operator_id == operator_id)
        .order_by(Receipt.made_at.desc())
        .limit(1)
    )
    receipt = found.one_or_none()
    if receipt is None:
        raise NotFound("receipt.not_found", receipt_no=receipt_no)
    return receipt


@api.get("/receipts/<receipt_no>")
def receipt(receipt_no: str) -> ResponseReturnValue:
    """A receipt of this operator: as it was made, and what has come back of it since."""
    found = _receipt(receipt_no, enrolled().operator_id)
    sold = queries.sold_of(db.session(), found.id)
    return jsonify(receipt_no=found.receipt_no, sold_at=iso(found.sold_at), document=json.loads(found.document), **sold)


@api.post("/receipts/<receipt_no>/print")
def print_again(receipt_no: str) -> ResponseReturnValue:
    """Print a copy, marked BẢN SAO, on the till's network printer."""
    found_id = _receipt(receipt_no, enrolled().operator_id).id
    with unit_of_work() as session:
        job = queue_print(session, session.get_one(Receipt, found_id), at=now(), copy=True)
        copy = job.copy if job else None
    if copy is None:
        raise NotFound("receipt.no_printer")
    return jsonify(copy=copy), 202


@api.post("/drawer")
def kick_drawer() -> ResponseReturnValue:
    """Open the drawer at the till's printer; the event says who and why, this only opens it."""
    here = enrolled()
    with unit_of_work() as session:
        printer = printer_for(session, till_id=here.till_id, site_id=here.site_id)
        if printer is None or not printer.drawer:
            raise NotFound("receipt.no_printer")
        open_drawer(session, printer, at=now())
    return jsonify(opening=True), 202


@api.post("/photos/<sha256>")
def photo(sha256: str) -> ResponseReturnValue:
    """Take a picture whose SHA-256 an event names; it travels apart from the log. 201 kept, 200 had it."""
    here = enrolled()
    if request.mimetype not in PHOTO_TYPES:
        raise Invalid("photo.not_a_picture", status=415)
    if (request.content_length or 0) > MOST_BYTES:
        raise Invalid("photo.too_large", status=413)
    if find_photo(db.session(), here.operator_id, sha256):
        return jsonify(sha256=sha256), 200
    end_reading(db.session())
    data = request.get_data(cache=False)
    check_photo(data, sha256)
    jpeg = clean_picture(data)  # before the transaction: it takes a tenth of a second
    with unit_of_work() as session:
        new = keep_photo(session, operator_id=here.operator_id, log_id=here.log_id, sha256=sha256, jpeg=jpeg, at=now())
    return jsonify(sha256=sha256), 201 if new else 200


@api.post("/rescue")
def rescue() -> ResponseReturnValue:
    """Another device's events, sealed by it for us, brought by any tablet of the same operator."""
    here, asked = enrolled(), read_rescue(request.get_data(cache=False))
    session = db.session()
    log = find_log(session, asked.device, [here.operator_id])
    return jsonify(take_rescued(session, log, asked.cipher, secret=_secret(), at=now()))


@api.get("/status")
def status() -> ResponseReturnValue:
    """What the server has of this tablet."""
    here, at = enrolled(), now()
    told = read_state(request.headers.get("Till-State", ""))
    session = db.session()
    if tells_news(session.get_one(DeviceLog, here.log_id), told, at=at):
        end_reading(session)
        with unit_of_work() as work:
            note_state(work, here.log_id, told, at=at)
        session = db.session()
    installation = session.get(Installation, 1)
    body = queries.status_of(session, here)
    body |= {
        "books": installation.books if installation else None,
        "epoch": installation.epoch if installation else 0,
        "min_app": MIN_APP,
        "server_time": iso(at),
    }
    return jsonify(body)
