"""What every test may ask for: a fresh migrated database, the application, a client."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from config import Config
from pos.app import create_app
from pos.kernel.db import db, well_behaved
from tests.databases import SECRET, Templates
from tests.databases import templates as open_templates

DATABASE = os.environ.get("POS_TEST_DATABASE", "sqlite")
VECTORS = Path(__file__).parent / "vectors"

settings.register_profile(
    "pos",
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("pos")


ASKS = {"templates", "database_kind"}


def pytest_configure(config: pytest.Config) -> None:
    """Ended from outside is interrupted: fixtures still stop the servers they started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks for a database: the rest says the same on SQLite, and is said there."""
    if DATABASE != "postgresql":
        return
    apart = {item for item in items if not ASKS & set(getattr(item, "fixturenames", ()))}
    config.hook.pytest_deselected(items=list(apart))
    items[:] = [item for item in items if item not in apart]
    config.stash[APART] = len(apart)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """How many that was."""
    if apart := config.stash.get(APART, 0):
        terminalreporter.write_line(f"{apart} tests ask for no database: they run with SQLite's and not again here")


APART = pytest.StashKey[int]()


@pytest.fixture
def database_kind() -> str:
    """sqlite or postgresql: for a test that opens databases by itself."""
    return DATABASE


@pytest.fixture(scope="session")
def templates() -> Iterator[Templates]:
    """The migrated template of this run."""
    with open_templates(DATABASE) as made:
        yield made


@pytest.fixture
def database_url(templates: Templates) -> Iterator[str]:
    """A fresh database of one test."""
    url, name = templates.fresh()
    yield url
    templates.drop(name)


class Browser(FlaskClient):
    """Requests of a test share its application context; who is logged in must not leak from one to the next."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        g.pop("_login_user", None)
        return super().open(*args, **kwargs)


class Compiled(BytecodeCache):
    """Templates compiled once per run, not once per test: each test has an application of its own."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self.kept.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


COMPILED = Compiled()


FIRST: dict[str, Engine] = {}  # the first engine of each kind of database


def share_statements(engine: Engine) -> None:
    """What SQLAlchemy has compiled for one test serves the next; it is kept by dialect, and each engine has its own.

    A dialect of PostgreSQL knows its server's types by their numbers: the same in all copies of one template.
    """
    first = FIRST.setdefault(engine.dialect.name, engine)
    if first is engine:
        engine.connect().close()  # a dialect asks its server once who it is
        engine.dispose()
    engine.dialect = first.dialect
    engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache


def an_app(database_url: str) -> Flask:
    """The application as tests ask it, on a migrated database."""
    made = create_app(Config(database_url=database_url, secret_key=SECRET, demo=False, origin="http://localhost"))
    made.test_client_class = Browser
    made.jinja_env.bytecode_cache = COMPILED
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with made.app_context():
        share_statements(db.engine)
    return made


def forgetful(engine: Engine) -> None:
    """No power cut falls into a test: its SQLite need not wait for the disk. What production asks is tested apart."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous = OFF"))


ONE: list[Flask] = []


@contextmanager
def lent(database_url: str) -> Iterator[Flask]:
    """The application of the whole run on this database, inside its context: making one costs more than most tests do.

    Each time it has a new engine, so nothing kept by engine outlives its database, and what a test sets on the
    application or keeps in its extensions is put back. An application somebody gave views or hooks is not lent again.
    """
    app = ONE.pop() if ONE else an_app(database_url)
    said, config, extensions = dict(vars(app)), dict(app.config), dict(app.extensions)
    views, hooks = dict(app.view_functions), sum(map(len, app.before_request_funcs.values()))
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    with app.app_context():
        engine = create_engine(database_url, **app.config.get("SQLALCHEMY_ENGINE_OPTIONS", {}))
        well_behaved(engine)
        forgetful(engine)
        share_statements(engine)
        cast("dict[str | None, Engine]", db.engines)[None] = engine
        try:
            yield app
        finally:
            db.session.remove()
            engine.dispose()
    for held, was in ((vars(app), said), (app.config, config), (app.extensions, extensions)):
        held.clear()
        held.update(was)
    if app.view_functions == views and sum(map(len, app.before_request_funcs.values())) == hooks:
        ONE.append(app)


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """The application on a fresh database, inside its context."""
    with lent(database_url) as made:
        yield made


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the test's own context; services work in it, nobody commits but unit_of_work."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a browser."""
    return app.test_client()
