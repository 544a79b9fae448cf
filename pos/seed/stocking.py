"""Intake notes before the goods are sold: each producer's goods to each site, as much as will be asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from pos.kernel.clock import day_bounds
from pos.kernel.ids import named_id
from pos.seed.goods import Good
from pos.seed.selling import Counter
from pos.seed.world import TRANG_AN, World, person_id
from pos.stock.commands import Receive
from pos.stock.service import receive

EVENING = timedelta(hours=19)
SHORT = "HK"  # the site that sold more of its best seller than was counted in


@dataclass(frozen=True)
class Delivery:
    """Notes of one moment, made together."""

    at: datetime
    notes: tuple[Receive, ...]

    def count_in(self, session: Session) -> None:
        """Write the notes."""
        for note in self.notes:
            receive(session, note, at=self.at, by=person_id("ketoan"))


def deliveries(world: World, counters: Sequence[Counter], first: date, today: date, dice: Random) -> list[Delivery]:
    """What to bring and when: shops at the start and half-way, booths the evening before the fair, the warehouse.

    Some goods end scarce or sold out; of one product a shop sold one more than was counted in (a flag to find)."""
    middle = first + (today - first) // 2
    asked: dict[tuple[str, str], dict[str, tuple[Good, dict[date, int]]]] = defaultdict(dict)
    for counter in counters:
        shelf = asked[counter.spot.operator_id, counter.spot.site_id]
        for good in counter.shelf:
            days = shelf.setdefault(good.product_id, (good, defaultdict(int)))[1]
            for (product_id, day), qty in counter.sold.items():
                if product_id == good.product_id:
                    days[day] += qty
    plan: dict[date, list[Receive]] = defaultdict(list)
    fair_sites = {c.spot.site_id for c in counters if c.spot.fair_id}
    for (operator_id, site_id), shelf in asked.items():
        rounds = [max(first, world.fair_starts_on)] if site_id in fair_sites else [first, middle]
        for n, start in enumerate(rounds):
            end = rounds[n + 1] if n + 1 < len(rounds) else today + timedelta(days=1)
            plan[start] += _notes(operator_id, site_id, shelf, start, end, n == len(rounds) - 1, dice)
    if "KGL" in world.sites:
        plan[first] += _warehouse(world, counters, first, dice)
    return [Delivery(day_bounds(day)[0] - timedelta(days=1) + EVENING, tuple(notes)) for day, notes in plan.items()]


def _notes(
    operator_id: str,
    site_id: str,
    shelf: dict[str, tuple[Good, dict[date, int]]],
    start: date,
    end: date,
    last: bool,
    dice: Random,
) -> list[Receive]:
    by_producer: dict[str, list[tuple[str, int, date | None]]] = defaultdict(list)
    needs = {
        product_id: sum(max(0, qty) for day, qty in days.items() if start <= day < end)
        for product_id, (_, days) in shelf.items()
    }
    counted = {id_: sum(days.values()) for id_, (good, days) in shelf.items() if not good.weighed}
    best = max(counted, key=lambda id_: counted[id_], default=None)
    for n, (product_id, (good, _)) in enumerate(shelf.items()):
        need = needs[product_id]
        if product_id == best and site_id == named_id("site", SHORT):
            more = -2000 if last else 0
        elif last and n % 9 == 4:
            more = dice.choice((0, 1000, 2000, 3000)) if not good.weighed else 500
        else:
            more = dice.randint(3, 14) * 1000 if good.kind not in {"gom", "vai"} else dice.randint(1, 4) * 1000
        expires = start + timedelta(days=good.shelf_life_days + 20) if good.shelf_life_days else None
        if (qty := -(-(need + more) // 1000) * 1000) > 0:  # what is meant to run short may not have sold yet
            by_producer[good.producer_id].append((product_id, qty, expires))
    day = start - timedelta(days=1)
    return [Receive(operator_id, producer_id, site_id, day, tuple(lines)) for producer_id, lines in by_producer.items()]


def _warehouse(world: World, counters: Sequence[Counter], first: date, dice: Random) -> list[Receive]:
    """A reserve of what keeps long."""
    operator_id, site_id = world.operators[TRANG_AN], world.sites["KGL"]
    lasting = {
        good.product_id: good
        for counter in counters if counter.spot.operator_id == operator_id
        for good in counter.shelf if not good.weighed and (good.shelf_life_days or 999) >= 300
    }  # fmt: skip
    by_producer: dict[str, list[tuple[str, int, date | None]]] = defaultdict(list)
    for good in lasting.values():
        expires = first + timedelta(days=good.shelf_life_days) if good.shelf_life_days else None
        by_producer[good.producer_id].append((good.product_id, dice.randint(5, 30) * 1000, expires))
    day = first - timedelta(days=1)
    return [Receive(operator_id, producer_id, site_id, day, tuple(lines)) for producer_id, lines in by_producer.items()]
