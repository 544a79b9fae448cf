"""Behind proxies, and under the address the database was begun with."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, request

import config
from config import Config
from pos.app import create_app
from pos.cli.base import build, trust_origin
from pos.cli.start import Start, begin_real
from pos.kernel.db import db

FORWARDED = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "pos.vn"}


def seen(proxies: int) -> tuple[str | None, str]:
    """(address of the client, root of the links) as the application sees a forwarded request."""
    app = create_app(Config("sqlite://", "only for tests", False, proxies=proxies))
    app.add_url_rule("/seen", "seen", lambda: {"at": request.remote_addr, "root": request.host_url})
    answer = app.test_client().get("/seen", headers=FORWARDED).get_json()
    return answer["at"], answer["root"]


@pytest.mark.parametrize(
    ("proxies", "address", "root"),
    [(0, "127.0.0.1", "http://localhost/"), (1, "198.51.100.7", "https://pos.vn/")],
)
def test_only_as_many_proxies_are_believed_as_are_told(proxies: int, address: str, root: str) -> None:
    assert seen(proxies) == (address, root)


def test_the_number_of_proxies_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(config, "VAR", tmp_path)
    monkeypatch.setenv("POS_PROXIES", "2")
    assert config.from_environment(demo=True).proxies == 2
    monkeypatch.delenv("POS_PROXIES")
    assert config.from_environment(demo=True).proxies == 0


def let_go(app: Flask) -> None:
    """Leave no connection open."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def begun(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str) -> Flask:
    """A real database begun under an origin, and the application as `pos serve` makes it."""
    monkeypatch.setattr(config, "VAR", tmp_path)
    monkeypatch.setenv("POS_DATABASE_URL", database_url)
    monkeypatch.delenv("POS_ORIGIN", raising=False)
    let_go(begin_real(Start(origin, "HTX Sen", "OP1", "admin", "mot-hai-ba-bon")))
    app = build(config.from_environment(demo=False))
    trust_origin(app)
    return app


@pytest.mark.parametrize(("origin", "secure"), [("https://pos.example.vn", True), ("http://127.0.0.1:8000", False)])
def test_cookies_are_secure_when_the_stored_origin_is(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str, secure: bool
) -> None:
    app = begun(database_url, tmp_path, monkeypatch, origin)

    cookie = app.test_client().get("/login").headers["Set-Cookie"]

    assert (app.config["POS_ORIGIN"], "Secure" in cookie) == (origin, secure)
    let_go(app)
