"""Write down what the control report counts, beside the event that says it."""

from __future__ import annotations

import json

from sqlalchemy.orm import Session

from pos.kernel.rows import insert_rows
from pos.receipts.service import note_tablet_print
from pos.till.commands import AnyBody
from pos.till.forms.events import Event
from pos.till.models import ControlNote
from pos.till.queries.context import Context
from pos.till.rules.control import notes_of, print_in


def note_control(session: Session, ctx: Context, event: Event) -> None:
    """Nothing for most events: one statement more only where there is something to tell."""
    raw = json.loads(event.canonical)["body"] if isinstance(event.body, AnyBody) else {}
    if event.head.kind == "receipt.printed" and (told := print_in(raw)):
        sale_id, printer, copy = told
        note_tablet_print(
            session, event.id, operator_id=ctx.operator_id, receipt_id=sale_id, printer=printer, copy=copy, at=event.at
        )
    if notes := notes_of(event.head.kind, event.body, raw):
        insert_rows(session, ControlNote, [
            {
                "event_id": event.id, "n": n, "operator_id": ctx.operator_id, "site_id": ctx.site_id,
                "fair_id": ctx.fair_id, "till_id": ctx.till_id, "shift_id": event.head.shift,
                "staff_id": note.approver or event.head.staff,
                "asked_by": event.head.staff if note.approver else None, "day": event.day, "at": event.at,
                "kind": note.kind, "what": note.what, "sale_id": note.sale_id, "times": note.times,
                "amount_vnd": note.amount_vnd,
            }
            for n, note in enumerate(notes, 1)
        ])  # fmt: skip
