"""Send payouts: claimed first, then written: a file for the bank, or one transfer by VietQR.

Claim, attempt, entry and the file's bytes are one transaction: a crash leaves all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from pos.consignment.models import BankFile, Payout, PayoutAttempt, Statement
from pos.consignment.queries.accounts import account_facts
from pos.consignment.queries.statements import authorized_people
from pos.consignment.rules.payouts import Transfer, account_trouble
from pos.consignment.rules.settlement import payment_text_of
from pos.consignment.service.attempts import note_attempts
from pos.consignment.service.locks import lock_settlement
from pos.consignment.service.numbers import take_numbers
from pos.consignment.service.statements import move_state, note_steps
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, NotFound, Refused
from pos.kernel.ids import new_id
from pos.kernel.seal import seal, unseal
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.service import post_entries
from pos.payments.rules import plain
from pos.producers.models import BankAccount

Write = Callable[[Sequence[Transfer]], bytes]


def export_payouts(
    session: Session, operator_id: str, payout_ids: Sequence[str], *, layout: str, ending: str, write: Write,
    secret: str, at: datetime, by: str | None,
) -> str:  # fmt: skip
    """One bank file with an attempt for each payout; `write` makes its bytes (PO1: one entry, a posting each).

    Raises Conflict `payout.taken` when one is already on its way, Refused `payout.no_account`,
    `payout.account_unchecked`, `payout.account_waits`, `payout.second_person`. Answers the file's id.
    """
    claimed = _claim(session, operator_id, payout_ids, at=at, by=by)
    no = take_numbers(session, operator_id, "bank_file")
    rows = [_transfer(n, *each, secret=secret) for n, each in enumerate(claimed, 1)]
    data = write(rows)
    file = BankFile(
        id=new_id(), operator_id=operator_id, no=no, layout=layout, name=f"chi-tra-{no:04d}.{ending}",
        sealed=seal(secret, data), sha256=sha256(data).hexdigest(), count=len(rows),
        total_vnd=sum(row.amount_vnd for row in rows), made_at=at, made_by=by,
    )  # fmt: skip
    session.add(file)
    session.flush()
    attempts = _attempts(session, claimed, "bank_file", at=at, by=by, file_id=file.id)
    _send(session, operator_id, claimed, "payout_file", "bank_file", file.id, at)
    note_attempts(session, attempts, None, "exported", at=at, by=by, note=file.name)
    return file.id


def send_by_transfer(session: Session, operator_id: str, payout_id: str, *, at: datetime, by: str | None) -> str:
    """One transfer a person is about to make (VietQR on screen): claimed before its code is shown.

    Raises like `export_payouts`. Answers the attempt's id.
    """
    claimed = _claim(session, operator_id, [payout_id], at=at, by=by)
    (attempt_id,) = _attempts(session, claimed, "transfer", at=at, by=by, file_id=None)
    _send(session, operator_id, claimed, "payout_sent", "payout_attempt", attempt_id, at)
    note_attempts(session, [attempt_id], None, "exported", at=at, by=by, note="VietQR")
    return attempt_id


Claimed = tuple[Payout, Statement, BankAccount, int]


def _claim(
    session: Session, operator_id: str, payout_ids: Sequence[str], *, at: datetime, by: str | None
) -> list[Claimed]:
    wanted = sorted(set(payout_ids))
    producers = session.scalars(
        select(Payout.producer_id).where(Payout.id.in_(wanted), Payout.operator_id == operator_id)
    ).all()
    if not wanted or len(producers) != len(wanted):
        raise NotFound("payout.unknown")
    lock_settlement(session, operator_id, set(producers))
    taken = session.scalars(
        update(Payout)
        .where(Payout.id.in_(wanted), Payout.state == "open")
        .values(state="paying")
        .returning(Payout.id)
        .execution_options(synchronize_session=False)
    ).all()
    if len(taken) != len(wanted):
        raise Conflict("payout.taken")
    tries = select(func.count()).where(PayoutAttempt.payout_id == Payout.id).correlate(Payout).scalar_subquery()
    rows = session.execute(
        select(Payout, Statement, BankAccount, tries)
        .join(Statement, Statement.id == Payout.statement_id)
        .outerjoin(BankAccount, BankAccount.id == Payout.bank_account_id)
        .where(Payout.id.in_(wanted))
        .order_by(Statement.no)
        .execution_options(populate_existing=True)
    ).all()
    alone = not authorized_people(session, operator_id) - {by or ""}
    for _, statement, account, _ in rows:
        if account is None:
            raise Refused("payout.no_account", status=409, no=statement.no)
        facts = account_facts(session, operator_id, account)
        if trouble := account_trouble(facts, at=at, by=by, alone=alone):
            raise Refused(trouble, status=409, no=statement.no)
    claimed = [(row[0], row[1], row[2], int(row[3]) + 1) for row in rows]
    ids = [statement.id for _, statement, _, _ in claimed]
    for id_ in ids:
        if not move_state(session, id_, ["approved"], state="paying"):
            raise Conflict("payout.taken")
    note_steps(session, ids, "approved", "paying", at=at, by=by)
    return claimed


def _attempts(
    session: Session, claimed: Sequence[Claimed], channel: str, *, at: datetime, by: str | None, file_id: str | None
) -> list[str]:
    rows = [
        {
            "id": new_id(), "payout_id": payout.id, "n": n, "channel": channel, "state": "exported",
            "amount_vnd": payout.amount_vnd, "payment_text": payment_text_of(statement.no, n), "reference": None,
            "site_id": None, "bank_account_id": account.id, "file_id": file_id, "confirmation_id": None,
            "paid_on": local_date(at), "reason": None, "made_at": at, "made_by": by,
        }
        for payout, statement, account, n in claimed
    ]  # fmt: skip
    session.execute(insert(PayoutAttempt), rows)
    return [str(row["id"]) for row in rows]


def _send(
    session: Session, operator_id: str, claimed: Sequence[Claimed], kind: str, source: str, id_: str, at: datetime
) -> None:
    """settled:p → payouts_in_transit, a posting per payout."""
    postings = []
    for payout, _, _, _ in claimed:
        postings += [
            PostingDraft("settled", payout.amount_vnd, payout.producer_id, payout.producer_id),
            PostingDraft("payouts_in_transit", -payout.amount_vnd, producer_id=payout.producer_id),
        ]
    entry = EntryDraft(new_id(), kind, local_date(at), at, source, id_, tuple(postings))
    post_entries(session, operator_id, [entry], recorded_at=at)


def _transfer(
    n: int, payout: Payout, statement: Statement, account: BankAccount, attempt: int, *, secret: str
) -> Transfer:
    number = unseal(secret, account.number_sealed).decode()
    return Transfer(
        n, plain(account.holder, 70).upper(), number, account.bank_bin, account.bank_name, payout.amount_vnd,
        payment_text_of(statement.no, attempt),
    )  # fmt: skip
