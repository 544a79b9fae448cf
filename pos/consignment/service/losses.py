"""Post goods that are missing or were found again: stock says what, the agreement says who bears it.

Asked by a job, once per line of a document (a count's difference, a write-off): a line already divided is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.queries.at_sale import Facts, facts_at
from pos.consignment.commands import SoldLine, Terms
from pos.consignment.models import LossShare
from pos.consignment.queries.losses import (
    LossTerms,
    allowance_used,
    earlier_losses,
    loss_terms_on,
    received,
    vat_class_on,
)
from pos.consignment.queries.terms import agreed_on
from pos.consignment.rules import losses as rules
from pos.consignment.rules.modes import applying, terms_of_line
from pos.consignment.rules.shares import OWN, UNKNOWN
from pos.consignment.service.locks import lock_settlement
from pos.consignment.service.shares import keep_settlement_lines
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.kernel.text import dong, quantity
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.service import post_entries


@dataclass(frozen=True, slots=True)
class Difference:
    """One product's: `found_milli` − is missing, + was found. `at` is the moment whose price and terms count."""

    source_kind: str
    source_id: str
    site_id: str
    fair_id: str | None
    product_id: str
    found_milli: int
    liability: str
    business_date: date
    at: datetime


def post_differences(
    session: Session, operator_id: str, differences: Sequence[Difference], *, kind: str, recorded_at: datetime
) -> int:
    """Divide each and post what the operator bears (entries of `kind`, settlement lines `compensation`).

    Answers how many were new. Locks the producers' settlements first: the allowance depends on what was used before.
    Without terms nothing posts; the row says mode `unknown`.
    """
    ids = [d.source_id for d in differences]
    known = session.execute(select(LossShare.source_kind, LossShare.source_id).where(LossShare.source_id.in_(ids)))
    done = {(kind_, id_) for kind_, id_ in known}
    new = [d for d in differences if (d.source_kind, d.source_id) not in done and d.found_milli]
    if not new:
        return 0
    facts = {
        d.source_id: facts_at(
            session, [d.product_id], operator_id=operator_id, site_id=d.site_id, fair_id=d.fair_id, at=d.at
        ).get(d.product_id)
        for d in new
    }
    lock_settlement(session, operator_id, {f.producer_id for f in facts.values() if f})
    entries: list[tuple[EntryDraft, list[dict[str, Any]]]] = []
    for difference in sorted(new, key=lambda d: (d.business_date, d.at, d.source_id)):
        one = _Divided(session, operator_id, difference, facts[difference.source_id], recorded_at)
        insert_rows(session, LossShare, one.rows)
        entry = EntryDraft(
            new_id(), kind, difference.business_date, difference.at, difference.source_kind, difference.source_id,
            tuple(one.postings),
        )  # fmt: skip
        entries.append((entry, one.settlement_lines))
    posted = post_entries(session, operator_id, [entry for entry, _ in entries], recorded_at=recorded_at)
    seqs = {p.entry_id: p.seq for p in posted}
    for entry, lines in entries:
        if entry.id in seqs:
            keep_settlement_lines(session, lines, entry.id, seqs[entry.id])
    return len(new)


