"""What commands share: which database, an application context, errors in words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

import config as settings
from pos.kernel.db import db
from pos.kernel.errors import Trouble
from pos.web.phrases import phrase

P = ParamSpec("P")
WRONG, NOT_READY, REFUSED = 1, 2, 3


def build(config: settings.Config) -> Flask:
    """The application on one database (no connection opened)."""
    from pos.app import create_app

    return create_app(config)


def migrate(app: Flask) -> None:
    """Bring the database to this release's schema and let go of it."""
    with app.app_context():
        upgrade(directory=str(settings.ROOT / "migrations"))
    release(app)


def ready(app: Flask) -> bool:
    """True when the database has our tables and an installation. Holds no connection afterwards: the file
    may be another one by the next look."""
    from pos.kernel.models import Installation

    try:
        with app.app_context():
            try:
                if not inspect(db.engine).has_table("installation"):
                    return False
                return db.session().get(Installation, 1) is not None
            finally:
                db.session.remove()
    finally:
        release(app)  # after the session has given its connection back


def release(app: Flask) -> None:
    """Let go of the database: a command leaves no connection open."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def trust_origin(app: Flask) -> None:
    """Serve the real database as its stored origin says: links name it, and on https cookies are secure."""
    from pos.kernel.models import Installation

    with app.app_context():
        found = db.session().get_one(Installation, 1)
        if not found.demo:
            app.config["POS_ORIGIN"] = app.config["POS_ORIGIN"] or found.origin
        if found.origin.startswith("https://"):
            app.config["SESSION_COOKIE_SECURE"] = True
        db.session.remove()


def say(vi: str, en: str, *, err: bool = False) -> None:
    """A sentence in both languages."""
    click.echo(f"{vi} / {en}", err=err)


def told(trouble: Trouble, about: str = "") -> None:
    """A trouble as a sentence on stderr, with its code and facts."""
    vi, en = phrase(trouble.code, type(trouble).__name__, trouble.facts)
    say(f"{about} {vi}".strip(), en, err=True)
    facts = ", ".join(f"{key}={value}" for key, value in trouble.facts.items() if key != "status")
    click.echo(f"  ({trouble.code}{': ' + facts if facts else ''})", err=True)


def in_books(command: Callable[P, int | None]) -> Callable[P, None]:
    """Run a command on the chosen database; troubles become sentences and exit codes."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        config = settings.from_environment()
        app = build(config)
        try:
            if not ready(app):
                say(
                    f"Chưa có sổ ở {where(config)}. Chạy `pos init`, hoặc `pos seed demo` cho bản dùng thử.",
                    "No books there yet: run `pos init`, or `pos seed demo` for the demo.",
                    err=True,
                )
                sys.exit(NOT_READY)
            click.echo(f"[{where(config)}]", err=True)
            with app.app_context():
                code = command(*args, **kwargs)
        except Trouble as trouble:
            told(trouble)
            sys.exit(REFUSED)
        except OperationalError as error:
            say("Không mở được cơ sở dữ liệu", f"the database cannot be reached: {error.orig}", err=True)
            sys.exit(NOT_READY)
        finally:
            release(app)
        sys.exit(code or 0)

    return run


def where(config: settings.Config) -> str:
    """The database in words, without its password."""
    from sqlalchemy.engine import make_url

    shown = make_url(config.database_url).render_as_string(hide_password=True)
    return f"demo {shown}" if config.demo else shown
