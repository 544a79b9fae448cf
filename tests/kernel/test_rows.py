"""Rows held back and sent together: the same books as one by one, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, bindparam, event, func, select, update

from pos.kernel.clock import now
from pos.kernel.db import db, is_postgresql, unit_of_work
from pos.kernel.ids import new_id
from pos.kernel.rows import ask, change, insert_rows, send_held, together
from pos.ledger.models import ChainHead
from pos.producers.models import Producer

MOVE = update(ChainHead).where(ChainHead.operator_id == bindparam("who")).values(seq=bindparam("to"))


def makers(n: int) -> list[dict[str, Any]]:
    return [
        {
            "id": (id_ := new_id()), "code": id_, "name": f"Hộ {i} – 100 % “chè”", "search": "", "kind": "household",
            "tax_method": "direct", "made_at": now(),
        }
        for i in range(n)
    ]  # fmt: skip


def count() -> int:
    return db.session().scalar(select(func.count()).select_from(Producer)) or 0


def test_rows_and_changes_of_several_tables_go_in_one_statement(app: Flask) -> None:
    head = new_id()
    seen: list[str] = []
    with unit_of_work() as session:
        insert_rows(session, ChainHead, [{"operator_id": head, "seq": 0, "hash": "0" * 64}])
        event.listen(db.engine, "before_cursor_execute", lambda _c, _u, sql, *_: seen.append(sql))
        with together(session):
            insert_rows(session, Producer, makers(2))
            with together(session):  # inside another it adds nothing
                insert_rows(session, Producer, makers(3))
            change(session, MOVE, {"who": head, "to": 7})
        postgresql = is_postgresql(session)
    assert len([sql for sql in seen if "INSERT" in sql or "UPDATE" in sql]) == (1 if postgresql else 3)
    assert count() == 5
    assert db.session().scalar(select(ChainHead.seq).where(ChainHead.operator_id == head)) == 7


def test_what_is_to_be_read_is_sent_first(app: Flask) -> None:
    with unit_of_work() as session, together(session):
        insert_rows(session, Producer, makers(4))
        send_held(session)
        assert count() == 4


def test_an_error_inside_leaves_nothing_behind(app: Flask) -> None:
    with pytest.raises(RuntimeError), unit_of_work() as session, together(session):
        insert_rows(session, Producer, makers(1))
        raise RuntimeError
    assert count() == 0
    with unit_of_work() as session:  # nothing is held over into the next
        insert_rows(session, Producer, makers(1))
    assert count() == 1


QUESTION = (
    select(Producer.id, Producer.made_at, Producer.name, bindparam("tail", type_=String))
    .where(Producer.id.in_(bindparam("ids", expanding=True)), Producer.made_at <= bindparam("at"))
    .order_by(Producer.name)
    .limit(2)
)


@pytest.mark.parametrize("asked", [0, 1, 3])
def test_a_question_asked_as_driver_sql_has_the_same_answer(app: Flask, asked: int) -> None:
    rows = makers(4)
    with unit_of_work() as session:
        insert_rows(session, Producer, rows)
        values = {"ids": [row["id"] for row in rows[:asked]], "at": now(), "tail": None}
        told = [tuple(row) for row in ask(session.connection(), QUESTION, values)]
        assert told == [tuple(row) for row in session.connection().execute(QUESTION, values)]
    assert told == [(row["id"], row["made_at"], row["name"], None) for row in rows[: min(asked, 2)]]
