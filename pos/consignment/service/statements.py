"""Freeze statements: claim the lines, post one entry each, keep the document. The tills go on selling.

Locks: settlement locks by producer id, the number counter, then the chain head last. Everything is
summed before the head is locked; after it come entries, their own settlement lines and documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from pos.consignment.models import (
    SettlementLine,
    SettlementRun,
    Statement,
    StatementClaim,
    StatementDocument,
    StatementEvent,
)
from pos.consignment.queries.documents import bodies
from pos.consignment.queries.payable import Cut, free_to_go, open_lines, origin_join
from pos.consignment.queries.payable import Origin as OriginLine
from pos.consignment.queries.previews import Preview, previews
from pos.consignment.rules.settlement import FREEZE, claim_postings
from pos.consignment.service.locks import lock_settlement
from pos.consignment.service.numbers import take_numbers
from pos.consignment.service.own_lines import SOURCE, OwnLines, own_lines
from pos.kernel.canonical import canonical, digest
from pos.kernel.errors import NotFound, Refused
from pos.kernel.ids import new_id
from pos.ledger.commands import EntryDraft, Posted
from pos.ledger.service import post_entries


def freeze_statement(
    session: Session, operator_id: str, producer_id: str, cutoff: date, *, run_on: date, at: datetime, by: str | None
) -> str:
    """Freeze one producer's statement; answers its id.

    Raises NotFound for an unknown producer, Refused `statement.nothing`, `.zero` or `.below_minimum`
    with the sums when there is nothing to freeze.
    """
    made, drafts = freeze_statements(session, operator_id, [producer_id], cutoff, run_on=run_on, at=at, by=by)
    if not drafts:
        raise NotFound("producer.unknown", producer_id=producer_id)
    if not made:
        draft = drafts[0]
        raise Refused(
            f"statement.{draft.verdict}",
            status=409,
            payout=draft.division.payout_vnd,
            minimum=draft.min_payout_vnd,
            held=draft.held_vnd,
            after_cutoff=draft.after_cutoff_vnd,
        )
    return made[0]


def freeze_statements(
    session: Session,
    operator_id: str,
    producer_ids: Sequence[str],
    cutoff: date,
    *,
    run_on: date,
    at: datetime,
    by: str | None,
) -> tuple[list[str], list[Preview]]:
    """Freeze what can be frozen of these producers: (statement ids, all drafts with their verdicts).

    Set-based: one claim, one document query each, one batch of entries, for any number of producers.
    """
    lock_settlement(session, operator_id, producer_ids)
    drafts = previews(session, operator_id, cutoff, run_on=run_on, producer_ids=producer_ids)
    chosen = [draft for draft in drafts if draft.verdict == FREEZE]
    if not chosen:
        return [], drafts
    run_id = new_id()
    rows = _statements(session, run_id, chosen, at=at, by=by)
    session.execute(
        insert(SettlementRun).values(
            id=run_id, operator_id=operator_id, cutoff_on=cutoff, run_on=run_on,
            snapshot_seq=chosen[0].snapshot_seq, made_at=at, made_by=by,
        )
    )  # fmt: skip
    session.execute(insert(Statement), rows)
    _claim(session, run_id, chosen)
    note_steps(session, [row["id"] for row in rows], "draft", "frozen", at=at, by=by)
    documents = bodies(session, run_id, dict(zip((row["id"] for row in rows), chosen, strict=True)), rows, at=at)
    _post(session, operator_id, rows, chosen, documents, run_on=run_on, at=at)
    return [row["id"] for row in rows], drafts


def note_steps(
    session: Session,
    statement_ids: Sequence[str],
    before: str,
    after: str,
    *,
    at: datetime,
    by: str | None,
    note: str | None = None,
) -> None:
    """A row of history for each."""
    session.execute(
        insert(StatementEvent),
        [
            {"id": new_id(), "statement_id": id_, "at": at, "from_state": before, "to_state": after,
             "person_id": by, "note": note}
            for id_ in statement_ids
        ],
    )  # fmt: skip


def move_state(session: Session, statement_id: str, before: Sequence[str], **values: Any) -> bool:
    """Compare and set: False when the statement is no longer in one of these states."""
    done = session.execute(
        update(Statement)
        .where(Statement.id == statement_id, Statement.state.in_(before))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _statements(
    session: Session, run_id: str, chosen: Sequence[Preview], *, at: datetime, by: str | None
) -> list[dict[str, Any]]:
    first = take_numbers(session, chosen[0].operator_id, SOURCE, len(chosen))
    return [
        {
            "id": new_id(), "run_id": run_id, "operator_id": draft.operator_id, "producer_id": draft.producer_id,
            "no": no, "state": "frozen", "period_from": draft.period_from, "cutoff_on": draft.cutoff_on,
            "run_on": draft.run_on, "snapshot_seq": draft.snapshot_seq,
            "claimed_through_seq": draft.claimed_through_seq, "agreement_version_id": draft.agreement_version_id,
            "bank_account_id": draft.bank_account_id,
            "opening_vnd": draft.division.opening_vnd, "subtotal_vnd": draft.division.subtotal_vnd,
            "vat_invoiced_vnd": sum(row.invoiced_vnd for row in draft.true_ups),
            "reserve_kept_vnd": draft.division.reserve_kept_vnd, "reserve_used_vnd": draft.division.reserve_used_vnd,
            "recouped_vnd": draft.division.recouped_vnd, "payout_vnd": draft.division.payout_vnd,
            "carried_vnd": draft.division.carried_vnd, "frozen_at": at, "frozen_by": by, "self_approved": False,
        }
        for no, draft in enumerate(chosen, first)
    ]  # fmt: skip


def _claim(session: Session, run_id: str, chosen: Sequence[Preview]) -> None:
    """INSERT … SELECT in line-id order. The set is fixed by the two keys, whatever the tills do meanwhile."""
    head = chosen[0]
    cut = Cut(head.operator_id, head.cutoff_on, head.run_on, head.snapshot_seq)
    wanted = (
        select(Statement.id, SettlementLine.id)
        .join(Statement, Statement.producer_id == SettlementLine.producer_id)
        .outerjoin(OriginLine, origin_join())
        .where(Statement.run_id == run_id, open_lines(cut, None), free_to_go(cut))
        .order_by(SettlementLine.id)
    )
    claim = insert(StatementClaim).from_select(["statement_id", "line_id"], wanted)
    done = session.execute(claim.execution_options(preserve_rowcount=True))
    expected = sum(draft.lines for draft in chosen)
    if done.rowcount != expected:  # type: ignore[attr-defined]
        raise RuntimeError(f"claimed {done.rowcount} lines, summed {expected}")  # type: ignore[attr-defined]


def _post(
    session: Session,
    operator_id: str,
    rows: Sequence[dict[str, Any]],
    chosen: Sequence[Preview],
    documents: dict[str, dict[str, Any]],
    *,
    run_on: date,
    at: datetime,
) -> None:
    """One `statement` entry each clears what is claimed and what the statement's own entries made before it."""
    own, clearing = OwnLines(), []
    for row, draft in zip(rows, chosen, strict=True):
        vat = own_lines(own, row["id"], draft, run_on=run_on, at=at)
        postings = (*vat, *claim_postings(draft.division, draft.producer_id))
        entry = EntryDraft(new_id(), SOURCE, run_on, at, SOURCE, row["id"], postings)
        own.drafts.append(entry)
        clearing.append(entry)
    posted = {entry.entry_id: entry for entry in post_entries(session, operator_id, own.drafts, recorded_at=at)}
    own.keep(session, posted)
    heads = {entry.source_id: posted[entry.id] for entry in clearing}
    session.execute(insert(StatementDocument), [_document(id_, documents[id_], heads[id_], at) for id_ in heads])


def _document(statement_id: str, body: dict[str, Any], head: Posted, at: datetime) -> dict[str, Any]:
    text = canonical(body | {"head": {"seq": head.seq, "hash": head.hash}})
    return {
        "statement_id": statement_id, "body": text.decode(), "sha256": digest(text), "head_seq": head.seq,
        "head_hash": head.hash, "made_at": at,
    }  # fmt: skip
