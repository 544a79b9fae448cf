"""A tablet that kept an old shell sells on, today's server books it, and it takes today's shell between two carts.

Each archive in tests/shells is a whole shell as it once was served (`python -m scripts.keep_shell`).
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select

from config import ROOT
from pos.kernel.db import db
from pos.tablet.shell import build_of, folder_of
from pos.till.models import Flag, Sale, TillEvent
from tests.browser.conftest import Live, complaints, sent
from tests.browser.devices import wait
from tests.browser.test_axe import judged, measured

pytestmark = [pytest.mark.browser]
ARCHIVES = sorted((ROOT / "tests" / "shells").glob("*.tar.xz"))
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class OldShell:
    """Today's server, except that the shell's addresses answer as they once did while it is `on`."""

    def __init__(self, today: Wsgi, archive: Path) -> None:
        self.today, self.on = today, True
        with tarfile.open(archive) as kept:
            data = {one.name: file.read() for one in kept if (file := kept.extractfile(one))}
        self.files = {url: (data[name], told) for url, (name, told) in json.loads(data["index.json"]).items()}

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        found = self.files.get(environ["PATH_INFO"]) if self.on and environ["REQUEST_METHOD"] == "GET" else None
        if found is None:
            return self.today(environ, start)
        data, told = found
        start("200 OK", [*told.items(), ("Cache-Control", "no-cache"), ("Content-Length", str(len(data)))])
        return [data]


def kept_build(page: Page) -> str:
    """The shell's build that answers here."""
    return str(page.evaluate("caches.keys().then((names) => names.filter((n) => n.startsWith('till-')).join())"))


def ready_to_sell(page: Page) -> None:
    """Who sells is chosen where it is asked."""
    page.locator("[data-testid=staff], [data-testid=tile]").first.wait_for(timeout=20_000)
    page.wait_for_timeout(500)
    if page.get_by_test_id("staff").count():
        page.get_by_test_id("staff").first.click()
    expect(page.get_by_test_id("tile").first).to_be_visible(timeout=20_000)


def put_in(page: Page) -> None:
    page.locator("[data-testid=tile]").first.click()
    expect(page.get_by_test_id("line")).to_have_count(1)


def pay(page: Page) -> None:
    page.locator("[data-testid=pay-row][data-ready=true]").wait_for()
    page.get_by_test_id("note-exact").click()
    expect(page.get_by_test_id("change")).to_be_visible()
    page.get_by_test_id("next").click()


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name.split(".")[0])
def test_an_old_shell_sells_against_todays_server(
    page: Page, context: BrowserContext, live: Live, archive: Path
) -> None:
    wrong = complaints(context)
    old = OldShell(live.app.wsgi_app, archive)
    setattr(live.app, "wsgi_app", old)  # noqa: B010 - a method to mypy, made to be wrapped
    page.goto(f"{live.url}/till/")
    page.get_by_test_id("enrol-code").fill(live.enrol_code())
    page.get_by_test_id("enrol-go").click()
    ready_to_sell(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    build = kept_build(page)
    assert build_of(ROOT) not in build

    # Online, then without a network and after a reload: the old shell opens from what it kept.
    put_in(page)
    pay(page)
    context.set_offline(True)
    page.reload()
    ready_to_sell(page)
    put_in(page)
    pay(page)
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    sent(page)

    # Today's shell comes while a cart is open: it waits for the cart's end, then the till goes on by itself.
    put_in(page)
    old.on = False
    page.evaluate("navigator.serviceWorker.getRegistration().then((shell) => shell.update()).then(() => true)")
    wait(page, "navigator.serviceWorker.getRegistration().then((shell) => shell.waiting?.state === 'installed')")
    page.wait_for_timeout(1500)
    assert page.get_by_test_id("line").count() == 1, "renewed while a cart was open"
    pay(page)
    expect(page.locator(f"script[src^='{folder_of(ROOT)}/']")).to_have_count(1, timeout=20_000)
    assert kept_build(page) == f"till-{build_of(ROOT)}"
    ready_to_sell(page)
    put_in(page)
    pay(page)
    sent(page)

    with live.app.app_context():
        log_id = db.session().scalars(select(TillEvent.log_id).order_by(TillEvent.received_at.desc()).limit(1)).one()
        sales = db.session().scalars(select(Sale.receipt_no).where(Sale.log_id == log_id)).all()
        flags = db.session().scalars(select(Flag.code).join(TillEvent).where(TillEvent.log_id == log_id)).all()
        db.session.remove()
    assert sorted(no.rsplit("-", 1)[1] for no in sales) == ["1", "2", "3", "4"]
    assert set(flags) <= {"negative_stock"}
    assert wrong == []


def test_a_till_below_the_oldest_wanted_build_says_so_and_sells_on(
    page: Page, context: BrowserContext, live: Live
) -> None:
    wrong = complaints(context)

    def wants_more(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"min_app": "99.0.0"})

    context.route("**/api/till/status", wants_more)
    context.route("**/api/till/events", wants_more)
    page.goto(f"{live.url}/till/")
    page.get_by_test_id("enrol-code").fill(live.enrol_code())
    page.get_by_test_id("enrol-go").click()
    ready_to_sell(page)

    put_in(page)
    expect(page.get_by_test_id("pill-update")).to_have_text("Cập nhật", timeout=15_000)
    page.get_by_test_id("pill-update").click()
    expect(page.get_by_test_id("strip")).to_contain_text("Vẫn bán được.")
    expect(page.get_by_test_id("line")).to_have_count(1)
    pay(page)
    sent(page)

    assert [*judged(page), *measured(page)] == []
    assert wrong == []
