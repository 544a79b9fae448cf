"""Take an import back as a whole: refused once anything it brought was sold, moved or changed; else as before.

Goods that were new stay in the register unseen and unsold, because a tablet may have learnt of them meanwhile; the
same file brings the same goods back. Producers that were new stay known.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session, undefer

from pos.catalogue.import_models import ImportRun
from pos.catalogue.models import Barcode, BundlePart, Certificate, Offer, Price, Product, ProductChange, VatRate
from pos.catalogue.service.versions import Stamps, stamp
from pos.kernel.clock import local_date
from pos.kernel.db import Base
from pos.kernel.errors import Conflict, NotFound

CHUNK = 500
NAMED = 3  # goods a refusal names
Before = dict[str, dict[str, Any]]
Moved = Callable[[Session, Collection[str], datetime], set[str]]  # which of these goods moved or were sold since


def packed(before: Before) -> bytes:
    """What each row changed, small."""
    return zlib.compress(json.dumps(before, ensure_ascii=False, separators=(",", ":")).encode())


def unpacked(kept: bytes) -> Before:
    """The same again."""
    found: Before = json.loads(zlib.decompress(kept))
    return found


def undo_import(
    session: Session, run_id: str, *, moved: Moved, at: datetime, by: str | None, source: str = "products"
) -> ImportRun:
    """All goods, prices, codes and certificates as they were before the file.

    Raises NotFound, Conflict `import.undone_already`, `import.of_golive`, `import.sold_since`,
    `import.changed_since` (with some names and how many).
    """
    run = session.get(ImportRun, run_id, options=[undefer(ImportRun.before)], with_for_update=True)
    if run is None:
        raise NotFound("import.unknown", run_id=run_id)
    if run.undone_at:
        raise Conflict("import.undone_already", undone_at=run.undone_at)
    if run.source != source:
        raise Conflict("import.of_golive")
    before = unpacked(run.before)
    if touched := moved(session, before.keys(), run.made_at):
        raise Conflict("import.sold_since", **_named(session, touched))
    if changed := _changed_since(session, run, before):
        raise Conflict("import.changed_since", **_named(session, changed))
    _put_back(session, run, before)
    stamps = Stamps()
    for product_id in before:
        stamps.note(product_id)
    run.undone_at, run.undone_by = at, by
    stamp(session, stamps)
    session.expire_all()
    return run


def _chunks(ids: Collection[str]) -> Iterator[Sequence[str]]:
    whole = sorted(ids)
    return (whole[n : n + CHUNK] for n in range(0, len(whole), CHUNK))


def _named(session: Session, ids: set[str]) -> dict[str, Any]:
    names = session.scalars(select(Product.name).where(Product.id.in_(sorted(ids)[:NAMED])).order_by(Product.name))
    return {"names": ", ".join(names), "count": len(ids)}


def _changed_since(session: Session, run: ImportRun, before: Before) -> set[str]:
    """Goods whose offer was stamped again, that somebody else offers by now, or that a hamper holds."""
    found: set[str] = set()
    for ids in _chunks(before):
        fresh = [id_ for id_ in ids if "new" in before[id_]]
        ours = Offer.operator_id == run.operator_id
        again = or_(and_(ours, Offer.version > run.version), and_(~ours, Offer.product_id.in_(fresh)))
        found |= set(session.scalars(select(Offer.product_id).where(Offer.product_id.in_(ids), again)))
        found |= set(session.scalars(select(BundlePart.product_id).where(BundlePart.product_id.in_(fresh))))
    return found


def _put_back(session: Session, run: ImportRun, before: Before) -> None:
    with_ = {
        key: [id_ for id_, was in before.items() if key in was] for key in ("price", "vat", "codes", "certificate")
    }
    day = local_date(run.made_at)
    for ids in _chunks(with_["price"]):
        mine = (Price.operator_id == run.operator_id, Price.scope_kind == "operator", Price.starts_at == run.made_at)
        _delete(session, Price, *mine, Price.product_id.in_(ids))
    for ids in _chunks(with_["vat"]):
        mine_too = (VatRate.operator_id == run.operator_id, VatRate.starts_on == day)
        _delete(session, VatRate, *mine_too, VatRate.product_id.in_(ids))
    for ids in _chunks(with_["codes"]):
        codes = [code for id_ in ids for code in before[id_]["codes"]]
        _delete(session, Barcode, Barcode.product_id.in_(ids), Barcode.code.in_(codes))
    for ids in _chunks(with_["certificate"]):
        days = {date.fromisoformat(before[id_]["certificate"]) for id_ in ids}
        held = session.execute(
            select(Certificate.id, Certificate.product_id, Certificate.valid_from).where(
                Certificate.product_id.in_(ids), Certificate.valid_from.in_(days)
            )
        )
        gone = [id_ for id_, of, start in held if start.isoformat() == before[of]["certificate"]]
        _delete(session, Certificate, Certificate.id.in_(gone))
    asked = [change_id for was in before.values() for change_id in was.get("asked", ())]
    for ids in _chunks(asked):
        _delete(session, ProductChange, ProductChange.id.in_(ids), ProductChange.state == "open")
    retired = [
        {"operator_id": run.operator_id, "product_id": id_, "active": False}
        for id_, was in before.items()
        if "offer" in was
    ]
    if retired:
        session.execute(update(Offer), retired)
    facts: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for id_, was in before.items():
        values = {"active": False} if "new" in was else was.get("facts", {})
        if values:
            facts.setdefault(tuple(values), []).append({"id": id_, **values})
    for rows in facts.values():  # those with the same facts changed: one statement
        session.execute(update(Product), rows)


def _delete(session: Session, table: type[Base], *where: Any) -> None:
    session.execute(delete(table).where(*where).execution_options(synchronize_session=False))
