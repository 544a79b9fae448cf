"""The rail of the office: what a person may open, in groups, the group of this page open."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from pos.kernel.db import db
from tests import factories as f


def groups(html: str) -> list[tuple[bool, str, list[str]]]:
    """(open, name, doors) of each group."""
    found = re.findall(
        r'<details class="rail-group" name="rail"( open)?><summary>(.*?) <svg.*?<div>(.*?)</div>', html, re.S
    )
    return [
        (bool(is_open), words, re.findall(r'<span class="grow">(.*?)</span>', doors)) for is_open, words, doors in found
    ]


def test_a_manager_has_groups_and_the_one_of_the_page_is_open(client: FlaskClient) -> None:
    operator = f.an_operator(db.session())
    person = f.a_person(db.session(), "manager", "operator", operator.id)
    db.session.commit()

    html = f.logged_in(client, person).get("/certificates/").get_data(as_text=True)

    told = groups(html)
    assert [(is_open, words) for is_open, words, _ in told] == [
        (False, "Bán hàng"), (True, "Hàng và tồn"), (False, "Chủ thể và tiền"), (False, "Nơi bán và người"),
    ]  # fmt: skip
    assert "Chứng nhận" in told[1][2]
    assert html.index("Cần xem") < html.index("rail-group")


def test_who_has_few_doors_needs_no_groups(client: FlaskClient) -> None:
    person = f.a_person(db.session(), "producer", "producer", f.a_producer(db.session()).id)
    db.session.commit()

    html = f.logged_in(client, person).get("/account").get_data(as_text=True)

    assert "rail-doors" in html
    assert groups(html) == []
