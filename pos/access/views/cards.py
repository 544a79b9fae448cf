"""Producers' cards in the office: who stands for whom, issue, print once, reissue, end."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access import service
from pos.access.directory import directory
from pos.access.guards import requires, viewer
from pos.access.queries import list_holders, rights_of
from pos.access.rules import Scope, Spot, within
from pos.access.views.blueprint import bp
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound, Refused
from pos.web.fields import Fields, errors_of
from pos.web.pages import gone, origin, page, page_no


def _scopes() -> list[Scope]:
    return viewer().scopes("producer.card")


def _spot(producer_id: str) -> Spot:
    """The producer, when an operator within reach has terms with it. Raises NotFound: existence is not told."""
    spot = directory().find(db.session(), [("producer", producer_id)]).get(("producer", producer_id))
    if spot is None or not (within(_scopes(), spot) or any(parent in _scopes() for parent in spot.parents)):
        raise NotFound("access.not_here")
    return spot


def _need_all(spot: Spot) -> None:
    """A card shows what every operator owes the producer: who makes one must answer for all of them."""
    if not within(_scopes(), spot):
        raise Refused("card.elsewhere")


@bp.get("/cards/")
@requires("producer.card")
def cards() -> ResponseReturnValue:
    """Producers one has terms with, and their cards; search as you type."""
    q = request.args.get("q", "").strip()
    found, more = directory().producers(db.session(), _scopes(), q=q, page=page_no())
    return page(
        "access/cards.html",
        producers=found,
        holders=list_holders(db.session(), [spot.id for spot in found]),
        more=url_for("access.cards", q=q or None, page=page_no() + 1) if more else None,
        q=q,
        at=now(),
    )


def _producer(spot: Spot, errors: dict[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    made = page(
        "access/cards_producer.html",
        producer=spot,
        holders=list_holders(db.session(), [spot.id])[spot.id],
        may_issue=within(_scopes(), spot),
        errors=errors or {},
        values=request.form.to_dict() if errors else {},
        at=now(),
    )
    return made, status  # type: ignore[return-value]


@bp.get("/cards/<producer_id>")
@requires("producer.card")
def cards_producer(producer_id: str) -> ResponseReturnValue:
    """Who stands for one producer."""
    return _producer(_spot(producer_id))


def _stands_for(spot: Spot, person_id: str) -> None:
    """The person stands for this producer, and for others only within reach too. Raises NotFound or Refused."""
    rows = [(kind, id_) for role, kind, id_ in rights_of(db.session(), person_id) if role == "producer"]
    if ("producer", spot.id) not in rows:
        raise NotFound("access.not_here")
    for other in directory().find(db.session(), rows).values():
        _need_all(other)


@bp.post("/cards/<producer_id>")
@requires("producer.card")
def cards_issue(producer_id: str) -> ResponseReturnValue:
    """A new card for somebody who stands for the producer (`person`), or for one more (`name`). Shown once."""
    spot, by, at = _spot(producer_id), viewer().id, now()
    _need_all(spot)
    person_id = request.form.get("person", "")
    if person_id:
        _stands_for(spot, person_id)
    try:
        read = Fields(request.form)
        name = "" if person_id else read.needed("name", most=80)
        read.finish()
    except Invalid as trouble:
        return _producer(spot, errors_of(trouble, "name"), 422)
    with unit_of_work() as work:
        if not person_id:
            person_id = service.add_person(work, name=name, at=at).id
            work.flush()
            service.grant(work, person_id, "producer", "producer", spot.id, at=at)
            service.note(
                work, "grant.give", "person", person_id, by=by, at=at, words=f"producer · {spot.name}", spot=spot
            )
        issued = service.issue_card(work, person_id, by=by, at=at)
    return page(
        "access/card_paper.html",
        producer=spot,
        issued=issued,
        link=f"{origin()}{url_for('access.card_link', key=issued.key)}",
    )


@bp.post("/cards/<producer_id>/<person_id>/end")
@requires("producer.card")
def cards_end(producer_id: str, person_id: str) -> ResponseReturnValue:
    """A lost card: it opens nothing any more, and who entered by it is out. Any operator of the producer may."""
    spot = _spot(producer_id)
    rows = [(kind, id_) for _, kind, id_ in rights_of(db.session(), person_id)]
    if ("producer", spot.id) not in rows:
        raise NotFound("access.not_here")
    with unit_of_work() as work:
        service.revoke_card(work, person_id, by=viewer().id, at=now())
    return gone(url_for("access.cards_producer", producer_id=spot.id))
