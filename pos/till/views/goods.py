"""Goods first named at a till: complete them for the register, or merge them into a product it knows."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.catalogue.forms import ProductForm
from pos.catalogue.queries import office as catalogue
from pos.catalogue.rules import VAT_CLASSES
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Trouble
from pos.kernel.text import dong
from pos.producers.queries import choices as producer_choices
from pos.till.queries import newcomers as queries
from pos.till.service.newcomers import Completed, complete, merge
from pos.till.views.blueprint import bp
from pos.web.fields import Fields, errors_of
from pos.web.pages import gone, page, page_no


@bp.get("/new-goods")
@requires("owner.read")
def goods() -> ResponseReturnValue:
    """What waits, the newest first."""
    found, more = queries.list_newcomers(db.session(), reach(viewer(), "owner.read"), page=page_no())
    return page(
        "till/goods.html",
        found=found,
        more=url_for("till.goods", page=page_no() + 1) if more else None,
        tab="goods",
    )


@bp.get("/new-goods/<new_id>")
@requires("product.write")
def goods_one(new_id: str) -> ResponseReturnValue:
    """The form to complete it, and the search for what it may be."""
    return _form(new_id, None, {})


def _form(new_id: str, values: dict[str, Any] | None, errors: dict[str, str]) -> ResponseReturnValue:
    session = db.session()
    new = queries.get_newcomer(session, reach(viewer(), "product.write"), new_id)
    q = request.values.get("q", new.name).strip()
    known = {
        "name": new.name, "unit": "cái", "producer_id": new.producer_id or "", "price": dong(new.price_vnd),
        "barcode": new.barcode or "", "vat_class": "", "vat": "",
    }  # fmt: skip
    made = page(
        "till/goods_one.html",
        new=new,
        values=known | (values or {}),
        errors=errors,
        producers=producer_choices(session),
        groups=catalogue.list_groups(session),
        q=q,
        matches=[row for row in catalogue.find_products(session, q) if row[0] != new_id] if q else [],
    )
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/new-goods/<new_id>")
@requires("product.write")
def goods_complete(new_id: str) -> ResponseReturnValue:
    """Register it, and give what was sold of it its owner."""
    new = queries.get_newcomer(db.session(), reach(viewer(), "product.write"), new_id)
    sent = request.form.to_dict()
    if new.registered and new.producer_id:
        sent["producer_id"] = new.producer_id
    try:
        form = ProductForm.parse(sent, new=True)
        read = Fields(sent)
        asked = Completed(
            form.producer_id, form.facts, read.money("price", required=True) or 0,
            read.choice("vat_class", VAT_CLASSES, required=False), read.hundredths("vat"), read.raw("barcode") or None,
        )  # fmt: skip
        read.finish()
        with unit_of_work() as session:
            complete(session, new_id, asked, by=viewer().id, at=now())
    except Trouble as trouble:
        field = {"barcode": "barcode", "vat": "vat", "price": "price"}.get(trouble.code.split(".")[0], "name")
        return _form(new_id, sent, errors_of(trouble, field))
    return gone(url_for("till.goods"))


@bp.post("/new-goods/<new_id>/merge")
@requires("product.write")
def goods_merge(new_id: str) -> ResponseReturnValue:
    """It is a product the register knows."""
    queries.get_newcomer(db.session(), reach(viewer(), "product.write"), new_id)
    try:
        with unit_of_work() as session:
            merge(session, new_id, request.form.get("merge", ""), by=viewer().id, at=now())
    except Trouble as trouble:
        return _form(new_id, None, errors_of(trouble, "merge"))
    return gone(url_for("till.goods"))
