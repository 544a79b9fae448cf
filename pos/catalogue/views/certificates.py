"""The register of certificates: in force, ending, over, revoked; by stars, group, commune, producer; who to remind."""

from __future__ import annotations

from dataclasses import asdict

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from pos.access.guards import requires, viewer
from pos.catalogue import service
from pos.catalogue.forms import CertificateForm
from pos.catalogue.queries import certificates as queries
from pos.catalogue.queries import office
from pos.catalogue.reminders import reminder_text
from pos.catalogue.service import changes
from pos.catalogue.views.office import bp
from pos.catalogue.views.sent import paper_sent
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.producers.models import Producer
from pos.web.fields import Fields, errors_of
from pos.web.pages import gone, page, page_no
from pos.web.pictures import nice_top, shares_of

AHEAD = ("30", "60", "90")


@bp.get("/certificates/")
@requires("certificate.read")
def certificates() -> ResponseReturnValue:
    """What ends first stands first. The picture and the figures follow the filters, the states are its parts."""
    day, asked = today(), request.args
    state, stars = asked.get("state", "all"), asked.get("stars", "")
    wanted = queries.Wanted(
        q=asked.get("q", "").strip(), state=state if state in queries.STATES else "all",
        stars=stars if stars in queries.STARS else "", group=asked.get("group", ""), commune=asked.get("commune", ""),
        producer=asked.get("producer", ""),
    )  # fmt: skip
    session = db.session()
    found, more = queries.list_certificates(session, wanted, today=day, page=page_no())
    counts = queries.count_certificates(session, wanted, day)
    groups, communes = queries.choices(session)
    this = day.year * 12 + day.month - 1
    ends = [("month", n, counts.months.get(n, 0)) for n in range(this, this + 12)]
    ends.append(("later", 0, sum(count for n, count in counts.months.items() if n >= this + 12)))
    past = counts.states["past"]
    tallest = max([1, past, *(count for _, _, count in ends[:-1])])
    keep = {name: value for name, value in asdict(wanted).items() if value and (name, value) != ("state", "all")}
    widest = max(1, *(sum(parts.values()) for parts in counts.stars.values()))
    return page(
        "catalogue/certificates.html",
        certificates=found, wanted=wanted, keep=keep, states=counts.states, groups=groups, communes=communes,
        more=url_for("catalogue.certificates", **keep, page=page_no() + 1) if more else None,
        by_stars=[
            (key, parts, list(zip(parts, _bars(parts, widest), strict=True))) for key, parts in counts.stars.items()
        ],
        producer=session.get(Producer, wanted.producer) if wanted.producer else None,
        ends=[("past", 0, past), *ends], tallest=nice_top(tallest)[0], today=day,
        may_write=viewer().may("certificate.write"), may_ask=viewer().may("register.ask"),
    )  # fmt: skip


def _bars(parts: dict[str, int], widest: int) -> list[tuple[int, int]]:
    """The parts of one class side by side, all classes on one scale."""
    return shares_of(list(parts.values()), whole=sum(parts.values()) * 1000 // widest, gap=3)


@bp.get("/certificates/reminders")
@requires("certificate.read")
def certificate_reminders() -> ResponseReturnValue:
    """Producers to remind, each with a text to copy or share."""
    asked = request.args.get("days", "90")
    days = asked if asked in AHEAD else "90"
    day, language = today(), "en" if str(get_locale()) == "en" else "vi"
    found = queries.list_reminders(db.session(), today=day, days=int(days))
    return page(
        "catalogue/reminders.html",
        reminders=[(one, reminder_text(one.producer, one.rows, day, language)) for one in found],
        days=days, ahead=AHEAD, today=day,
    )  # fmt: skip


@bp.get("/certificates/new")
@requires("register.ask")
def certificate_add() -> ResponseReturnValue:
    """The form for a certificate; ?product= chooses its product."""
    return _certificate({"product_id": request.args.get("product", ""), "stars": "3"}, {})


def _certificate(values: dict[str, str], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    chosen = values.get("product_id", "")
    found = office.get_product(db.session(), chosen, None) if chosen else None
    q = request.values.get("q", "").strip()
    made = page(
        "catalogue/certificate_new.html",
        values=values,
        errors=errors,
        chosen=found,
        q=q,
        matches=office.find_products(db.session(), q) if q and not found else [],
        may_write=viewer().may("certificate.write"),
    )
    return made, status  # type: ignore[return-value]


@bp.post("/certificates/new")
@requires("register.ask")
def certificate_create() -> ResponseReturnValue:
    """Add a certificate with its paper, or send it in; an older one stands as history."""
    at_once, who = viewer().may("certificate.write"), viewer().id
    try:
        asked, paper = CertificateForm.parse(request.form), paper_sent()
        facts = asdict(asked)
        product_id = facts.pop("product_id")
        with unit_of_work() as session:
            office.get_product(session, product_id, None)
            if at_once:
                changes.certify(session, product_id, facts, paper, at=now(), by=who)
                changes.write_down(session, product_id, "certificate", {}, facts, at=now(), by=who)
            else:
                changes.ask_certificate(session, product_id, facts, paper, at=now(), by=who)
    except (Invalid, Conflict) as trouble:
        return _certificate(request.form.to_dict(), errors_of(trouble, "valid_to"), 422)
    return gone(url_for("catalogue.product", product_id=product_id))


@bp.post("/certificates/<certificate_id>/revoke")
@requires("certificate.write")
def certificate_revoke(certificate_id: str) -> ResponseReturnValue:
    """The authority took it back: no stars from that day on, today when none is given."""
    product_id, who = queries.get_certificate(db.session(), certificate_id).product_id, viewer().id
    read = Fields(request.form)
    day, reason = read.day("revoked_on") or today(), read.text("reason", most=200)
    with unit_of_work() as session:
        service.revoke_certificate(session, certificate_id, revoked_on=day)
        told = {"certificate": certificate_id, "revoked_on": day, "reason": reason}
        changes.write_down(session, product_id, "certificate", {}, told, at=now(), by=who)
    return gone(url_for("catalogue.product", product_id=product_id))
