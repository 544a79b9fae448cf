"""Say later whose line it was (G24): divide it as it would have been, and whatever of it came back since.

The line's own shares stay: new ones stand beside them. The entry clears `unidentified_receipts`; its source is
the line, its business date the sale's, so it is the same books as if the owner had been known at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from pos.consignment.commands import AssignOwner, Goods, SoldLine, Terms, Where
from pos.consignment.models import Agreement, AgreementVersion, GoodsTerms, LineAssignment, Share
from pos.consignment.queries.terms import agreed_on
from pos.consignment.rules.modes import applying, terms_of_line, with_mode
from pos.consignment.rules.shares import OWN, UNKNOWN, freeze, part_of
from pos.consignment.service.shares import keep_settlement_lines, posted, row_of_return, row_of_sale, window_of
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.service import post_entries

SOURCE, KIND = "sale_line", "owner_assigned"
Draft = tuple[EntryDraft, list[dict[str, Any]]]
_Later = aliased(Share)


@dataclass(frozen=True, slots=True)
class Plan:
    """What assigning one line would write: its shares (the first is the line's), the entry, the settlement lines."""

    shares: list[dict[str, Any]]
    entry: EntryDraft
    settled: list[dict[str, Any]]

    @property
    def draft(self) -> Draft:
        return self.entry, self.settled


def assign_owner(
    session: Session, command: AssignOwner, *, by: str | None, at: datetime, reason: str | None = None
) -> None:
    """Assign one line and post it. Raises as `assign_owners`."""
    assign_owners(session, [command], by=by, at=at, reason=reason)


def assign_owners(
    session: Session, commands: Sequence[AssignOwner], *, by: str | None, at: datetime, reason: str | None = None
) -> None:
    """Assign lines of one operator and post them: all or none, in the order of their tickets.

    Raises NotFound for a line or version that is not there, Conflict `assign.has_owner`, Invalid
    `assign.cost_needed` when margin or own lack a cost, `assign.version_needed`.
    """
    plans = [
        _plan_named(session, command, at, lock=True) for command in sorted(commands, key=lambda c: (c.event_id, c.line))
    ]
    if not plans:
        return
    _keep(session, plans, by=by, at=at, reason=reason)
    posted_ = post_entries(session, commands[0].operator_id, [plan.entry for plan in plans], recorded_at=at)
    seqs = {entry.entry_id: entry.seq for entry in posted_}
    for plan in plans:
        keep_settlement_lines(session, plan.settled, plan.entry.id, seqs[plan.entry.id])


def plan_owners(session: Session, commands: Sequence[AssignOwner], *, at: datetime) -> list[Plan]:
    """The same without writing: what would be posted. Raises as `assign_owners`."""
    return [_plan_named(session, command, at, lock=False) for command in commands]


def _plan_named(session: Session, command: AssignOwner, at: datetime, *, lock: bool) -> Plan:
    share = _get_line(session, command, lock=lock)
    line = _line_of(share, command.product_id)
    terms = _terms_named(session, command, share, line)
    return _plan(session, share, replace(line, producer_id=terms.producer_id or None), terms, at)


def _keep(session: Session, plans: Sequence[Plan], *, by: str | None, at: datetime, reason: str | None) -> None:
    for plan in plans:
        insert_rows(session, Share, plan.shares)
    said = [{"share_id": plan.shares[0]["id"], "made_at": at, "made_by": by, "reason": reason} for plan in plans]
    insert_rows(session, LineAssignment, said)


def draft_waiting(
    session: Session, operator_id: str, product_id: str, producer_id: str, *, at: datetime,
    known_as: str | None = None, by: str | None = None, reason: str | None = None,
) -> list[Draft]:  # fmt: skip
    """A product has its producer now: assign every waiting line of it whose terms are known on its own day.

    `known_as` is the product the lines turned out to be, where it is another. Writes the shares; answers entries
    with their settlement lines for the caller to post last.
    """
    waiting = session.scalars(
        select(Share)
        .where(Share.operator_id == operator_id, Share.product_id == product_id, nobodys())
        .order_by(Share.id)
        .with_for_update()
    ).all()
    meant, plans = known_as or product_id, []
    for share in waiting:
        line = replace(_line_of(share, known_as), producer_id=producer_id)
        agreed = agreed_on(session, operator_id, [producer_id], [meant], share.business_date, share.fair_id)
        if (terms := terms_of_line(line, share.site_id, agreed)) is not None:
            plans.append(_plan(session, share, line, terms, at))
    if plans:
        _keep(session, plans, by=by, at=at, reason=reason)
    return [plan.draft for plan in plans]


def nobodys() -> Any:
    """WHERE of the sale lines that still wait for an owner."""
    later = select(_Later.id).where(_Later.assigns_share_id == Share.id, _Later.kind == "assigned")
    unknown = literal(UNKNOWN, literal_execute=True)  # in words, so that the index of just these lines is found
    return (Share.kind == "sale") & (Share.mode == unknown) & ~later.exists()


def count_waiting(session: Session, event_id: str) -> int:
    """How many lines of a ticket still wait for an owner."""
    return session.scalar(select(func.count()).select_from(Share).where(Share.event_id == event_id, nobodys())) or 0


def _get_line(session: Session, command: AssignOwner, *, lock: bool) -> Share:
    wanted = select(Share).where(
        Share.operator_id == command.operator_id, Share.event_id == command.event_id,
        Share.line == command.line, Share.kind == "sale",
    )  # fmt: skip
    share = session.scalar(wanted.with_for_update() if lock else wanted)
    if share is None:
        raise NotFound("assign.no_line", line=command.line)
    since = select(Share.id).where(Share.assigns_share_id == share.id, Share.kind == "assigned")
    if share.mode != UNKNOWN or session.scalar(since) is not None:
        raise Conflict("assign.has_owner", line=command.line)
    return share


def _line_of(share: Share, product_id: str | None) -> SoldLine:
    return SoldLine(
        share.line, product_id or share.product_id, None, share.qty_milli, share.gross_vnd,
        share.discount_producer_vnd, share.discount_organizer_vnd, share.discount_operator_vnd,
        share.vat_bp, share.vat_class, share.lot_id,
    )  # fmt: skip


def _terms_named(session: Session, command: AssignOwner, share: Share, line: SoldLine) -> Terms:
    """The version a person names, whatever its start; mode and cost from the person, else from the product's terms."""
    base: Terms | None = None
    if command.agreement_version_id is not None:
        row = session.execute(
            select(Agreement.producer_id, AgreementVersion)
            .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
            .where(AgreementVersion.id == command.agreement_version_id, Agreement.operator_id == command.operator_id)
        ).one_or_none()
        if row is None:
            raise NotFound("assign.no_version")
        producer_id, v = row
        base = Terms(
            producer_id, v.id, v.mode, v.commission_bp, v.vat_on_commission_bp, v.return_window_days,
            fair_window_days=v.fair_window_days,
        )  # fmt: skip
    elif command.mode != OWN:
        raise Invalid("assign.version_needed")
    rows = _goods_terms(session, command.operator_id, line.product_id, share)
    mode = command.mode or next((g.mode for g in rows if g.mode), base.mode if base else None)
    if command.cost_vnd is not None:
        stated = Goods(line.product_id or "", share.site_id, "*", share.business_date, mode, command.cost_vnd)
        rows = [stated, *rows]
    found = with_mode(line, base, mode, rows)
    if found is None:
        raise Invalid("assign.cost_needed", line=command.line)
    return found if base is None else replace(found, producer_id=base.producer_id)


def _goods_terms(session: Session, operator_id: str, product_id: str | None, share: Share) -> Sequence[Goods]:
    if product_id is None:
        return []
    rows = session.execute(
        select(
            GoodsTerms.product_id, GoodsTerms.site_id, GoodsTerms.lot_id, GoodsTerms.starts_on, GoodsTerms.mode,
            GoodsTerms.cost_vnd,
        ).where(
            GoodsTerms.operator_id == operator_id, GoodsTerms.product_id == product_id,
            or_(GoodsTerms.lot_id != "", GoodsTerms.starts_on <= share.business_date),
        )
    )  # fmt: skip
    return applying([Goods(*row) for row in rows], share.site_id, share.lot_id)


def _plan(session: Session, share: Share, line: SoldLine, terms: Terms, at: datetime) -> Plan:
    amounts = freeze(line, terms)
    where = _where(share, at)
    rows = [row_of_sale(where, "assigned", line, terms, amounts) | {"assigns_share_id": share.id}]
    postings, settled = posted(where, "sale", rows[0], amounts, 1, window_days=window_of(terms, where))
    sale_line = settled[0]["id"] if settled else None
    clears, before = share.paid_vnd, 0
    returns = session.scalars(
        select(Share).where(Share.returns_share_id == share.id, Share.kind == "return").order_by(Share.id)
    )
    for back in returns:
        part = part_of(amounts, before, back.qty_milli, share.qty_milli)
        before += back.qty_milli
        clears += back.paid_vnd
        there = _where(back, at)
        row = row_of_return(there, "assigned_return", back.line, _As(rows[0]), part, back.qty_milli)
        rows.append(row | {"assigns_share_id": back.id})
        more = posted(there, "return", row, part, -1, answers=sale_line)
        postings += more[0]
        settled += more[1]
    postings.append(PostingDraft("unidentified_receipts", clears, site_id=share.site_id, fair_id=share.fair_id))
    source = f"{share.event_id}:{share.line}"
    entry = EntryDraft(new_id(), KIND, share.business_date, at, SOURCE, source, tuple(postings))
    return Plan(rows, entry, settled)


def _where(share: Share, at: datetime) -> Where:
    return Where(
        share.operator_id, share.site_id, share.fair_id, share.organizer_id, share.event_id, share.business_date, at
    )


class _As:
    """A share row not yet loaded, read like one."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.__dict__.update(row)
