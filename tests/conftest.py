"""What every test may ask for: a fresh migrated database, the application, a client."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from config import Config
from pos.app import create_app
from pos.kernel.db import db
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


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """The migrated template of this run."""
    with open_templates(DATABASE, tmp_path_factory.mktemp("db")) as made:
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
    """What SQLAlchemy has compiled for one test serves the next; it is kept by dialect, and each engine has its own."""
    first = FIRST.setdefault(engine.dialect.name, engine)
    engine.dialect = first.dialect
    engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache


def an_app(database_url: str) -> Flask:
    """The application as tests ask it, on a migrated database."""
    made = create_app(Config(database_url=database_url, secret_key=SECRET, demo=False, origin="http://localhost"))
    made.test_client_class = Browser
    made.jinja_env.bytecode_cache = COMPILED
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    if DATABASE == "sqlite":  # a dialect of PostgreSQL knows its server's types by their numbers
        with made.app_context():
            share_statements(db.engine)
    return made


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """The application on a fresh database, inside its context."""
    made = an_app(database_url)
    with made.app_context():
        yield made
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the test's own context; services work in it, nobody commits but unit_of_work."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a browser."""
    return app.test_client()
