"""Labels: choose goods and print a sheet; what gets a new price tomorrow; blank codes, and what each is stuck on."""

from __future__ import annotations

from datetime import timedelta

from flask import make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select

from pos.access.guards import here, requires, viewer
from pos.access.reach import reach
from pos.catalogue.adapters.label_sheets import label_sheet as set_labels
from pos.catalogue.forms import LabelsForm
from pos.catalogue.labels import SHEETS, Label, repeated
from pos.catalogue.queries import labels as queries
from pos.catalogue.queries import office
from pos.catalogue.rules import codes_of
from pos.catalogue.service import codes as service
from pos.catalogue.views.office import bp, operator_asked
from pos.kernel.clock import day_bounds, now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.places.models import Operator, Site
from pos.web.fields import Fields, errors_of
from pos.web.pages import gone, page


def _needed(action: str) -> tuple[Operator, list[Operator]]:
    operator, operators = operator_asked(action)
    if operator is None:
        raise NotFound("access.not_here")
    return operator, operators


def _sites(operator_id: str) -> list[Site]:
    mine = reach(viewer(), "product.read")
    asked = select(Site).where(Site.operator_id == operator_id, Site.active, mine.where(operator=Site.operator_id))
    return list(db.session().scalars(asked.order_by(Site.name)))


def _english() -> str:
    return "en" if str(get_locale()) == "en" else "vi"


def _paper(data: bytes, name: str) -> ResponseReturnValue:
    made = make_response(data)
    made.headers["Content-Type"] = "application/pdf"
    made.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    made.headers["Cache-Control"] = "private, no-store"
    return made


@bp.get("/labels/")
@requires("product.read")
def labels() -> ResponseReturnValue:
    """Choose goods and how many of each; what was chosen stays on top while one searches for more."""
    return _labels({})


