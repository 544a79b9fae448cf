"""Where a producer's money is, operator by operator, and what each pays next. Reads only, and only what may be open.

Source: money.md "Settlement". The next payment divides what is payable by its day as the settlement itself will.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from pos.consignment.models import AccountCheck, Agreement, AgreementVersion, SettlementLine, Statement
from pos.consignment.queries.watermarks import may_be_open
from pos.consignment.rules.settlement import Division, divide
from pos.ledger.models import Posting
from pos.places.models import Operator
from pos.producers.models import BankAccount
from pos.reports.queries.producer_lines import IN_DISPUTE, ON_STATEMENT, PAYABLE_ON, unclaimed_lines
from pos.reports.rules import next_pay_day

PARTS = ("held", "available", "disputed", "statement", "way")
OWED = ("held", "available", "disputed", "statement", "way", "reserve", "carried", "taken", "advance")
TAKEN, ADVANCE = "held_by_producer", "producer_advance"


@dataclass(slots=True)
class Money:
    """đồng by place; `taken` and `advance` ≤ 0 (the producer has them already), so is what is `carried`.
    All but `paid` add up to `owed`; `paid` is gone to the producer."""

    held: int = 0
    available: int = 0
    disputed: int = 0
    statement: int = 0
    way: int = 0
    reserve: int = 0
    carried: int = 0
    taken: int = 0
    advance: int = 0
    paid: int = 0
    held_until: date | None = None

    @property
    def owed(self) -> int:
        """What is still to come."""
        return sum(getattr(self, part) for part in OWED)


class Terms(NamedTuple):
    """What the newest version in force says of paying."""

    version_id: str
    starts_on: date
    mode: str
    commission_bp: int
    return_window_days: int
    pay_weekday: int
    min_payout_vnd: int
    reserve_bp: int
    recoup_bp: int
    samples_borne_by: str


@dataclass(frozen=True, slots=True)
class Payment:
    """What one operator pays next: `certain` when it stands on a statement, `sent` when it is on its way."""

    operator_name: str
    on: date
    vnd: int
    min_vnd: int
    account: str | None = None  # the last four digits
    certain: bool = False
    sent: bool = False


@dataclass(slots=True)
class Card:
    """One operator: where the money is, its terms, the next payment, its newest statement's number."""

    operator_id: str
    operator_name: str
    terms: Terms | None = None
    money: Money = field(default_factory=Money)
    payment: Payment | None = None
    statement_id: str | None = None
    statement_no: int | None = None
    statement_state: str | None = None


def get_cards(session: Session, producer_id: str, today: date) -> list[Card]:
    """Every operator this producer has or had terms with, by name. Seven queries."""
    cards = _cards(session, producer_id, today)
    by_day, disputed = _unclaimed(session, producer_id)
    sent_to = _statements(session, producer_id, cards)
    _balances(session, producer_id, cards)
    accounts = _accounts(session, producer_id)
    for id_, card in cards.items():
        card.money.disputed = disputed[id_]
        for on, (vnd, _) in by_day[id_].items():
            if on > today:
                card.money.held += vnd
                card.money.held_until = max(on, card.money.held_until or on)
            else:
                card.money.available += vnd
        card.payment = _next(card, by_day[id_], today, sent_to[id_], accounts.get(id_) or accounts.get(""))
    return sorted(cards.values(), key=lambda card: card.operator_name)


def get_money(session: Session, producer_id: str, today: date) -> tuple[Money, list[Payment]]:
    """The sums over all operators, and the payments that come, the earliest with money first."""
    return summed(get_cards(session, producer_id, today))


