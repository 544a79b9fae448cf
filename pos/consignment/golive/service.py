"""Open an operator's books from a workbook, and take that back as a whole until the first sale.

Opening papers like any other: stock documents of kind `opening`, notes with producers (owed, advanced), one entry for
cash, bank and own goods; all against `capital`. Taking back writes their opposites, nothing is deleted.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.catalogue.service.import_plan import Each, Origin
from pos.catalogue.service.import_undo import undo_import
from pos.catalogue.service.imports import carry_out
from pos.consignment.commands import Note
from pos.consignment.golive.models import GoLive, GoLivePaper
from pos.consignment.golive.plan import MoneyLine, Opening, StockLine
from pos.consignment.models import GoodsTerms, ProducerNote, Statement
from pos.consignment.queries.terms import agreed_on
from pos.consignment.rules.shares import COMMISSION, OWN
from pos.consignment.service.agreements import agree_on_goods
from pos.consignment.service.locks import lock_settlement
from pos.consignment.service.notes import post_notes, undo_note
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, NotFound
from pos.kernel.ids import new_id
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.models import ChainHead, JournalEntry, Posting
from pos.ledger.service import post_entries
from pos.stock.commands import Draft, DraftLine
from pos.stock.models import Document, Movement
from pos.stock.service.documents import confirm, draft
from pos.stock.service.lots import know_lots

SOURCE = "golive"
STOCK, NOTE, ENTRY = "stock", "note", "entry"
REASON = {"adjustment": "Còn phải trả khi mở sổ", "advance": "Tạm ứng khi mở sổ"}


def open_books(session: Session, plan: Opening, origin: Origin, *, by: str | None, each: Each = iter) -> str:
    """Write all of a plan made in this same transaction; answers the id of the go-live.

    Raises ValueError on a plan with problems, Conflict `golive.already` while another one stands.
    """
    if plan.problems:
        raise ValueError("a plan with problems is not carried out")
    at, operator_id = plan.goods.at, plan.operator_id
    stands = select(GoLive.business_date).where(GoLive.operator_id == operator_id, GoLive.undone_at.is_(None))
    if day := session.scalar(stands):
        raise Conflict("golive.already", day=day.strftime("%d/%m/%Y"))
    run_id = carry_out(session, plan.goods, each, origin=origin).run_id
    golive_id = new_id()
    _own_terms(session, plan, at=at, by=by)
    papers = [(STOCK, id_) for id_ in _stock(session, plan, at=at, by=by)]
    papers += [(NOTE, id_) for id_ in _notes(session, plan, at=at, by=by)]
    papers += [(ENTRY, id_) for id_ in _money(session, plan, golive_id, at=at)]
    seq = session.scalar(select(ChainHead.seq).where(ChainHead.operator_id == operator_id)) or 0
    session.add(
        GoLive(
            id=golive_id, operator_id=operator_id, name=origin.name, sha256=origin.sha256, business_date=plan.day,
            totals=json.dumps(plan.totals()), import_run_id=run_id, seq=seq, made_at=at, made_by=by, undone_at=None,
            undone_by=None,
        )
    )  # fmt: skip
    session.flush()
    session.add_all(GoLivePaper(golive_id=golive_id, kind=kind, paper_id=id_, undo=False) for kind, id_ in papers)
    session.flush()
    return golive_id


def _own_terms(session: Session, plan: Opening, *, at: datetime, by: str | None) -> None:
    """What the operator owns is sold as its own at that place from the day on."""
    own = {(line.product_id, line.site_id) for line in plan.stock if line.own}
    if not own:
        return
    said = session.execute(
        select(GoodsTerms.product_id, GoodsTerms.site_id).where(
            GoodsTerms.operator_id == plan.operator_id, GoodsTerms.product_id.in_({product for product, _ in own}),
            GoodsTerms.starts_on == plan.day, GoodsTerms.lot_id == "", GoodsTerms.mode == OWN,
        )
    )  # fmt: skip
    for product_id, site_id in sorted(own - {(product, site) for product, site in said}):
        agree_on_goods(
            session, operator_id=plan.operator_id, product_id=product_id, site_id=site_id, starts_on=plan.day, at=at,
            by=by, mode=OWN,
        )  # fmt: skip


def _stock(session: Session, plan: Opening, *, at: datetime, by: str | None) -> list[str]:
    """One confirmed document per producer and place, in a fixed order; a row with an expiry is a lot."""
    found: dict[tuple[str, str], list[StockLine]] = defaultdict(list)
    for line in plan.stock:
        found[line.producer_id, line.site_id].append(line)
    made = []
    for (producer_id, site_id), lines in sorted(found.items()):
        lots = {line.row: new_id() for line in lines if line.expires_on}
        know_lots(
            session, plan.operator_id,
            {(line.product_id, lots[line.row]): line.expires_on for line in lines if line.expires_on},
        )  # fmt: skip
        asked = Draft(
            plan.operator_id, "opening", plan.day, ("producer", producer_id), ("site", site_id),
            tuple(
                DraftLine(line.product_id, line.qty_milli, lot_id=lots.get(line.row), expires_on=line.expires_on)
                for line in lines
            ),
            producer_id=producer_id, note="Mở sổ",
        )  # fmt: skip
        made.append(draft(session, asked, at=at, by=by))
        confirm(session, made[-1], revision=None, at=at, by=by)
    return made


def _notes(session: Session, plan: Opening, *, at: datetime, by: str | None) -> list[str]:
    """What is owed is an adjustment on the next statement; an advance is taken back by settlements."""

    def note(line: MoneyLine, kind: str, line_kind: str | None) -> Note:
        reason = f"{REASON[kind]}: {line.note}" if line.note else REASON[kind]
        return Note(new_id(), line.producer_id, kind, line.amount_vnd, plan.day, reason, line_kind)

    capital = [
        (note(line, "adjustment", "adjustment"), [_capital(line.amount_vnd, line.producer_id)]) for line in plan.owed
    ]
    advanced = [
        (
            note(line, "advance", None),
            [
                PostingDraft("producer_advance", line.amount_vnd, line.producer_id, line.producer_id),
                _capital(-line.amount_vnd, line.producer_id),
            ],
        )
        for line in plan.advances
    ]
    return post_notes(session, plan.operator_id, [*capital, *advanced], at=at, by=by)


def _capital(amount_vnd: int, producer_id: str | None = None) -> PostingDraft:
    return PostingDraft("capital", amount_vnd, producer_id=producer_id)


def _money(session: Session, plan: Opening, golive_id: str, *, at: datetime) -> list[str]:
    """Safes, bank and own goods, against capital: one entry."""
    postings = [
        PostingDraft(line.account, line.amount_vnd, line.site_id or "", site_id=line.site_id) for line in plan.cash
    ]
    worth = sum(line.worth_vnd for line in plan.stock)
    postings.append(PostingDraft("inventory", worth))
    postings.append(_capital(-sum(posting.amount_vnd for posting in postings)))
    entry = EntryDraft(new_id(), "opening", plan.day, at, SOURCE, golive_id, tuple(postings))
    return [posted.entry_id for posted in post_entries(session, plan.operator_id, [entry], recorded_at=at)]


# ── Taking it back ───────────────────────────────────────────────────────────
def undo_golive(session: Session, golive_id: str, *, at: datetime, by: str | None) -> GoLive:
    """Everything as before the sheet, by opposite papers of today.

    Raises NotFound, Conflict `golive.undone_already`, `golive.sold_since`, `golive.moved_since`,
    `golive.settled_since`, `import.changed_since`.
    """
    found = session.get(GoLive, golive_id, with_for_update=True)
    if found is None:
        raise NotFound("golive.unknown", golive_id=golive_id)
    if found.undone_at:
        raise Conflict("golive.undone_already", undone_at=found.undone_at)
    papers: dict[str, list[str]] = defaultdict(list)
    for paper in session.scalars(select(GoLivePaper).where(GoLivePaper.golive_id == golive_id)):
        papers[paper.kind].append(paper.paper_id)
    documents = session.scalars(select(Document).where(Document.id.in_(papers[STOCK])).order_by(Document.id)).all()
    notes = session.scalars(select(ProducerNote.producer_id).where(ProducerNote.id.in_(papers[NOTE])))
    lock_settlement(session, found.operator_id, set(notes))
    _untouched(session, found, documents)
    made = [(STOCK, id_) for id_ in _goods_back(session, documents, at=at, by=by)]
    _terms_back(session, found, documents, at=at, by=by)
    if found.import_run_id:
        undo_import(session, found.import_run_id, moved=lambda *_: set(), at=at, by=by, source=SOURCE)
    why = "Gỡ bảng mở sổ"
    made += [(NOTE, undo_note(session, id_, at=at, by=by, reason=why)) for id_ in sorted(papers[NOTE])]
    made += [(ENTRY, id_) for id_ in _money_back(session, found, papers[ENTRY], at=at)]
    session.execute(update(GoLive).where(GoLive.id == golive_id).values(undone_at=at, undone_by=by))
    session.add_all(GoLivePaper(golive_id=golive_id, kind=kind, paper_id=id_, undo=True) for kind, id_ in made)
    session.flush()
    session.expire_all()
    return session.get_one(GoLive, golive_id)


def _untouched(session: Session, found: GoLive, documents: Sequence[Document]) -> None:
    """Nothing sold, no other goods movement of these products, no statement since."""
    sale = (JournalEntry.operator_id == found.operator_id, JournalEntry.seq > found.seq)
    to_customer = (Movement.operator_id == found.operator_id, Movement.recorded_at >= found.made_at)
    if session.scalar(select(JournalEntry.id).where(*sale, JournalEntry.kind == "sale").limit(1)) or session.scalar(
        select(Movement.id).where(*to_customer, Movement.to_kind == "customer").limit(1)
    ):
        raise Conflict("golive.sold_since")
    ours = {document.id for document in documents}
    products = {line.product_id for document in documents for line in document.lines}
    others = session.execute(
        select(Movement.source_id).where(*to_customer, Movement.product_id.in_(products)).distinct()
    )
    if any(source not in ours for (source,) in others):
        raise Conflict("golive.moved_since")
    since = select(Statement.id).where(
        Statement.operator_id == found.operator_id, Statement.state != "void", Statement.frozen_at >= found.made_at
    )
    if session.scalar(since.limit(1)):
        raise Conflict("golive.settled_since")


def _goods_back(session: Session, documents: Sequence[Document], *, at: datetime, by: str | None) -> list[str]:
    made = []
    for document in documents:
        asked = Draft(
            document.operator_id, "opening", local_date(at), (document.to_kind, document.to_id),
            (document.from_kind, document.from_id),
            tuple(
                DraftLine(line.product_id, line.qty_milli, lot_id=line.lot_id, expires_on=line.expires_on)
                for line in document.lines
            ),
            producer_id=document.producer_id, note=f"Gỡ {document.number}", answers_id=document.id,
        )  # fmt: skip
        made.append(draft(session, asked, at=at, by=by))
        confirm(session, made[-1], revision=None, at=at, by=by)
    return made


def _terms_back(
    session: Session, found: GoLive, documents: Sequence[Document], *, at: datetime, by: str | None
) -> None:
    """What was own from that day is from tomorrow again as the agreement says."""
    sites = {document.to_id for document in documents}
    own = session.scalars(
        select(GoodsTerms).where(
            GoodsTerms.operator_id == found.operator_id, GoodsTerms.starts_on == found.business_date,
            GoodsTerms.made_at == found.made_at, GoodsTerms.mode == OWN, GoodsTerms.site_id.in_(sites),
        )
    ).all()  # fmt: skip
    makers = {document.producer_id for document in documents if document.producer_id}
    agreed = agreed_on(session, found.operator_id, makers, (), local_date(at))
    owner = {line.product_id: document.producer_id or "" for document in documents for line in document.lines}
    for terms in own:
        base = agreed.by_producer.get(owner.get(terms.product_id, ""))
        agree_on_goods(
            session, operator_id=found.operator_id, product_id=terms.product_id, site_id=terms.site_id,
            starts_on=local_date(at) + timedelta(days=1), at=at, by=by, mode=base.mode if base else COMMISSION,
        )  # fmt: skip


def _money_back(session: Session, found: GoLive, entry_ids: list[str], *, at: datetime) -> list[str]:
    drafts = []
    for entry_id in entry_ids:
        postings = session.scalars(select(Posting).where(Posting.entry_id == entry_id).order_by(Posting.n))
        turned = tuple(
            PostingDraft(p.account, -p.amount_vnd, p.dimension, p.producer_id, p.site_id, p.shift_id, p.fair_id)
            for p in postings
        )
        drafts.append(
            EntryDraft(new_id(), "opening_void", local_date(at), at, SOURCE, found.id, turned, reverses=entry_id)
        )
    return [posted.entry_id for posted in post_entries(session, found.operator_id, drafts, recorded_at=at)]
