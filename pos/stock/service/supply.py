"""Ask for goods, promise them, begin the paper when they arrive. Every step by compare-and-set: once.

What a producer promises is an announced delivery: the till scans its code, the office counts against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.places.models import Site
from pos.stock.commands import Announce, Draft, DraftLine
from pos.stock.models import Delivery, SupplyLine, SupplyRequest
from pos.stock.service.deliveries import announce, take_back
from pos.stock.service.documents import draft


def ask_for_goods(
    session: Session,
    *,
    site_id: str,
    source: tuple[str, str],
    wanted: Mapping[str, int],
    note: str | None,
    at: datetime,
    by: str | None,
) -> str:
    """One request of a place to a producer or another place (`source`: kind, id). Raises Invalid on the quantities."""
    operator_id = session.scalar(select(Site.operator_id).where(Site.id == site_id))
    if operator_id is None:
        raise NotFound("site.unknown")
    if not wanted or any(milli <= 0 for milli in wanted.values()):
        raise Invalid("supply.quantity")
    if source == ("site", site_id):
        raise Invalid("supply.same_place")
    made = SupplyRequest(
        id=new_id(), operator_id=operator_id, site_id=site_id, from_kind=source[0], from_id=source[1], state="asked",
        note=note, asked_at=at, asked_by=by,
        lines=[
            SupplyLine(line=n, product_id=product, asked_milli=milli)
            for n, (product, milli) in enumerate(sorted(wanted.items()), 1)
        ],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id


def promise(session: Session, request_id: str, *, on: date, at: datetime, by: str | None) -> None:
    """They come on that day; a promise may be moved. Raises Invalid `supply.past`, Conflict when it is over."""
    if on < local_date(at):
        raise Invalid("supply.past")
    _step(
        session, request_id, ("asked", "promised", "declined"), "promised",
        promised_on=on, answered_at=at, answered_by=by,
    )  # fmt: skip
    request = get_request(session, request_id)
    if request.from_kind == "producer":
        request.delivery_id = _announced(session, request, on, at=at, by=by)
        session.flush()


def _announced(session: Session, request: SupplyRequest, on: date, *, at: datetime, by: str | None) -> str:
    """The delivery a promise is, its day moved with the promise."""
    known = session.get(Delivery, request.delivery_id, with_for_update=True) if request.delivery_id else None
    if known is not None and known.state == "open":
        known.due_on = on
        return known.id
    lines = tuple((line.product_id, line.asked_milli) for line in request.lines)
    return announce(
        session, Announce(request.operator_id, request.from_id, request.site_id, on, lines, request.note), at=at, by=by
    )


def decline(session: Session, request_id: str, *, at: datetime, by: str | None) -> None:
    """There is none to give."""
    _step(
        session, request_id, ("asked", "promised"), "declined", promised_on=None, answered_at=at, answered_by=by
    )  # fmt: skip
    _not_coming(session, request_id)


def drop_request(session: Session, request_id: str) -> None:
    """Not needed any more."""
    _step(session, request_id, ("asked", "promised", "declined"), "dropped")
    _not_coming(session, request_id)


def _not_coming(session: Session, request_id: str) -> None:
    """Take back what was announced for it, so that nobody waits. Raises Conflict when some was counted already."""
    request = get_request(session, request_id)
    if request.delivery_id:
        take_back(session, request.delivery_id)
        session.expire_all()


def begin_paper(session: Session, request_id: str, *, at: datetime, by: str | None) -> str:
    """The goods are there (or leave the other place): a draft intake or transfer of what was asked, to be counted and
    confirmed. Answers its id; asked a second time, the same one."""
    request = get_request(session, request_id)
    if request.state == "arrived" and request.document_id:
        return request.document_id
    bought = request.from_kind == "producer"
    lines = tuple(
        DraftLine(line.product_id, line.asked_milli, line.asked_milli if bought else None) for line in request.lines
    )
    document_id = new_id()
    _step(session, request_id, ("asked", "promised", "declined"), "arrived", document_id=document_id)
    draft(
        session,
        Draft(
            request.operator_id, "intake" if bought else "transfer", local_date(at),
            (request.from_kind, request.from_id), ("site" if bought else "transit", request.site_id), lines,
            producer_id=request.from_id if bought else None, announced_id=request.delivery_id,
        ),
        at=at, by=by, document_id=document_id,
    )  # fmt: skip
    return document_id


def get_request(session: Session, request_id: str) -> SupplyRequest:
    """Raises NotFound."""
    found = session.get(SupplyRequest, request_id)
    if found is None:
        raise NotFound("supply.unknown")
    return found


def _step(session: Session, request_id: str, before: tuple[str, ...], after: str, **more: object) -> None:
    get_request(session, request_id)
    done = session.execute(
        update(SupplyRequest)
        .where(SupplyRequest.id == request_id, SupplyRequest.state.in_(before))
        .values(state=after, **more)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("supply.over")
    session.expire_all()