def summed(cards: list[Card]) -> tuple[Money, list[Payment]]:
    """All cards together."""
    total = Money()
    for one in (card.money for card in cards):
        for name in (*OWED, "paid"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
        if one.held_until:
            total.held_until = max(one.held_until, total.held_until or one.held_until)
    payments = [card.payment for card in cards if card.payment]
    return total, sorted(payments, key=lambda p: (p.vnd == 0, p.on, p.operator_name))


def _cards(session: Session, producer_id: str, today: date) -> dict[str, Card]:
    version = AgreementVersion
    rows: Any = session.execute(
        select(
            Operator.id, Operator.name, version.id, version.starts_on, version.mode, version.commission_bp,
            version.return_window_days, version.pay_weekday, version.min_payout_vnd, version.reserve_bp,
            version.recoup_bp, version.samples_borne_by,
        )
        .join(Agreement, Agreement.operator_id == Operator.id)
        .outerjoin(version, and_(version.agreement_id == Agreement.id, version.starts_on <= today))
        .where(Agreement.producer_id == producer_id)
        .order_by(version.starts_on)
    )  # fmt: skip
    return {id_: Card(id_, name, Terms(*terms) if terms[0] else None) for id_, name, *terms in rows}


def _unclaimed(
    session: Session, producer_id: str
) -> tuple[dict[str, dict[date, tuple[int, int]]], dict[str, int]]:  # fmt: skip
    """({operator: {payable on: (đồng, commission base)}}, {operator: đồng in dispute}) of what is on no statement."""
    day, asked = PAYABLE_ON.label("payable_on"), IN_DISPUTE.label("in_dispute")
    line = SettlementLine
    base = func.sum(line.gross_vnd - line.discount_producer_vnd)
    rows: Any = session.execute(
        unclaimed_lines(line.operator_id, day, asked, func.sum(line.amount_vnd), base)
        .where(may_be_open(session, producer_id))
        .group_by(line.operator_id, day, asked)
    )
    found: dict[str, dict[date, tuple[int, int]]] = defaultdict(dict)
    disputed: dict[str, int] = defaultdict(int)
    for operator_id, on, waits, vnd, of in rows:
        if waits:
            disputed[operator_id] += int(vnd)
        else:
            found[operator_id][on if isinstance(on, date) else date.fromisoformat(on)] = (int(vnd), int(of))
    return found, disputed


def _statements(session: Session, producer_id: str, cards: dict[str, Card]) -> dict[str, str]:
    """Adds what stands on statements; the last digits each operator's waiting payout goes to."""
    rows = session.execute(
        select(
            Statement.id, Statement.operator_id, Statement.no, Statement.state, Statement.payout_vnd,
            Statement.carried_vnd, BankAccount.number_last4,
        )
        .outerjoin(BankAccount, BankAccount.id == Statement.bank_account_id)
        .where(Statement.producer_id == producer_id, Statement.state != "void")
        .order_by(Statement.no)
    )  # fmt: skip
    sent_to: dict[str, str] = defaultdict(str)
    for id_, operator_id, no, state, payout, carried, last4 in rows:
        card = cards.setdefault(operator_id, Card(operator_id, "?"))
        card.statement_id, card.statement_no, card.statement_state = id_, no, state
        money = card.money
        money.carried = carried
        if state in ON_STATEMENT:
            money.statement += payout
        elif state == "paying":
            money.way += payout
        else:
            money.paid += payout
        if state in (*ON_STATEMENT, "paying"):
            sent_to[operator_id] = last4 or ""
    return sent_to


def _balances(session: Session, producer_id: str, cards: dict[str, Card]) -> None:
    """The reserve kept back, and what the producer has already: takings its own people kept, and advances."""
    rows = session.execute(
        select(Posting.operator_id, Posting.account, func.sum(Posting.amount_vnd))
        .where(
            Posting.operator_id.in_(cards), Posting.account.in_((TAKEN, ADVANCE, "reserve")),
            Posting.dimension == producer_id,
        )
        .group_by(Posting.operator_id, Posting.account)
    )  # fmt: skip
    for operator_id, account, vnd in rows:
        money = cards[operator_id].money
        if account == TAKEN:
            money.taken = -int(vnd)
        elif account == ADVANCE:
            money.advance = -int(vnd)
        else:
            money.reserve = -int(vnd)


def _accounts(session: Session, producer_id: str) -> dict[str, str]:
    """The last digits of the account each operator will pay to; under "" where it has confirmed none itself."""
    rows = session.execute(
        select(BankAccount.number_last4, BankAccount.confirmed_at, AccountCheck.operator_id)
        .outerjoin(AccountCheck, AccountCheck.account_id == BankAccount.id)
        .where(BankAccount.producer_id == producer_id)
        .order_by(BankAccount.made_at, BankAccount.id)
    ).all()
    found: dict[str, str] = {}
    checked = {operator for _, _, operator in rows if operator}
    for last4, confirmed, operator_id in rows:
        if confirmed:
            found[""] = last4
            found.update(dict.fromkeys(checked, last4))
        if operator_id:
            found[operator_id] = last4
    if rows:
        found.setdefault("", rows[-1][0])
    return found


def _next(
    card: Card, by_day: dict[date, tuple[int, int]], today: date, pinned: str, account: str | None
) -> Payment | None:
    money, terms = card.money, card.terms
    waiting = money.statement + money.way
    if terms is None and not waiting:
        return None
    on = next_pay_day(today, terms.pay_weekday if terms else 0, waiting=waiting > 0)
    if waiting:
        sent = money.way > 0
        vnd = money.way if sent else money.statement
        return Payment(card.operator_name, today if sent else on, vnd, 0, pinned or None, certain=True, sent=sent)
    assert terms is not None
    ripe = [sums for day, sums in by_day.items() if day <= on]
    vnd = expected(sum(v for v, _ in ripe) + money.taken, sum(base for _, base in ripe), money, terms).payout_vnd
    return Payment(card.operator_name, on, vnd, terms.min_payout_vnd, account)


def expected(subtotal_vnd: int, base_vnd: int, money: Money, terms: Terms) -> Division:
    """Where a subtotal would go by these terms."""
    return divide(
        subtotal_vnd, opening_vnd=money.carried, reserve_vnd=money.reserve, advance_vnd=-money.advance,
        reserve_base_vnd=base_vnd, reserve_bp=terms.reserve_bp, recoup_bp=terms.recoup_bp,
    )  # fmt: skip
