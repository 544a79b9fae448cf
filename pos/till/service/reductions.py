"""What a ticket's discounts should have been: promotions recomputed, who pays checked. A difference is a flag, the
amount paid stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from pos.catalogue.promotions import STRONG_BP, DiscountTerms, Given, Goods, funders_for, promote
from pos.catalogue.queries.at_sale import Facts
from pos.catalogue.queries.promotions import rules_at
from pos.consignment.commands import Agreed
from pos.kernel.clock import from_iso
from pos.till.commands import Funder, Line, SaleBody
from pos.till.forms.events import Event
from pos.till.queries.context import Context
from pos.till.service.effects import Effects

HELD = timedelta(hours=12)  # so long a cart may wait before it is paid at the prices it was put together at
SOON = timedelta(minutes=5)


def priced_at(event: Event, body: SaleBody) -> datetime:
    """The moment whose promotions the customer saw; the event's own where the tablet says none, or nonsense."""
    try:
        said = from_iso(body.priced_at) if body.priced_at else event.at
    except ValueError:  # of the right shape, and no moment
        return event.at
    return said if -SOON <= event.at - said <= HELD else event.at


def doubt_reductions(
    session: Session, ctx: Context, event: Event, body: SaleBody, known: Mapping[str, Facts], agreed: Agreed,
    out: Effects,
) -> None:  # fmt: skip
    """Flag `price_differs`: another promotion than ours, a strong drink reduced, a producer that pays more than it
    agreed to."""
    if not body.lines:
        return
    at = priced_at(event, body)
    place: dict[str, Any] = {"operator_id": ctx.operator_id, "site_id": ctx.site_id, "fair_id": ctx.fair_id}
    rules = rules_at(session, **place, at=at) if any(facts.promoted for facts in known.values()) else []
    goods = [_goods(line, known, agreed) for line in body.lines]
    wrong = _promotions(body.lines, promote(rules, goods, at)) + _strong(body, goods) + _shares(body, goods)
    if wrong:
        out.flag("price_differs", sum(int(one.pop("apart")) for one in wrong), discounts=wrong)


def _goods(line: Line, known: Mapping[str, Facts], agreed: Agreed) -> Goods:
    facts = known.get(line.product) if line.product else None
    terms = agreed.by_producer.get(facts.producer_id) if facts else None
    return Goods(
        product=line.product if facts else None,
        producer=facts.producer_id if facts else line.producer,
        group=facts.group_code if facts else None,
        alcohol_bp=facts.alcohol_bp if facts else 0,
        weighed=facts.weighed if facts else False,
        price=line.price,
        qty_milli=line.qty_milli,
        gross=line.gross,
        bundled=line.bundle is not None,
        terms=DiscountTerms(terms.discount_producer_bp, terms.discount_max_bp) if terms else None,
    )


def _promotions(lines: Sequence[Line], ours: Sequence[Given | None]) -> list[dict[str, Any]]:
    wrong = []
    for line, given in zip(lines, ours, strict=True):
        stated = [d for d in line.line_discounts if d.promotion]
        same = (
            len(stated) == 1
            and given is not None
            and (stated[0].promotion, stated[0].amount) == (given.promotion, given.amount)
            and _bps(stated[0].funders) == given.funders
        )
        if same or (not stated and given is None):
            continue
        till, mine = sum(d.amount for d in stated), given.amount if given else 0
        wrong.append({"line": line.line, "ours": mine, "till": till, "apart": till - mine, "why": "promotion"})
    return wrong


def _strong(body: SaleBody, goods: Sequence[Goods]) -> list[dict[str, Any]]:
    return [
        {"line": line.line, "apart": line.gross - line.paid, "why": "strong"}
        for line, one in zip(body.lines, goods, strict=True)
        if one.alcohol_bp >= STRONG_BP and line.paid < line.gross
    ]


def _shares(body: SaleBody, goods: Sequence[Goods]) -> list[dict[str, Any]]:
    """Lines whose producer bears more of the haggling, or of a hamper, than its agreement says."""
    off = [
        (n, d.amount, d.funders) for n, line in enumerate(body.lines) for d in line.line_discounts if not d.promotion
    ]
    off += [(n, share, d.funders) for d in body.discounts for n, share in enumerate(d.shares[: len(goods)]) if share]
    wrong = []
    for n, amount, funders in off:
        terms, gross = goods[n].terms, goods[n].gross
        agreed = funders_for(terms.discount_producer_bp if terms else 0, 0, terms, amount, gross).get("producer", 0)
        stated = _bps(funders).get("producer", 0)
        if stated > agreed:
            line = body.lines[n].line
            wrong.append({"line": line, "ours": agreed, "till": stated, "apart": 0, "why": "producer_share"})
    return wrong


def _bps(funders: Sequence[Funder]) -> dict[str, int]:
    return {f.who: f.bp for f in funders if f.bp}
