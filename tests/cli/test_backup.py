"""A copy while it runs, and its return: nothing of ours is lost, every tablet is told by the epoch."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, make_url, text

import config
from pos.cli import main
from tests.databases import postgresql_tools

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Run:
    """The commands on this test's database, begun."""
    monkeypatch.setattr(config, "VAR", tmp_path / "var")
    monkeypatch.setenv("POS_DATABASE_URL", database_url)
    monkeypatch.setenv("POS_DEMO", "0")
    if not database_url.startswith("sqlite"):
        monkeypatch.setenv("PATH", f"{postgresql_tools()}{os.pathsep}{os.environ['PATH']}")
    made: Run = lambda *words: CliRunner().invoke(main, list(words))  # noqa: E731 - one line says it
    assert made("init", "--password", "mot-hai-ba-bon", "--operator", "HTX Sen").exit_code == 0
    return made


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    """Look into, or change, the database as nobody's application would."""
    engine = create_engine(url)
    with engine.begin() as connection:
        done = connection.execute(text(statement))
        rows = [tuple(row) for row in done] if done.returns_rows else []
    engine.dispose()
    return rows


def test_backup_and_restore(run: Run, tmp_path: Path, database_url: str) -> None:
    before = ask(database_url, "SELECT books, epoch FROM installation")
    done = run("backup", str(tmp_path))
    copy = Path(done.output.splitlines()[-1])
    assert (done.exit_code, copy.parent, copy.stat().st_mode & 0o777) == (0, tmp_path, 0o600)
    ask(database_url, "UPDATE operator SET name = 'khác'")

    assert run("restore", str(copy), "--yes").exit_code == 0

    assert ask(database_url, "SELECT name FROM operator") == [("HTX Sen",)]
    assert ask(database_url, "SELECT books, epoch FROM installation") == [(before[0][0], 2)]
    assert run("check").exit_code == 0


def test_the_same_copy_twice_gives_another_epoch_each_time(run: Run, tmp_path: Path, database_url: str) -> None:
    copy = tmp_path / "pos.copy"
    assert run("backup", str(copy)).exit_code == 0

    for epoch in (2, 3, 4):
        assert run("restore", str(copy), "--yes").exit_code == 0
        assert ask(database_url, "SELECT epoch FROM installation") == [(epoch,)]


def test_a_copy_is_never_written_over_and_a_damaged_one_changes_nothing(
    run: Run, tmp_path: Path, database_url: str
) -> None:
    copy = tmp_path / "pos.copy"
    run("backup", str(copy))
    assert run("backup", str(copy)).exit_code == 3
    broken = tmp_path / "broken"
    broken.write_bytes(copy.read_bytes()[:5000])

    refused = run("restore", str(broken), "--yes")

    assert (refused.exit_code, "backup.damaged" in refused.output or "backup.failed" in refused.output) == (3, True)
    assert ask(database_url, "SELECT epoch FROM installation") == [(1,)]
    assert run("restore", str(tmp_path / "none"), "--yes").exit_code == 3
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_where_the_database_is_gone_the_epoch_is_still_a_new_one(run: Run, tmp_path: Path, database_url: str) -> None:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        pytest.skip("a database of PostgreSQL is made before it is restored into")
    copy = tmp_path / "pos.copy"
    run("backup", str(copy))
    Path(str(url.database)).unlink()

    assert run("restore", str(copy), "--yes").exit_code == 0

    [(epoch,)] = ask(database_url, "SELECT epoch FROM installation")
    assert isinstance(epoch, int)
    assert epoch > 1_000_000_000
    with sqlite3.connect(str(url.database)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