def _labels(errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    operator, operators = _needed("product.read")
    session, at = db.session(), now()
    counts = {key[2:]: text for key, text in request.values.items() if key.startswith("n-") and text.strip(" 0")}
    if one := request.values.get("product"):
        counts.setdefault(one, "12")
    q = request.values.get("q", "").strip()
    sites = _sites(operator.id)
    site = next((s for s in sites if s.id == request.values.get("site")), None)
    chosen = queries.labels_of(session, operator.id, counts, site=site, at=at, day=today())
    found, more = office.list_products(
        session, operator_id=operator.id, q=q, show="offered", at=at, day=today(), page=1
    )
    rest = queries.labels_of(
        session, operator.id, [p.id for p in found if p.id not in counts], site=site, at=at, day=today()
    )
    expires = request.values.get("expires", "")
    if one and len(chosen) == 1 and chosen[0].shelf_life_days and not expires:
        expires = (today() + timedelta(days=chosen[0].shelf_life_days)).isoformat()
    made = page(
        "catalogue/labels.html",
        operator=operator, operators=operators, site=site,
        site_choices=[(s.id, s.name) for s in sites], q=q, counts=counts, chosen=chosen, rest=rest,
        more=more, sheets=SHEETS, kind=request.values.get("kind") or ("product" if one else "shelf"),
        skip=request.values.get("skip", ""), lot=request.values.get("lot", ""), expires=expires, errors=errors,
        blank=request.values.get("lines") == "0",
    )  # fmt: skip
    return made, status  # type: ignore[return-value]


@bp.get("/labels/sheet.pdf")
@requires("product.read")
def label_sheet() -> ResponseReturnValue:
    """The chosen labels as A4 pages."""
    operator, _ = _needed("product.read")
    try:
        asked = LabelsForm.parse(request.args)
    except Invalid as trouble:
        return _labels(errors_of(trouble, "n"), 422)
    site = next((s for s in _sites(operator.id) if s.id == asked.site_id), None)
    at = day_bounds(asked.day)[0] if asked.day and asked.day > today() else now()
    rows = queries.labels_of(db.session(), operator.id, list(asked.counts), site=site, at=at, day=asked.day or today())
    if not rows:
        return _labels(errors_of(Invalid("labels.none", field="n")), 422)
    told = [queries.with_lot(row, asked.lot, asked.expires_on) for row in rows]
    sheet = repeated([(row.label, asked.counts[row.product_id]) for row in told])
    data = set_labels(asked.kind, sheet, language=_english(), skip=asked.skip, lines=asked.lines)
    return _paper(data, f"nhan-{asked.kind}")


@bp.get("/labels/coming")
@requires("product.read")
def label_coming() -> ResponseReturnValue:
    """The prices that begin on a day (tomorrow, when none is asked for): print the evening before, stick at opening."""
    operator, operators = _needed("product.read")
    tomorrow = today() + timedelta(days=1)
    read = Fields(request.args)
    day = read.day("day") or tomorrow
    session = db.session()
    return page(
        "catalogue/labels_coming.html",
        operator=operator, operators=operators, day=day, tomorrow=tomorrow, today=today(),
        found=queries.list_coming(session, operator.id, day),
        days=queries.days_of_coming(session, operator.id, day_bounds(tomorrow)[0]), sites=_sites(operator.id),
    )  # fmt: skip


# ── Codes of our own ─────────────────────────────────────────────────────────
@bp.get("/codes/")
@requires("product.write")
def codes() -> ResponseReturnValue:
    """Sheets of blank codes, and the box that takes a scanned one."""
    return _codes({}, {})


def _codes(values: dict[str, str], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    operator, operators = _needed("product.write")
    session, code = db.session(), request.values.get("code", "").strip()
    q = request.values.get("q", "").strip()
    matches = office.list_products(session, operator_id=operator.id, q=q, show="offered", at=now(), day=today(), page=1)
    made = page(
        "catalogue/codes.html",
        operator=operator, operators=operators, sheets=queries.list_sheets(session, operator.id), code=code, q=q,
        known=queries.find_by_code(session, operator.id, code) if code else None,
        matches=matches[0][:12] if code and q else [], values={"count": "65"} | values, errors=errors,
        given=request.args.get("given", ""),
    )  # fmt: skip
    return made, status  # type: ignore[return-value]


@bp.post("/codes/")
@requires("product.write")
def codes_print() -> ResponseReturnValue:
    """Mint a sheet of blank codes; its page has the PDF."""
    operator, _ = _needed("product.write")
    operator_id = operator.id
    reach(viewer(), "product.write").need(operator=operator_id)
    count = request.form.get("count", "").strip()
    try:
        with unit_of_work() as session:
            n = int(count) if count.isascii() and count.isdigit() and len(count) < 6 else 0
            service.print_sheet(session, operator_id=operator_id, count=n, at=now(), by=viewer().id)
    except (Invalid, Conflict) as trouble:
        return _codes(request.form.to_dict(), errors_of(trouble, "count"), 422)
    return gone(url_for("catalogue.codes", operator=operator_id))


@bp.get("/codes/<sheet_id>.pdf")
@requires("product.write")
def codes_sheet(sheet_id: str) -> ResponseReturnValue:
    """The sheet, also a second time."""
    sheet = queries.get_sheet(db.session(), sheet_id)
    here("product.write", operator=sheet.operator_id)
    blanks = [
        Label("", None, "", None, "", False, None, None, code)
        for code in codes_of(sheet.prefix, sheet.first_no, sheet.count)
    ]
    return _paper(set_labels("code", blanks, language=_english()), f"ma-{sheet.first_no}")


@bp.post("/codes/give")
@requires("product.write")
def codes_give() -> ResponseReturnValue:
    """The code on the goods finds this product from now on."""
    operator, _ = _needed("product.write")
    operator_id = operator.id
    reach(viewer(), "product.write").need(operator=operator_id)
    code, product_id = request.form.get("code", "").strip(), request.form.get("product", "")
    try:
        with unit_of_work() as session:
            service.give_code(session, operator_id=operator_id, product_id=product_id, code=code)
    except (Invalid, Conflict) as trouble:
        return _codes({}, errors_of(trouble, "code"), 422)
    return gone(url_for("catalogue.codes", operator=operator_id, given=code))


@bp.post("/products/<product_id>/code")
@requires("product.write")
def code_mint(product_id: str) -> ResponseReturnValue:
    """One new code of the operator's own for this product."""
    operator, _ = _needed("product.write")
    operator_id = operator.id
    reach(viewer(), "product.write").need(operator=operator_id)
    with unit_of_work() as session:
        service.mint_code(session, operator_id=operator_id, product_id=product_id)
    return gone(url_for("catalogue.product", product_id=product_id, operator=operator_id))
