"""The queue of doubts: by cause, money first; whose they are, and why they are done."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.reports.queries import flags as queries
from pos.reports.views import bp
from pos.till.service.flags import close_flag, give_flag
from pos.web.pages import done, page, page_no
from pos.web.phrases import phrase
from pos.web.words import WORDS

ME = "me"
ASKED = ("code", "site", "owner", "state")


def _wanted() -> queries.Wanted:
    """What the address asks for; what it does not know is not asked for."""
    code, site, owner, state = (request.args.get(name, "") for name in ASKED)
    return queries.Wanted(
        code=code if code in WORDS["flag"] else None,
        site_id=site or None,
        owner=(viewer().id if owner == ME else owner) or None,
        closed=state == "closed",
    )


@bp.get("/office/flags")
@requires("flag.read")
def flags() -> ResponseReturnValue:
    """The queue: cause, money first, age, whose it is; closed ones behind a tab."""
    session, wanted, number = db.session(), _wanted(), page_no()
    mine = reach(viewer(), "flag.read")
    causes = queries.list_causes(session, mine, wanted)
    found, more = queries.list_doubts(session, mine, wanted, causes=[cause.code for cause in causes], page=number)
    kept: dict[str, Any] = {name: request.args.get(name) or None for name in ASKED}
    last = found[-1].code if found else None
    return page(
        "reports/office/flags.html",
        causes=causes,
        by_code={cause.code: cause for cause in causes},
        doubts=found,
        facts=facts_of(found),
        more=url_for("reports.flags", **kept, page=number + 1, after=last) if more else None,
        after=request.args.get("after"),
        wanted=wanted,
        grouped=not wanted.closed,
        kept=kept,
        sites=queries.list_sites(session, mine),
        **_people(session),
    )


def _people(session: Session) -> dict[str, Any]:
    """What every flag on a page needs of who reads it and who may see to it."""
    return {
        "owners": queries.list_owners(session, reach(viewer(), "flag.read")),
        "may_close": viewer().may("flag.close"),
        "may_give": viewer().may("flag.give"),
        "me": viewer().id,
        "at": now(),
    }


@bp.get("/office/flags/count")
@requires("flag.read")
def flag_count() -> ResponseReturnValue:
    """The number beside the bell; nothing when it is 0."""
    count = queries.count_flags(db.session(), reach(viewer(), "flag.read"))
    return str(count) if count else ""


@bp.post("/office/flags/<flag_id>/close")
@requires("flag.close")
def close(flag_id: str) -> ResponseReturnValue:
    """Done, because …"""
    because, by = request.form.get("because", ""), viewer().id
    return _done(flag_id, "flag.close", lambda work: close_flag(work, flag_id, because, by=by, at=now()))


@bp.post("/office/flags/<flag_id>/owner")
@requires("flag.give")
def give(flag_id: str) -> ResponseReturnValue:
    """Who sees to it: `me`, somebody, or nobody."""
    asked, by = request.form.get("owner", ""), viewer().id
    owner = (by if asked == ME else asked) or None
    return _done(flag_id, "flag.give", lambda work: give_flag(work, flag_id, owner, by=by, at=now()))


def _done(flag_id: str, action: str, change: Callable[[Session], None]) -> ResponseReturnValue:
    """Do it to one flag within reach; the flag as it is now, with what was wrong."""
    found = queries.find_doubt(db.session(), flag_id)
    if found is None:
        raise NotFound("flag.not_found")
    reach(viewer(), action).need(operator=found.operator_id, site=found.site_id)
    wrong = None
    try:
        with unit_of_work() as work:
            change(work)
    except (Invalid, Conflict) as error:
        wrong = phrase(error.code, type(error).__name__, error.facts)
    session = db.session()
    found = queries.find_doubt(session, flag_id)
    assert found is not None
    back = request.form.get("back", "")
    return done(
        "reports/office/_flag.html",
        back=back if back.startswith("/office") else url_for("reports.flags"),
        here=back,
        flag=found,
        facts=facts_of([found]),
        wrong=wrong,
        grouped=back.startswith("/office/flags"),
        **_people(session),
    )


def facts_of(found: list[queries.Doubt]) -> dict[str, dict[str, Any]]:
    """The facts of flags by flag id, product ids replaced by their names. One query for all."""
    facts: dict[str, dict[str, Any]] = {flag.id: json.loads(flag.facts or "{}") for flag in found}
    ids = {id_ for each in facts.values() for id_ in each.get("products", []) if isinstance(id_, str)}
    names = queries.product_names(db.session(), ids)
    for each in facts.values():
        if "products" in each:
            each["products"] = [names.get(id_, str(id_)[:8]) for id_ in each["products"]]
    return facts
