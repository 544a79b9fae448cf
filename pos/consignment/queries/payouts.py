"""Payouts for the pages: what waits, what is on its way, the files made, one attempt with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.consignment.models import AccountCheck, BankFile, Payout, PayoutAttempt, PayoutEvent, Statement
from pos.consignment.queries.accounts import account_facts
from pos.consignment.rules.payouts import account_trouble
from pos.consignment.rules.settlement import number_of
from pos.kernel.errors import NotFound
from pos.kernel.seal import unseal
from pos.payments.rules import vietqr
from pos.producers.models import BankAccount, Producer

MOST = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """An approved payout nobody has sent. `trouble`: why it may not be sent to its account yet; None when it may."""

    payout_id: str
    statement_id: str
    number: str
    producer_id: str
    producer: str
    amount_vnd: int
    account_id: str | None
    bank: str
    last4: str
    holder: str
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """An attempt the bank has not answered."""

    attempt_id: str
    number: str
    producer: str
    amount_vnd: int
    text: str
    state: str
    channel: str
    file: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class FileRow:
    """A bank file."""

    id: str
    name: str
    count: int
    total_vnd: int
    sha256: str
    made_at: datetime
    made_by: str | None


def list_waiting(session: Session, operator_id: str, *, at: datetime, by: str, alone: bool) -> list[Waiting]:
    """By statement number. One query, and two per changed account."""
    rows = session.execute(
        select(Payout.id, Statement.id, Statement.no, Producer.id, Producer.name, Payout.amount_vnd, BankAccount)
        .join(Statement, Statement.id == Payout.statement_id)
        .join(Producer, Producer.id == Payout.producer_id)
        .outerjoin(BankAccount, BankAccount.id == Payout.bank_account_id)
        .where(Payout.operator_id == operator_id, Payout.state == "open")
        .order_by(Statement.no)
        .limit(MOST)
    )
    made = []
    for payout_id, statement_id, no, producer_id, producer, amount, account in rows.all():
        trouble: str | None = "payout.no_account"
        if account is not None:
            trouble = account_trouble(account_facts(session, operator_id, account), at=at, by=by, alone=alone)
        made.append(
            Waiting(
                payout_id, statement_id, number_of(no), producer_id, producer, amount,
                account.id if account else None, account.bank_name if account else "",
                account.number_last4 if account else "", account.holder if account else "", trouble,
            )
        )  # fmt: skip
    return made


def list_sent(session: Session, operator_id: str) -> list[Sent]:
    """Exported or uncertain, oldest first."""
    rows = session.execute(
        select(
            PayoutAttempt.id, Statement.no, Producer.name, PayoutAttempt.amount_vnd, PayoutAttempt.payment_text,
            PayoutAttempt.state, PayoutAttempt.channel, BankFile.name, PayoutAttempt.made_at,
        )
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .join(Statement, Statement.id == Payout.statement_id)
        .join(Producer, Producer.id == Payout.producer_id)
        .outerjoin(BankFile, BankFile.id == PayoutAttempt.file_id)
        .where(Payout.operator_id == operator_id, PayoutAttempt.state.in_(("exported", "uncertain")))
        .order_by(PayoutAttempt.made_at, Statement.no)
        .limit(MOST)
    )  # fmt: skip
    return [Sent(row[0], number_of(row[1]), *row[2:]) for row in rows]


def list_files(session: Session, operator_id: str) -> list[FileRow]:
    """The newest 50."""
    rows = session.execute(
        select(
            BankFile.id, BankFile.name, BankFile.count, BankFile.total_vnd, BankFile.sha256, BankFile.made_at,
            Person.name,
        )
        .outerjoin(Person, Person.id == BankFile.made_by)
        .where(BankFile.operator_id == operator_id)
        .order_by(BankFile.no.desc())
        .limit(50)
    )  # fmt: skip
    return [FileRow(*row) for row in rows]


def get_file(session: Session, file_id: str, *, secret: str) -> tuple[BankFile, bytes]:
    """(the row, its bytes as they were made). Raises NotFound."""
    found = session.get(BankFile, file_id)
    if found is None:
        raise NotFound("payout.unknown")
    return found, unseal(secret, found.sealed)


def operator_of_payout(session: Session, payout_id: str) -> str:
    """Raises NotFound."""
    found = session.scalar(select(Payout.operator_id).where(Payout.id == payout_id))
    if found is None:
        raise NotFound("payout.unknown")
    return found


def operators_of_attempts(session: Session, attempt_ids: list[str]) -> set[str]:
    """Whose they are."""
    wanted = (
        select(Payout.operator_id)
        .join(PayoutAttempt, PayoutAttempt.payout_id == Payout.id)
        .where(PayoutAttempt.id.in_(attempt_ids))
    )
    return set(session.scalars(wanted))


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """One attempt in full."""

    id: str
    operator_id: str
    statement_id: str
    number: str
    producer: str
    amount_vnd: int
    text: str
    state: str
    channel: str
    reference: str | None
    paid_on: date
    account: BankAccount | None
    checked_by: str | None
    steps: list[dict[str, Any]]


def get_attempt(session: Session, attempt_id: str) -> AttemptPage:
    """Raises NotFound."""
    row = session.execute(
        select(PayoutAttempt, Payout, Statement, Producer.name, BankAccount)
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .join(Statement, Statement.id == Payout.statement_id)
        .join(Producer, Producer.id == Payout.producer_id)
        .outerjoin(BankAccount, BankAccount.id == PayoutAttempt.bank_account_id)
        .where(PayoutAttempt.id == attempt_id)
    ).one_or_none()
    if row is None:
        raise NotFound("payout.unknown")
    attempt, payout, statement, producer, account = row
    steps = session.execute(
        select(PayoutEvent.at, PayoutEvent.to_state, PayoutEvent.note, Person.name)
        .outerjoin(Person, Person.id == PayoutEvent.person_id)
        .where(PayoutEvent.attempt_id == attempt_id)
        .order_by(PayoutEvent.at, PayoutEvent.id)
    )
    checked = session.scalar(
        select(Person.name)
        .join(AccountCheck, AccountCheck.checked_by == Person.id)
        .where(AccountCheck.operator_id == payout.operator_id, AccountCheck.account_id == attempt.bank_account_id)
    )
    return AttemptPage(
        attempt.id, payout.operator_id, statement.id, number_of(statement.no), producer, attempt.amount_vnd,
        attempt.payment_text, attempt.state, attempt.channel, attempt.reference, attempt.paid_on, account, checked,
        [dict(step._mapping) for step in steps],
    )  # fmt: skip


def qr_of(found: AttemptPage, *, secret: str) -> str | None:
    """The VietQR of an attempt that a person still has to make; None for any other."""
    if found.account is None or found.channel != "transfer" or found.state != "exported":
        return None
    number = unseal(secret, found.account.number_sealed).decode()
    return vietqr(found.account.bank_bin, number, amount_vnd=found.amount_vnd, purpose=found.text)
