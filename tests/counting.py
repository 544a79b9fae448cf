"""Counting queries: a list page asks the same number of questions for 1 and for 300 rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from pos.kernel.db import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SELECTs made inside, by a session that knows nothing yet, as every request begins."""
    db.session.remove()
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
