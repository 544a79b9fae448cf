"""Producers in the office: the shared register, and bank accounts that are shown masked."""

from __future__ import annotations

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.producers import queries, service
from pos.producers.forms import AccountForm, ProducerForm
from pos.web.fields import errors_of
from pos.web.pages import gone, page

bp = Blueprint("producers", __name__, url_prefix="/producers")


@bp.get("/")
@requires("producer.read")
def producers() -> ResponseReturnValue:
    """All producers; search as you type, without accents."""
    q, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    asked = request.args.get("page", "1")
    number = max(1, int(asked)) if asked.isdecimal() else 1
    found, more = queries.list_producers(db.session(), q=q, kind=kind, page=number)
    return page(
        "producers/producers.html",
        producers=found,
        more=url_for("producers.producers", q=q or None, kind=kind or None, page=number + 1) if more else None,
        counts=queries.count_by_kind(db.session()),
        q=q,
        kind=kind,
        may_write=viewer().may("producer.write"),
    )


@bp.get("/new")
@requires("producer.write")
def add() -> ResponseReturnValue:
    """The form for a new producer."""
    return _new({"kind": "household", "tax_method": "direct", "province": "Hà Nội"}, {})


def _new(values: dict[str, str], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    return page("producers/new.html", values=values, errors=errors), status  # type: ignore[return-value]


@bp.post("/new")
@requires("producer.write")
def create() -> ResponseReturnValue:
    """Register a producer."""
    try:
        asked = ProducerForm.parse(request.form)
        with unit_of_work() as session:
            producer_id = service.add_producer(
                session, name=asked.name, at=now(), kind=asked.kind, tax_code=asked.tax_code,
                tax_method=asked.tax_method, phone=asked.phone, commune=asked.commune, province=asked.province,
            ).id  # fmt: skip
    except (Invalid, Conflict) as trouble:
        return _new(request.form.to_dict(), errors_of(trouble, "tax_code"), 422)
    return gone(url_for("producers.producer", producer_id=producer_id))


@bp.get("/<producer_id>")
@requires("producer.read")
def producer(producer_id: str) -> ResponseReturnValue:
    """One producer: facts, accounts, and on what terms (loaded from the agreements' page)."""
    return _producer(producer_id, {}, {})


def _producer(
    producer_id: str, values: dict[str, str], errors: dict[str, str], status: int = 200, part: str = ""
) -> ResponseReturnValue:
    found = queries.get_producer(db.session(), producer_id)
    facts = {
        "name": found.name, "kind": found.kind, "tax_code": found.tax_code or "", "tax_method": found.tax_method,
        "phone": found.phone or "", "commune": found.commune or "", "province": found.province or "",
    }  # fmt: skip
    made = page(
        "producers/producer.html",
        producer=found,
        values=values if part == "facts" else facts,
        account=values if part == "account" else {},
        errors=errors,
        part=part,
        accounts=queries.list_accounts(db.session(), producer_id),
        may_write=viewer().may("producer.write"),
    )
    return made, status  # type: ignore[return-value]


@bp.post("/<producer_id>")
@requires("producer.write")
def change(producer_id: str) -> ResponseReturnValue:
    """Replace the facts. A new name reaches the tablets through `renamed`, which the application sets."""
    queries.get_producer(db.session(), producer_id)
    try:
        asked = ProducerForm.parse(request.form)
        with unit_of_work() as session:
            renamed = service.change_producer(
                session, producer_id, name=asked.name, kind=asked.kind, tax_code=asked.tax_code,
                tax_method=asked.tax_method, phone=asked.phone, commune=asked.commune, province=asked.province,
            )  # fmt: skip
            if renamed:
                current_app.extensions["pos_producer_renamed"](session, producer_id)
    except (Invalid, Conflict) as trouble:
        return _producer(producer_id, request.form.to_dict(), errors_of(trouble, "tax_code"), 422, "facts")
    return gone(url_for("producers.producer", producer_id=producer_id))


@bp.post("/<producer_id>/accounts")
@requires("producer.write")
def add_account(producer_id: str) -> ResponseReturnValue:
    """A new version of the account: sealed at once; each operator confirms it for itself before paying."""
    queries.get_producer(db.session(), producer_id)
    try:
        asked = AccountForm.parse(request.form)
        with unit_of_work() as session:
            service.change_account(
                session, producer_id, bank_bin=asked.bank_bin, bank_name=asked.bank_name, number=asked.number,
                holder=asked.holder, secret=current_app.config["SECRET_KEY"], at=now(),
            )  # fmt: skip
    except (Invalid, Conflict) as trouble:
        values = {key: value for key, value in request.form.items() if key != "number"}
        return _producer(producer_id, values, errors_of(trouble, "number"), 422, "account")
    return gone(url_for("producers.producer", producer_id=producer_id))
