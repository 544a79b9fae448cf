"""Agreements: every producer beside one operator, all versions of a pair, new terms."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date, timedelta

from flask import current_app, make_response, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.consignment.adapters.pdf import agreement_as_pdf
from pos.consignment.forms import CostForm, TermsForm, dong_of
from pos.consignment.queries import agreements as queries
from pos.consignment.rules.agreement_paper import agreement_paper
from pos.consignment.rules.agreements import EXAMPLE_COST_VND, worked_example
from pos.consignment.rules.shares import COMMISSION
from pos.consignment.service.agreements import agree, agree_on_goods
from pos.consignment.views.blueprint import bp, language, operator_asked
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.web.pages import done, gone, origin, page
from pos.web.phrases import phrase


@bp.get("/agreements")
@requires("agreement.read")
def agreements_list() -> ResponseReturnValue:
    """Every producer beside one operator: terms in force and what comes next."""
    operator_id, allowed = operator_asked("agreement.read")
    text, after = request.args.get("q", "")[:80], request.args.get("after", "")
    agreed = {"yes": True, "no": False}.get(request.args.get("agreed", ""))
    rows, more = queries.list_agreements(
        db.session(), operator_id, today=today(), text=text, agreed=agreed, after=after
    )
    return page(
        "consignment/agreements.html", rows=rows, more=more, operator_id=operator_id, operators=allowed, q=text,
        agreed=request.args.get("agreed", ""),
    )  # fmt: skip


@bp.get("/agreements/<operator_id>/<producer_id>")
@requires("agreement.read")
def agreement(operator_id: str, producer_id: str) -> ResponseReturnValue:
    """One pair: all versions, and the form for the next."""
    here("agreement.read", operator=operator_id)
    return _agreement_page(operator_id, producer_id, None, {})


def _agreement_page(
    operator_id: str, producer_id: str, form: TermsForm | CostForm | None, errors: dict[str, str]
) -> ResponseReturnValue:
    names = queries.names_of(db.session(), operator_id, producer_id)
    versions = queries.versions_of(db.session(), operator_id, producer_id)
    last = versions[0] if versions else None
    terms = form.terms if isinstance(form, TermsForm) else None
    bp_ = terms.commission_bp if terms else last.commission_bp if last else 1_500
    vat = terms.vat_on_commission_bp if terms else last.vat_on_commission_bp if last else 800
    mode = terms.mode if terms else last.mode if last else COMMISSION
    goods = queries.list_goods(db.session(), operator_id, producer_id, today=today(), at=now())
    made = page(
        "consignment/agreement.html", names=names, operator_id=operator_id, producer_id=producer_id,
        versions=versions, last=last, typed=form.typed if form else {}, errors=errors, goods=goods,
        example=worked_example(bp_, vat, mode=mode, cost_vnd=EXAMPLE_COST_VND),
        example_bp=bp_, today=today(), first_day=today() + timedelta(days=1 if last else 0),
        may_write=viewer().may("agreement.write", operator=operator_id),
    )  # fmt: skip
    return make_response(made, 422) if errors else made


@bp.get("/agreements/<operator_id>/<producer_id>/<version_id>.pdf")
@requires("agreement.read")
def agreement_pdf(operator_id: str, producer_id: str, version_id: str) -> ResponseReturnValue:
    """One version as the paper both sign."""
    here("agreement.read", operator=operator_id)
    found = queries.get_paper(db.session(), operator_id, producer_id, version_id)
    paper = agreement_paper(
        found.terms, found.operator, found.producer, n=found.n, language=language(), costs=found.costs,
        demo=bool(current_app.config["POS_DEMO"]),
    )  # fmt: skip
    made = make_response(agreement_as_pdf(paper, origin() + url_for("access.paper_door", producer_id=producer_id)))
    made.headers["Content-Type"] = "application/pdf"
    made.headers["Content-Disposition"] = f'inline; filename="thoa-thuan-{found.code}-{found.n}.pdf"'
    made.headers["Cache-Control"] = "private, no-store"
    return made


@bp.post("/agreements/<operator_id>/<producer_id>/example")
@requires("agreement.read")
def example(operator_id: str, producer_id: str) -> ResponseReturnValue:
    """What the rates typed so far come to."""
    here("agreement.read", operator=operator_id)
    cost = dong_of(request.form.get("example_cost", ""))
    form = TermsForm.parse({**request.form, "starts_on": "2026-01-01"})
    back = url_for("consignment.agreement", operator_id=operator_id, producer_id=producer_id)
    if form.terms is None or cost is None:
        return done("consignment/_example.html", back=back, example=None, example_bp=0)
    made = worked_example(
        form.terms.commission_bp, form.terms.vat_on_commission_bp, mode=form.terms.mode,
        cost_vnd=cost or EXAMPLE_COST_VND,
    )  # fmt: skip
    return done("consignment/_example.html", back=back, example=made, example_bp=form.terms.commission_bp)


@bp.post("/agreements/<operator_id>/<producer_id>")
@requires("agreement.write")
def new_version(operator_id: str, producer_id: str) -> ResponseReturnValue:
    """Write the new terms down."""
    here("agreement.write", operator=operator_id)
    queries.names_of(db.session(), operator_id, producer_id)
    form = TermsForm.parse(request.form)
    errors = dict(form.errors)
    if form.terms is not None:
        try:
            with unit_of_work() as session:
                agree(
                    session, operator_id=operator_id, producer_id=producer_id, at=now(), by=viewer().id,
                    **{each.name: getattr(form.terms, each.name) for each in fields(form.terms)},
                )  # fmt: skip
        except (Conflict, Invalid) as wrong:
            errors["starts_on"] = phrase(wrong.code, type(wrong).__name__, _readable(wrong.facts))[language() == "en"]
    if errors:
        return _agreement_page(operator_id, producer_id, form, errors)
    return gone(url_for("consignment.agreement", operator_id=operator_id, producer_id=producer_id))


@bp.post("/agreements/<operator_id>/<producer_id>/goods")
@requires("agreement.write")
def goods_terms(operator_id: str, producer_id: str) -> ResponseReturnValue:
    """One product's cost, or another way of selling it, from a day on."""
    here("agreement.write", operator=operator_id)
    queries.names_of(db.session(), operator_id, producer_id)
    known = queries.list_goods(db.session(), operator_id, producer_id, today=today(), at=now())
    form = CostForm.parse(request.form, {goods.product_id for goods in known})
    errors = dict(form.errors)
    if form.goods is not None:
        try:
            with unit_of_work() as session:
                agree_on_goods(session, operator_id=operator_id, at=now(), by=viewer().id, **asdict(form.goods))
        except (Conflict, Invalid) as wrong:
            errors["from_on"] = phrase(wrong.code, type(wrong).__name__, _readable(wrong.facts))[language() == "en"]
    if errors:
        return _agreement_page(operator_id, producer_id, form, errors)
    return gone(url_for("consignment.agreement", operator_id=operator_id, producer_id=producer_id))


def _readable(facts: dict[str, object]) -> dict[str, object]:
    return {name: value.strftime("%d/%m/%Y") if isinstance(value, date) else value for name, value in facts.items()}
