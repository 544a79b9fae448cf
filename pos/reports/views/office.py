"""The operator's day and the flags a person closes, each with a reason."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.fairs.rules import complete_until
from pos.kernel.clock import now, today
from pos.kernel.db import db
from pos.ledger.queries import last_check
from pos.reports.queries import flags as doubts
from pos.reports.queries import office as queries
from pos.reports.views import bp
from pos.till.queries import waiting
from pos.web.pages import page, page_no

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
