"""`pos seed city`: 3,463 products of 1,500 producers at 115 sales points and 16 design centres, as Hanoi counted in
October 2025. Names are invented and say so; refuses a database that is not empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from flask import current_app
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pos.access.service import add_person, grant
from pos.catalogue.commands import ImportedProduct
from pos.catalogue.queries.tablet import timelines_of
from pos.catalogue.reference import read
from pos.catalogue.service import load_groups
from pos.catalogue.service.imports import carry_out, plan_import
from pos.consignment.service.agreements import agree
from pos.kernel import clock
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from pos.kernel.ids import named_id, new_id
from pos.kernel.models import Installation
from pos.places.models import Operator
from pos.places.service import add_fair, add_organizer, add_site, load_wards, open_operator
from pos.seed.city_goods import certificate_of, offered_by, products
from pos.seed.goods import TERMS, Good, Offered, on_shelf
from pos.seed.loading import Loading, loading
from pos.seed.running import NOTHING, Seeded, counter_at, hasty, heard, run, steps_of, worked
from pos.seed.selling import Counter
from pos.seed.stocking import deliveries
from pos.seed.world import KINH_KY, PEOPLE, TRANG_AN, Spot, World, cashier_at, person_id, tablet_for, till_at

SEED = 3463
OPERATORS, SHOPS, CENTRES, BOOTHS = 24, 115, 16, 60
FIRST_SHARE = 23  # shops of the first operator, which sells everything and runs the design centres
SHELF_MAKERS, SHELF = 12, 38
STEP = 1000


def operator_key(place: int) -> str:
    """The code of an operator: C00 sells everything."""
    return f"C{place:02d}"


def seed_city(
    progress: Loading | None = None, *, now: datetime | None = None, days: int = 0, pace_percent: int = 100
) -> Seeded:
    """Fill an empty, migrated database (inside an application context); the same for the same `now`.

    days: so many days of sales before today, and today, through the tablets' intake. Raises Invalid `start.already`.
    """
    if progress is None:
        with loading() as bars:
            return _seed(bars, (now or clock.now()).replace(microsecond=0), days, pace_percent)
    return _seed(progress, (now or clock.now()).replace(microsecond=0), days, pace_percent)


def _seed(progress: Loading, now: datetime, days: int, pace_percent: int) -> Seeded:
    dice, today = Random(SEED), clock.local_date(now)  # noqa: S311 - a demo's dice
    first = today - timedelta(days=days)
    opened_at = clock.day_bounds(first)[0] - timedelta(days=20)
    if db.session().scalar(select(Operator.id).limit(1)):
        raise Invalid("start.already")
    with hasty(db.engine):
        with unit_of_work() as session:
            world = _places(session, today, opened_at, now, dice)
        rows = products(today, dice)
        offers: dict[str, list[Offered]] = {}
        for place in progress.each("Hàng của từng đơn vị · each operator's goods", range(OPERATORS), OPERATORS):
            offers[operator_key(place)] = _offer(world, place, rows, opened_at, dice)
        with unit_of_work() as session:
            _let_people_in(session, world, rows, at=opened_at)
            session.execute(text("ANALYZE"))  # so much at once: the planner should know before the first page
    progress.say(f"{len(rows)} sản phẩm, {len(world.sites)} điểm bán · {len(rows)} products, {len(world.sites)} places")
    if not days:
        heard(world, now, {})
        return NOTHING
    return _sell(progress, world, offers, first, today, now, pace_percent, dice)


# ── Places ───────────────────────────────────────────────────────────────────
def _places(session: Session, today: date, opened_at: datetime, now: datetime, dice: Random) -> World:
    secret = current_app.config["SECRET_KEY"]
    origin = current_app.config["POS_ORIGIN"] or "http://127.0.0.1:8000"
    if session.get(Installation, 1) is None:
        session.add(Installation(id=1, books=new_id(), epoch=1, origin=origin, demo=True, made_at=now))
    load_wards(session, read("hanoi-wards"))
    load_groups(session, read("ocop-groups"))
    operators = {}
    for place in range(OPERATORS):
        key = operator_key(place)
        operators[key] = open_operator(
            session, code=key, name=f"Đơn vị điểm bán {place:02d} (mẫu)", at=opened_at, cash_rounding_vnd=STEP,
            address="Hà Nội", id_=named_id("operator", key),
        ).id  # fmt: skip
    organizer = add_organizer(session, name="Ban tổ chức hội chợ (mẫu)", id_=named_id("organizer", "HC")).id
    starts_on = today - timedelta(days=2)
    fair = add_fair(
        session, organizer_id=organizer, code="HC", name="Hội chợ OCOP thành phố (mẫu)", place="Công viên (mẫu)",
        starts_on=starts_on, ends_on=today + timedelta(days=2), id_=named_id("fair", "HC"),
    ).id  # fmt: skip
    sites: dict[str, str] = {}
    spots: list[Spot] = []
    for code, kind, place in _sites(dice):
        ward = dice.choice(read("hanoi-wards"))
        words = {"shop": "Điểm bán OCOP", "design_centre": "Trung tâm thiết kế sáng tạo", "booth": "Gian"}[kind]
        here = fair if kind == "booth" else None
        site = add_site(
            session, operator_id=operators[operator_key(place)], kind=kind, code=code,
            name=f"{words} {code[1:]}" + ("" if here else f" · {ward['name']}"),
            address=f"{ward['full_name']}, Hà Nội", ward_code=ward["code"], fair_id=here, id_=named_id("site", code),
        )  # fmt: skip
        sites[code] = site.id
        till = till_at(session, site, f"{code}A", "Quầy 1")
        staff = (cashier_at(session, f"Thu ngân mẫu {code}", site.id, opened_at),)
        pace = dice.randint(4, 12) if here is None else dice.randint(8, 24)
        spots.append(tablet_for(session, till, operator_key(place), here, staff, pace, (), opened_at, secret))
    return World(operators, sites, fair, organizer, starts_on, tuple(spots))


def _sites(dice: Random) -> list[tuple[str, str, int]]:
    """(code, kind, number of its operator): 115 shops, 16 design centres, and the booths of a running fair."""
    shops = [(f"D{n:03d}", "shop", 0 if n <= FIRST_SHARE else 1 + n % (OPERATORS - 1)) for n in range(1, SHOPS + 1)]
    centres = [(f"T{n:02d}", "design_centre", 0) for n in range(1, CENTRES + 1)]
    booths = [(f"G{n:02d}", "booth", dice.randrange(OPERATORS)) for n in range(1, BOOTHS + 1)]
    return shops + centres + booths


def _let_people_in(session: Session, world: World, rows: Sequence[ImportedProduct], *, at: datetime) -> None:
    """The demo's people with the same log-ins, here for the first two operators and the first producers."""
    makers = iter(dict.fromkeys(row.producer for row in rows))
    scopes = {TRANG_AN: world.operators[operator_key(0)], KINH_KY: world.operators[operator_key(1)], "": ""}
    scopes["HG"] = world.organizer_id
    for login, (password, role, name, kind, key, _) in PEOPLE.items():
        who = name if kind != "producer" else "Chủ thể (mẫu)"
        person = add_person(session, name=who, login=login, password=password, at=at, id_=person_id(login))
        session.flush()
        scope = named_id("producer", next(makers)) if kind == "producer" else scopes[key]
        grant(session, person.id, role, kind, scope, at=at)


