"""The live board of a fair: for a wall and a pocket, one page that refreshes itself."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.fairs import queries
from pos.fairs.rules import complete_until, loudest
from pos.kernel.clock import local, now, today
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.places.models import Fair
from pos.web.pages import page
from pos.web.pictures import columns, heat, shares_of

bp = Blueprint("fairs", __name__, url_prefix="/fairs")
OPENS, CLOSES = 8, 21


@bp.get("/")
@requires("fair.read")
def choose() -> ResponseReturnValue:
    """The fairs one may watch; a single one opens at once."""
    session = db.session()
    fairs = queries.list_fairs(session, reach(viewer(), "fair.read"))
    if len(fairs) == 1:
        return redirect(url_for("fairs.board", fair_id=fairs[0].id))
    takings = queries.takings_by_fair(session, [fair.id for fair in fairs])
    return page("fairs/choose.html", fairs=fairs, takings=takings, today=today())


@bp.get("/<fair_id>")
@requires("fair.read")
def board(fair_id: str) -> ResponseReturnValue:
    """Takings of one day by booth, hour and tender, and how old each tablet's last word is."""
    session, at = db.session(), now()
    fair = queries.find_fair(session, fair_id)
    if fair is None:
        raise NotFound("fair.unknown")
    reach(viewer(), "fair.read").need(fair=fair.id, organizer=fair.organizer_id)
    day = day_of(fair)
    found = queries.get_board(session, fair, day)
    hours = list(range(min([OPENS, *found.hours]), max([CLOSES, *found.hours]) + 1))
    first, last = span(found, live=day == today(), hour=local(at).hour)
    before = queries.by_hour(found.before)
    current = local(at).hour if day == today() else None
    quarters = list(range(first * 4, last * 4))
    greatest = max([0, *(vnd for booth in found.booths for vnd in booth.quarters.values())])
    selling = [word for word in found.words if word.state(at) != "closed"]
    return page(
        "fairs/board.html",
        fair=fair,
        day=day,
        days=(fair.ends_on - fair.starts_on).days + 1,
        day_no=(day - fair.starts_on).days + 1,
        live=day == today(),
        at=at,
        board=found,
        chart=columns(found.hours, before, hours, current=current, width=1200),
        narrow=columns(found.hours, before, hours, current=current, width=520),
        hours_before=before,
        strips={booth.site_id: heat(booth.quarters, quarters, greatest) for booth in found.booths},
        strip=(first, last, len(quarters)),
        split=shares_of([vnd for _, vnd in found.tenders]),
        loudest={booth.site_id: loudest(booth.words, at) for booth in found.booths},
        selling=selling,
        fresh=[word for word in selling if word.state(at) == "fresh"],
        silent=[word for word in selling if word.state(at) == "silent"],
        slow=[word for word in selling if word.state(at) == "slow"],
        until=complete_until(selling, at),
        numbers=request.args.get("numbers") == "1",
    )


def day_of(fair: Fair) -> date:
    """?day=, else today; always a day of the fair."""
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        asked = today()
    return max(fair.starts_on, min(asked, fair.ends_on))


def span(found: queries.Board, *, live: bool, hour: int) -> tuple[int, int]:
    """From the first hour that counts to the one now running (the last, on another day)."""
    first = min([OPENS, *found.hours])
    last = max([first, *found.hours, *([min(hour, 23)] if live else [CLOSES - 1])])
    return first, last + 1
