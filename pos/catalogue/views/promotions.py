"""Promotions and hampers in the office: few rules, made and stopped, never edited."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.catalogue.promotion_forms import BundleForm, PromotionForm
from pos.catalogue.queries import office
from pos.catalogue.queries import promotions as queries
from pos.catalogue.service import promotions as service
from pos.catalogue.views.office import bp, operator_asked
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.producers.queries import choices as producer_choices
from pos.web.fields import errors_of
from pos.web.pages import gone, page


@bp.get("/promotions/")
@requires("product.read")
def promotions() -> ResponseReturnValue:
    """What runs or will run, and the hampers; what is over behind a tab."""
    operator, operators = operator_asked("product.read")
    past = request.args.get("state") == "past"
    session = db.session()
    id_ = operator.id if operator else ""
    return page(
        "catalogue/promotions.html",
        operator=operator,
        operators=operators,
        past=past,
        promotions=queries.list_promotions(session, id_, day=today(), past=past),
        bundles=[] if past else queries.list_bundles(session, id_),
        scopes=dict(_scopes(id_)),
        today=today(),
        may_write=viewer().may("product.write", operator=id_),
    )


def _scopes(operator_id: str) -> list[tuple[str, str]]:
    """`kind:id` → words: each place of the operator, each fair that is not over."""
    return queries.scopes_of(db.session(), operator_id, day=today())


@bp.get("/promotions/new")
@requires("product.write")
def promotion_add() -> ResponseReturnValue:
    """The form of a promotion; an address may fill it in (goods that expire): nothing is kept by that."""
    day = today().isoformat()
    given = {name: value[:200] for name, value in request.args.items()}
    return _promotion({"kind": "percent", "goods_kind": "all", "starts_on": day, "ends_on": day, **given}, {})


def _promotion(values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    operator, _all = operator_asked("product.write")
    if operator is None:
        raise NotFound("offer.unknown")
    session = db.session()
    made = page(
        "catalogue/promotion_new.html", operator=operator, values=values, errors=errors, scopes=_scopes(operator.id),
        groups=office.list_groups(session), producers=producer_choices(session),
    )  # fmt: skip
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/promotions/new")
@requires("product.write")
def promotion_create() -> ResponseReturnValue:
    """Write the rule down; tills take it within a minute."""
    operator, _all = operator_asked("product.write")
    if operator is None:
        raise NotFound("offer.unknown")
    operator_id = operator.id
    try:
        asked = PromotionForm.parse(request.form, today=today())
        if asked.scope_id and f"{asked.scope_kind}:{asked.scope_id}" not in dict(_scopes(operator_id)):
            raise Invalid("price.scope", field="scope", scope=asked.scope_kind)
        goods = _goods(operator_id, asked)
        with unit_of_work() as session:
            service.add_promotion(
                session, operator_id=operator_id, name=asked.name, kind=asked.kind, value=asked.value, get=asked.get,
                scope_kind=asked.scope_kind, scope_id=asked.scope_id, goods=goods, starts_on=asked.starts_on,
                ends_on=asked.ends_on, from_minute=asked.from_minute, to_minute=asked.to_minute,
                weekdays=asked.weekdays, producer_bp=asked.producer_bp, organizer_bp=asked.organizer_bp, at=now(),
                by=viewer().id,
            )  # fmt: skip
    except Invalid as trouble:
        return _promotion(request.form.to_dict(), errors_of(trouble, "name"))
    return gone(url_for("catalogue.promotions", operator=operator_id))


def _goods(operator_id: str, asked: PromotionForm) -> dict[str, list[str]]:
    if asked.goods_kind == "all":
        return {}
    if asked.goods_kind == "products":
        found = queries.products_by_number(db.session(), operator_id, list(asked.goods))
        if missing := [number for number in asked.goods if number not in found]:
            raise Invalid("promotion.number", field="products", numbers=", ".join(missing))
        return {"products": list(found.values())}
    return {f"{asked.goods_kind}s": list(asked.goods)}


@bp.post("/promotions/<promotion_id>/stop")
@requires("product.write")
def promotion_stop(promotion_id: str) -> ResponseReturnValue:
    """No till gives it from now on."""
    operator_id = queries.get_promotion(db.session(), promotion_id).operator_id
    reach(viewer(), "product.write").need(operator=operator_id)
    with unit_of_work() as session:
        service.stop_promotion(session, promotion_id, by=viewer().id, at=now())
    return gone(url_for("catalogue.promotions", operator=operator_id))


@bp.get("/promotions/bundle")
@requires("product.write")
def bundle_add() -> ResponseReturnValue:
    """The form of a hamper."""
    return _bundle({}, {})


def _bundle(values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    operator, _all = operator_asked("product.write")
    made = page("catalogue/bundle_new.html", operator=operator, values=values, errors=errors)
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/promotions/bundle")
@requires("product.write")
def bundle_create() -> ResponseReturnValue:
    """Write the hamper down."""
    operator, _all = operator_asked("product.write")
    if operator is None:
        raise NotFound("offer.unknown")
    operator_id = operator.id
    try:
        asked = BundleForm.parse(request.form)
        found = queries.products_by_number(db.session(), operator_id, list(asked.parts))
        if missing := [number for number in asked.parts if number not in found]:
            raise Invalid("promotion.number", field="parts", numbers=", ".join(missing))
        with unit_of_work() as session:
            service.add_bundle(
                session, operator_id=operator_id, name=asked.name, code=asked.code, price_vnd=asked.price_vnd,
                parts={found[number]: milli for number, milli in asked.parts.items()}, at=now(),
            )  # fmt: skip
    except (Invalid, Conflict) as trouble:
        return _bundle(request.form.to_dict(), errors_of(trouble, "name"))
    return gone(url_for("catalogue.promotions", operator=operator_id))


@bp.post("/promotions/bundle/<bundle_id>/stop")
@requires("product.write")
def bundle_stop(bundle_id: str) -> ResponseReturnValue:
    """No till sells it from now on."""
    operator_id = queries.get_bundle(db.session(), bundle_id).operator_id
    reach(viewer(), "product.write").need(operator=operator_id)
    with unit_of_work() as session:
        service.stop_bundle(session, bundle_id, at=now())
    return gone(url_for("catalogue.promotions", operator=operator_id))
