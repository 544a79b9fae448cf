"""`make run` as a stranger meets it: the demo comes up by itself, one button begins the empty real one."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.story


class Visitor:
    """A browser's cookies and forms, nothing more."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> tuple[str, str]:
        """(address in the end, page)."""
        with self.opener.open(self.base + path, timeout=30) as answer:
            return answer.geturl(), answer.read().decode()

    def post(self, path: str, **form: str) -> tuple[str, str]:
        _, page = self.get("/login")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token
        data = urllib.parse.urlencode(form | {"csrf_token": token[1]}).encode()
        request = urllib.request.Request(self.base + path, data, {"Referer": self.base + "/login"})  # noqa: S310
        with self.opener.open(request, timeout=60) as answer:
            return answer.geturl(), answer.read().decode()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Visitor, Path]]:
    """`pos serve` in a process of its own, on an empty folder."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("POS_")}
    environment |= {"POS_VAR": str(tmp_path), "PORT": str(port)}
    command = [str(Path(sys.executable).with_name("pos")), "serve"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    watchdog = threading.Timer(180, process.kill)
    watchdog.start()
    line = ""
    while "http://127.0.0.1" not in line and process.poll() is None:
        line = process.stdout.readline()
    visitor = Visitor(f"http://127.0.0.1:{port}")
    for _ in range(200):
        try:
            visitor.get("/login")
            break
        except urllib.error.URLError:
            threading.Event().wait(0.1)
    yield visitor, tmp_path
    watchdog.cancel()
    process.terminate()
    process.wait(20)
    process.stdout.close()


def test_the_demo_then_the_real_one(served: tuple[Visitor, Path]) -> None:
    visitor, var = served
    _, page = visitor.get("/login")
    assert "quanly" in page
    assert (var / "demo.sqlite").exists()
    assert not (var / "pos.sqlite").exists()

    at, _ = visitor.post("/demo/till")
    assert "/till/" in at

    at, page = visitor.post("/start-real", operator="HTX Sen Tây Hồ", login="chu", password="mat-khau-that")
    assert at.endswith("/login")
    assert "quanly" not in page
    assert (var / "pos.sqlite").exists()

    at, page = visitor.post("/login", login="chu", password="mat-khau-that")
    assert at.endswith("/office")
    assert "HTX Sen Tây Hồ" in page or "Hôm nay" in page

    with pytest.raises(urllib.error.HTTPError) as gone:
        visitor.post("/start-real", operator="x", login="x", password="mat-khau-that")
    with gone.value:
        assert gone.value.code == 404
