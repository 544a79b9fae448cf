"""Statements on lists and on their own pages."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pos.access.models import Grant, Person
from pos.access.rules import ROLES
from pos.consignment.models import (
    Payout,
    PayoutAttempt,
    Statement,
    StatementDocument,
    StatementEvent,
)
from pos.kernel.canonical import digest
from pos.kernel.errors import NotFound
from pos.kernel.text import fold
from pos.ledger.models import CashSlip
from pos.places.models import Operator, Site
from pos.producers.models import Producer

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters of the list; `before` is the last row shown, as `frozen day|id`."""

    operator_id: str | None = None
    state: str | None = None
    text: str = ""
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One statement on the list."""

    id: str
    no: int
    state: str
    operator_name: str
    producer_name: str
    period_from: date
    cutoff_on: date
    payout_vnd: int
    carried_vnd: int


def get_statement(session: Session, statement_id: str) -> Statement:
    """Raises NotFound."""
    found = session.get(Statement, statement_id)
    if found is None:
        raise NotFound("statement.unknown")
    return found


def find_statement(session: Session, operator_id: str, producer_id: str, cutoff: date) -> Statement | None:
    """The newest live statement of a pair with this cut-off."""
    return session.scalar(
        select(Statement)
        .where(
            Statement.operator_id == operator_id,
            Statement.producer_id == producer_id,
            Statement.cutoff_on == cutoff,
            Statement.state != "void",
        )
        .order_by(Statement.no.desc())
        .limit(1)
    )


def list_statements(session: Session, operator_ids: Collection[str] | None, asked: Asked) -> tuple[list[Row], bool]:
    """(at most 50 rows, newest first; whether there are more). `operator_ids` None: all."""
    wanted = (
        select(
            Statement.id, Statement.no, Statement.state, Operator.name, Producer.name, Statement.period_from,
            Statement.cutoff_on, Statement.payout_vnd, Statement.carried_vnd,
        )
        .join(Operator, Operator.id == Statement.operator_id)
        .join(Producer, Producer.id == Statement.producer_id)
        .order_by(Statement.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    if operator_ids is not None:
        wanted = wanted.where(Statement.operator_id.in_(operator_ids))
    if asked.operator_id:
        wanted = wanted.where(Statement.operator_id == asked.operator_id)
    if asked.state:
        wanted = wanted.where(Statement.state == asked.state)
    if asked.before:
        wanted = wanted.where(Statement.id < asked.before)
    if words := fold(asked.text).strip():
        digits = words.removeprefix("bk-").lstrip("0")
        match = Producer.search.contains(words, autoescape=True)
        wanted = wanted.where(or_(match, Statement.no == int(digits)) if digits.isdecimal() else match)
    rows = [Row(*row) for row in session.execute(wanted)]
    return rows[:PAGE], len(rows) > PAGE


def count_by_state(session: Session, operator_ids: Collection[str] | None) -> dict[str, int]:
    """How many statements are in each state."""
    wanted = select(Statement.state, func.count()).group_by(Statement.state)
    if operator_ids is not None:
        wanted = wanted.where(Statement.operator_id.in_(operator_ids))
    return {state: int(count) for state, count in session.execute(wanted)}


@dataclass(frozen=True, slots=True)
class Detail:
    """One statement: what was frozen (`body`) and what became of it."""

    statement: Statement
    body: dict[str, Any]
    sha256: str
    head_seq: int
    head_hash: str
    approver: str | None
    steps: list[dict[str, Any]]
    attempts: list[dict[str, Any]]


def get_detail(session: Session, statement_id: str) -> Detail:
    """Raises NotFound. Five queries, whatever its length."""
    found = get_statement(session, statement_id)
    document = session.get_one(StatementDocument, statement_id)
    steps = session.execute(
        select(StatementEvent.at, StatementEvent.from_state, StatementEvent.to_state, StatementEvent.note, Person.name)
        .outerjoin(Person, Person.id == StatementEvent.person_id)
        .where(StatementEvent.statement_id == statement_id)
        .order_by(StatementEvent.at, StatementEvent.id)
    )
    attempts = session.execute(
        select(
            PayoutAttempt.channel, PayoutAttempt.state, PayoutAttempt.amount_vnd, PayoutAttempt.payment_text,
            PayoutAttempt.reference, PayoutAttempt.paid_on, PayoutAttempt.reason, Site.name.label("site"),
            CashSlip.id.label("slip_id"), CashSlip.no.label("slip_no"), CashSlip.year.label("slip_year"),
        )
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .outerjoin(Site, Site.id == PayoutAttempt.site_id)
        .outerjoin(
            CashSlip,
            (CashSlip.operator_id == found.operator_id)
            & (CashSlip.source_kind == "payout_attempt")
            & (CashSlip.source_id == PayoutAttempt.id)
            & (CashSlip.side == "out"),
        )
        .where(Payout.statement_id == statement_id)
        .order_by(PayoutAttempt.n)
    )  # fmt: skip
    approver = session.scalar(select(Person.name).where(Person.id == found.approved_by)) if found.approved_by else None
    return Detail(
        found, json.loads(document.body), document.sha256, document.head_seq, document.head_hash, approver,
        [dict(row._mapping) for row in steps], [dict(row._mapping) for row in attempts],
    )  # fmt: skip


def find_by_digest(session: Session, sha256: str) -> tuple[Statement, dict[str, Any]] | None:
    """The statement whose document has this fingerprint, computed anew: whoever holds the paper may check it."""
    row = session.execute(
        select(Statement, StatementDocument.body)
        .join(StatementDocument, StatementDocument.statement_id == Statement.id)
        .where(StatementDocument.sha256 == sha256)
    ).one_or_none()
    if row is None or digest(row[1].encode()) != sha256:
        return None
    return row[0], json.loads(row[1])


def live_attempts(session: Session, statement_id: str) -> int:
    """Attempts that have or may have sent money."""
    return (
        session.scalar(
            select(func.count())
            .select_from(PayoutAttempt)
            .join(Payout, Payout.id == PayoutAttempt.payout_id)
            .where(Payout.statement_id == statement_id, PayoutAttempt.state != "returned")
        )
        or 0
    )


def authorized_people(session: Session, operator_id: str) -> set[str]:
    """Who may approve this operator's statements."""
    roles = [role for role, actions in ROLES.items() if "statement.approve" in actions]
    here = or_(Grant.scope_kind == "all", and_(Grant.scope_kind == "operator", Grant.scope_id == operator_id))
    found = session.scalars(
        select(Grant.person_id)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.role.in_(roles), Grant.revoked_at.is_(None), Person.active, here)
    )
    return set(found)


def operators_of(session: Session, operator_ids: Collection[str] | None) -> Sequence[tuple[str, str]]:
    """(id, name) by name; `operator_ids` None: all."""
    wanted = select(Operator.id, Operator.name).order_by(Operator.name)
    if operator_ids is not None:
        wanted = wanted.where(Operator.id.in_(operator_ids))
    return [(row[0], row[1]) for row in session.execute(wanted)]


def sites_of(session: Session, operator_id: str) -> Sequence[tuple[str, str]]:
    """(id, name) of the operator's sites: whose safe pays cash."""
    wanted = select(Site.id, Site.name).where(Site.operator_id == operator_id).order_by(Site.name)
    return [(row[0], row[1]) for row in session.execute(wanted)]
