"""The document behind an entry: its number as people know it, and the page it is read on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.models import Payout, PayoutAttempt, ProducerNote, Statement
from pos.consignment.models.payouts import BankFile
from pos.consignment.rules.settlement import number_of
from pos.ledger.models import MoneyPaper
from pos.stock.models import Document, Movement
from pos.till.models import Sale, Shift, TillEvent


@dataclass(frozen=True, slots=True)
class Source:
    """`kind` for `words("source", …)`; the page, when there is one, as endpoint and values."""

    kind: str
    number: str
    endpoint: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def source_ids(session: Session, operator_id: str, text: str) -> list[str]:
    """The ids entries name for a receipt, shift, statement, note or stock document of this number."""
    text = text.strip()
    found: list[str] = []
    for column, number, of in (
        (Sale.id, Sale.receipt_no, Sale.operator_id),
        (Shift.close_event, Shift.z_no, Shift.operator_id),
        (Document.id, Document.number, Document.operator_id),
    ):
        found += [
            id_ for id_ in session.scalars(select(column).where(of == operator_id, number == text).limit(20)) if id_
        ]
    digits = text.upper().removeprefix("BK").lstrip("-0 ")
    if digits.isascii() and digits.isdecimal() and len(digits) < 10:
        mine = (Statement.operator_id == operator_id, Statement.no == int(digits))
        found += session.scalars(select(Statement.id).where(*mine))
    return found


def sources_of(session: Session, named: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Source]:
    """Of many entries' (source_kind, source_id) at once: one query for each kind there is."""
    ids: dict[str, set[str]] = {}
    for kind, id_ in named:
        ids.setdefault(kind, set()).add(id_)
    found: dict[tuple[str, str], Source] = {}
    for kind, these in ids.items():
        look = LOOKS.get(kind)
        got = look(session, these) if look else {}
        found |= {(kind, id_): got.get(id_) or Source(kind, "", *ELSEWHERE.get(kind, ())) for id_ in these}
    return found


def _events(session: Session, ids: set[str]) -> dict[str, Source]:
    sales = session.execute(select(Sale.id, Sale.receipt_no).where(Sale.id.in_(ids)))
    found = {id_: Source("sale", no, "reports.sale", {"sale_id": id_}) for id_, no in sales}
    rest = ids - found.keys()
    if rest:
        rows = session.execute(
            select(TillEvent.id, TillEvent.kind, Shift.id, Shift.z_no)
            .outerjoin(Shift, Shift.id == TillEvent.shift_id)
            .where(TillEvent.id.in_(rest))
        )
        for id_, kind, shift_id, z_no in rows:
            at = ("reports.shift", {"shift_id": shift_id}) if shift_id else ("", {})
            found[id_] = Source("shift" if shift_id else kind, z_no or "", *at)
    return found


def _lines(session: Session, ids: set[str]) -> dict[str, Source]:
    """`<sale>:<line>`."""
    of = {id_: id_.partition(":") for id_ in ids}
    rows = session.execute(select(Sale.id, Sale.receipt_no).where(Sale.id.in_({sale for sale, _, _ in of.values()})))
    numbers: dict[str, str] = {row[0]: row[1] for row in rows}
    return {
        id_: Source("sale_line", f"{numbers.get(sale, '')} · {line}", "reports.sale", {"sale_id": sale})
        for id_, (sale, _, line) in of.items()
    }


def _statements(session: Session, ids: set[str]) -> dict[str, Source]:
    rows = session.execute(select(Statement.id, Statement.no).where(Statement.id.in_(ids)))
    return {id_: Source("statement", number_of(no), "consignment.statement", {"statement_id": id_}) for id_, no in rows}


def _attempts(session: Session, ids: set[str]) -> dict[str, Source]:
    rows = session.execute(
        select(PayoutAttempt.id, PayoutAttempt.payment_text, Payout.statement_id)
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .where(PayoutAttempt.id.in_(ids))
    )
    return {
        id_: Source("payout_attempt", said, "consignment.statement", {"statement_id": of}) for id_, said, of in rows
    }


def _notes(session: Session, ids: set[str]) -> dict[str, Source]:
    rows = session.execute(
        select(ProducerNote.id, ProducerNote.no, ProducerNote.operator_id, ProducerNote.producer_id).where(
            ProducerNote.id.in_(ids)
        )
    )
    return {
        id_: Source("producer_note", str(no), "consignment.papers", {"operator_id": operator, "producer_id": producer})
        for id_, no, operator, producer in rows
    }


def _papers(session: Session, ids: set[str]) -> dict[str, Source]:
    rows = session.execute(select(MoneyPaper.id, MoneyPaper.operator_id).where(MoneyPaper.id.in_(ids)))
    return {id_: Source("money_paper", "", "ledger.money", {"operator": operator}) for id_, operator in rows}


def _files(session: Session, ids: set[str]) -> dict[str, Source]:
    rows = session.execute(select(BankFile.id, BankFile.name).where(BankFile.id.in_(ids)))
    return {id_: Source("bank_file", name, "consignment.payouts_list") for id_, name in rows}


def _movements(session: Session, ids: set[str]) -> dict[str, Source]:
    rows = session.execute(
        select(Movement.id, Document.id, Document.number)
        .outerjoin(Document, Document.id == Movement.source_id)
        .where(Movement.id.in_(ids))
    )
    return {
        id_: Source("stock_document", number or "", *(("stock.document", {"document_id": paper}) if paper else ()))
        for id_, paper, number in rows
    }


LOOKS = {
    "till_event": _events,
    "sale_line": _lines,
    "sale_return": _lines,
    "statement": _statements,
    "payout_attempt": _attempts,
    "producer_note": _notes,
    "money_paper": _papers,
    "bank_file": _files,
    "stock_movement": _movements,
}
# The page of all of a kind, where one of it has none.
ELSEWHERE = {
    "safe_funding": ("ledger.safes",),
    "owed_payment": ("money.owed",),
    "bank_line": ("bank.lines",),
    "card_payment": ("bank.lines",),
    "payout_confirmation": ("consignment.payouts_list",),
    "golive": ("consignment.golive",),
}
