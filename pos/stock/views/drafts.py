"""The form of a stock document while it is a draft: where from and where to, what and how much; kept or confirmed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import Reach, reach
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.stock import forms, queries
from pos.stock.commands import Draft
from pos.stock.models import Document
from pos.stock.queries import documents as papers
from pos.stock.queries.deliveries import get_delivery
from pos.stock.queries.documents import DocumentPage
from pos.stock.queries.levels import Countable
from pos.stock.service import documents as service
from pos.stock.service.papers import standing
from pos.stock.views.blueprint import bp
from pos.web.fields import errors_of
from pos.web.pages import gone, page

OFFERED = 60  # goods shown below those already on the paper


def seen(action: str, document_id: str) -> DocumentPage:
    """The document, if it is within reach. Raises NotFound."""
    found = papers.get_document(db.session(), document_id)
    mine, one = reach(viewer(), action), found.document
    if not (mine.covers(operator=one.operator_id, site=one.from_id) or mine.covers(site=one.to_id)):
        raise NotFound("document.unknown")
    return found


@bp.get("/documents/new/<kind>")
@requires("stock.write")
def document_add(kind: str) -> ResponseReturnValue:
    """A new paper: where from and where to, then what and how much. Nothing is kept yet."""
    if kind not in forms.EDITED:
        raise NotFound("document.kind")
    return draft_form(kind, request.args.to_dict(), {})


@bp.post("/documents/new/<kind>")
@requires("stock.write")
def document_create(kind: str) -> ResponseReturnValue:
    """Keep it as a draft, or confirm it at once."""
    if kind not in forms.EDITED:
        raise NotFound("document.kind")
    return _save(kind, None)


@bp.post("/documents/<document_id>")
@requires("stock.write")
def document_save(document_id: str) -> ResponseReturnValue:
    """Write a draft anew, or confirm it."""
    one = seen("stock.write", document_id).document
    return _save(one.kind, one)


@dataclass(slots=True)
class _Desk:
    """What a form needs to be shown or read."""

    mine: Reach
    operators: list[Any]
    operator: Any
    sites: list[Any]
    all_sites: list[Any]
    producers: list[tuple[str, str]]
    answers: Document | None
    goods: dict[str, Countable] = field(default_factory=dict)

    def head(self, kind: str) -> forms.Head:
        return forms.Head(
            self.operator.id, kind, [s.id for s in self.sites], [id_ for id_, _ in self.producers],
            [s.id for s in self.all_sites], self.answers,
        )  # fmt: skip


def _desk(kind: str, values: dict[str, str], document: Document | None) -> _Desk:
    session, mine = db.session(), reach(viewer(), "stock.write")
    operators = queries.list_operators(session, mine)
    asked = document.operator_id if document else values.get("operator_id")
    answers = _answered(kind, values) if kind in ("receipt", "correction") else None
    asked = answers.operator_id if answers else asked
    operator = next((o for o in operators if o.id == asked), None if asked else next(iter(operators), None))
    if operator is None:
        raise NotFound("access.not_here")
    sites = queries.list_sites(session, mine, operator_id=operator.id)
    producers = queries.producers_offered(session, operator.id) if kind in ("intake", "return") else []
    desk = _Desk(mine, operators, operator, sites, sites, producers, answers)
    named = {product for _, product in forms.rows_in(values)}
    place = (answers.to_id if answers else None) or values.get("site_id") or None
    known = queries.list_countable(session, operator.id, site_id=place, ids=named) if named else []
    desk.goods = {item.product_id: item for item in known}
    return desk


def _answered(kind: str, values: dict[str, str]) -> Document:
    """The transfer to be received, or the paper to be corrected. Raises NotFound, Conflict."""
    found = seen("stock.write", values.get("answers_id", ""))
    one = found.document
    if (
        one.state != "confirmed"
        or one.undoes_id
        or (kind == "receipt") != (one.kind == "transfer" and kind != "correction")
    ):
        raise NotFound("document.unknown")
    if kind == "receipt" and found.receipt:
        raise Conflict("transfer.received", number=found.receipt.number)
    if kind == "correction" and (one.kind in ("correction", "receipt") or not one.from_id or not one.to_id):
        raise Conflict("correction.not_this")
    return one


def _begun(desk: _Desk, values: dict[str, str]) -> dict[str, str]:
    """The rows a receipt or correction begins with: what the paper it answers says."""
    if forms.rows_in(values):
        return values
    if values.get("announced_id") and desk.answers is None:
        return _announced(desk, values)
    if desk.answers is None:
        return values
    stands = standing(db.session(), desk.answers.id)
    begun = dict(values)
    for n, line in enumerate(desk.answers.lines):
        milli = stands.get((line.product_id, line.lot_id), line.qty_milli)
        begun |= {f"p-{n}": line.product_id, f"e-{n}": forms.typed(milli), f"l-{n}": line.lot_id or ""}
        begun[f"x-{n}"] = line.expires_on.isoformat() if line.expires_on else ""
    ids = {line.product_id for line in desk.answers.lines}
    known = queries.list_countable(db.session(), desk.operator.id, site_id=desk.answers.to_id, ids=ids)
    desk.goods = {item.product_id: item for item in known}
    return begun


def _announced(desk: _Desk, values: dict[str, str]) -> dict[str, str]:
    """The rows an intake begins with: what its producer announced."""
    told = get_delivery(db.session(), values["announced_id"])
    if told.delivery.operator_id != desk.operator.id or told.state == "cancelled":
        raise NotFound("delivery.unknown")
    begun = values | {"producer_id": told.delivery.producer_id, "site_id": told.delivery.site_id}
    for n, line in enumerate(told.delivery.lines):
        begun |= {f"p-{n}": line.product_id, f"e-{n}": forms.typed(line.qty_milli)}
    ids = {line.product_id for line in told.delivery.lines}
    known = queries.list_countable(db.session(), desk.operator.id, site_id=told.delivery.site_id, ids=ids)
    desk.goods = {item.product_id: item for item in known}
    return begun


def draft_form(
    kind: str, values: dict[str, str], errors: dict[str, str], *, document: Document | None = None, status: int = 200
) -> ResponseReturnValue:
    desk = _desk(kind, values, document)
    values = _begun(desk, {"business_date": today().isoformat(), **values})
    producer = values.get("producer_id", "")
    producer = values["producer_id"] = producer if producer in dict(desk.producers) else ""
    if not values.get("site_id") and desk.sites:
        values["site_id"] = desk.sites[0].id
    offered: list[Countable] = []
    ready = desk.answers is None and (producer or kind not in ("intake", "return"))
    if ready:
        offered = queries.list_countable(
            db.session(), desk.operator.id, producer_id=producer or None, site_id=values.get("site_id") or None,
            q=values.get("q", ""), only_here=kind != "intake", limit=OFFERED + 1,
        )  # fmt: skip
    rows = [(n, desk.goods[product]) for n, product in forms.rows_in(values) if product in desk.goods]
    named = {item.product_id for _, item in rows}
    first = max((n for n, _ in rows), default=-1) + 1
    rest = [item for item in offered if item.product_id not in named]
    rows += list(enumerate(rest[:OFFERED], first))
    members = papers.list_members(db.session(), desk.operator.id, producer) if kind == "intake" and producer else []
    made = page(
        "stock/document_form.html",
        kind=kind,
        doc=document,
        values=values,
        errors=errors,
        desk=desk,
        rows=rows,
        more=len(rest) > OFFERED,
        ready=ready or desk.answers is not None,
        producer=producer,
        members=members,
        answers=desk.answers,
    )
    return made, status  # type: ignore[return-value]


def _save(kind: str, document: Document | None) -> ResponseReturnValue:
    values = request.form.to_dict()
    if document is not None:
        values["answers_id"] = document.answers_id or ""
    desk = _desk(kind, values, document)
    do = values.get("do", "confirm")
    if do == "find":
        return draft_form(kind, values, {}, document=document)
    by = viewer().id
    certificates = papers.certificates_on(db.session(), list(desk.goods), today()) if kind == "intake" else {}
    revision = int(values["revision"]) if values.get("revision", "").isdecimal() else 0
    try:
        asked = forms.parse_document(values, desk.head(kind), desk.goods, today=today(), certificates=certificates)
        document_id = _keep(asked, document.id if document else None, revision, do == "confirm", by)
    except (Invalid, Conflict) as trouble:
        status = 409 if isinstance(trouble, Conflict) else 422
        return draft_form(kind, values, errors_of(trouble, "lines"), document=document, status=status)
    return gone(url_for("stock.document", document_id=document_id))


def _keep(asked: Draft, document_id: str | None, revision: int, at_once: bool, by: str) -> str:
    """One unit of work: keep the draft and, if asked, confirm it."""
    with unit_of_work() as work:
        at = now()
        if document_id is None:
            document_id = service.draft(work, asked, at=at, by=by)
            revision = 1
        else:
            service.change(work, document_id, revision, asked)
            revision += 1
        if at_once:
            service.confirm(work, document_id, revision=revision, at=at, by=by)
    return document_id
