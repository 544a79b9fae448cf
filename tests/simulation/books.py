"""What must be equal however the events came: the logs, the money, the goods. Never what only tells of the way."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.consignment.models import SettlementLine
from pos.ledger.models import Posting
from pos.reports.check import check_all
from pos.stock.models import Level, Movement
from pos.till.models import HeldEvent, PendingReturn, Quarantined, Sale, Shift, Tender, TillEvent


def _sums(session: Session, amount: Any, *keys: Any) -> dict[str, int]:
    rows = session.execute(select(*keys, func.sum(amount)).group_by(*keys))
    return {" ".join(str(part) for part in row[:-1]): int(row[-1]) for row in rows if row[-1]}


def books_of(session: Session) -> dict[str, dict[str, int]]:
    """The books as sums by name, in words that two databases share."""
    lines = session.execute(
        select(
            SettlementLine.producer_id, SettlementLine.kind, SettlementLine.business_date, SettlementLine.available_on,
            SettlementLine.amount_vnd,
        )
    )  # fmt: skip
    shifts = session.execute(select(Shift.id, Shift.state, Shift.sales, Shift.sales_vnd, Shift.counted_vnd))
    return {
        "balances": _sums(session, Posting.amount_vnd, Posting.operator_id, Posting.account, Posting.dimension),
        "settlement lines": dict(Counter(" ".join(str(part) for part in row) for row in lines)),
        "movements": _sums(
            session, Movement.qty_milli, Movement.product_id, Movement.from_kind, Movement.from_id, Movement.to_kind,
            Movement.to_id, Movement.lot_id, Movement.business_date,
        ),
        "levels": _sums(session, Level.on_hand_milli, Level.place_kind, Level.place_id, Level.product_id),
        "sales": _sums(session, Sale.total_vnd, Sale.id, Sale.receipt_no),
        "tenders": _sums(session, Tender.amount_vnd, Tender.sale_id, Tender.kind),
        "shifts": {" ".join(str(part) for part in row): 1 for row in shifts},
        "waiting returns": _sums(session, 1, PendingReturn.sale_id),
    }  # fmt: skip


def logs_of(session: Session) -> dict[str, list[tuple[int, str, str]]]:
    """Each device's log as the server has it: (seq, id, hash) in order."""
    rows = session.execute(
        select(DeviceLog.device_id, TillEvent.seq, TillEvent.id, TillEvent.hash)
        .join(DeviceLog, DeviceLog.id == TillEvent.log_id)
        .order_by(DeviceLog.device_id, TillEvent.seq, TillEvent.id)
    )
    logs: dict[str, list[tuple[int, str, str]]] = {}
    for device, seq, id_, hash_ in rows:
        logs.setdefault(device, []).append((seq, id_, hash_))
    return logs


def wrong_in(session: Session, told: dict[str, list[dict[str, Any]]]) -> list[str]:
    """What is missing, doubled or not understood, given the events of each tablet's disk."""
    here, wrong = logs_of(session), []
    for device, events in told.items():
        wanted = [(event["seq"], event["id"], event["hash"]) for event in events]
        if here.get(device, []) != wanted:
            lost = set(wanted) - set(here.get(device, []))
            more = set(here.get(device, [])) - set(wanted)
            wrong.append(f"{device}: missing {sorted(lost)[:3]}, too much {sorted(more)[:3]}")
        links = zip([None, *events], events, strict=False)
        if any(after["prev"] != (before["hash"] if before else "0" * 64) for before, after in links):
            wrong.append(f"{device}: the chain of its own log is broken")
        logged = session.execute(
            select(DeviceLog.received_through, DeviceLog.recorded_through, DeviceLog.greatest).where(
                DeviceLog.device_id == device
            )
        ).one()
        if tuple(logged) != (len(events),) * 3:
            wrong.append(f"{device}: received, recorded, greatest {tuple(logged)}, not {len(events)}")
    for table in (Quarantined, HeldEvent):
        if n := session.scalar(select(func.count()).select_from(table)):
            wrong.append(f"{table.__tablename__}: {n}")
    wrong += [f"pos check {found.number}: {found.problems[:3]}" for found in check_all(session) if not found.holds]
    return wrong


def differences(one: dict[str, dict[str, int]], other: dict[str, dict[str, int]]) -> list[str]:
    """Where two sets of books disagree."""
    found = []
    for part, sums in one.items():
        for key in sorted(sums.keys() | other[part].keys()):
            if sums.get(key, 0) != other[part].get(key, 0):
                found.append(f"{part}: {key}: {sums.get(key, 0)}, in order {other[part].get(key, 0)}")
    return found
