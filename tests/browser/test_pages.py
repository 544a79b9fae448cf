"""No violation of axe-core on any page of the office, the producer, the organizer and the public, light and dark.

The addresses are those of tests/access/routes.py, each opened as the person who may; forms also as they come back when
sent empty. A form that comes back must be a page, with what is wrong on it, never a bare line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Error, Page

from tests.access.routes import ROUTES
from tests.access.test_every_route import Walk
from tests.access.world import a_world
from tests.browser.conftest import a_port, served
from tests.browser.test_axe import AXE

pytestmark = pytest.mark.browser

PUBLIC = ("/login", "/p", "/r/{receipt no}", "/statements/check/{digest}", "/statements/check/" + "0" * 64)
NOWHERE = ("/office/sales/{honey}", "/products/no-such-product", "/no/such/page")
SEND = """(path) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: path });
  document.body.append(form);
  form.submit();
}"""
RULES = """async (rules) => {
  const found = await axe.run(document, { resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) });
  return found.violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) =>
    `${id}: ${node.html.slice(0, 160)} – ${node.failureSummary.split("\\n").slice(1).join(" ").slice(0, 200)}`));
}"""
THEMES = (("light", None), ("dark", ["color-contrast"]))


def judged(page: Page, themes: Sequence[tuple[str, list[str] | None]] = THEMES) -> Iterator[str]:
    """What axe says in light, and of the colours in the dark."""
    page.evaluate(AXE)
    for theme, rules in themes:
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        for said in page.evaluate(RULES, rules):
            yield f"{theme}: {said}"


@pytest.fixture
def walk(app: Flask, tmp_path: Path) -> Walk:
    app.instance_path = str(tmp_path)
    return Walk(a_world(app))


class Visitor:
    """One tab that goes everywhere, as one person after another."""

    def __init__(self, page: Page, walk: Walk, port: int) -> None:
        self.page, self.walk, self.origin = page, walk, f"http://127.0.0.1:{port}"

    def as_(self, who: str) -> None:
        """In this person's session from now on."""
        self.page.context.clear_cookies()
        if who != "nobody":
            cookie = self.walk.market.as_(who).get_cookie("session")
            assert cookie is not None
            self.page.context.add_cookies([{"name": "session", "value": cookie.value, "url": self.origin}])

    def open(self, path: str) -> bool:
        """Whether it is a page: not a file, not a part of another page."""
        try:
            answer = self.page.goto(self.origin + path)
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            return False
        assert answer is not None
        return answer.headers["content-type"].startswith("text/html") and self.page.evaluate("!!document.doctype")

    def send_nothing(self, path: str) -> bool:
        """Whether the form came back as a page of its own."""
        with self.page.expect_navigation():
            self.page.evaluate(SEND, path)
        return urlsplit(self.page.url).path == urlsplit(path).path


def test_every_page(page: Page, walk: Walk) -> None:
    port, seen, wrong = a_port(), 0, []
    page.emulate_media(reduced_motion="reduce")
    visitor = Visitor(page, walk, port)
    pages = [("nobody", path) for path in PUBLIC] + [("manager", path) for path in ("/account", *NOWHERE)]
    pages += [(case.may, case.path) for key, case in ROUTES.items() if key.startswith("GET ")]
    forms = [(case.may, case.path) for key, case in ROUTES.items() if key.startswith("POST ") and case.form]
    with served(walk.market.app, port):
        for who, path in pages:
            visitor.as_(who)
            if visitor.open(walk.fill(path)):
                seen += 1
                wrong += [f"{path}: {said}" for said in judged(page)]
        for who, path in forms:
            visitor.as_(who)
            if visitor.send_nothing(walk.fill(path)):
                seen += 1
                wrong += [f"{path}, sent empty: {said}" for said in judged(page, THEMES[:1])]
    assert wrong == [], "\n".join(wrong)
    assert seen > 110  # the others are files and parts
