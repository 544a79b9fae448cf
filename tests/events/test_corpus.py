"""Every format ever released is accepted for ever: each release replays the corpus.

A file is never changed once released; a new field gets a new file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pos.kernel.canonical import canonical, digest
from pos.reports.check import check_all
from pos.till.commands import KINDS
from tests.till.golden import build

CORPUS = sorted((Path(__file__).parent / "v1").glob("*.json"))


def events_of(path: Path) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = json.loads(path.read_text())["events"]
    return events


def test_the_corpus_has_every_kind() -> None:
    assert {event["kind"] for path in CORPUS for event in events_of(path)} == set(KINDS)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_it_is_still_accepted_and_the_books_hold(session: Session, path: Path) -> None:
    world, events = build(), events_of(path)
    for event in events:
        assert digest(canonical({k: v for k, v in event.items() if k not in ("hash", "private")})) == event["hash"]

    results = world.send(*(json.dumps(event, ensure_ascii=False) for event in events))

    assert {r["status"] for r in results} <= {"recorded", "flagged"}
    assert [(found.number, found.problems) for found in check_all(session) if not found.holds] == []
