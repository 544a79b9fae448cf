"""A settlement of many lines beside plain SQL in the same run: `python -m bench.settle [--only sqlite|postgresql]`.

One million sale lines of 3,000 producers, half of them settled. The preview of a whole run beside the plain GROUP BY
of the open half; the freeze, in transactions of 200 producers as the page makes it, beside the plain INSERT … SELECT
that claims the same lines into the same table. Exits with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader
from sqlalchemy import func, select, text

from bench.settle_balance import balances
from bench.settle_fill import DAY, MAKER, OPERATOR, PAPER, Size, fill, named
from config import Config
from pos.app import create_app
from pos.consignment.adapters.pdf import statement_pdf
from pos.consignment.models import Statement, StatementClaim
from pos.consignment.queries.runs import get_run, list_briefs
from pos.consignment.queries.statements import get_detail
from pos.consignment.rules.paper import paper_of
from pos.consignment.service.statements import freeze_statements
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from tests.databases import SECRET, templates

BATCH = 200
LIMITS = {"preview": 3.0, "freeze": 4.0, "memory": 500.0, "pdf": 0.5}
GROUPED = text(
    "SELECT l.producer_id, l.kind, l.commission_bp, l.commission_vat_bp, count(*), min(l.business_date),"
    " sum(l.amount_vnd), sum(l.gross_vnd), sum(l.discount_producer_vnd), sum(l.commission_vnd),"
    " sum(l.commission_vat_vnd) FROM settlement_line l"
    " LEFT JOIN statement_claim c ON c.line_id = l.id AND c.released_at IS NULL"
    " WHERE l.operator_id = :operator AND c.line_id IS NULL"
    " GROUP BY l.producer_id, l.kind, l.commission_bp, l.commission_vat_bp"
)
CLAIM = text(
    "INSERT INTO statement_claim (statement_id, line_id)"
    " SELECT s.id, l.id FROM settlement_line l JOIN statement s ON s.producer_id = l.producer_id"
    " LEFT JOIN statement_claim c ON c.line_id = l.id AND c.released_at IS NULL"
    " WHERE l.operator_id = :operator AND c.line_id IS NULL AND s.run_id = :run ORDER BY l.id"
)


def timed(work: Callable[[], object], rounds: int) -> float:
    """Median seconds, each round by a session that knows nothing yet."""
    took = []
    for _ in range(rounds):
        db.session.remove()
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    db.session.remove()
    return statistics.median(took)


def plain_claim() -> float:
    """The plain INSERT … SELECT of all open lines, taken back afterwards; seconds."""
    with db.engine.connect() as connection, connection.begin() as whole:
        began = time.perf_counter()
        connection.execute(CLAIM, {"operator": OPERATOR, "run": _run_id()})
        took = time.perf_counter() - began
        whole.rollback()
    return took


def _run_id() -> str:
    found = db.session.scalar(select(Statement.run_id).where(Statement.id == named(PAPER, 0)))
    db.session.remove()
    return str(found)


def freeze_all(producers: int) -> float:
    """As the page does it: everybody chosen, 200 at a time; seconds."""
    began = time.perf_counter()
    for first in range(0, producers, BATCH):
        some = [named(MAKER, n) for n in range(first, min(first + BATCH, producers))]
        with unit_of_work() as session:
            freeze_statements(session, OPERATOR, some, DAY, run_on=DAY, at=now(), by=None)
    return time.perf_counter() - began


def pdf_of_ten_pages(rounds: int) -> tuple[int, float]:
    """A statement with so many products that it fills ten pages: (pages, median seconds)."""
    found = get_detail(db.session(), str(db.session.scalar(select(func.max(Statement.id)))))
    made: list[bytes] = []

    def once() -> None:  # other texts each time: typst keeps what it has set
        goods = [{**found.body["goods"][0], "product": f"Chè {len(made)}.{n}"} for n in range(480)]
        paper = paper_of(
            {**found.body, "goods": goods}, "vi", sha256=found.sha256, void=False, approver=None, approved=False,
            self_approved=False,
        )  # fmt: skip
        made.append(statement_pdf(paper, "https://example.vn/x"))

    took = timed(once, rounds)
    return len(PdfReader(BytesIO(made[0])).pages), took


def claims() -> int:
    found = db.session.scalar(select(func.count()).select_from(StatementClaim)) or 0
    db.session.remove()
    return found


def measure(kind: str, size: Size, rounds: int) -> bool:
    """Fill, ask, freeze, print; True when every limit is kept."""
    with tempfile.TemporaryDirectory() as scratch, templates(kind, Path(scratch)) as made:
        url, name = made.fresh()
        app = create_app(Config(database_url=url, secret_key=SECRET, demo=False))
        with app.app_context():
            began = time.perf_counter()
            fill(size)
            print(f"{kind}: {size.lines} lines of {size.producers} producers in {time.perf_counter() - began:.0f} s")
            floor = timed(lambda: db.session.execute(GROUPED, {"operator": OPERATOR}).all(), rounds)
            brief = timed(lambda: list_briefs(db.session(), OPERATOR, DAY, run_on=DAY), rounds)
            run = timed(lambda: get_run(db.session(), OPERATOR, DAY, run_on=DAY), rounds)
            claim, before = plain_claim(), claims()
            froze = freeze_all(size.producers)
            pages, pdf = pdf_of_ten_pages(rounds)
            taken = claims() - before
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
        made.drop(name)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kept = True
    for what, took, beside, limit in (
        ("plain GROUP BY of the open half", floor, floor, None),
        ("preview: verdicts and totals", brief, floor, LIMITS["preview"]),
        ("preview: and its first page", run, floor, LIMITS["preview"]),
        ("plain INSERT … SELECT", claim, claim, None),
        (f"freeze, {taken} lines claimed", froze, claim, LIMITS["freeze"]),
    ):
        fits = limit is None or took / beside <= limit
        kept = kept and fits
        told = f"≤ {limit:.0f} ×{'' if fits else '  MISSED'}" if limit else ""
        print(f"  {what:40} {took * 1000:9.0f} ms {took / beside:6.2f} × {told}")
    print(f"  {f'PDF of {pages} pages':40} {pdf * 1000:9.0f} ms          ≤ {LIMITS['pdf'] * 1000:.0f} ms")
    kept = kept and pdf <= LIMITS["pdf"]
    print(f"  {'largest memory':40} {memory:9.0f} MB          ≤ {LIMITS['memory']:.0f} MB")
    return kept and memory <= LIMITS["memory"]


def main() -> int:
    """Both databases, one after the other; answers on how many a limit was missed."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--lines", type=int, default=1_000_000)
    read.add_argument("--producers", type=int, default=3_000)
    read.add_argument("--rounds", type=int, default=3)
    read.add_argument("--balance", action="store_true", help="a producer's balance page instead, over --lines lines")
    read.add_argument("--only", choices=("sqlite", "postgresql"))
    given, _rest = read.parse_known_args()
    kinds = [given.only] if given.only else ["sqlite", "postgresql"]
    if given.balance:
        return sum(not balances(kind, given.lines, given.rounds) for kind in kinds)
    size = Size(given.lines, given.producers, given.lines // 2)
    return sum(not measure(kind, size, given.rounds) for kind in kinds)


if __name__ == "__main__":
    sys.exit(min(1, main()))
