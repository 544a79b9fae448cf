"""The settlement lines a statement makes itself: VAT that rounds differently, takings kept, the months' bonuses.

An entry either makes lines or clears them, never both: these stand in entries of their own, before `statement`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from pos.consignment.models import SettlementBonus, SettlementLine, StatementClaim
from pos.consignment.queries.previews import Preview
from pos.consignment.rules.bonuses import Bonus
from pos.consignment.rules.settlement import vat_postings
from pos.kernel.ids import new_id
from pos.ledger.commands import EntryDraft, Posted, PostingDraft

SOURCE = "statement"


@dataclass(slots=True)
class OwnLines:
    """What is written once the entries have their places in the chain."""

    drafts: list[EntryDraft] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, str]] = field(default_factory=list)
    bonuses: list[dict[str, Any]] = field(default_factory=list)

    def keep(self, session: Session, posted: Mapping[str, Posted]) -> None:
        """Lines, claims and what each bonus answers."""
        if not self.lines:
            return
        rows = [line | {"seq": posted[line["entry_id"]].seq} for line in self.lines]
        session.execute(insert(SettlementLine), rows)
        session.execute(insert(StatementClaim), self.claims)
        if self.bonuses:
            session.execute(insert(SettlementBonus), self.bonuses)


class _Making:
    """One statement's own lines."""

    def __init__(self, out: OwnLines, statement_id: str, draft: Preview, run_on: date, at: datetime) -> None:
        self.out, self.statement_id, self.draft, self.run_on, self.at = out, statement_id, draft, run_on, at

    def line(self, entry_id: str, kind: str, amount: int, note: str, id_: str) -> PostingDraft:
        """A line and its claim; answers its posting to `unsettled`."""
        producer = self.draft.producer_id
        self.out.lines.append(
            {
                "id": id_, "operator_id": self.draft.operator_id, "producer_id": producer, "entry_id": entry_id,
                "kind": kind, "amount_vnd": amount, "business_date": self.run_on, "available_on": self.run_on,
                "note": note, "share_id": None, "returns_line_id": None,
            }
        )  # fmt: skip
        self.out.claims.append({"statement_id": self.statement_id, "line_id": id_})
        return PostingDraft("unsettled", -amount, producer, producer, settlement_line_id=id_)

    def entry(self, id_: str, kind: str, postings: Sequence[PostingDraft]) -> None:
        self.out.drafts.append(EntryDraft(id_, kind, self.run_on, self.at, SOURCE, self.statement_id, tuple(postings)))


def own_lines(out: OwnLines, statement_id: str, draft: Preview, *, run_on: date, at: datetime) -> list[PostingDraft]:
    """Add a statement's own entries and lines; answers the VAT postings that stand in its `statement` entry."""
    make, producer = _Making(out, statement_id, draft, run_on, at), draft.producer_id
    vat = _vat_true_up(make)
    if draft.extras.kept_vnd:
        entry_id, kept = new_id(), draft.extras.kept_vnd
        owed = make.line(entry_id, "kept_takings", -kept, "", new_id())
        make.entry(entry_id, "kept_takings", [owed, PostingDraft("held_by_producer", -kept, producer, producer)])
    for kind in ("rebate", "adjustment"):
        bonuses = [bonus for bonus in draft.extras.bonuses if bonus.line_kind == kind]
        if bonuses:
            entry_id = new_id()
            make.entry(entry_id, kind, [posting for bonus in bonuses for posting in _bonus(make, entry_id, bonus)])
    return vat


def _vat_true_up(make: _Making) -> list[PostingDraft]:
    true_ups, producer = make.draft.true_ups, make.draft.producer_id
    line_ids = {up.vat_bp: new_id() for up in true_ups if up.rounding_vnd}
    vat = vat_postings(true_ups, producer, line_ids)
    if not line_ids:
        return vat
    entry_id = new_id()
    for up in true_ups:
        if up.rounding_vnd:
            make.line(entry_id, "vat_rounding", up.rounding_vnd, f"{up.vat_bp}", line_ids[up.vat_bp])
    make.entry(entry_id, "vat_true_up", vat)
    return []


def _bonus(make: _Making, entry_id: str, bonus: Bonus) -> list[PostingDraft]:
    producer, line_id = make.draft.producer_id, new_id()
    make.out.bonuses.append(
        {"line_id": line_id, "kind": bonus.kind, "month": bonus.month, "vat_bp": bonus.vat_bp,
         "commission_vnd": bonus.commission_vnd}
    )  # fmt: skip
    owed = make.line(entry_id, bonus.line_kind, bonus.amount_vnd, bonus.note, line_id)
    if not bonus.commission_vnd:
        return [owed, PostingDraft("misc_expense", bonus.amount_vnd, producer_id=producer)]
    return [
        owed,
        PostingDraft("commission_income", bonus.commission_vnd, producer_id=producer),
        PostingDraft("vat_accrued", bonus.vat_vnd, producer_id=producer),
    ]
