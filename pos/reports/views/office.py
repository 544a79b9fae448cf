"""The operator's day and the flags a person closes, each with a reason."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.fairs.rules import complete_until
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.ledger.queries import last_check
from pos.reports.queries import flags as doubts
from pos.reports.queries import office as queries
from pos.reports.views import bp
from pos.till.queries import waiting
from pos.till.service.flags import close_flag
from pos.web.pages import done, page, page_no
from pos.web.phrases import phrase
from pos.web.words import WORDS

WEEK = timedelta(days=7)
ALARMS = 5  # tablets told one by one; beyond that their number


@bp.get("/office")
@requires("home.operator")
def operator_home() -> ResponseReturnValue:
    """Takings now, and what wants a person."""
    session, at, day = db.session(), now(), today()
    mine = reach(viewer(), "home.operator")
    found = queries.get_day(session, mine, day, until=at - WEEK, before=day - WEEK)
    words = [word for site in found.sites for word in site.words]
    states = {word.log_id: word.state(at) for word in words}
    selling = [word for word in words if states[word.log_id] != "closed"]
    silent = [word for word in selling if states[word.log_id] == "silent"]
    unsent = [word for word in selling if word.unsent and states[word.log_id] != "silent"]
    here = page_no()
    first = (here - 1) * queries.SITES_SHOWN
    shifts = queries.list_open_shifts(session, mine)
    return page(
        "reports/office/home.html",
        day=day,
        at=at,
        found=found,
        sites=found.sites[first : first + queries.SITES_SHOWN],
        more=url_for("reports.operator_home", page=here + 1)
        if first + queries.SITES_SHOWN < len(found.sites)
        else None,
        greatest=max([1, *(site.takings_vnd for site in found.sites)]),
        causes=doubts.list_causes(session, reach(viewer(), "flag.read")) if viewer().may("flag.read") else [],
        shifts=shifts,
        open_shifts=queries.count_open_shifts(session, mine),
        selling=selling,
        alarms=[*silent, *unsent][:ALARMS],
        silent={word.log_id for word in silent},
        more_alarms=max(0, len(silent) + len(unsent) - ALARMS),
        until=complete_until(selling, at),
        waits=waiting.count_waiting(session, reach(viewer(), "quarantine.read")),
        prints=queries.count_troubled_prints(session, mine, at - timedelta(hours=12)),
        checked=last_check(session),
    )


@bp.get("/office/flags")
@requires("flag.read")
def flags() -> ResponseReturnValue:
    """The queue: cause, money first, age; closed ones behind a tab."""
    session = db.session()
    mine = reach(viewer(), "flag.read")
    code = request.args.get("code") if request.args.get("code") in WORDS["flag"] else None
    closed = request.args.get("state") == "closed"
    number = page_no()
    found, more = doubts.list_doubts(session, mine, code=code, closed=closed, page=number)
    return page(
        "reports/office/flags.html",
        causes=doubts.list_causes(session, mine),
        doubts=found,
        facts=facts_of(found),
        more=url_for("reports.flags", code=code, state="closed" if closed else None, page=number + 1) if more else None,
        code=code,
        closed=closed,
        at=now(),
        may_close=viewer().may("flag.close"),
    )


@bp.get("/office/flags/count")
@requires("flag.read")
def flag_count() -> ResponseReturnValue:
    """The number beside the bell; nothing when it is 0."""
    count = doubts.count_flags(db.session(), reach(viewer(), "flag.read"))
    return str(count) if count else ""


@bp.post("/office/flags/<flag_id>/close")
@requires("flag.close")
def close(flag_id: str) -> ResponseReturnValue:
    """Done, because …"""
    session = db.session()
    found = doubts.find_doubt(session, flag_id)
    if found is None:
        raise NotFound("flag.not_found")
    reach(viewer(), "flag.close").need(operator=found.operator_id, site=found.site_id)
    by = viewer().id
    wrong = None
    try:
        with unit_of_work() as work:
            close_flag(work, flag_id, request.form.get("because", ""), by=by, at=now())
    except Invalid as error:
        wrong = phrase(error.code, "Invalid", error.facts)
    found = doubts.find_doubt(db.session(), flag_id)
    assert found is not None
    back = request.form.get("back", "")
    return done(
        "reports/office/_flag.html",
        back=back if back.startswith("/office") else url_for("reports.flags"),
        flag=found,
        facts=facts_of([found]),
        at=now(),
        wrong=wrong,
        may_close=True,
    )


def facts_of(found: list[doubts.Doubt]) -> dict[str, dict[str, Any]]:
    """The facts of flags by flag id, product ids replaced by their names. One query for all."""
    facts: dict[str, dict[str, Any]] = {flag.id: json.loads(flag.facts or "{}") for flag in found}
    ids = {id_ for each in facts.values() for id_ in each.get("products", []) if isinstance(id_, str)}
    names = doubts.product_names(db.session(), ids)
    for each in facts.values():
        if "products" in each:
            each["products"] = [names.get(id_, str(id_)[:8]) for id_ in each["products"]]
    return facts
