"""A database with a million sale lines of three thousand producers, half of them settled, made by the database itself.

Made are what a settlement reads: shares, settlement lines, statements and their claims, products, terms, accounts.
Left out are the sales, receipts and journal entries behind them (one entry stands for all).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, text

from pos.catalogue.models import Product
from pos.consignment.models import Agreement, AgreementVersion, SettlementRun, Statement
from pos.kernel.db import db, unit_of_work
from pos.ledger.models import ChainHead, JournalEntry, Posting
from pos.places.models import Operator, Site
from pos.producers.models import BankAccount, Producer

DAY = date(2026, 11, 22)
AT = datetime(2026, 1, 1, tzinfo=UTC)
OPERATOR, SITE, ENTRY, RUN = (f"{n:08x}-0000-7000-8000-000000000000" for n in (1, 2, 3, 4))
MAKER, GOODS, TERMS, PAIR, ACCOUNT, PAPER, SHARE, LINE, EVENT = (f"{n:08x}" for n in range(16, 25))
GROSS, COMMISSION, VAT, DUE = 100_000, 15_000, 1_200, 83_800


@dataclass(frozen=True)
class Size:
    """So many lines by turns of so many producers; the first `settled` of them stand on a statement."""

    lines: int
    producers: int
    settled: int


def named(kind: str, n: int) -> str:
    """The id of the n-th of a kind."""
    return f"{kind}-0000-7000-8000-{n:012x}"


class Said:
    """What the two databases write differently."""

    def __init__(self, connection: Connection) -> None:
        self.sqlite = connection.dialect.name == "sqlite"

    def count(self, first: int, end: int) -> str:
        """`WITH n(i)`: first … end − 1."""
        if self.sqlite:
            return f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {end - 1})"
        return f"WITH n(i) AS (SELECT generate_series({first}, {end - 1}))"

    def id(self, kind: str, what: str) -> str:
        if self.sqlite:
            return f"printf('{kind}-0000-7000-8000-%012x', {what})"
        return f"'{kind}-0000-7000-8000-' || lpad(to_hex(({what})::bigint), 12, '0')"

    def day(self, first: date, ago: str) -> str:
        if self.sqlite:
            return f"date('{first.isoformat()}', '-' || ({ago}) || ' day')"
        return f"(DATE '{first.isoformat()}' - ({ago})::int)"


def fill(size: Size, *, shares: bool = True) -> None:
    """Fill an empty, migrated database; one connection, one statement per table. Without shares: lines alone."""
    _people(size)
    with db.engine.begin() as connection:
        said = Said(connection)
        half = size.settled
        _lines(connection, said, size, 0, half, DAY - timedelta(days=61), shares)
        _lines(connection, said, size, half, size.lines, DAY - timedelta(days=1), shares)
        connection.execute(
            text(
                f"{said.count(0, half)} INSERT INTO statement_claim (statement_id, line_id)"
                f" SELECT {said.id(PAPER, f'i % {size.producers}')}, {said.id(LINE, 'i')} FROM n"
            )
        )
        connection.execute(text("ANALYZE"))


def _people(size: Size) -> None:
    with unit_of_work() as session:

        def put(model: Any, rows: list[dict[str, Any]]) -> None:
            session.execute(insert(model), rows)

        put(Operator, [{"id": OPERATOR, "code": "B", "name": "Điểm bán OCOP", "made_at": AT}])
        put(Site, [{"id": SITE, "operator_id": OPERATOR, "kind": "shop", "code": "01", "name": "Hồ Gươm"}])
        makers = range(size.producers)
        put(
            Producer,
            [{"id": named(MAKER, n), "code": f"P{n:05d}", "name": f"Hộ {n:05d}", "search": f"ho {n:05d}",
              "kind": "household", "made_at": AT} for n in makers],
        )  # fmt: skip
        put(
            Product,
            [{"id": named(GOODS, n), "producer_id": named(MAKER, n), "name": f"Chè {n:05d}", "search": f"che {n:05d}",
              "kind": "che", "unit": "gói", "made_at": AT} for n in makers],
        )  # fmt: skip
        put(
            BankAccount,
            [{"id": named(ACCOUNT, n), "producer_id": named(MAKER, n), "bank_bin": "970405", "bank_name": "Agribank",
              "number_sealed": "x", "number_last4": f"{n % 10000:04d}", "holder": "HO", "made_at": AT,
              "confirmed_at": AT} for n in makers],
        )  # fmt: skip
        put(
            Agreement,
            [{"id": named(PAIR, n), "operator_id": OPERATOR, "producer_id": named(MAKER, n), "made_at": AT}
             for n in makers],
        )  # fmt: skip
        put(
            AgreementVersion,
            [{"id": named(TERMS, n), "agreement_id": named(PAIR, n), "starts_on": date(2026, 1, 1),
              "commission_bp": 1_500, "made_at": AT} for n in makers],
        )  # fmt: skip
        last, seq = DAY - timedelta(days=61), size.settled
        put(
            SettlementRun,
            [{"id": RUN, "operator_id": OPERATOR, "cutoff_on": last, "run_on": last, "snapshot_seq": seq,
              "made_at": AT}],
        )  # fmt: skip
        if size.settled:
            each = DUE * (size.settled // size.producers)
            put(
                Statement,
                [{"id": named(PAPER, n), "run_id": RUN, "operator_id": OPERATOR, "producer_id": named(MAKER, n),
                  "no": n + 1, "state": "closed", "period_from": date(2026, 7, 1), "cutoff_on": last, "run_on": last,
                  "snapshot_seq": seq, "claimed_through_seq": seq, "opening_vnd": 0, "subtotal_vnd": each,
                  "vat_invoiced_vnd": 0, "payout_vnd": each, "carried_vnd": 0, "frozen_at": AT} for n in makers],
            )  # fmt: skip
        put(
            Posting,
            [{"entry_id": ENTRY, "n": n, "operator_id": OPERATOR, "account": "capital", "dimension": "",
              "amount_vnd": vnd} for n, vnd in enumerate((1, -1), 1)],
        )  # fmt: skip
        put(
            JournalEntry,
            [{"id": ENTRY, "operator_id": OPERATOR, "seq": 1, "kind": "sale", "business_date": DAY, "occurred_at": AT,
              "recorded_at": AT, "source_kind": "bench", "source_id": "all", "prev_hash": "", "hash": ""}],
        )  # fmt: skip
        put(ChainHead, [{"operator_id": OPERATOR, "seq": size.lines, "hash": ""}])
        session.execute(
            text("INSERT INTO paper_counter (operator_id, kind, last) VALUES (:o, 'statement', :n)"),
            {"o": OPERATOR, "n": size.producers},
        )


def _lines(connection: Connection, said: Said, size: Size, first: int, end: int, newest: date, shares: bool) -> None:
    """Sales of 60 days; every tenth of the newest half waits for its return window, every fiftieth is a return."""
    if end <= first:
        return
    who, day = f"i % {size.producers}", said.day(newest, "i % 60")
    back = f"(i % 50 = 0 AND i >= {first + size.producers})"
    sign, origin = f"CASE WHEN {back} THEN -1 ELSE 1 END", said.id(LINE, f"i - {size.producers}")
    kind = f"CASE WHEN {back} THEN 'return' ELSE 'sale' END"
    money = ", ".join(f"{sign} * {vnd}" for vnd in (GROSS, 0, COMMISSION, VAT))
    later = f"'{(DAY + timedelta(days=7)).isoformat()}'"
    later = later if said.sqlite else f"DATE {later}"
    until = f"CASE WHEN i % 10 = 3 AND i >= {size.settled} THEN {later} ELSE {day} END"
    made, share = said.count(first, end), said.id(SHARE, "i") if shares else "NULL"
    if shares:
        connection.execute(
            text(
                f"{made} INSERT INTO share (id, operator_id, kind, event_id, line, returns_share_id, product_id, "
                "producer_id, agreement_version_id, mode, site_id, business_date, qty_milli, gross_vnd, "
                "discount_producer_vnd, commission_vnd, commission_vat_vnd, discount_organizer_vnd, "
                "discount_operator_vnd, paid_vnd, vat_bp, vat_class, vat_vnd, cost_vnd, commission_bp, "
                "commission_vat_bp, producer_due_vnd) "
                f"SELECT {said.id(SHARE, 'i')}, '{OPERATOR}', {kind}, {said.id(EVENT, 'i / 3')}, 1 + i % 3, "
                f"CASE WHEN {back} THEN {said.id(SHARE, f'i - {size.producers}')} END, {said.id(GOODS, who)}, "
                f"{said.id(MAKER, who)}, {said.id(TERMS, who)}, 'commission', '{SITE}', {day}, 1000, {money}, 0, 0, "
                f"{sign} * {GROSS}, 800, 'standard', {sign} * 7407, 0, 1500, 800, {sign} * {DUE} FROM n"
            )
        )
    connection.execute(
        text(
            f"{made} INSERT INTO settlement_line (id, operator_id, producer_id, entry_id, seq, kind, amount_vnd, "
            "business_date, available_on, share_id, mode, commission_bp, commission_vat_bp, gross_vnd, "
            "discount_producer_vnd, commission_vnd, commission_vat_vnd, returns_line_id) "
            f"SELECT {said.id(LINE, 'i')}, '{OPERATOR}', {said.id(MAKER, who)}, '{ENTRY}', i + 1, {kind}, "
            f"{sign} * {DUE}, {day}, {until}, {share}, 'commission', 1500, 800, {money}, "
            f"CASE WHEN {back} THEN {origin} END FROM n"
        )
    )
