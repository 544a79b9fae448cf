"""Approval by a second person, payment by hand, cash limits."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.service import add_person, grant
from pos.consignment.models import Payout, PayoutAttempt, Statement
from pos.consignment.queries.statements import get_detail
from pos.consignment.service.payouts import approve_statement, pay_by_hand, void_statement
from pos.consignment.service.statements import freeze_statement
from pos.kernel.errors import Conflict, Invalid, NotFound, Refused
from pos.ledger.models import CashSlip
from pos.ledger.queries import balance_of
from pos.till.service.slips import number_cash
from tests.consignment.shop import DAY, Shop, later, noon

AT = noon(later(2))


@pytest.fixture
def shop(session: Session) -> Shop:
    return Shop(session)


def person(shop: Shop, name: str, role: str = "administrator") -> str:
    """Somebody with a role for the whole operator."""
    made = add_person(shop.session, name=name, at=AT)
    shop.session.flush()
    grant(shop.session, made.id, role, "operator", shop.operator_id, at=AT)
    shop.session.flush()
    return made.id


def frozen(shop: Shop, name: str = "P1", units: int = 3, day: date = DAY, by: str | None = None) -> str:
    """A frozen statement over one sale."""
    shop.sell((name, units), day=day)
    return freeze_statement(
        shop.session, shop.operator_id, shop.producer(name), day, run_on=later(1), at=noon(later(1)), by=by
    )


def test_approval_needs_a_second_person(shop: Shop) -> None:
    first, second = person(shop, "Hà"), person(shop, "Đức", "manager")
    id_ = frozen(shop, by=first)

    with pytest.raises(Refused) as refused:
        approve_statement(shop.session, id_, at=AT, by=first)
    assert approve_statement(shop.session, id_, at=AT, by=second) == "approved"
    with pytest.raises(Conflict):
        approve_statement(shop.session, id_, at=AT, by=second)

    assert refused.value.code == "statement.second_person"
    found = shop.session.get_one(Statement, id_)
    assert (found.state, found.approved_by, found.self_approved) == ("approved", second, False)


def test_the_only_authorized_person_approves_and_is_labelled(shop: Shop) -> None:
    alone = person(shop, "Hà")
    person(shop, "Lan", "bookkeeper")  # may freeze, may not approve
    id_ = frozen(shop, by=alone)

    approve_statement(shop.session, id_, at=AT, by=alone)

    assert shop.session.get_one(Statement, id_).self_approved is True
    assert get_detail(shop.session, id_).steps[-1]["note"] == "self"


def test_a_transfer_pays_from_the_trust_account(shop: Shop) -> None:
    id_ = frozen(shop)
    approve_statement(shop.session, id_, at=AT, by=None)

    attempt_id = pay_by_hand(shop.session, id_, channel="transfer", paid_on=later(2), at=AT, by=None, reference="FT26")

    assert shop.entry(attempt_id, "payout") == {"settled:P1": 465_090, "trust_bank": -465_090}
    attempt = shop.session.get_one(PayoutAttempt, attempt_id)
    assert (attempt.n, attempt.state, attempt.payment_text) == (1, "confirmed", "OCOP TT 0001 1")
    assert shop.session.get_one(Statement, id_).state == "closed"
    assert balance_of(shop.session, shop.operator_id, "settled", shop.producer("P1")) == 0
    with pytest.raises(Conflict):
        pay_by_hand(shop.session, id_, channel="transfer", paid_on=later(2), at=AT, by=None)
    with pytest.raises(Conflict) as refused:
        void_statement(shop.session, id_, at=AT, by=None, reason="x")
    assert refused.value.code == "statement.paid"
    shop.check()


def test_cash_comes_from_a_safe_of_the_operator(shop: Shop) -> None:
    id_ = frozen(shop)
    approve_statement(shop.session, id_, at=AT, by=None)

    with pytest.raises(NotFound):
        pay_by_hand(shop.session, id_, channel="cash", paid_on=later(2), at=AT, by=None, site_id="elsewhere")
    attempt_id = pay_by_hand(shop.session, id_, channel="cash", paid_on=later(2), at=AT, by=None, site_id=shop.site_id)

    assert shop.entry(attempt_id, "payout") == {"settled:P1": 465_090, "safe:S1": -465_090}
    (slip,) = shop.session.scalars(select(CashSlip)).all()
    assert (slip.side, slip.no, slip.amount_vnd, slip.party, slip.note) == (
        "out", 1, 465_090, "Hộ kinh doanh P1", "BK-0001",
    )  # fmt: skip
    assert number_cash(shop.session, shop.operator_id, at=AT, by=None) == 0  # it has its slip
    assert get_detail(shop.session, id_).attempts[0]["slip_no"] == 1


def test_cash_from_five_million_a_day_needs_a_reason(shop: Shop) -> None:
    ids = [frozen(shop, "P2", 40), frozen(shop, "P2", 7, later(1))]
    for id_ in ids:
        approve_statement(shop.session, id_, at=AT, by=None)
    ways = {"channel": "cash", "paid_on": later(2), "at": AT, "by": None, "site_id": shop.site_id}
    pay_by_hand(shop.session, ids[0], **ways)  # type: ignore[arg-type]

    with shop.session.begin_nested(), pytest.raises(Refused) as refused:
        pay_by_hand(shop.session, ids[1], **ways)  # type: ignore[arg-type]
    shop.session.rollback()

    assert refused.value.code == "payout.cash_limit"
    assert refused.value.facts["limit"] == 5_000_000


def test_the_reason_lifts_the_limit(shop: Shop) -> None:
    id_ = frozen(shop, "P2", 50)
    approve_statement(shop.session, id_, at=AT, by=None)

    attempt_id = pay_by_hand(
        shop.session,
        id_,
        channel="cash",
        paid_on=later(2),
        at=AT,
        by=None,
        site_id=shop.site_id,
        reason="ngân hàng nghỉ",
    )

    assert shop.session.get_one(PayoutAttempt, attempt_id).reason == "ngân hàng nghỉ"


def test_what_is_not_approved_is_not_paid(shop: Shop) -> None:
    id_ = frozen(shop)

    with pytest.raises(Conflict):
        pay_by_hand(shop.session, id_, channel="transfer", paid_on=later(2), at=AT, by=None)
    with pytest.raises(Invalid):
        pay_by_hand(shop.session, id_, channel="gold", paid_on=later(2), at=AT, by=None)
    with pytest.raises(Invalid):
        pay_by_hand(shop.session, id_, channel="transfer", paid_on=later(3), at=AT, by=None)


def test_a_negative_statement_is_closed_by_its_approval(shop: Shop) -> None:
    shop.charge("P3", "fee", -1_080_000, "fair_fee_income")
    id_ = freeze_statement(shop.session, shop.operator_id, shop.producer("P3"), DAY, run_on=later(1), at=AT, by=None)

    assert approve_statement(shop.session, id_, at=AT, by=None) == "closed"
    assert shop.session.scalars(select(Payout)).all() == []


def test_void_after_approval_takes_the_payout_along(shop: Shop) -> None:
    id_ = frozen(shop)
    approve_statement(shop.session, id_, at=AT, by=None)

    void_statement(shop.session, id_, at=AT, by=None, reason="nhầm")

    assert [payout.state for payout in shop.session.scalars(select(Payout))] == ["void"]
    assert balance_of(shop.session, shop.operator_id, "settled", shop.producer("P1")) == 0
    shop.check()