class _Divided:
    """One difference on its way to rows and postings."""

    def __init__(
        self, session: Session, operator_id: str, d: Difference, facts: Facts | None, recorded_at: datetime
    ) -> None:
        self.session, self.operator_id, self.d, self.recorded_at = session, operator_id, d, recorded_at
        self.rows: list[dict[str, Any]] = []
        self.postings: list[PostingDraft] = []
        self.settlement_lines: list[dict[str, Any]] = []
        self.producer_id = facts.producer_id if facts else None
        agreed = agreed_on(session, operator_id, {self.producer_id} if self.producer_id else (), {d.product_id},
                           d.business_date)  # fmt: skip
        self.vat_class = vat_class_on(session, operator_id, d.product_id, d.business_date)
        line = SoldLine(
            1, d.product_id, self.producer_id, rules.UNIT, 0, 0, 0, 0, 0, self.vat_class,
            standard_cost_vnd=facts.cost_vnd if facts else None,
        )  # fmt: skip
        self.terms = terms_of_line(line, d.site_id, agreed)
        self.loss_terms = (
            loss_terms_on(session, operator_id, {self.producer_id}, d.business_date).get(self.producer_id)
            if self.producer_id
            else None
        )
        costs = (g.cost_vnd for g in applying(agreed.by_product.get(d.product_id, ()), d.site_id, None))
        self.declared = next((cost for cost in costs if cost is not None), None)
        self.facts = facts
        self.since = self.loss_terms.first_on if self.loss_terms else date.min
        if self.loss_terms:
            self.since = rules.year_start(self.loss_terms.first_on, d.business_date)
        if d.found_milli < 0:
            self._lost(-d.found_milli)
        else:
            self._found(d.found_milli)

    def _lost(self, milli: int) -> None:
        d, terms = self.d, self.terms
        allowed = used = 0
        if self.loss_terms and terms and terms.mode != OWN:
            allowed = self._allowance(self.loss_terms)
            used = allowance_used(self.session, self.operator_id, d.product_id, self.since, d.business_date)
        borne = rules.bear(milli, d.liability, allowance_milli=allowed, used_milli=used)
        unit = amount = 0
        if terms:
            unit = self._unit(terms)
            amount = rules.compensation(unit, borne, terms.mode)
        if terms and terms.mode == OWN:  # all of it is the operator's own loss
            borne = rules.Borne(0, milli)
        self._write(borne, amount, unit=unit, allowance=allowed, note=_note(milli, borne, unit))

    def _found(self, milli: int) -> None:
        earlier = earlier_losses(self.session, self.operator_id, self.d.site_id, self.d.product_id, self.since)
        rows = {loss.id: row for row, loss in earlier}
        backs, left = rules.found_again(milli, [loss for _, loss in earlier])
        for back in backs:
            row = rows[back.loss_id]
            self._write(
                rules.Borne(-back.producer_milli, -back.operator_milli), -back.amount_vnd, unit=row.unit_vnd,
                allowance=row.allowance_milli, note="Tìm thấy lại", answers=row,
            )  # fmt: skip
        if left or not backs:
            self._write(rules.Borne(0, 0), 0, unit=0, allowance=0, note="", surplus=left)

    def _allowance(self, terms: LossTerms) -> int:
        came = received(self.session, self.operator_id, self.d.product_id, self.since, self.d.business_date)
        return rules.allowance(came, terms.shrinkage_bp, weighed=bool(self.facts and self.facts.weighed))

    def _unit(self, terms: Terms) -> int:
        said = self.loss_terms
        return rules.unit_value(
            terms, price_vnd=(self.facts.price_vnd if self.facts else None) or 0, vat_class=self.vat_class,
            basis=said.basis if said else rules.NET_PROCEEDS, percent_bp=said.percent_bp if said else 0,
            declared_vnd=self.declared,
        )  # fmt: skip

    def _write(
        self, borne: rules.Borne, amount: int, *, unit: int, allowance: int, note: str, surplus: int = 0,
        answers: LossShare | None = None,
    ) -> None:  # fmt: skip
        d = self.d
        mode = answers.mode if answers else self.terms.mode if self.terms else UNKNOWN
        producer = answers.producer_id if answers else self.producer_id
        line_id = new_id() if amount and mode != OWN else None
        self.rows.append(
            {
                "id": new_id(), "operator_id": self.operator_id, "source_kind": d.source_kind,
                "source_id": d.source_id, "n": len(self.rows) + 1, "answers_id": answers.id if answers else None,
                "site_id": d.site_id, "product_id": d.product_id, "producer_id": producer,
                "agreement_version_id": self.terms.agreement_version_id if self.terms else None, "mode": mode,
                "liability": answers.liability if answers else d.liability, "business_date": d.business_date,
                "recorded_at": self.recorded_at, "allowance_milli": allowance,
                "producer_milli": borne.producer_milli, "operator_milli": borne.operator_milli,
                "surplus_milli": surplus, "unit_vnd": unit, "amount_vnd": amount, "settlement_line_id": line_id,
            }
        )  # fmt: skip
        if not amount:
            return
        expense = PostingDraft("shrinkage_expense", amount, "", producer, d.site_id, fair_id=d.fair_id)
        self.postings.append(expense)
        if line_id is None or producer is None:
            self.postings.append(replace(expense, account="inventory", amount_vnd=-amount))
            return
        owed = replace(expense, account="unsettled", amount_vnd=-amount, dimension=producer)
        self.postings.append(replace(owed, settlement_line_id=line_id))
        self.settlement_lines.append(
            {
                "id": line_id, "operator_id": self.operator_id, "producer_id": producer, "kind": "compensation",
                "amount_vnd": amount, "business_date": d.business_date, "available_on": d.business_date,
                "share_id": None, "returns_line_id": answers.settlement_line_id if answers else None,
                "note": f"{self.facts.name}: {note}" if self.facts else note,
            }
        )  # fmt: skip


def _note(milli: int, borne: rules.Borne, unit: int) -> str:
    """For the producer's statement: `thiếu 5, hao hụt cho phép 2, bồi thường 3 × 108.557 đ`."""
    told = f"thiếu {quantity(milli)}"
    if borne.producer_milli:
        told += f", hao hụt cho phép {quantity(borne.producer_milli)}"
    return told + f", bồi thường {quantity(borne.operator_milli)} × {dong(unit)} đ"
