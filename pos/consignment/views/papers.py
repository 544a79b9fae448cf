"""One producer's account with an operator: balances, papers beside the sales, and the forms for new ones."""

from __future__ import annotations

from collections.abc import Callable

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pos.access.guards import here, requires, viewer
from pos.consignment.forms.papers import PaperForm, parse_paper, reason_given
from pos.consignment.queries import papers as queries
from pos.consignment.queries.agreements import names_of, versions_of
from pos.consignment.queries.statements import sites_of
from pos.consignment.service import notes
from pos.consignment.views.blueprint import bp
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from pos.web.fields import errors_of
from pos.web.pages import gone, page

Write = Callable[[Session, str, str, PaperForm], str]


@bp.get("/agreements/<operator_id>/<producer_id>/papers")
@requires("statement.read")
def papers(operator_id: str, producer_id: str) -> ResponseReturnValue:
    """Balances, papers, new papers."""
    here("statement.read", operator=operator_id)
    return _page(operator_id, producer_id, {}, {})


def _page(operator_id: str, producer_id: str, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    session = db.session()
    versions = versions_of(session, operator_id, producer_id)
    made = page(
        "consignment/papers.html", operator_id=operator_id, producer_id=producer_id,
        names=names_of(session, operator_id, producer_id), sites=sites_of(session, operator_id),
        balances=queries.balances_with(session, operator_id, producer_id),
        papers=queries.list_papers(session, operator_id, producer_id),
        booth_vnd=versions[0].booth_day_vnd if versions else 0, agreed=bool(versions), today=today(),
        values=values, errors=errors, undoing=request.args.get("undo", ""),
        may_write=viewer().may("statement.write", operator=operator_id),
    )  # fmt: skip
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/agreements/<operator_id>/<producer_id>/papers")
@requires("statement.write")
def paper_new(operator_id: str, producer_id: str) -> ResponseReturnValue:
    """Write one."""
    here("statement.write", operator=operator_id)
    sites = [id_ for id_, _ in sites_of(db.session(), operator_id)]
    try:
        asked = parse_paper(request.form, site_ids=sites, today=today())
        with unit_of_work() as session:
            _write(session, operator_id, producer_id, asked, viewer().id)
    except Invalid as trouble:
        return _page(operator_id, producer_id, request.form.to_dict(), errors_of(trouble, "amount"))
    return _back(operator_id, producer_id)


def _write(session: Session, operator_id: str, producer_id: str, asked: PaperForm, by: str) -> None:
    at, day, reason, amount = now(), asked.business_date, asked.reason, asked.amount_vnd
    if asked.kind == "fee":
        notes.charge_fee(
            session, operator_id, producer_id, what=asked.what, unit_vnd=amount, units=asked.units,
            vat_bp=asked.vat_bp, day=day, at=at, by=by, reason=reason,
        )  # fmt: skip
    elif asked.kind == "advance":
        notes.give_advance(
            session, operator_id, producer_id, amount_vnd=amount, day=day, at=at, by=by, reason=reason,
            site_id=asked.site_id,
        )  # fmt: skip
    else:
        write = notes.adjust if asked.kind == "adjustment" else notes.release_reserve
        write(session, operator_id, producer_id, amount_vnd=amount, day=day, at=at, by=by, reason=reason)


def _back(operator_id: str, producer_id: str) -> ResponseReturnValue:
    return gone(url_for("consignment.papers", operator_id=operator_id, producer_id=producer_id))


@bp.post("/agreements/<operator_id>/<producer_id>/papers/<note_id>/undo")
@requires("statement.write")
def paper_undo(operator_id: str, producer_id: str, note_id: str) -> ResponseReturnValue:
    """Undo one by another."""
    here("statement.write", operator=operator_id)
    reason = reason_given(request.form)
    with unit_of_work() as session:
        notes.undo_note(session, note_id, operator_id=operator_id, at=now(), by=viewer().id, reason=reason)
    return _back(operator_id, producer_id)
