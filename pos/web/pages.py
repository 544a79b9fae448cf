"""page() answers a read, done() a write; and the words templates use for figures and dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_htmx import HTMX

from pos.kernel import text
from pos.kernel.clock import local

htmx = HTMX()


def page(template: str, **context: Any) -> ResponseReturnValue:
    """Answer a read with a full page."""
    return render_template(template, **context)


def done(partial: str, *, back: str, **context: Any) -> ResponseReturnValue:
    """Answer a write: the fragment for htmx, a redirect for a plain browser."""
    if not htmx:
        return redirect(back, code=303)
    return render_template(partial, **context)


def gone(to: str) -> ResponseReturnValue:
    """Answer a write that leads to another page: a whole navigation in both worlds."""
    if not htmx:
        return redirect(to, code=303)
    made = make_response("")
    made.headers["HX-Redirect"] = to
    return made


def page_no() -> int:
    """?page=, from 1; 1 for anything else."""
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1


def origin() -> str:
    """The address people and tablets know, or the one this page was asked at; without the last stroke."""
    given: str | None = current_app.config["POS_ORIGIN"]
    return (given or request.host_url).rstrip("/")


def clock(moment: datetime | None) -> str:
    """`14:02`, Hanoi."""
    return local(moment).strftime("%H:%M") if moment else "—"


def day(value: date | datetime | None) -> str:
    """`22/11/2026`; an instant becomes its day in Hanoi."""
    if value is None:
        return "—"
    return (local(value) if isinstance(value, datetime) else value).strftime("%d/%m/%Y")


def percent(bp: int) -> str:
    """Basis points as people write them: 1250 → `12,5 %`."""
    whole, rest = divmod(bp, 100)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",") + " %" if rest else f"{whole} %"


def init_app(app: Flask) -> None:
    """Give templates the filters `dong`, `quantity`, `clock`, `day`, `percent`."""
    htmx.init_app(app)
    app.jinja_env.filters.update(dong=text.dong, quantity=text.quantity, clock=clock, day=day, percent=percent)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
