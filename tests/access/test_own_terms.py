"""One producer, many operators: an operator reads only its own terms. The same pages, asked by both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from pos.consignment.service.agreements import agree
from pos.kernel.clock import now, today
from pos.kernel.db import unit_of_work
from tests.reports.market import Market, a_market

OURS, THEIRS = "21,75", "33,25"


@pytest.fixture
def market(app: Flask) -> Market:
    """Both sell the honey maker's goods, each on terms of its own from tomorrow."""
    made = a_market(app)
    with unit_of_work() as session:
        for operator, rate in (("gifts", 2_175), ("village", 3_325)):
            agree(
                session, operator_id=made.ids[operator], producer_id=made.ids["honey maker"],
                starts_on=today() + timedelta(days=1), commission_bp=rate, return_window_days=0, at=now(), by=None,
            )  # fmt: skip
    return made


def pages(market: Market, operator: str) -> dict[str, str]:
    """Every page of terms, as that operator's manager reads it."""
    who = "manager" if operator == "gifts" else "other manager"
    own, producer = market.ids[operator], market.ids["honey maker"]
    addresses = [
        "/agreements", f"/agreements?operator={own}", f"/agreements/{own}/{producer}", f"/producers/{producer}",
        f"/statements/draft/{own}/{producer}", f"/statements/run?operator={own}", "/statements", "/office/owners",
    ]  # fmt: skip
    client = market.as_(who)
    answers = {address: client.get(address) for address in addresses}
    assert {address: a.status_code for address, a in answers.items()} == dict.fromkeys(addresses, 200)
    return {address: answer.get_data(as_text=True) for address, answer in answers.items()}


@pytest.mark.parametrize(("operator", "own", "other"), [("gifts", OURS, THEIRS), ("village", THEIRS, OURS)])
def test_an_operator_reads_its_own_terms_and_nobody_elses(market: Market, operator: str, own: str, other: str) -> None:
    read = pages(market, operator)

    assert own in read["/agreements"]
    assert [address for address, text in read.items() if other in text] == []


@pytest.mark.parametrize("path", ["", "/example", "/goods"])
def test_the_other_operators_agreement_is_not_even_there(market: Market, path: str) -> None:
    here = f"/agreements/{market.ids['village']}/{market.ids['honey maker']}"
    client = market.as_("manager")

    answer = client.post(f"{here}{path}", data={}) if path else client.get(here)

    assert answer.status_code == 404
    assert client.get(f"/agreements?operator={market.ids['village']}").status_code == 404
    assert client.get(f"/statements/run?operator={market.ids['village']}").status_code == 404
