"""What is written to producers: the evening's summary, once per producer and day, and occasions as they come.

Words are made here from what the pages read; `pos.notices` keeps and sends them. Safe to run twice, or late.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pos.fairs.rules import complete_until
from pos.kernel.clock import day_bounds, local, local_date, now
from pos.kernel.db import db, unit_of_work
from pos.kernel.models import Installation
from pos.kernel.text import dong, quantity
from pos.notices.queries import keys_known
from pos.notices.service import write
from pos.outbox.service import enqueue
from pos.reports import words
from pos.reports.queries import occasions, producer_gone, producer_money
from pos.reports.queries import producer as queries
from pos.web.pages import clock
from pos.web.words import words as said

LOOK, EVENING = "notices.look", "notices.evening"
EVERY = timedelta(minutes=5)
BACK = timedelta(days=2)  # a worker that slept over a weekend's night still tells what happened
AT = timedelta(hours=20, minutes=30)  # shops have closed, people are awake


def keep_noticing(session: Session, *, at: datetime) -> None:
    """Promise to look, for ever: the promise moves on by itself."""
    enqueue(session, LOOK, {}, at=at, key=LOOK)


def look(_payload: dict[str, Any]) -> datetime:
    """Tell what happened since; promise this evening's summary; come back in five minutes."""
    at = now()
    tell_occasions(db.session(), at=at)
    day = local_date(at)
    tonight = day_bounds(day)[0] + AT
    with unit_of_work() as session:
        enqueue(session, EVENING, {"day": day.isoformat()}, at=at, key=f"{EVENING}:{day}", not_before=tonight)
    return at + EVERY


def evening(payload: dict[str, Any]) -> None:
    """The summaries of one day."""
    tell_evening(db.session(), date.fromisoformat(payload["day"]), at=now())


def tell_evening(session: Session, day: date, *, at: datetime) -> int:
    """One text to each producer whose goods were sold or lost on that day; answers how many were new. A transaction
    for each: stopped half-way, the next run goes on."""
    makers = occasions.sold_or_lost_on(session, day)
    known = keys_known(session, [_key(maker, day) for maker in makers])
    new = 0
    for maker in makers:
        if _key(maker, day) in known:
            continue
        vi, en = _both(lambda maker=maker: evening_text(db.session(), maker, day, at))  # type: ignore[misc]
        with unit_of_work() as work:
            new += write(work, maker, "evening", key=_key(maker, day), day=day, vi=vi, en=en, at=at)
    return new


def _key(maker: str, day: date) -> str:
    return f"evening:{maker}:{day}"


def tell_occasions(session: Session, *, at: datetime) -> int:
    """Sold out, paid, account changed, price asked: each once; answers how many were new."""
    since, day = at - BACK, local_date(at)
    found = [
        *occasions.sold_out(session, day), *occasions.paid(session, since),
        *occasions.account_changed(session, since), *occasions.price_asked(session, since, at),
    ]  # fmt: skip
    known = keys_known(session, [one.key for one in found])
    new = 0
    for one in found:
        if one.key in known:
            continue
        vi, en = _both(lambda one=one: occasion_text(db.session(), one))  # type: ignore[misc]
        with unit_of_work() as work:
            new += write(work, one.producer_id, one.kind, key=one.key, day=day, vi=vi, en=en, at=at)
    return new


def _both(make: Callable[[], str]) -> tuple[str, str]:
    with force_locale("vi"):
        vi = make()
    with force_locale("en"):
        return vi, make()


def _address(session: Session, path: str) -> str:
    """As people know this installation."""
    given = current_app.config["POS_ORIGIN"] or session.get_one(Installation, 1).origin
    return f"{given.rstrip('/')}{path}"


def evening_text(session: Session, producer_id: str, day: date, at: datetime) -> str:
    """Name and day, the three lines, what was tasted or broken and who bears it, how complete it is, where to look."""
    shelves = queries.list_shelves(session, producer_id, day)
    money, payments = producer_money.get_money(session, producer_id, day)
    fresh = queries.list_words_for(session, producer_id, day, shelves)
    until = complete_until(fresh, at)
    lines = [
        f"{queries.get_producer(session, producer_id).name} · {day:%d/%m/%Y}",
        words.sold_line(queries.list_sold(session, producer_id, day)),
        words.pay_line(money, payments),
        words.left_line(shelves),
        *gone_lines(producer_gone.list_gone(session, producer_id, day)),
        _("Đủ đến %(at)s", at=clock(until)) if until else _("Chưa đủ: có quầy chưa gửi gì"),
    ]
    for w in fresh:
        if w.unsent:
            lines[-1] += "; " + _("%(till)s còn %(n)s đơn chưa gửi", till=w.till_name, n=w.unsent)
    return "\n".join([*lines, _address(session, f"/producer/{producer_id}")])


def gone_lines(gone: list[producer_gone.Gone]) -> list[str]:
    """`Nếm thử 1 hũ mật ong: bạn chịu`."""
    bears = {
        "producer": _("bạn chịu"), "operator": _("điểm bán chịu"), "both": _("hai bên cùng chịu"),
        "open": _("đang xem ai chịu"),
    }  # fmt: skip
    told = []
    for g in gone:
        paid = " (" + _("đền %(vnd)s đ", vnd=dong(g.amount_vnd)) + ")" if g.amount_vnd else ""
        what = f"{said('moved', g.reason)} {quantity(g.qty_milli)} {g.unit} {words.small(g.product)}"
        told.append(f"{what}: {bears[g.bears]}{paid}")
    return told


def occasion_text(session: Session, one: occasions.Occasion) -> str:
    """One sentence or two, and where to look."""
    facts: Any = one.facts
    page = _address(session, f"/producer/{one.producer_id}")
    if one.kind == "out":
        text = _("%(product)s đã hết ở %(site)s.", product=facts["product"], site=facts["site"])
    elif one.kind == "paid" and facts["channel"] == "cash":
        text = _("%(operator)s đã trả bạn %(vnd)s đ tiền mặt, bảng kê %(no)s.", operator=facts["operator"],
                 vnd=dong(facts["vnd"]), no=f"BK-{facts['no']:04d}")  # fmt: skip
    elif one.kind == "paid":
        text = _("%(operator)s đã chuyển %(vnd)s đ vào …%(to)s, bảng kê %(no)s.", operator=facts["operator"],
                 vnd=dong(facts["vnd"]), to=facts["to"] or "?", no=f"BK-{facts['no']:04d}")  # fmt: skip
    elif one.kind == "account":
        changed = _("Tài khoản nhận tiền của bạn vừa đổi thành %(bank)s …%(to)s.", bank=facts["bank"], to=facts["to"])
        call = _("Nếu không phải bạn đổi, gọi ngay cho điểm bán: 24 giờ đầu chưa chuyển vào đó.")
        text = f"{changed} {call}"
    else:
        when = local(facts["on"]).strftime("%H:%M %d/%m")
        before = " (" + _("đang %(vnd)s", vnd=dong(facts["before"])) + ")" if facts["before"] else ""
        asked = _(
            "%(operator)s hỏi giá mới của %(product)s: %(vnd)s đ%(before)s từ %(when)s.", operator=facts["operator"],
            product=words.small(facts["product"]), vnd=dong(facts["vnd"]), before=before, when=when,
        )  # fmt: skip
        text = asked + " " + _("Không trả lời là giữ giá cũ.")
        page += "/register"
    return f"{text}\n{page}"
