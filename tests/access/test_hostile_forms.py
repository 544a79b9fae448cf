"""Every form of the office, field by field, with what nobody should send: a clear answer, never a broken page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from pos.kernel.db import db
from tests.access.routes import ROUTES
from tests.access.test_every_route import Walk
from tests.access.world import a_world

HOSTILE = {
    "empty": "",
    "long": "x" * 2_000,
    "script": "<script>alert(1)</script>\"'",
    "huge": "9" * 40,
    "words": "không phải số",
}


@pytest.fixture
def walk(app: Flask, tmp_path: Path) -> Walk:
    app.instance_path = str(tmp_path)
    return Walk(a_world(app))


def test_no_form_breaks(walk: Walk) -> None:
    wrong: list[tuple[str, str, str, int]] = []
    for key, case in ROUTES.items():
        if not (key.startswith("POST ") and case.form):
            continue
        client, path = walk.market.as_(case.may), walk.fill(case.path)
        good = {name: walk.fill(value) for name, value in case.form.items()}
        for field in good:
            for kind, value in HOSTILE.items():
                answer = client.post(path, data=good | {field: value})
                text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
                # 401: whom an earlier form has switched off
                if answer.status_code not in (200, 303, 401, 404, 409, 422) or "<script>alert" in text:
                    wrong.append((key, field, kind, answer.status_code))
                db.session.remove()
    assert wrong == [], "\n".join(map(str, wrong))


# A product nobody registered may have moved and sold: its card and lots are empty.
ANY_ID = {"GET stock.card", "GET stock.lots"}


def test_a_wrong_id_in_the_address_is_not_found(walk: Walk) -> None:
    wrong: dict[str, tuple[str, int]] = {}
    for key, case in ROUTES.items():
        path = case.path.split("?")[0]
        for named in re.findall(r"{[^}]+}", path):
            asked = walk.fill(path.replace(named, "khong-co"))
            answer = walk.ask(walk.market.as_(case.may), key, replace(case, path=asked))
            led_on = answer.status_code == 303 and "khong-co" in (answer.location or "")  # to a page that says so
            if answer.status_code not in (404, 422) and not led_on and key not in ANY_ID:
                wrong[key] = (named, answer.status_code)
            db.session.remove()
    assert wrong == {}, "\n".join(map(str, wrong.items()))
