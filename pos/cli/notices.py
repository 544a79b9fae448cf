"""`pos notices`: tell producers now what the worker would tell at its hour. Safe to run twice."""

from __future__ import annotations

from datetime import datetime

import click

from pos.cli.base import in_books, say
from pos.kernel.clock import now, today
from pos.kernel.db import db


@click.group()
def notices() -> None:
    """Messages to producers."""


@notices.command("evening")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Today when not given.")
@in_books
def evening(day: datetime | None) -> None:
    """One summary to each producer whose goods moved on that day."""
    from pos.reports.notices import tell_evening

    new = tell_evening(db.session(), day.date() if day else today(), at=now())
    say(f"{new} tin mới", f"{new} new messages")


@notices.command("look")
@in_books
def look() -> None:
    """Sold out, paid, account changed, price asked: what nobody was told yet."""
    from pos.reports.notices import tell_occasions

    new = tell_occasions(db.session(), at=now())
    say(f"{new} tin mới", f"{new} new messages")
