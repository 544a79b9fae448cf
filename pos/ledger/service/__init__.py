"""Post entries: the only writer of the books."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from pos.kernel.db import connection_of, is_postgresql, upsert_of
from pos.kernel.errors import Invalid, NotFound
from pos.kernel.ids import new_id
from pos.kernel.rows import ask, change, insert_rows, send_held
from pos.ledger.commands import EntryDraft, Posted, PostingDraft
from pos.ledger.models import BooksCheck, ChainHead, JournalEntry, Posting, SafeFunding
from pos.ledger.rules import GENESIS, MOST_CASH_VND, entry_hash, tidy
from pos.ledger.service.seals import refuse_sealed
from pos.places.models import Site

_HEAD = select(ChainHead.seq, ChainHead.hash).where(ChainHead.operator_id == bindparam("operator")).with_for_update()
_MOVE_HEAD = (
    update(ChainHead)
    .where(ChainHead.operator_id == bindparam("operator"))
    .values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
)


def _lock_head(session: Session, operator_id: str) -> tuple[int, str]:
    """Where the chain ends, locked; an operator's first entry opens its books."""
    connection, asked = connection_of(session), {"operator": operator_id}
    head = ask(connection, _HEAD, asked)
    if not head:
        made = upsert_of(is_postgresql(session), ChainHead).values(operator_id=operator_id, seq=0, hash=GENESIS)
        connection.execute(made.on_conflict_do_nothing())
        head = ask(connection, _HEAD, asked)
    return head[0][0], head[0][1]


def post_entries(
    session: Session, operator_id: str, drafts: Sequence[EntryDraft], *, recorded_at: datetime
) -> list[Posted]:
    """Post in order; the chain head is locked here, so call it last: only inserts may follow.

    Drafts with nothing left to post are skipped (they are not in the answer).
    Raises ValueError when a draft does not balance.
    """
    ready = [(draft, postings) for draft in drafts if (postings := tidy(draft.postings))]
    if not ready:
        return []
    seq, last = _lock_head(session, operator_id)
    entries, lines, posted = [], [], []
    for draft, postings in ready:
        seq += 1
        hash_ = entry_hash(operator_id, seq, last, draft, postings)
        entries.append(
            {
                "id": draft.id, "operator_id": operator_id, "seq": seq, "kind": draft.kind,
                "business_date": draft.business_date, "occurred_at": draft.occurred_at, "recorded_at": recorded_at,
                "source_kind": draft.source_kind, "source_id": draft.source_id, "reverses": draft.reverses,
                "prev_hash": last, "hash": hash_,
            }
        )  # fmt: skip
        lines += [
            {
                "entry_id": draft.id, "n": n, "operator_id": operator_id, "account": p.account,
                "dimension": p.dimension, "amount_vnd": p.amount_vnd, "producer_id": p.producer_id,
                "site_id": p.site_id, "shift_id": p.shift_id, "fair_id": p.fair_id,
                "settlement_line_id": p.settlement_line_id,
            }
            for n, p in enumerate(postings, 1)
        ]  # fmt: skip
        posted.append(Posted(draft.id, seq, hash_))
        last = hash_
    insert_rows(session, Posting, lines)
    send_held(session)  # an entry wants its postings there
    insert_rows(session, JournalEntry, entries)
    change(session, _MOVE_HEAD, {"operator": operator_id, "new_seq": seq, "new_hash": last})
    return posted


def fund_safe(
    session: Session, *, site_id: str, amount_vnd: int, day: date, at: datetime, by: str | None, note: str | None = None
) -> SafeFunding:
    """Cash for floats and change, from the operator's bank account to a site's safe: the document and its entry (G00b).

    Raises NotFound for an unknown site, Invalid `safe.amount` below 1 đ or beyond what anybody carries.
    """
    operator_id = session.scalar(select(Site.operator_id).where(Site.id == site_id))
    if operator_id is None:
        raise NotFound("site.unknown", site_id=site_id)
    if not 0 < amount_vnd <= MOST_CASH_VND:
        raise Invalid("safe.amount", amount_vnd=amount_vnd)
    refuse_sealed(session, operator_id, day, site_id=site_id)
    paper = SafeFunding(
        id=new_id(), operator_id=operator_id, site_id=site_id, amount_vnd=amount_vnd, business_date=day, note=note,
        made_at=at, made_by=by,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    postings = (
        PostingDraft("safe", amount_vnd, site_id, site_id=site_id),
        PostingDraft("operating_bank", -amount_vnd, site_id=site_id),
    )
    entry = EntryDraft(new_id(), "safe_funding", day, at, "safe_funding", paper.id, postings)
    post_entries(session, operator_id, [entry], recorded_at=at)
    return paper


def keep_check(session: Session, findings: Sequence[Mapping[str, Any]], *, took_ms: int, at: datetime) -> BooksCheck:
    """Keep what a look at all the books found: [{number, vi, en, looked_at, problems}]."""
    kept = BooksCheck(
        id=new_id(), checked_at=at, took_ms=took_ms, looked_at=sum(int(f["looked_at"]) for f in findings),
        broken=sum(bool(f["problems"]) for f in findings), findings=json.dumps(findings, ensure_ascii=False),
    )  # fmt: skip
    session.add(kept)
    return kept
