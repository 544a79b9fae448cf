"""The catalogue version of an operator: which offers changed, stamped by a counter locked last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from pos.catalogue.cuts import turns_between
from pos.catalogue.models import Certificate, Offer, Price, VatRate
from pos.catalogue.queries.cuts import list_cuts
from pos.catalogue.rules import AHEAD
from pos.kernel.clock import local_date

CHUNK = 500


class Stamps:
    """Which offers changed in this transaction: (operator, product); operator None means all that offer it."""

    def __init__(self) -> None:
        self.by_operator: dict[str, set[str]] = defaultdict(set)
        self.shared: set[str] = set()

    def note(self, product_id: str, operator_id: str | None = None) -> None:
        """Remember a change."""
        if operator_id is None:
            self.shared.add(product_id)
        else:
            self.by_operator[operator_id].add(product_id)


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    whole = sorted(ids)
    return (whole[n : n + CHUNK] for n in range(0, len(whole), CHUNK))


def raise_version(session: Session, operator_id: str) -> int:
    """The next catalogue version. Holds the operator's counter until the transaction ends: call it last."""
    session.execute(
        text("INSERT INTO catalogue_head (operator_id, version) VALUES (:operator, 0) ON CONFLICT DO NOTHING"),
        {"operator": operator_id},
    )
    raised = text("UPDATE catalogue_head SET version = version + 1 WHERE operator_id = :operator RETURNING version")
    return int(session.execute(raised, {"operator": operator_id}).scalar_one())


def stamp(session: Session, stamps: Stamps) -> None:
    """Give all noted offers their operator's next version; counters are taken last, in order of operator id."""
    session.flush()
    for ids in _chunks(stamps.shared):
        offers = select(Offer.operator_id, Offer.product_id).where(Offer.product_id.in_(ids))
        for operator_id, product_id in session.execute(offers):
            stamps.by_operator[operator_id].add(product_id)
    for operator_id in sorted(stamps.by_operator):
        version = raise_version(session, operator_id)
        for ids in _chunks(stamps.by_operator[operator_id]):
            mine = (Offer.operator_id == operator_id) & Offer.product_id.in_(ids)
            changed = update(Offer).where(mine).values(version=version)
            session.execute(changed, execution_options={"synchronize_session": False})
            for product_id in ids:  # those in memory read it again when asked
                if offer := session.identity_map.get(identity_key(Offer, (operator_id, product_id))):
                    session.expire(offer, ["version"])


def note_change(session: Session, stamps: Stamps | None, product_id: str, operator_id: str | None = None) -> None:
    """Remember a change with the others, or stamp it at once when it stands alone."""
    whole = stamps or Stamps()
    whole.note(product_id, operator_id)
    if stamps is None:
        stamp(session, whole)


def announce(session: Session, operator_id: str, *, since: datetime, at: datetime) -> int:
    """Stamp what time alone changed between two moments, for a daily job: prices and VAT that came within the
    30 days a tablet knows ahead, a lower rate that ends or begins, certificates that began. Returns how many offers."""
    soon = (since + AHEAD, at + AHEAD)
    prices = select(Price.product_id).where(
        Price.operator_id == operator_id, Price.starts_at > soon[0], Price.starts_at <= soon[1]
    )
    rates = select(VatRate.product_id).where(
        VatRate.operator_id == operator_id,
        VatRate.starts_on > local_date(soon[0]),
        VatRate.starts_on <= local_date(soon[1]),
    )
    begun = (
        select(Certificate.product_id)
        .join(Offer, (Offer.product_id == Certificate.product_id) & (Offer.operator_id == operator_id))
        .where(Certificate.valid_from > local_date(since), Certificate.valid_from <= local_date(at))
    )
    turned = turns_between(list_cuts(session), local_date(soon[0]), local_date(soon[1]))
    lowered = select(VatRate.product_id).where(VatRate.operator_id == operator_id, VatRate.vat_bp.in_(turned))
    found = {id_ for query in (prices, rates, begun, lowered) for id_ in session.scalars(query)}
    if found:
        stamps = Stamps()
        stamps.by_operator[operator_id] = found
        stamp(session, stamps)
    return len(found)
