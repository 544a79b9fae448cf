"""No violation of axe-core on any screen, light and dark; every target large enough at every size of screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Live
from tests.browser.walk import SIZES, walk

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
AXE = (HERE.parent / "js/vendor/axe-core-4.14.1/axe.min.js").read_text(encoding="utf-8")
RULER = (HERE / "ruler.js").read_text(encoding="utf-8")
RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, nodes }) => nodes.slice(0, 4).map((node) =>
    `${id}: ${node.html.slice(0, 160)} – ${node.failureSummary.split("\\n").slice(1).join(" ").slice(0, 200)}`));
}"""


def judged(page: Page) -> Iterator[str]:
    """What axe says of the page as it stands, in both themes."""
    if not page.evaluate("Boolean(globalThis.axe)"):
        page.evaluate(AXE)
    for theme in ("light", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        for said in page.evaluate(RUN):
            yield f"{theme}: {said}"


def measured(page: Page) -> Iterator[str]:
    """What the ruler says at every size."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for said in page.evaluate(RULER):
            yield f"{width}×{height}: {said}"
    page.set_viewport_size({"width": 1280, "height": 800})


def test_every_screen_of_the_till(page: Page, context: BrowserContext, live: Live) -> None:
    wrong: list[str] = []
    page.emulate_media(reduced_motion="reduce")

    def look(name: str) -> None:
        wrong.extend(f"{name}: {said}" for said in judged(page))
        wrong.extend(f"{name}: {said}" for said in measured(page))

    walk(page, context, live, look)
    assert wrong == [], "\n".join(wrong)
