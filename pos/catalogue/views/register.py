"""The register beside its facts: pictures, papers, GTINs, and the changes others ask for."""

from __future__ import annotations

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.access.reach import reach
from pos.catalogue.models import CertificateFile
from pos.catalogue.queries import certificates, office
from pos.catalogue.queries import changes as queries
from pos.catalogue.service import changes, pictures
from pos.catalogue.views.office import bp, product_page
from pos.catalogue.views.sent import editable, paper_sent, picture_sent
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound, Refused
from pos.web.fields import errors_of
from pos.web.pages import gone, page, page_no

TABS = ("open", "decided", "mine")


def shown(data: bytes, kind: str, name: str = "") -> ResponseReturnValue:
    """A kept picture or paper; under its id it never changes."""
    made = Response(data, mimetype="application/pdf" if kind == "pdf" else "image/webp")
    made.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    made.headers["Content-Disposition"] = f'inline; filename="{name or "anh"}"'.encode("ascii", "replace").decode()
    return made


# ── Pictures ─────────────────────────────────────────────────────────────────
@bp.get("/pictures/<picture_id>.webp")
@requires("picture.read")
def product_picture(picture_id: str) -> ResponseReturnValue:
    """A picture; ?small for lists. It never changes under its id."""
    found = pictures.get_picture(db.session(), picture_id)
    return shown(found.small if "small" in request.args else found.webp, "webp")


@bp.post("/products/<product_id>/pictures")
@requires("register.ask")
def product_picture_add(product_id: str) -> ResponseReturnValue:
    """Add a picture, or ask for it."""
    at_once, who = editable(product_id), viewer().id
    try:
        sent = picture_sent()
        with unit_of_work() as session:
            if at_once:
                made = pictures.add_picture(session, product_id, sent, at=now(), by=who)
                changes.write_down(session, product_id, "picture", {}, {"picture": made.id}, at=now(), by=who)
            else:
                changes.ask_picture(session, product_id, sent, at=now(), by=who)
    except (Invalid, Conflict) as trouble:
        return product_page(product_id, {}, errors_of(trouble, "picture"), 422, "picture")
    return gone(url_for("catalogue.product", product_id=product_id, operator=request.form.get("operator")))


@bp.post("/pictures/<picture_id>/<any(first, remove):what>")
@requires("register.ask")
def product_picture_change(picture_id: str, what: str) -> ResponseReturnValue:
    """Put it first, or take it away: by who may edit the product."""
    product_id = pictures.get_picture(db.session(), picture_id).product_id
    if not editable(product_id):
        raise Refused("access.refused")
    with unit_of_work() as session:
        if what == "first":
            pictures.put_first(session, picture_id)
        else:
            pictures.remove_picture(session, picture_id)
            changes.write_down(session, product_id, "picture", {"picture": picture_id}, {}, at=now(), by=viewer().id)
    return gone(url_for("catalogue.product", product_id=product_id, operator=request.form.get("operator")))


# ── Papers of certificates ───────────────────────────────────────────────────
@bp.get("/certificates/<certificate_id>/paper")
@requires("certificate.read")
def certificate_paper(certificate_id: str) -> ResponseReturnValue:
    """The paper as it was attached."""
    found = db.session().get(CertificateFile, certificate_id)
    if found is None:
        raise NotFound("certificate.no_paper")
    return shown(found.data, found.kind, found.name)


@bp.post("/certificates/<certificate_id>/paper")
@requires("certificate.write")
def certificate_paper_add(certificate_id: str) -> ResponseReturnValue:
    """Attach the paper to a certificate that has none, or a better scan."""
    product_id = certificates.get_certificate(db.session(), certificate_id).product_id
    try:
        sent = paper_sent()
        if sent is None:
            raise Invalid("picture.none", field="file")
        with unit_of_work() as session:
            pictures.attach_paper(session, certificate_id, sent, at=now(), by=viewer().id)
    except Invalid as trouble:
        return product_page(product_id, {}, errors_of(trouble, "file"), 422, "file")
    return gone(url_for("catalogue.product", product_id=product_id))


# ── Changes others ask for ───────────────────────────────────────────────────
@bp.get("/products/changes")
@requires("register.ask")
def product_changes() -> ResponseReturnValue:
    """What waits for a word, what was decided, and what one asked for oneself."""
    return _changes({})


def _changes(errors: dict[str, str], of: str = "", status: int = 200) -> ResponseReturnValue:
    session, who = db.session(), viewer()
    decides = reach(who, "register.write")
    tab = request.values.get("state", "open")
    tab = tab if tab in TABS else "open"
    found, more = queries.list_changes(session, decides, who.id, state=tab, page=page_no())
    made = page(
        "catalogue/changes.html",
        changes=found, tab=tab, waiting=queries.count_open(session, decides, who.id),
        more=url_for("catalogue.product_changes", state=tab, page=page_no() + 1) if more else None,
        groups=dict(office.list_groups(session)), errors=errors, wrong=of,
        decides={c.id: _may_decide(c) for c in found},
    )  # fmt: skip
    return made, status  # type: ignore[return-value]


def _may_decide(change: queries.ChangeRow) -> bool:
    action = "certificate.write" if change.kind == "certificate" else "register.write"
    return change.state == "open" and viewer().may(action, producer=change.producer_id)


@bp.get("/products/changes/<change_id>/file")
@requires("register.ask")
def product_change_file(change_id: str) -> ResponseReturnValue:
    """What came with it: for who asked and who decides."""
    session, who = db.session(), viewer()
    change = queries.get_change(session, change_id)
    if change.asker_id != who.id:
        here("register.write", producer=change.producer_id)
    found = queries.get_file(session, change_id)
    return shown(found.data, found.kind, found.name)


@bp.post("/products/changes/<change_id>/<any(accept, refuse):word>")
@requires("register.write")
def product_change_decide(change_id: str, word: str) -> ResponseReturnValue:
    """Yes, or no and why."""
    change = queries.get_change(db.session(), change_id)
    here("certificate.write" if change.kind == "certificate" else "register.write", producer=change.producer_id)
    try:
        with unit_of_work() as session:
            if word == "accept":
                changes.accept(session, change_id, at=now(), by=viewer().id)
            else:
                changes.refuse(session, change_id, request.form.get("reason", ""), at=now(), by=viewer().id)
    except (Invalid, Conflict) as trouble:
        return _changes(errors_of(trouble, "reason"), change_id, 422)
    return gone(url_for("catalogue.product_changes"))
