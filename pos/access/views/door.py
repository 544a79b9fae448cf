"""A producer's door: the QR of a card, then a short PIN. No e-mail, no script: Zalo's own browser is enough.

The key stands in the path, because a fragment would need a script to read it. So it is taken out of the address at
once (nothing to share by mistake, no referrer), it is worth nothing without the PIN, and wrong PINs lock it.
"""

from __future__ import annotations

from flask import make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.access.forms import PinForm
from pos.access.guards import CARD, enter_as, find_viewer, signed_in, viewer
from pos.access.queries import stands_for
from pos.access.service import choose_pin, hash_of, open_card
from pos.access.views.blueprint import bp
from pos.access.views.entry import safe_next
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound, Refused
from pos.web.fields import errors_of
from pos.web.pages import page
from pos.web.phrases import phrase


@bp.get("/p/<key>")
def card_link(key: str) -> ResponseReturnValue:
    """What the QR says. The same answer for every key, known or not."""
    hashed = hash_of(key.strip().lower())
    if session.get(CARD) != hashed:
        session[CARD] = hashed
    elif current_user.is_authenticated and viewer().key_id:
        return redirect(url_for("access.home"))
    made = redirect(url_for("access.card"))
    made.headers["X-Robots-Tag"] = "noindex, nofollow"
    return made


@bp.get("/p")
def card() -> ResponseReturnValue:
    """Ask for the PIN of the card that was opened here."""
    return page("access/card.html", known=bool(session.get(CARD)), wrong=None, next=safe_next())


@bp.get("/p/to/<producer_id>")
def paper_door(producer_id: str) -> ResponseReturnValue:
    """What the QR of an agreement or intake paper says: to this producer's own page, by its card and PIN.

    The paper holds no key. A phone that opened this producer's card is asked for the PIN, any other for the card;
    the answer to whoever has neither is the same for every id.
    """
    to = url_for("reports.producer", producer_id=producer_id)
    if current_user.is_authenticated and viewer().may("producer.home", producer=producer_id):
        return redirect(to)
    known = bool(session.get(CARD)) and stands_for(db.session(), session[CARD], producer_id)
    made = make_response(page("access/card.html", known=known, wrong=None, next=to))
    made.headers["X-Robots-Tag"] = "noindex, nofollow"
    return made


@bp.post("/p")
def card_enter() -> ResponseReturnValue:
    """Key and PIN together open the producer's pages, for 180 days on this phone."""
    pin = "".join(request.form.get("pin", "").split())
    hashed, wrong, status, opened = session.get(CARD), phrase("card.wrong", "Refused", {}), 401, None
    if not hashed:
        return redirect(url_for("access.card"), code=303)
    try:
        with unit_of_work() as work:
            key = open_card(work, hashed, pin[:12], address=request.remote_addr or "", at=now())
            opened = (key.person_id, key.id) if key else None
    except Refused as locked:
        wrong, status = phrase(locked.code, "Refused", locked.facts), 429
    if opened and (who := find_viewer(*opened)):
        to = safe_next()
        enter_as(who)
        return redirect(to or url_for("access.home"), code=303)
    return page("access/card.html", known=True, wrong=wrong, next=safe_next()), status  # type: ignore[return-value]


def _own_card() -> str:
    key_id = viewer().key_id
    if key_id is None:
        raise NotFound("page.unknown")
    return key_id


@bp.get("/p/pin")
@signed_in
def card_pin() -> ResponseReturnValue:
    """Choose a PIN of one's own; after the office's first PIN there is no way around it."""
    _own_card()
    return page("access/card_pin.html", errors={}, first=viewer().must == "pin")


@bp.post("/p/pin")
@signed_in
def card_pin_change() -> ResponseReturnValue:
    """Keep it; other phones are logged out, this one goes on."""
    key_id, person_id = _own_card(), viewer().id
    try:
        asked = PinForm.parse(request.form)
        with unit_of_work() as work:
            choose_pin(work, key_id, asked.pin, at=now())
    except Invalid as trouble:
        first = viewer().must == "pin"
        made = page("access/card_pin.html", errors=errors_of(trouble, "pin"), first=first)
        return made, 422  # type: ignore[return-value]
    if who := find_viewer(person_id, key_id):
        enter_as(who)
    return redirect(url_for("access.home"), code=303)
