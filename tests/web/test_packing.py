"""What travels over bad 4G: packed, whole, and the same when unpacked."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

import config
from pos.tablet.shell import shell_files

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}
STATIC = config.ROOT / "static"


@pytest.mark.parametrize("how", ["br", "gzip"])
@pytest.mark.parametrize("name", ["css/till.css", "vendor/lit-html-3.3.3/lit-html.js", "icons/lucide.svg"])
def test_text_travels_packed_and_comes_out_the_same(client: FlaskClient, how: str, name: str) -> None:
    answer = client.get(f"/static/{name}", headers={"Accept-Encoding": how}, buffered=True)
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, how)
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert UNPACK[how](answer.data) == (STATIC / name).read_bytes()
    assert len(answer.data) == int(answer.headers["Content-Length"]) < (STATIC / name).stat().st_size / 2


def test_who_takes_no_packing_gets_the_file(client: FlaskClient) -> None:
    answer = client.get("/static/css/till.css", headers={"Accept-Encoding": "identity"}, buffered=True)
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (STATIC / "css/till.css").read_bytes()


def test_a_packed_file_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/static/css/till.css", headers={"Accept-Encoding": "br"}, buffered=True)
    again = client.get(
        "/static/css/till.css", headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(
        "/static/css/till.css", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}
    )
    assert other.status_code == 200


def test_pictures_and_fonts_stay_as_they_are(client: FlaskClient) -> None:
    for name in ("fonts/inter-figures.woff2", "icons/till-192.png"):
        answer = client.get(f"/static/{name}", headers={"Accept-Encoding": "br, gzip"}, buffered=True)
        assert "Content-Encoding" not in answer.headers
        assert answer.data == Path(STATIC / name).read_bytes()


def test_the_first_visit_of_the_till_in_brotli(client: FlaskClient) -> None:
    """All a tablet fetches to sell without a network, the catalogue aside. The limit is the contract's."""
    total = sum(
        len(client.get(url, headers={"Accept-Encoding": "br"}, buffered=True).data) for url in shell_files(config.ROOT)
    )
    assert total < 200_000
