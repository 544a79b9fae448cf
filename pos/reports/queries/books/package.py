"""What goes into a Gói kiểm tra, file by file, each read as it is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.models import Statement, StatementDocument
from pos.consignment.rules.settlement import number_of
from pos.kernel.clock import iso
from pos.ledger.models import BooksSeal, CashSlip, JournalEntry
from pos.ledger.queries import as_export, head_of, posted_between
from pos.ledger.queries.trial import trial_of
from pos.places.models import Operator
from pos.reports.adapters.journal_files import csv_chunks, maps, rows_of
from pos.reports.adapters.packages import README
from pos.reports.queries.books.slips import number_of as slip_number
from pos.reports.queries.books.taken import entries_in
from pos.web.tables import Cell
from pos.web.words import words

SAYS = """GÓI KIỂM TRA · AUDIT PACKAGE
{operator} · {first} – {last}

so-nhat-ky.csv    từng dòng bút toán / each posting of the journal
can-doi.csv       cân đối tài khoản / trial balance
phieu-thu-chi.csv phiếu thu, phiếu chi / cash slips
but-toan.jsonl    bút toán như trong chuỗi, có dấu / entries as in the chain, with their hashes
niem-so.json      các kỳ đã niêm / sealed periods
bang-ke/*.json    bảng kê đúng từng byte lúc chốt / statements, byte for byte as frozen
manifest.json     SHA-256 của từng tệp / of each file

Kiểm gói / verify: pos package verify FILE.zip
Bảng kê: SHA-256 của tệp JSON là mã in trên bảng kê giấy.
A statement's file has the SHA-256 that is printed on its paper.
"""


def about(session: Session, operator_id: str, from_on: date, until_on: date, *, at: datetime) -> dict[str, Any]:
    """What the manifest says of the whole."""
    operator = session.get_one(Operator, operator_id)
    seq, head = head_of(session, operator_id)
    return {"operator": operator.name, "tax_code": operator.tax_code, "from": from_on.isoformat(),
            "until": until_on.isoformat(), "made_at": iso(at), "chain_seq": seq, "chain_head": head}  # fmt: skip


def package_files(
    session: Session, operator_id: str, from_on: date, until_on: date
) -> Iterator[tuple[str, Iterable[bytes]]]:
    """(name, bytes in parts) one after the other."""
    plain, operator = maps()["plain"], session.get_one(Operator, operator_id).name
    said = SAYS.format(operator=operator, first=f"{from_on:%d/%m/%Y}", last=f"{until_on:%d/%m/%Y}")
    yield README, [said.encode()]
    yield "so-nhat-ky.csv", csv_chunks(plain.heads, rows_of(plain, entries_in(session, operator_id, from_on, until_on)))
    trial = trial_of(session, operator_id, from_on, until_on).rows
    heads = ["Tài khoản", "Tên tài khoản", "Đầu kỳ", "Nợ", "Có", "Cuối kỳ"]
    sums: list[list[Cell]] = [
        [r.account, words("account", r.account), r.opening_vnd, r.debit_vnd, r.credit_vnd, r.closing_vnd] for r in trial
    ]
    yield "can-doi.csv", csv_chunks(heads, sums)
    heads = ["Số", "Ngày", "Số tiền", "Việc", "Người nộp, nhận", "Chứng từ", "Mã chứng từ"]
    yield "phieu-thu-chi.csv", csv_chunks(heads, _slips(session, operator_id, from_on, until_on))
    yield "but-toan.jsonl", _entries(session, operator_id, from_on, until_on)
    yield "niem-so.json", [_seals(session, operator_id, from_on, until_on)]
    frozen = session.execute(
        select(Statement.no, StatementDocument.body)
        .join(StatementDocument, StatementDocument.statement_id == Statement.id)
        .where(Statement.operator_id == operator_id, Statement.run_on >= from_on, Statement.run_on <= until_on)
        .order_by(Statement.no)
        .execution_options(yield_per=100)
    )
    for no, body in frozen:
        yield f"bang-ke/{number_of(no)}.json", [body.encode()]


def _slips(session: Session, operator_id: str, from_on: date, until_on: date) -> Iterator[list[Cell]]:
    query = select(CashSlip).where(
        CashSlip.operator_id == operator_id, CashSlip.business_date >= from_on, CashSlip.business_date <= until_on
    )
    order = (CashSlip.year, CashSlip.side, CashSlip.no)
    for slip in session.scalars(query.order_by(*order).execution_options(yield_per=500)):
        yield [slip_number(slip), slip.business_date, slip.amount_vnd, slip.what, slip.party, slip.source_kind,
               slip.source_id]  # fmt: skip


def _entries(session: Session, operator_id: str, from_on: date, until_on: date) -> Iterator[bytes]:
    within = (JournalEntry.business_date >= from_on, JournalEntry.business_date <= until_on)
    for entry, postings in posted_between(session, operator_id, within):
        yield (json.dumps(as_export(entry, postings), ensure_ascii=False) + "\n").encode()


def _seals(session: Session, operator_id: str, from_on: date, until_on: date) -> bytes:
    seals = session.scalars(
        select(BooksSeal)
        .where(BooksSeal.operator_id == operator_id, BooksSeal.from_on <= until_on, BooksSeal.until_on >= from_on)
        .order_by(BooksSeal.no)
    )
    said = [
        {"no": s.no, "kind": s.kind, "from": s.from_on.isoformat(), "until": s.until_on.isoformat(), "seq": s.seq,
         "head": s.hash, "sha256": s.sha256, "sealed_at": iso(s.sealed_at), "totals": json.loads(s.totals)}
        for s in seals
    ]  # fmt: skip
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
