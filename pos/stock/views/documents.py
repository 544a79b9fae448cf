"""Stock documents in the office: the list, one paper, and what may be done with it once it is there."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.stock import forms, queries
from pos.stock.models import Document
from pos.stock.queries import documents as papers
from pos.stock.rules import KINDS
from pos.stock.rules.ticket import tickets_of
from pos.stock.service.borne import decide
from pos.stock.service.documents import drop
from pos.stock.views.blueprint import bp
from pos.stock.views.drafts import draft_form, seen
from pos.web.pages import gone, origin, page, page_no
from pos.web.qr import svg_path


@bp.get("/documents")
@requires("stock.read")
def documents() -> ResponseReturnValue:
    """Every paper, newest first; by kind, state and place."""
    mine = reach(viewer(), "stock.read")
    kind = request.args.get("kind") if request.args.get("kind") in KINDS else None
    state = request.args.get("state") if request.args.get("state") in ("draft", "confirmed") else None
    site = request.args.get("site") or None
    found, names, more = papers.list_documents(db.session(), mine, kind=kind, state=state, site_id=site, page=page_no())
    after = url_for("stock.documents", kind=kind, state=state, site=site, page=page_no() + 1)
    return page(
        "stock/documents.html",
        documents=found,
        names=names,
        more=after if more else None,
        kinds=KINDS,
        edited=[kind for kind in forms.EDITED if kind not in ("receipt", "correction")],
        kind=kind,
        state=state,
        site=site,
        sites=queries.list_sites(db.session(), mine),
        may_write=viewer().may("stock.write"),
    )


@bp.get("/documents/<document_id>")
@requires("stock.read")
def document(document_id: str) -> ResponseReturnValue:
    """A draft to go on with, for who may; else the paper, fit to print and sign."""
    found = seen("stock.read", document_id)
    one = found.document
    may_write = viewer().may("stock.write", operator=one.operator_id)
    if one.state == "draft" and may_write and request.args.get("paper") != "1":
        return draft_form(one.kind, forms.values_of(one), {}, document=one)
    waits = one.kind == "transfer" and one.state == "confirmed" and not (found.receipt or found.undone or one.undoes_id)
    codes = []
    if waits and one.from_id:
        sent = [(line.product_id, line.qty_milli) for line in one.lines]
        codes = [svg_path(text) for text in tickets_of(one.id, one.from_id, sent)]
    return page("stock/document.html", found=found, doc=one, may_write=may_write, codes=codes, door=_door_of(one))


def _door_of(one: Document) -> tuple[int, str] | None:
    """The QR that leads the producer to its own page from an intake slip: no key in it, card and PIN open it."""
    if one.kind != "intake" or one.producer_id is None:
        return None
    return svg_path(origin() + url_for("access.paper_door", producer_id=one.producer_id))


@bp.post("/documents/<document_id>/drop")
@requires("stock.write")
def document_drop(document_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    seen("stock.write", document_id)
    with unit_of_work() as work:
        drop(work, document_id)
    return gone(url_for("stock.documents"))


@bp.post("/documents/<document_id>/borne")
@requires("stock.write")
def document_borne(document_id: str) -> ResponseReturnValue:
    """Say who bears what was lost by a paper of the till."""
    seen("stock.write", document_id)
    by = viewer().id
    with unit_of_work() as work:
        decide(work, document_id, request.form.get("liability", ""), at=now(), by=by)
    return gone(url_for("stock.document", document_id=document_id))
