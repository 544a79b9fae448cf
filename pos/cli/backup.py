"""`pos backup` and `pos restore`: a whole copy while it runs, and its return under a new epoch.

The epoch tells every tablet to send again what the copy lacks: they are the backup of the selling side.
Refuses a copy that is damaged or no books of ours; never leaves half of one under the final name.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, make_url, text
from sqlalchemy import create_engine as connect_to
from sqlalchemy.exc import SQLAlchemyError

from pos.kernel.errors import Conflict, Invalid, NotFound

TOOLS = ("pg_dump", "pg_restore")


def back_up(database_url: str, target: Path, *, at: datetime) -> Path:
    """Copy the database to a file, or into a folder under a name with the time. Returns the file.

    SQLite by its online backup, PostgreSQL by `pg_dump`: others go on writing. Raises Conflict when the file is there
    already, Invalid when the copy cannot be made or does not read back.
    """
    url = make_url(database_url)
    sqlite = url.get_backend_name() == "sqlite"
    if target.is_dir():
        target = target / f"pos-{at:%Y%m%dT%H%M%SZ}.{'sqlite' if sqlite else 'dump'}"
    if target.exists():
        raise Conflict("backup.exists", file=str(target))
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))  # names and sums: nobody else reads them
        if sqlite:
            with closing(sqlite3.connect(_file(url))) as live, closing(sqlite3.connect(part)) as copy:
                live.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
            _epoch_of_file(part)
        else:
            _tool("pg_dump", "--format=custom", "--no-owner", f"--file={part}", url=url)
            _tool("pg_restore", "--list", str(part))
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        raise Invalid("backup.failed", what=str(error)) from error
    finally:
        part.unlink(missing_ok=True)
    return target


def restore(database_url: str, source: Path) -> int:
    """Put a copy in place of the database and raise the epoch; no server may run. Returns the new epoch.

    Everything or nothing: one transaction on PostgreSQL, SQLite's own backup into the file. Raises Invalid.
    """
    url = make_url(database_url)
    if not source.is_file():
        raise NotFound("backup.missing", file=str(source))
    before = _epoch_now(url)
    if url.get_backend_name() == "sqlite":
        epoch = _next_epoch(_epoch_of_file(source), before)
        _restore_file(source, _file(url), epoch)
        return epoch
    _tool("pg_restore", "--list", str(source))
    _tool("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(source), url=url)
    engine = connect_to(url)
    try:
        with engine.begin() as connection:
            kept = connection.execute(text("SELECT epoch FROM installation WHERE id = 1")).scalar_one()
            epoch = _next_epoch(kept, before)
            connection.execute(text("UPDATE installation SET epoch = :epoch WHERE id = 1"), {"epoch": epoch})
    finally:
        engine.dispose()
    return epoch


def _next_epoch(kept: int, before: int | None) -> int:
    """One that no tablet has seen. The lost database may have been restored before: without it, the time will do."""
    return max(kept, before) + 1 if before is not None else max(kept + 1, int(time.time()))


def _restore_file(source: Path, target: Path, epoch: int) -> None:
    """Through a file beside it that already has the new epoch, so that a crash half-way leaves the old one."""
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(source, part)
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            copy.execute("UPDATE installation SET epoch = ? WHERE id = 1", (epoch,))
        for end in ("-wal", "-shm"):
            Path(f"{target}{end}").unlink(missing_ok=True)
        part.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise Invalid("backup.failed", what=str(error)) from error
    finally:
        part.unlink(missing_ok=True)


def _file(url: URL) -> Path:
    return Path(url.database or "")


def _epoch_of_file(path: Path) -> int:
    """The epoch of a copy that is whole. Raises Invalid."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            told = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if told != "ok":
                raise Invalid("backup.damaged", what=told)
            return int(copy.execute("SELECT epoch FROM installation WHERE id = 1").fetchone()[0])
    except (sqlite3.Error, TypeError) as error:
        raise Invalid("backup.damaged", what=str(error)) from error


def _epoch_now(url: URL) -> int | None:
    """The epoch of what is there now; None when there is nothing to read."""
    if url.get_backend_name() == "sqlite" and not _file(url).exists():
        return None
    engine = connect_to(url)
    try:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT epoch FROM installation WHERE id = 1")).scalar_one_or_none()
            return None if found is None else int(found)
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()


def _tool(name: str, *words: str, url: URL | None = None) -> None:
    """Run one of PostgreSQL's programs; its password never stands in the list of processes."""
    found = shutil.which(name)
    if found is None:
        raise Invalid("backup.no_tool", tool=name)
    environment = dict(os.environ)
    target: list[str] = []
    if url is not None:
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
        plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        target = [f"--dbname={plain}"]
    done = subprocess.run([found, *target, *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Invalid("backup.failed", what=done.stderr.strip()[-300:])
