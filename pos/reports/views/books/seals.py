"""Sealed periods: the list, sealing one, what it was and what came after; and the chain, verified as one looks on."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.ledger.models import BooksSeal
from pos.ledger.queries import head_of
from pos.ledger.queries.seals import corrections_of, list_seals, seal_problem, sums_of_seal
from pos.ledger.service.seals import seal_period
from pos.places.models import Fair
from pos.reports.queries.books.chain import verify_stretch
from pos.reports.queries.books.ledgers import names_of
from pos.reports.queries.books.sealing import fairs_to_seal, sites_of
from pos.reports.queries.books.sources import sources_of
from pos.reports.views.books.blueprint import books_of, bp, day_of
from pos.web.pages import gone, page


@bp.get("/seals")
@requires("ledger.read")
def seals() -> ResponseReturnValue:
    """What is sealed, newest first; the forms for who may seal."""
    books, session = books_of("ledger.read"), db.session()
    before = request.args.get("before", "")
    found = list_seals(
        session, books.operator_id, before=int(before) if before.isascii() and before.isdecimal() and len(before) < 10
        else None,
    )  # fmt: skip
    last = today().replace(day=1) - timedelta(days=1)
    may = viewer().may("books.seal", operator=books.operator_id)
    return page(
        "reports/books/seals.html",
        books=books,
        found=found,
        people=names_of(session, "person", [row.sealed_by for row in found if row.sealed_by]),
        may_seal=may,
        month=f"{last:%Y-%m}",
        yesterday=today() - timedelta(days=1),
        sites=sites_of(session, books.operator_id) if may else [],
        fairs=fairs_to_seal(session, books.operator_id, before=today()) if may else [],
        more=url_for("books.seals", before=found[-1].no, **books.query) if len(found) == 50 else None,
    )


def _month() -> tuple[date, date]:
    try:
        first = date.fromisoformat(request.form.get("month", "") + "-01")
    except ValueError:
        raise Invalid("seal.period") from None
    return first, first.replace(day=monthrange(first.year, first.month)[1])


@bp.post("/seals")
@requires("books.seal")
def seal_write() -> ResponseReturnValue:
    """Seal a month, a day of a site or a fair."""
    books, kind, scope = books_of("books.seal"), request.form.get("kind", ""), ""
    if kind == "month":
        from_on, until_on = _month()
    elif kind == "day":
        scope, on = request.form.get("site", ""), day_of("day")
        if on is None or scope not in {site.id for site in sites_of(db.session(), books.operator_id)}:
            raise Invalid("seal.period")
        from_on = until_on = on
    else:
        kind, scope = "fair", request.form.get("fair", "")
        fair = db.session().get(Fair, scope)
        if fair is None or scope not in {f.id for f in fairs_to_seal(db.session(), books.operator_id, before=today())}:
            raise Invalid("seal.period")
        from_on, until_on = fair.starts_on, fair.ends_on
    note = request.form.get("note", "").strip()[:200] or None
    with unit_of_work() as session:
        made = seal_period(
            session, books.operator_id, kind, from_on=from_on, until_on=until_on, scope_id=scope, at=now(),
            by=viewer().id, note=note,
        ).id  # fmt: skip
    return gone(url_for("books.seal", seal_id=made))


@bp.get("/seals/<seal_id>")
@requires("ledger.read")
def seal(seal_id: str) -> ResponseReturnValue:
    """One seal: what stood then, what stands now, and each entry that came after."""
    session = db.session()
    found = session.get(BooksSeal, seal_id)
    if found is None:
        raise NotFound("seal.unknown")
    reach(viewer(), "ledger.read").need(operator=found.operator_id)
    late = corrections_of(session, found)
    place = names_of(session, "site" if found.kind == "day" else "fair", [found.scope_id]) if found.scope_id else {}
    return page(
        "reports/books/seal.html",
        seal=found,
        place=place.get(found.scope_id),
        by=names_of(session, "person", [found.sealed_by or ""]).get(found.sealed_by or ""),
        rows=sums_of_seal(session, found),
        late=late,
        sources=sources_of(session, [(entry.source_kind, entry.source_id) for entry in late]),
        problem=seal_problem(session, found),
    )


@bp.get("/chain")
@requires("ledger.read")
def chain() -> ResponseReturnValue:
    """Where the chain ends, and from where it may be verified."""
    books, session = books_of("ledger.read"), db.session()
    seq, hash_ = head_of(session, books.operator_id)
    return page(
        "reports/books/chain.html", books=books, seq=seq, hash=hash_,
        seals=list_seals(session, books.operator_id, most=20), start=_seq("start"),
    )  # fmt: skip


def _seq(name: str) -> int | None:
    told = request.args.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else None


@bp.get("/chain/stretch")
@requires("ledger.read")
def chain_stretch() -> ResponseReturnValue:
    """One stretch, verified while the page waits; it asks for the next by itself."""
    books = books_of("ledger.read")
    after, start = _seq("after") or 0, _seq("start") or 0
    found = verify_stretch(db.session(), books.operator_id, after)
    return page("reports/books/_stretch.html", books=books, found=found, start=min(start, after))
