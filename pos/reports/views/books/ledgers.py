"""Trial balance, an account's and a producer's ledger, the journal, one entry with its document."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.kernel.text import fold, nfc
from pos.ledger.queries.trial import trial_of
from pos.ledger.rules import ACCOUNTS
from pos.producers.models import Producer
from pos.reports.queries.books.journal import Asked, Found, Key, list_entries, producers_named
from pos.reports.queries.books.ledgers import account_of, find_entry, names_of, parts_of, producer_accounts
from pos.reports.queries.books.pictures import trial_bars
from pos.reports.queries.books.sources import sources_of
from pos.reports.views.books.blueprint import Books, books_of, bp, day_of
from pos.stock.queries import list_sites
from pos.web.pages import page
from pos.web.words import WORDS


@bp.get("")
@requires("ledger.read")
def trial() -> ResponseReturnValue:
    """Each account of a period: before, debit, credit, after; in sum 0."""
    books = books_of("ledger.read", in_part=True)
    if books.sites is not None:  # a balance of some sites only would say nothing
        return redirect(url_for("books.journal", **books.query))
    found = trial_of(db.session(), books.operator_id, books.from_on, books.until_on)
    return page("reports/books/trial.html", books=books, trial=found, bars=trial_bars(found))


def _after() -> Key | None:
    """`?after=2026-11-22:17`, the last row shown."""
    day, _, seq = request.args.get("after", "").partition(":")
    try:
        return (date.fromisoformat(day), int(seq)) if seq.isascii() and seq.isdecimal() else None
    except ValueError:
        return None


def _asked(books: Books) -> Asked:
    """The journal's filters in the address; what nobody knows asks for nothing."""
    args = request.args
    account, kind = args.get("account", ""), args.get("kind", "")
    return Asked(
        books.from_on, books.until_on, account=account if account in ACCOUNTS else "",
        kind=kind if kind in WORDS["entry"] else "", site_id=args.get("site", ""),
        producer_id=args.get("producer", ""), text=nfc(args.get("q", ""))[:60], sites=books.sites,
    )  # fmt: skip


def _running(opening: int) -> int:
    """The balance before the first row: a following page is told it by its link."""
    told = request.args.get("b", "")
    plain = told.removeprefix("-")
    return int(told) if plain.isascii() and plain.isdecimal() and len(plain) < 16 else opening


def _more(endpoint: str, found: Found, books: Books, **values: str | None) -> str | None:
    """The address of the next page."""
    if found.next is None:
        return None
    kept: dict[str, Any] = {
        name: told for name in ("account", "kind", "site", "q", "producer") if (told := request.args.get(name))
    }
    after = f"{found.next[0].isoformat()}:{found.next[1]}"
    return url_for(endpoint, **(kept | books.query | values | {"after": after}))


@bp.get("/journal")
@requires("ledger.read")
def journal() -> ResponseReturnValue:
    """Every entry, newest day first, narrowed by day, account, producer, kind, place or a number."""
    books, session = books_of("ledger.read", in_part=True), db.session()
    asked = _asked(books)
    found = list_entries(session, books.operator_id, asked, after=_after())
    return page(
        "reports/books/journal.html",
        books=books,
        asked=asked,
        found=found,
        sources=sources_of(session, [(row.source_kind, row.source_id) for row in found.rows]),
        more=_more("books.journal", found, books),
        accounts=list(ACCOUNTS),
        sites=list_sites(session, reach(viewer(), "ledger.read")),
        producer=names_of(session, "producer", [asked.producer_id]).get(asked.producer_id),
    )


@bp.get("/accounts/<account>")
@requires("ledger.read")
def account(account: str) -> ResponseReturnValue:
    """One account, or one of its parts: what it had, each line, what it has."""
    if account not in ACCOUNTS:
        raise NotFound("books.no_account")
    books, session = books_of("ledger.read"), db.session()
    part = request.args.get("of", "")[:36]
    if part:
        row = account_of(session, books.operator_id, account, part, books.from_on, books.until_on)
    else:
        all_ = trial_of(session, books.operator_id, books.from_on, books.until_on).rows
        row = next((row for row in all_ if row.account == account), None) or account_of(
            session, books.operator_id, account, "", books.from_on, books.until_on
        )
    asked = Asked(books.from_on, books.until_on, account=account, dimension=part)
    found = list_entries(session, books.operator_id, asked, after=_after(), oldest_first=True)
    running = _running(row.opening_vnd)
    return page(
        "reports/books/account.html",
        books=books,
        row=row,
        part=part,
        of=ACCOUNTS[account],
        name=names_of(session, ACCOUNTS[account], [part]).get(part, part) if part else "",
        found=found,
        running=running,
        sources=sources_of(session, [(each.source_kind, each.source_id) for each in found.rows]),
        more=_more("books.account", found, books, account=account, of=part or None,
                   b=str(running + sum(each.amount_vnd for each in found.rows))),
    )  # fmt: skip


@bp.get("/accounts/<account>/parts")
@requires("ledger.read")
def account_parts(account: str) -> ResponseReturnValue:
    """By shift, place or producer: a part of the account's page, fetched when it is looked at."""
    if account not in ACCOUNTS:
        raise NotFound("books.no_account")
    books = books_of("ledger.read")
    parts, more = parts_of(db.session(), books.operator_id, account, books.from_on, books.until_on)
    return page("reports/books/_parts.html", books=books, account=account, parts=parts, more=more)


@bp.get("/producers")
@requires("ledger.read")
def producers() -> ResponseReturnValue:
    """Whose ledger: producers with money in these books, found by name."""
    books = books_of("ledger.read")
    q = nfc(request.args.get("q", ""))[:60]
    found = producers_named(db.session(), books.operator_id, fold(q), 50)
    return page("reports/books/producers.html", books=books, q=q, found=found)


@bp.get("/producers/<producer_id>")
@requires("ledger.read")
def producer(producer_id: str) -> ResponseReturnValue:
    """One producer: what is owed, advanced and held, with each line."""
    books, session = books_of("ledger.read"), db.session()
    known = session.get(Producer, producer_id)
    rows = producer_accounts(session, books.operator_id, producer_id, books.from_on, books.until_on)
    if known is None or (not rows and not producers_named(session, books.operator_id, known.search, 1)):
        raise NotFound("producer.unknown")
    asked = Asked(books.from_on, books.until_on, producer_id=producer_id)
    found = list_entries(session, books.operator_id, asked, after=_after(), oldest_first=True)
    opening = sum(row.opening_vnd for row in rows)
    running = _running(opening)
    return page(
        "reports/books/producer.html",
        books=books,
        producer=known,
        rows=rows,
        found=found,
        running=running,
        sources=sources_of(session, [(each.source_kind, each.source_id) for each in found.rows]),
        more=_more("books.producer", found, books, producer_id=producer_id,
                   b=str(running + sum(each.amount_vnd for each in found.rows))),
    )  # fmt: skip


@bp.get("/entries/<entry_id>")
@requires("ledger.read")
def entry(entry_id: str) -> ResponseReturnValue:
    """One entry: its lines, its document, what it reverses, its place in the chain."""
    found = find_entry(db.session(), entry_id)
    if found is None:
        raise NotFound("books.no_entry")
    mine = reach(viewer(), "ledger.read")
    if not any(mine.covers(operator=found.entry.operator_id, site=line.site_id) for line in found.lines):
        raise NotFound("books.no_entry")
    return page("reports/books/entry.html", found=found, day=day_of("from"))
