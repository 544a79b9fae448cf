"""The operator's own moves of money, each a document and an entry: capital, bags, shortages, withdrawals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.kernel.clock import local_date
from pos.kernel.db import is_postgresql
from pos.kernel.errors import Conflict, Invalid, NotFound, Refused
from pos.kernel.ids import new_id
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.models import ChainHead, MoneyPaper
from pos.ledger.queries import balance_of
from pos.ledger.queries.coverage import coverage_of
from pos.ledger.rules import MOST_CASH_VND
from pos.ledger.service import post_entries
from pos.ledger.service.seals import refuse_sealed
from pos.places.models import Site


def bring_capital(
    session: Session, operator_id: str, *, amount_vnd: int, day: date, at: datetime, by: str | None,
    note: str | None = None,
) -> str:  # fmt: skip
    """The operator's own money into its account (G00a). Answers the paper's id."""
    postings = (PostingDraft("operating_bank", amount_vnd), PostingDraft("capital", -amount_vnd))
    return _paper(session, operator_id, "capital", amount_vnd, day, at, by, postings, note=note)


def hand_over_bag(
    session: Session, site_id: str, *, amount_vnd: int, day: date, at: datetime, by: str | None,
    note: str | None = None,
) -> str:  # fmt: skip
    """A bag leaves a safe for the bank (G12e). Refuses more than the safe holds: Conflict `safe.empty`."""
    operator_id = session.scalar(select(Site.operator_id).where(Site.id == site_id))
    if operator_id is None:
        raise NotFound("site.unknown", site_id=site_id)
    _lock(session, operator_id)
    held = balance_of(session, operator_id, "safe", site_id)
    if amount_vnd > held:
        raise Conflict("safe.empty", held=held)
    postings = (
        PostingDraft("cash_in_transit", amount_vnd),
        PostingDraft("safe", -amount_vnd, site_id, site_id=site_id),
    )
    return _paper(session, operator_id, "bag", amount_vnd, day, at, by, postings, note=note, site_id=site_id)


def credit_bag(
    session: Session, bag_id: str, *, counted_vnd: int, day: date, at: datetime, by: str | None,
    note: str | None = None,
) -> str:  # fmt: skip
    """The bank credits a bag (G12f), once; what it counted less is a shortage, more is income."""
    bag = session.get(MoneyPaper, bag_id)
    if bag is None or bag.kind != "bag":
        raise NotFound("money.unknown")
    _lock(session, bag.operator_id)
    if session.scalar(select(MoneyPaper.id).where(MoneyPaper.answers == bag_id)):
        raise Conflict("money.bag_credited")
    off = bag.amount_vnd - counted_vnd
    postings = (
        PostingDraft("trust_bank", counted_vnd, site_id=bag.site_id),
        PostingDraft("cash_in_transit", -bag.amount_vnd),
        PostingDraft("cash_short_expense" if off > 0 else "cash_over_income", off, site_id=bag.site_id),
    )
    return _paper(
        session, bag.operator_id, "bag_credited", counted_vnd, day, at, by, postings, note=note, site_id=bag.site_id,
        answers=bag.id,
    )  # fmt: skip


def confirm_variance(
    session: Session, operator_id: str, shift_id: str, *, at: datetime, by: str | None, note: str,
    person_id: str | None = None,
) -> str:  # fmt: skip
    """What a shift's count was off is decided: short is an expense (G12g) or somebody's debt, over is income.

    Raises Conflict `money.no_variance` when nothing is open.
    """
    if not note.strip():
        raise Invalid("field.required", field="note")
    _lock(session, operator_id)
    off = balance_of(session, operator_id, "cash_variance", shift_id)
    if not off:
        raise Conflict("money.no_variance")
    if off < 0:
        goes = PostingDraft("cash_over_income", off, shift_id=shift_id)
    elif person_id:
        goes = PostingDraft("staff_receivable", off, person_id, shift_id=shift_id)
    else:
        goes = PostingDraft("cash_short_expense", off, shift_id=shift_id)
    postings = (goes, PostingDraft("cash_variance", -off, shift_id, shift_id=shift_id))
    return _paper(
        session, operator_id, "variance", off, local_date(at), at, by, postings, note=note.strip(), shift_id=shift_id,
        person_id=person_id if off > 0 else None,
    )  # fmt: skip


def withdraw(
    session: Session, operator_id: str, *, amount_vnd: int, at: datetime, by: str | None, note: str | None = None
) -> str:
    """The operator takes its earnings out of the producers' account. Refused when what is owed would not be covered:
    Refused `money.not_covered` with what is free."""
    _lock(session, operator_id)
    free = coverage_of(session, operator_id, on=local_date(at)).with_clearing_vnd
    if amount_vnd > max(0, free):
        raise Refused("money.not_covered", status=409, free=max(0, free))
    postings = (PostingDraft("operating_bank", amount_vnd), PostingDraft("trust_bank", -amount_vnd))
    return _paper(session, operator_id, "withdrawal", amount_vnd, local_date(at), at, by, postings, note=note)


def top_up(
    session: Session, operator_id: str, *, amount_vnd: int, at: datetime, by: str | None, note: str | None = None
) -> str:
    """The operator's own money into the producers' account."""
    postings = (PostingDraft("trust_bank", amount_vnd), PostingDraft("operating_bank", -amount_vnd))
    return _paper(session, operator_id, "top_up", amount_vnd, local_date(at), at, by, postings, note=note)


def write_money(
    session: Session, operator_id: str, kind: str, *, of: str, amount_vnd: int, note: str, day: date, at: datetime,
    by: str | None,
) -> str:  # fmt: skip
    """One paper by its kind; `of` is the site of a bag, the bag credited, the shift whose count was off."""
    if kind == "bag":
        return hand_over_bag(session, of, amount_vnd=amount_vnd, day=day, at=at, by=by, note=note)
    if kind == "bag_credited":
        return credit_bag(session, of, counted_vnd=amount_vnd, day=day, at=at, by=by, note=note)
    if kind == "variance":
        return confirm_variance(session, operator_id, of, at=at, by=by, note=note)
    if kind == "capital":
        return bring_capital(session, operator_id, amount_vnd=amount_vnd, day=day, at=at, by=by, note=note)
    move = withdraw if kind == "withdrawal" else top_up
    return move(session, operator_id, amount_vnd=amount_vnd, at=at, by=by, note=note)


def _lock(session: Session, operator_id: str) -> None:
    """The chain head, before looking at balances: nobody else posts until COMMIT."""
    if is_postgresql(session):
        session.execute(select(ChainHead.seq).where(ChainHead.operator_id == operator_id).with_for_update()).all()


def _paper(
    session: Session, operator_id: str, kind: str, amount: int, day: date, at: datetime, by: str | None,
    postings: Sequence[PostingDraft], *, note: str | None = None, site_id: str | None = None,
    shift_id: str | None = None, person_id: str | None = None, answers: str | None = None,
) -> str:  # fmt: skip
    if kind != "variance" and not 0 < amount <= MOST_CASH_VND:
        raise Invalid("safe.amount", amount_vnd=amount)
    if day > local_date(at):
        raise Invalid("payout.future")
    refuse_sealed(session, operator_id, day, site_id=site_id)
    paper = MoneyPaper(
        id=new_id(), operator_id=operator_id, kind=kind, amount_vnd=amount, site_id=site_id, shift_id=shift_id,
        person_id=person_id, answers=answers, business_date=day, note=note, made_at=at, made_by=by,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    entry = EntryDraft(new_id(), kind, day, at, "money_paper", paper.id, tuple(postings))
    post_entries(session, operator_id, [entry], recorded_at=at)
    return paper.id
