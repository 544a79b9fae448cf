"""The shared vectors are what the server's rules say today."""

from __future__ import annotations

import json

import pytest

from tests.receipts.vectors import FOLDER, VECTORS


@pytest.mark.parametrize("name", VECTORS)
def test_the_vector_is_the_servers_word(name: str) -> None:
    assert json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) == json.loads(json.dumps(VECTORS[name]()))
