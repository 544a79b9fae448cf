"""Count a place: open, enter, take back, end the blind part, count again, confirm. Tills go on selling meanwhile.

Stock never posts: a confirmed count moves what is missing to `lost` (or what was found out of it) and promises
`count.confirmed`; who bears it is decided there. A sale that comes late with an earlier time is looked at again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid, NotFound, Refused
from pos.kernel.ids import is_id, new_id
from pos.outbox.service import enqueue
from pos.places.models import Site
from pos.stock import counting as rules
from pos.stock.commands import Move
from pos.stock.models import StockCount, StockCountAsk, StockCountDifference, StockCountEntry
from pos.stock.queries.counted import entries_of, expected_at, rounds_asked
from pos.stock.service.count_lots import lots_of_differences
from pos.stock.service.movements import move
from pos.stock.service.papers import next_number


def open_count(
    session: Session, *, site_id: str, scope_kind: str, scope_id: str, note: str | None, at: datetime, by: str | None
) -> str:
    """Begin; answers the count's id. Raises Conflict when the place has an open count of the same goods."""
    operator_id = session.scalar(select(Site.operator_id).where(Site.id == site_id))
    if operator_id is None:
        raise NotFound("site.unknown")
    open_ones = session.execute(
        select(StockCount.number, StockCount.scope_kind, StockCount.scope_id).where(
            StockCount.site_id == site_id, StockCount.state.in_(("open", "review"))
        )
    )
    for number, kind, id_ in open_ones:
        if "all" in (kind, scope_kind) or (kind, id_) == (scope_kind, scope_id):
            raise Conflict("count.already_open", number=number)
    made = StockCount(
        id=new_id(), operator_id=operator_id, site_id=site_id, state="open", scope_kind=scope_kind,
        scope_id=scope_id if scope_kind != "all" else "", note=note, opened_at=at, opened_by=by,
        number=next_number(session, operator_id, "stocktake", local_date(at)),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id


def enter(
    session: Session,
    count_id: str,
    *,
    entry_id: str,
    product_id: str,
    qty_milli: int,
    at: datetime,
    by: str,
    weighed: bool,
    spot: str | None = None,
) -> None:
    """Add what one person saw. The same id again changes nothing (a page sent twice).

    While open it is the first round. In review only what is asked for is counted, and by nobody who counted it before.
    Raises Invalid on the quantity, Conflict when the count takes no entries, Refused `count.same_person`.
    """
    if not 0 <= qty_milli <= rules.MOST_MILLI:
        raise Invalid("count.quantity")
    if qty_milli % 1000 and not weighed:
        raise Invalid("count.whole")
    if not is_id(entry_id):
        raise Invalid("count.entry")
    count = _held(session, count_id, shared=True)
    if session.get(StockCountEntry, entry_id) is not None:
        return
    if count.state not in ("open", "review"):
        raise Conflict("count.not_open", number=count.number)
    round_ = 1
    if count.state == "review":
        round_ = rounds_asked(session, count_id).get(product_id, 0)
        if not round_:
            raise Conflict("count.not_asked")
        known = rules.tally(entries_of(session, count_id, [product_id])).get(product_id)
        if known and any(by in people for n, people in known.by.items() if n < round_):
            raise Refused("count.same_person")
    session.add(
        StockCountEntry(
            id=entry_id, count_id=count_id, product_id=product_id, round=round_, qty_milli=qty_milli,
            spot=spot, counted_at=at, counted_by=by,
        )
    )  # fmt: skip
    session.flush()


def take_entry_back(session: Session, count_id: str, entry_id: str, *, at: datetime, by: str) -> None:
    """Void one's own entry. A second time changes nothing. Raises NotFound, Conflict, Refused `count.not_yours`."""
    count = _held(session, count_id, shared=True)
    entry = session.get(StockCountEntry, entry_id)
    if entry is None or entry.count_id != count_id or entry.voids_id:
        raise NotFound("count.entry")
    if count.state not in ("open", "review") or (count.state == "review" and entry.round == 1):
        raise Conflict("count.not_open", number=count.number)
    if entry.counted_by != by:
        raise Refused("count.not_yours")
    if session.scalar(select(StockCountEntry.id).where(StockCountEntry.voids_id == entry_id)):
        return
    session.add(
        StockCountEntry(
            id=new_id(), count_id=count_id, product_id=entry.product_id, round=entry.round, qty_milli=0,
            voids_id=entry_id, counted_at=at, counted_by=by,
        )
    )  # fmt: skip
    session.flush()


def end_blind(
    session: Session, count_id: str, *, nothing_of: Sequence[str] = (), at: datetime, by: str
) -> None:  # fmt: skip
    """Nobody counts the first round any more; now the expected figures may be seen. `nothing_of`: goods nobody found,
    counted as 0 by who ends it. Raises Conflict when it is not open, Invalid when nothing was counted."""
    count = _held(session, count_id)
    if count.state != "open":
        raise Conflict("count.not_open", number=count.number)
    counted = rules.tally(entries_of(session, count_id))
    for product_id in sorted(set(nothing_of) - counted.keys()):
        session.add(
            StockCountEntry(
                id=new_id(), count_id=count_id, product_id=product_id, round=1, qty_milli=0, counted_at=at,
                counted_by=by,
            )
        )  # fmt: skip
    if not counted and not nothing_of:
        raise Invalid("count.empty")
    _step(session, count, "open", "review", closed_at=at, closed_by=by)


def ask_again(
    session: Session, count_id: str, product_ids: Collection[str], *, at: datetime, by: str | None
) -> int:  # fmt: skip
    """Ask for another count of these, by another person; answers of how many. What waits already is left alone."""
    count = _held(session, count_id)
    if count.state != "review":
        raise Conflict("count.not_in_review", number=count.number)
    counted = rules.tally(entries_of(session, count_id))
    asked = rounds_asked(session, count_id)
    new = [p for p in sorted(set(product_ids)) if p in counted and asked.get(p, 1) <= counted[p].round]
    for product in new:
        row = StockCountAsk(
            count_id=count_id, product_id=product, round=counted[product].round + 1, asked_at=at, asked_by=by
        )
        session.add(row)
    session.flush()
    return len(new)


def drop_count(session: Session, count_id: str, *, at: datetime, by: str) -> None:
    """Nothing comes of it; what was counted stays written. Raises Conflict once it is confirmed."""
    count = _held(session, count_id)
    if count.state not in ("open", "review"):
        raise Conflict("count.not_open", number=count.number)
    _step(session, count, count.state, "dropped", confirmed_at=at, confirmed_by=by)


def confirm_count(
    session: Session,
    count_id: str,
    *,
    liabilities: Mapping[str, tuple[str, str | None]],
    reason: str | None,
    at: datetime,
    by: str | None,
) -> int:
    """Move every difference and promise its posting; answers how many there were. Once: a second person gets Conflict.

    `liabilities`: product → (who bears it, why); by the agreement where nothing is said. Each difference was counted
    by two people, or `reason` says why not. Raises Invalid `count.again_first`.
    """
    count = _held(session, count_id)
    if count.state != "review":
        raise Conflict("count.not_in_review", number=count.number)
    counted = rules.tally(entries_of(session, count_id))
    asked = rounds_asked(session, count_id)
    moments = {p: t.moment_at for p, t in counted.items() if t.moment_at}
    expected = expected_at(session, count.operator_id, count.site_id, moments)
    rows = []
    for product, one in sorted(counted.items()):
        delta = one.counted_milli - expected.get(product, 0)
        if ((delta and one.round == 1) or asked.get(product, 1) > one.round) and not reason:
            raise Invalid("count.again_first", field="reason")
        who, why = liabilities.get(product, (rules.AGREEMENT, None))
        if who not in rules.LIABILITIES:
            raise Invalid("count.liability")
        rows.append(_difference(count, product, 1, moments[product], one.counted_milli, delta, who, why, at, by))
    _keep(session, count, rows, at)
    _step(session, count, "review", "confirmed", confirmed_at=at, confirmed_by=by, reason=reason)
    enqueue(session, rules.RECHECK, {"count": count_id}, at=at, not_before=at + rules.LOOK_AGAIN)
    return sum(1 for row in rows if row.delta_milli)


def look_again(session: Session, count_id: str, product_ids: Collection[str] | None, *, at: datetime) -> int:
    """Compare a confirmed count with what is known now; answers how many differences changed.

    What arrived since with a time before the count's moment explains, or makes, a difference: it is corrected by a
    row of its own, dated like the count. Safe to run twice.
    """
    count = _held(session, count_id)
    if count.state != "confirmed":
        return 0
    kept = select(StockCountDifference).where(StockCountDifference.count_id == count_id)
    if product_ids is not None:
        kept = kept.where(StockCountDifference.product_id.in_(product_ids))
    last: dict[str, StockCountDifference] = {}
    moved: dict[str, int] = {}
    for row in session.scalars(kept.order_by(StockCountDifference.product_id, StockCountDifference.n)):
        last[row.product_id] = row
        moved[row.product_id] = moved.get(row.product_id, 0) + row.delta_milli
    moments = {product: row.moment_at for product, row in last.items()}
    expected = expected_at(session, count.operator_id, count.site_id, moments, but_count=count_id)
    rows = []
    for product, row in sorted(last.items()):
        delta = row.counted_milli - expected.get(product, 0) - moved[product]
        if delta:
            rows.append(
                _difference(
                    count, product, row.n + 1, row.moment_at, row.counted_milli, delta, row.liability, None, at, None,
                    expected=expected.get(product, 0),
                )
            )  # fmt: skip
    _keep(session, count, rows, at)
    return len(rows)


def _held(session: Session, count_id: str, *, shared: bool = False) -> StockCount:
    """The count, locked: entries share, every step has it alone."""
    found = session.scalars(
        select(StockCount)
        .where(StockCount.id == count_id)
        .with_for_update(read=shared)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound("count.unknown")
    return found


def _step(session: Session, count: StockCount, before: str, after: str, **more: object) -> None:
    done = session.execute(
        update(StockCount).where(StockCount.id == count.id, StockCount.state == before).values(state=after, **more)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("count.not_open", number=count.number)


def _difference(
    count: StockCount, product: str, n: int, moment: datetime, counted: int, delta: int, who: str, why: str | None,
    at: datetime, by: str | None, *, expected: int | None = None,
) -> StockCountDifference:  # fmt: skip
    return StockCountDifference(
        id=new_id(), count_id=count.id, site_id=count.site_id, product_id=product, n=n, moment_at=moment,
        counted_milli=counted, expected_milli=counted - delta if expected is None else expected, delta_milli=delta,
        liability=who, why=why, made_at=at, made_by=by,
    )  # fmt: skip


def _keep(session: Session, count: StockCount, rows: Sequence[StockCountDifference], at: datetime) -> None:
    """Write the differences, move the goods, promise the posting."""
    session.add_all(rows)
    session.flush()
    here, lost = ("site", count.site_id), ("lost", count.site_id)
    differing = [row for row in rows if row.delta_milli]
    parts = lots_of_differences(session, count, {row.product_id: row.delta_milli for row in differing})
    moves = [
        Move(
            row.product_id, abs(milli), *(here + lost if milli < 0 else lost + here), "stocktake",
            local_date(row.moment_at), row.moment_at, rules.SOURCE, row.id, str(n), lot or None,
        )
        for row in differing
        for n, (lot, milli) in enumerate(parts[row.product_id].items(), 1)
    ]  # fmt: skip
    move(session, count.operator_id, moves, recorded_at=at)
    if moves:
        enqueue(session, rules.CONFIRMED, {"count": count.id}, at=at)
