"""docs/roles.md says what the code does, and every view names its action."""

from __future__ import annotations

from flask import Flask

from pos.access.rules import ROLES
from pos.web.words import WORDS
from scripts.roles import MEANS, PAGE, page
from tests.access.routes import PUBLIC

TABLET = ("tablet.", "till_api.", "till_display.")  # the shell holds no data; the API goes by the device's token


def test_the_page_is_the_code() -> None:
    assert page(PAGE.read_text()) == PAGE.read_text()


def test_every_action_and_role_is_explained() -> None:
    assert {a for allowed in ROLES.values() for a in allowed} == set(MEANS)
    assert set(WORDS["role"]) == set(ROLES)


def test_every_view_names_its_action(app: Flask) -> None:
    open_to_all = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if not hasattr(view, "pos_action") and not endpoint.startswith(TABLET)
    }

    assert open_to_all - {address.split()[1] for address in PUBLIC} == set()
