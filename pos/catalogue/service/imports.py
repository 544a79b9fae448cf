"""Bring the good rows of a file into the register and an operator's offer, once: a second time changes nothing.

First a plan (reads only, and is what a preview shows), then the plan as one unit of work, in bulk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from pos.catalogue.commands import ImportedProduct
from pos.catalogue.import_models import ImportRun
from pos.catalogue.models import Barcode, Certificate, Offer, Price, Product, ProductChange, VatRate
from pos.catalogue.queries.editing import Editor
from pos.catalogue.queries.known import Known
from pos.catalogue.queries.tablet import version_of
from pos.catalogue.service.import_plan import Change, Each, Imported, Origin, Plan
from pos.catalogue.service.import_rows import Rowwise, anniversary
from pos.catalogue.service.import_undo import packed
from pos.catalogue.service.versions import stamp
from pos.kernel.db import Base
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.producers.service import add_producer

__all__ = ["Change", "Imported", "Plan", "anniversary", "carry_out", "import_products", "plan_import"]
CHUNK = 1000
TABLES: tuple[type[Base], ...] = (Product, Offer, Price, VatRate, Barcode, Certificate)


def plan_import(
    session: Session,
    rows: Sequence[ImportedProduct],
    *,
    operator_id: str,
    at: datetime,
    invented: bool = False,
    named: bool = False,
    each: Each = iter,
    known: Known | None = None,
    editor: Editor | None = None,
) -> Plan:
    """What taking these rows in would do now. Reads only; with `problems` it must not be carried out.

    named: ids follow the names, so that a demo is the same each time. `known` is the register as somebody read it
    already; it then knows these rows too. `editor`: what its person may change at once; None: everything.
    """
    known, plan = known or Known(session, operator_id, at), Plan(operator_id, at, invented, named)
    editor = editor or Editor(session, None)
    for row in each(rows):
        Rowwise(known, plan, row, editor).plan()
    plan.done.producers = len(plan.producers)
    return plan


def carry_out(session: Session, plan: Plan, each: Each = iter, *, origin: Origin | None = None) -> Imported:
    """Write a plan made in this same transaction; one of a file (`origin`) is kept, to be taken back as a whole.

    Raises ValueError on a plan with problems."""
    if plan.problems:
        raise ValueError("a plan with problems is not carried out")
    for producer in plan.producers:
        add_producer(session, at=plan.at, **producer)
    session.flush()
    chunks = [
        (table, plan.rows[table][n : n + CHUNK]) for table in TABLES for n in range(0, len(plan.rows[table]), CHUNK)
    ]
    for table, part in each(chunks):
        insert_rows(session, table, part)
    if plan.updates:
        session.execute(update(Product), plan.updates)
    for n in range(0, len(plan.asks), CHUNK):
        waits = {"state": "open", "made_at": plan.at, "made_by": origin.by if origin else None}
        undecided = {"decided_at": None, "decided_by": None, "reason": None}
        insert_rows(session, ProductChange, [ask | waits | undecided for ask in plan.asks[n : n + CHUNK]])
    if plan.offered_again:
        session.execute(update(Offer), plan.offered_again)
    stamp(session, plan.stamps)
    if origin and plan.before:
        plan.done.run_id = _kept(session, plan, origin)
    session.expire_all()  # what was in memory is read again
    return plan.done


def _kept(session: Session, plan: Plan, origin: Origin) -> str:
    new, changed, same = plan.counts().values()
    run = ImportRun(
        id=new_id(), operator_id=plan.operator_id, name=origin.name, sha256=origin.sha256, source=origin.source,
        new_rows=new, changed_rows=changed, same_rows=same, version=version_of(session, plan.operator_id),
        before=packed(plan.before), made_at=plan.at, made_by=origin.by, undone_at=None, undone_by=None,
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run.id


def import_products(
    session: Session,
    rows: Sequence[ImportedProduct],
    *,
    operator_id: str,
    at: datetime,
    invented: bool = False,
    named: bool = False,
) -> Imported:
    """Register producers and products (the same name of the same producer is the same product) and offer them.

    A price that differs from the last one holds from `at`; stars become a certificate only with a full date of
    recognition, because stars without dates may not be shown. VAT is set once and later only by a person.
    Raises Invalid on a group not loaded, Conflict when a barcode already finds another product: nothing is written.
    """
    plan = plan_import(session, rows, operator_id=operator_id, at=at, invented=invented, named=named)
    if plan.problems:
        first = plan.problems[0]
        if first.code == "group":
            raise Invalid("product.group", group=first.value, row=first.row)
        raise Conflict("barcode.taken", barcode=first.value, row=first.row)
    return carry_out(session, plan)
