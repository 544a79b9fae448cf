"""What a ticket posts, pure. Source: money.md "What events post", till.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pos.kernel.money import div_round, funders, line_gross
from pos.ledger.commands import PostingDraft
from pos.till.commands import Line, SaleBody, TenderIn

CASH = "cash"
CLEARING = {"vietqr": "qr_clearing", "card": "card_clearing"}
KEPT_BY_KEEPER = frozenset({CASH, "vietqr"})
STALE_HOURS = 20
SKEW_MINUTES = 5
RETURN_PLACE = {"shelf": "site", "damaged": "quarantine", "producer": "producer"}


def place_of_return(disposition: str, site_id: str, owner_id: str | None) -> tuple[str, str]:
    """Where goods taken back go: the shelf, quarantine, or their producer, if anybody knows who that is."""
    kind = RETURN_PLACE[disposition]
    if kind == "producer":
        return ("producer", owner_id) if owner_id else ("site", site_id)
    return (kind, site_id)


@dataclass(frozen=True, slots=True)
class SplitDiscount:
    """A line's discounts by who funds them, đồng."""

    producer: int
    organizer: int
    operator: int

    @property
    def total(self) -> int:
        return self.producer + self.organizer + self.operator


def split_discounts(body: SaleBody) -> list[SplitDiscount]:
    """Each line's discounts by funder: line discounts alone, basket discounts cumulative down the lines."""
    sums = [[0, 0, 0] for _ in body.lines]

    def add(shares: list[int], who: dict[str, int], at: list[int]) -> None:
        for part, split in enumerate(funders(shares, who.get("producer", 0), who.get("organizer", 0))):
            for n, amount in zip(at, split, strict=True):
                sums[n][part] += amount

    for n, line in enumerate(body.lines):
        for discount in line.line_discounts:
            add([discount.amount], {f.who: f.bp for f in discount.funders}, [n])
    everywhere = list(range(len(body.lines)))
    for basket in body.discounts:
        add(list(basket.shares), {f.who: f.bp for f in basket.funders}, everywhere)
    return [SplitDiscount(*three) for three in sums]


def line_adds_up(line: Line, split: SplitDiscount) -> bool:
    """gross = price × quantity (a label's gross gave the quantity), the basket share as stated, paid = gross −
    discounts."""
    basket = split.total - sum(d.amount for d in line.line_discounts)
    labelled = line.barcode is not None and line.price > 0
    return (
        (
            line.gross == line_gross(line.price, line.qty_milli)
            or (labelled and line.qty_milli == div_round(line.gross * 1000, line.price))
        )
        and basket == line.basket_discount
        and line.paid == line.gross - split.total
    )


def account_of_tender(
    tender: TenderIn, shift_id: str, keeper: str | None, bases: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """(account, dimension) of the money. What nobody knows goes to `unidentified_receipts`.

    `bases`: what the operator's own ways of paying are in the books.
    """
    kind = (bases or {}).get(tender.kind, tender.kind)
    if tender.payee:
        return "held_by_producer", tender.payee
    if keeper and kind in KEPT_BY_KEEPER:
        return "held_by_producer", keeper
    if kind == CASH:
        return "drawer", shift_id
    if kind in CLEARING:
        return CLEARING[kind], ""
    if kind == "voucher" and tender.issuer:
        return "voucher_clearing", tender.issuer
    if kind == "owed" and tender.customer:
        return "customer_receivable", tender.customer
    return "unidentified_receipts", ""


def post_tenders(
    tenders: list[TenderIn],
    *,
    shift_id: str,
    site_id: str,
    fair_id: str | None,
    keeper: str | None,
    bases: Mapping[str, str] | None = None,
) -> tuple[list[PostingDraft], int, bool]:
    """(postings, change of the drawer, whether a kind was unknown)."""
    postings, drawer, unknown = [], 0, False
    for tender in tenders:
        account, dimension = account_of_tender(tender, shift_id, keeper, bases)
        unknown |= account == "unidentified_receipts"
        drawer += tender.amount if account == "drawer" else 0
        producer = dimension if account == "held_by_producer" else None
        postings.append(
            PostingDraft(account, tender.amount, dimension, producer, site_id, shift_id, fair_id)
        )  # fmt: skip
    return postings, drawer, unknown
