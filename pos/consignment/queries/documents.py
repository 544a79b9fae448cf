"""The body of a statement document: everything printed, in plain JSON, version 1.

Set-based over a run. What is frozen here is what every PDF, page and spreadsheet later shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.consignment.models import Agreement, AgreementVersion
from pos.consignment.queries.annex import goods_sold, late_lines, other_lines, stock_rows
from pos.consignment.queries.previews import Preview
from pos.consignment.rules.settlement import DISPUTE_DAYS, number_of, pay_day, payment_text_of
from pos.consignment.rules.words import in_words
from pos.kernel.clock import iso, local_date
from pos.places.models import Operator
from pos.producers.models import BankAccount, Producer


def bodies(
    session: Session, run_id: str, drafts: Mapping[str, Preview], rows: Sequence[Mapping[str, Any]], *, at: datetime
) -> dict[str, dict[str, Any]]:
    """By statement id. The chain head is added when the entry is posted."""
    operator = _operator(session, rows[0]["operator_id"])
    producers = _producers(session, [row["producer_id"] for row in rows])
    accounts = _accounts(session, [row["bank_account_id"] for row in rows if row["bank_account_id"]])
    agreements = _agreements(session, [row["agreement_version_id"] for row in rows if row["agreement_version_id"]])
    maker = session.scalar(select(Person.name).where(Person.id == rows[0]["frozen_by"]))
    goods = goods_sold(session, run_id)
    late = late_lines(session, run_id, _previous(drafts))
    others = other_lines(session, run_id, [id_ for id_, draft in drafts.items() if draft.others])
    stock = stock_rows(session, run_id)
    made = {}
    for row in rows:
        id_ = row["id"]
        draft = drafts[id_]
        made[id_] = {
            "version": 1, "kind": "statement", "id": id_, "no": row["no"], "number": number_of(row["no"]),
            "period_from": draft.period_from.isoformat(), "cutoff_on": draft.cutoff_on.isoformat(),
            "run_on": draft.run_on.isoformat(), "frozen_at": iso(at), "snapshot_seq": draft.snapshot_seq,
            "operator": operator, "producer": producers[row["producer_id"]],
            "agreement": agreements.get(row["agreement_version_id"] or ""),
            "account": accounts.get(row["bank_account_id"] or ""),
            "steps": [
                {"code": step.code, "amount_vnd": step.amount_vnd, "bp": step.bp} for step in draft.ladder
            ],
            "payout_vnd": row["payout_vnd"], "carried_vnd": row["carried_vnd"],
            "payout_words": in_words(row["payout_vnd"]),
            "pay_on": pay_day(draft.run_on, draft.pay_weekday).isoformat(),
            "payment_text": payment_text_of(row["no"], 1),
            "vat_on_commission": [
                {"bp": up.vat_bp, "commission_vnd": up.commission_vnd, "accrued_vnd": up.accrued_vnd,
                 "invoiced_vnd": up.invoiced_vnd}
                for up in draft.true_ups
            ],
            "goods": goods.get(id_, []), "late": late.get(id_, []), "others": others.get(id_, []),
            "stock": stock.get(id_, []),
            "held": [
                {"on": held.available_on.isoformat(), "amount_vnd": held.amount_vnd} for held in draft.held
            ],
            "disputed_vnd": draft.disputed_vnd,
            "dispute_until": (local_date(at) + timedelta(days=DISPUTE_DAYS)).isoformat(),
            "made_by": maker,
        }  # fmt: skip
    return made


def mask(text: str | None) -> str | None:
    """All but the last four signs of a number of somebody."""
    return f"••••{text[-4:]}" if text else None


def _operator(session: Session, operator_id: str) -> dict[str, Any]:
    row = session.execute(
        select(Operator.name, Operator.tax_code, Operator.address, Operator.phone).where(Operator.id == operator_id)
    ).one()
    return {"name": row.name, "tax_code": row.tax_code, "address": row.address, "phone": row.phone}


def _producers(session: Session, producer_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    rows = session.execute(
        select(Producer.id, Producer.code, Producer.name, Producer.tax_code, Producer.commune, Producer.province).where(
            Producer.id.in_(producer_ids)
        )
    )
    return {
        row.id: {
            "code": row.code, "name": row.name, "tax_code": row.tax_code,
            "place": ", ".join(part for part in (row.commune, row.province) if part),
        }
        for row in rows
    }  # fmt: skip


def _accounts(session: Session, account_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    rows = session.execute(
        select(BankAccount.id, BankAccount.bank_name, BankAccount.number_last4, BankAccount.holder).where(
            BankAccount.id.in_(account_ids)
        )
    )
    return {row.id: {"bank": row.bank_name, "number": f"••••{row.number_last4}", "holder": row.holder} for row in rows}


def _agreements(session: Session, version_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Terms with their place in the row of versions."""
    numbered = (
        select(
            AgreementVersion.id, AgreementVersion.agreement_id, AgreementVersion.starts_on,
            AgreementVersion.commission_bp, AgreementVersion.vat_on_commission_bp, AgreementVersion.mode,
            func.row_number()
            .over(partition_by=AgreementVersion.agreement_id, order_by=AgreementVersion.starts_on)
            .label("n"),
        )
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(
            AgreementVersion.agreement_id.in_(
                select(AgreementVersion.agreement_id).where(AgreementVersion.id.in_(version_ids))
            )
        )
        .subquery()
    )  # fmt: skip
    rows = session.execute(select(numbered).where(numbered.c.id.in_(version_ids)))
    return {
        row.id: {
            "version": int(row.n), "starts_on": row.starts_on.isoformat(), "mode": row.mode,
            "commission_bp": row.commission_bp, "vat_on_commission_bp": row.vat_on_commission_bp,
        }
        for row in rows
    }  # fmt: skip


def _previous(drafts: Mapping[str, Preview]) -> dict[str, tuple[date, int]]:
    """Of the statements with a line older than their period: what an earlier one had closed."""
    return {
        id_: (draft.previous_cutoff_on, draft.previous_seq)
        for id_, draft in drafts.items()
        if draft.previous_cutoff_on is not None and draft.first_on and draft.first_on < draft.period_from
    }