# ── Goods ────────────────────────────────────────────────────────────────────
def _offer(world: World, place: int, rows: list[ImportedProduct], at: datetime, dice: Random) -> list[Offered]:
    """Register and price what one operator sells, and agree with its producers; one unit of work."""
    operator_id, mine = world.operators[operator_key(place)], offered_by(rows, place, dice)
    with unit_of_work() as session:
        plan = plan_import(session, mine, operator_id=operator_id, at=at, invented=True, named=True)
        if plan.problems:
            raise RuntimeError(f"the city's goods do not fit: {plan.problems[0]}")
        done = carry_out(session, plan)
        kinds = {row.producer: str(row.facts.kind) for row in reversed(mine)}
        for producer, kind in kinds.items():
            rate, window = TERMS[kind]
            agree(
                session, operator_id=operator_id, producer_id=named_id("producer", producer),
                starts_on=clock.local_date(at) - timedelta(days=30), commission_bp=rate, return_window_days=window,
                at=at, by=None, pay_weekday=dice.choice((0, 2, 4)),
            )  # fmt: skip
    return [Offered(row, id_, certificate_of(row)) for row, id_ in zip(mine, done.product_ids, strict=True)]


def _shelf(session: Session, spot: Spot, offered: Sequence[Offered], dice: Random) -> list[Good]:
    """The goods of one tablet: a dozen producers', as an intake note has them."""
    makers = sorted({one.row.producer for one in offered})
    chosen = set(dice.sample(makers, min(SHELF_MAKERS, len(makers))))
    here = [one for one in offered if one.row.producer in chosen][:SHELF]
    lines = timelines_of(
        session, operator_id=spot.operator_id, site_id=spot.site_id, fair_id=spot.fair_id,
        product_ids=[one.product_id for one in here],
    )  # fmt: skip
    return [on_shelf(one, lines[one.product_id], dice) for one in here]


# ── Days ─────────────────────────────────────────────────────────────────────
def _sell(
    progress: Loading,
    world: World,
    offers: dict[str, list[Offered]],
    first: date,
    today: date,
    now: datetime,
    pace_percent: int,
    dice: Random,
) -> Seeded:
    counters: list[Counter] = []
    for spot in progress.each("Quầy hàng · shelves", world.spots, len(world.spots)):
        mine = Random(dice.random())  # noqa: S311
        counter = counter_at(db.session(), spot, _shelf(db.session(), spot, offers[spot.operator], mine), STEP, mine)
        counter.pace_percent = pace_percent
        counters.append(counter)
    batches = worked(world, counters, first, today, now, {})
    notes = deliveries(world, counters, first, today, dice)
    total = run("Ngày bán hàng · days of sales", steps_of(batches, notes, current_app.config["SECRET_KEY"]), progress)
    heard(world, now, {})
    progress.say(f"{total.sales} đơn từ {len(counters)} quầy · {total.sales} sales from {len(counters)} tills")
    return total
