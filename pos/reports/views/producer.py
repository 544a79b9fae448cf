"""A producer's phone: three lines, and "Vì sao?" down to the receipt. Works without JavaScript."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.access.reach import reach
from pos.catalogue.queries.prices import count_asked
from pos.consignment.queries.disputes import list_disputes
from pos.fairs.rules import Word, complete_until
from pos.kernel.clock import now, today
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.kernel.text import dong
from pos.notices.queries import count_since
from pos.reports import words
from pos.reports.queries import producer as queries
from pos.reports.queries import producer_books, producer_money
from pos.reports.queries import producer_lines as lines_of
from pos.reports.queries.producer_gone import list_gone
from pos.reports.views import bp
from pos.stock.queries.supply import count_requests
from pos.web.pages import page, page_no
from pos.web.pictures import shares_of

PARTS = (*producer_money.PARTS, *producer_books.ACCOUNTS, "paid")


class Freshness(NamedTuple):
    """Until when the figures are complete (None: a till never spoke), who holds sales back, who is silent."""

    until: datetime | None
    waiting: list[Word]
    silent: list[Word]


def day_asked() -> date:
    """?day=, today when absent or unreadable, never the future."""
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today()
    return min(asked, today())


@bp.get("/producer")
@requires("producer.home")
def producer_home() -> ResponseReturnValue:
    """To the only producer this person stands for, or a choice."""
    found = queries.list_producers(db.session(), reach(viewer(), "producer.home"))
    if len(found) == 1:
        return redirect(url_for("reports.producer", producer_id=found[0].id))
    return page("reports/producer/choose.html", producers=found)


@bp.get("/producer/<producer_id>")
@requires("producer.home")
def producer(producer_id: str) -> ResponseReturnValue:
    """Three lines: sold today, the next payment with its day, goods left; how fresh they are."""
    here("producer.home", producer=producer_id)
    session, day, at = db.session(), today(), now()
    money, payments = producer_money.get_money(session, producer_id, day)
    sold = queries.list_sold(session, producer_id, day)
    shelves = queries.list_shelves(session, producer_id, day)
    fresh = queries.list_words_for(session, producer_id, day, shelves)
    left = words.left_line(shelves)
    return page(
        "reports/producer/home.html",
        producer=queries.get_producer(session, producer_id),
        sold_line=_around(words.sold_line(sold), sum(s.paid_vnd for s in sold)),
        pay_line=_around(words.pay_line(money, payments), payments[0].vnd if payments else 0),
        left_line=(f"{left.partition(': ')[0]}: ", left.partition(": ")[2], "") if shelves else (left, "", ""),
        money=money,
        payments=payments,
        wanted=count_requests(session, producer_id),
        fresh=_freshness(fresh, at),
        told=count_since(session, producer_id, day),
        asked=count_asked(session, producer_id, at),
        at=at,
        tab="money",
    )


def _freshness(said: list[Word], at: datetime) -> Freshness:
    return Freshness(
        complete_until(said, at), [w for w in said if w.unsent],
        [w for w in said if w.state(at) == "silent" and not w.unsent],
    )  # fmt: skip


def _around(sentence: str, vnd: int) -> tuple[str, str, str]:
    """A sentence in three: before its sum, the sum, after it."""
    return sentence.partition(f"{dong(vnd)} đ")


@bp.get("/producer/<producer_id>/why")
@requires("producer.home")
def producer_why(producer_id: str) -> ResponseReturnValue:
    """The amounts the money is in, adding up; where it lies; what each operator pays, and how complete that is."""
    here("producer.home", producer=producer_id)
    session, day, at = db.session(), today(), now()
    cards = producer_money.get_cards(session, producer_id, day)
    money, payments = producer_money.summed(cards)
    fresh = queries.list_words_for(session, producer_id, day, queries.list_shelves(session, producer_id, day))
    return page(
        "reports/producer/why.html",
        producer=queries.get_producer(session, producer_id),
        money=money,
        payments=payments,
        cards=[(card, _freshness([w for w in fresh if w.operator_id == card.operator_id], at)) for card in cards],
        fresh=_freshness(fresh, at),
        places=producer_books.list_places(session, producer_id, day),
        bars=shares_of([max(0, getattr(money, part)) for part in ("held", "available", "statement", "way", "reserve")]),
        today=day,
        at=at,
        tab="money",
    )


@bp.get("/producer/<producer_id>/why/<part>")
@requires("producer.home")
def producer_part(producer_id: str, part: str) -> ResponseReturnValue:
    """The lines one of the amounts is made of."""
    here("producer.home", producer=producer_id)
    if part not in PARTS:
        raise NotFound("page.unknown")
    session, day = db.session(), today()
    money, _payments = producer_money.get_money(session, producer_id, day)
    lines: list[lines_of.Line] = []
    booked: list[producer_books.Booked] = []
    if part in producer_books.ACCOUNTS:
        booked, more = producer_books.list_booked(session, producer_id, part, page_no())
    else:
        lines, more = lines_of.list_lines(session, producer_id, part, day, page_no())
    return page(
        "reports/producer/part.html",
        producer=queries.get_producer(session, producer_id),
        part=part,
        vnd=getattr(money, part),
        lines=lines,
        booked=booked,
        more=more,
        page_no=page_no(),
        tab="money",
    )


@bp.get("/producer/<producer_id>/sold")
@requires("producer.home")
def producer_sold(producer_id: str) -> ResponseReturnValue:
    """One day's goods and lines."""
    here("producer.home", producer=producer_id)
    session, day = db.session(), day_asked()
    lines, more = lines_of.list_day_lines(session, producer_id, day, page_no())
    return page(
        "reports/producer/sold.html",
        producer=queries.get_producer(session, producer_id),
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today() else None,
        sold=queries.list_sold(session, producer_id, day),
        gone=list_gone(session, producer_id, day),
        lines=lines,
        more=more,
        page_no=page_no(),
        tab="sold",
    )


@bp.get("/producer/<producer_id>/line/<share_id>")
@requires("producer.home")
def producer_line(producer_id: str, share_id: str) -> ResponseReturnValue:
    """How one line was divided, and the ticket it stands on."""
    here("producer.home", producer=producer_id)
    session = db.session()
    story = lines_of.find_story(session, producer_id, share_id)
    if story is None:
        raise NotFound("line.unknown")
    return page(
        "reports/producer/line.html",
        producer=queries.get_producer(session, producer_id),
        story=story,
        disputes=list_disputes(session, line_ids=[story.line.id])[0] if story.line else [],
        wrong=request.args.get("wrong", "")[:300],
        today=today(),
        tab="sold",
    )


@bp.get("/producer/<producer_id>/goods")
@requires("producer.home")
def producer_goods(producer_id: str) -> ResponseReturnValue:
    """What is left, by point."""
    here("producer.home", producer=producer_id)
    session = db.session()
    return page(
        "reports/producer/goods.html",
        producer=queries.get_producer(session, producer_id),
        shelves=queries.list_shelves(session, producer_id, today()),
        tab="goods",
    )
