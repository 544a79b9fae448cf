"""A long random life of one shop: after every step everything between lines, statements and books holds."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.models import Share, Statement
from pos.consignment.service.payouts import approve_statement, pay_by_hand, void_statement
from pos.consignment.service.statements import freeze_statement
from pos.kernel.errors import Trouble
from tests.consignment.shop import RATES, Shop, later, noon


class Life:
    """The steps somebody may take on a day; a refusal of the rules is a step too."""

    def __init__(self, session: Session, seed: int) -> None:
        self.dice = Random(seed)
        self.shop = Shop(session, window=self.dice.choice([0, 3]), least=self.dice.choice([0, 300_000]))
        self.session, self.today = session, 0
        self.frozen = self.voided = self.paid = 0

    def step(self) -> None:
        """One random step."""
        steps: list[Callable[[], None]] = [self.sell] * 6 + [self.back, self.back, self.fee, self.freeze, self.freeze]
        steps += [self.approve, self.pay, self.void, self.sleep]
        self.dice.choice(steps)()

    def sell(self) -> None:
        day = later(self.today - self.dice.choice([0, 0, 0, 2]))  # some arrive late
        self.shop.sell(
            (self.dice.choice(list(RATES)), self.dice.randint(1, 5)), day=day, price=self.dice.randint(1, 300_001)
        )

    def back(self) -> None:
        sold = self.session.scalars(select(Share).where(Share.kind == "sale").order_by(Share.id)).all()
        if sold:
            share = self.dice.choice(sold)
            units = self.dice.randint(1, share.qty_milli // 1000)
            self.shop.take_back(share.event_id, share.line, units, paid=0, day=later(self.today))

    def fee(self) -> None:
        name = self.dice.choice(list(RATES))
        self.shop.charge(name, "fee", -self.dice.randint(1, 900_000), "service_income", day=later(self.today))

    def freeze(self) -> None:
        producer_id = self.shop.producer(self.dice.choice(list(RATES)))
        run_on = later(self.today)
        freeze_statement(
            self.session, self.shop.operator_id, producer_id, later(self.today - self.dice.randint(0, 2)),
            run_on=run_on, at=noon(run_on), by=None,
        )  # fmt: skip
        self.frozen += 1

    def _some(self, *states: str) -> str | None:
        wanted = select(Statement.id).where(Statement.state.in_(states)).order_by(Statement.id)
        found = self.session.scalars(wanted).all()
        return self.dice.choice(found) if found else None

    def approve(self) -> None:
        if id_ := self._some("frozen"):
            approve_statement(self.session, id_, at=noon(later(self.today)), by=None)

    def pay(self) -> None:
        if id_ := self._some("approved"):
            day = later(self.today)
            pay_by_hand(self.session, id_, channel="transfer", paid_on=day, at=noon(day), by=None)
            self.paid += 1

    def void(self) -> None:
        if id_ := self._some("frozen", "approved"):
            void_statement(self.session, id_, at=noon(later(self.today)), by=None, reason="thử")
            self.voided += 1

    def sleep(self) -> None:
        self.today += self.dice.randint(1, 4)


@pytest.mark.parametrize("seed", range(4))
def test_every_step_of_a_long_life_holds(session: Session, seed: int) -> None:
    life = Life(session, seed)

    for _ in range(120):
        try:
            with session.begin_nested():
                life.step()
        except Trouble:
            continue
        life.shop.check()

    assert life.frozen > 3
    assert life.paid + life.voided > 1
