"""The copies of the contracts' worked examples are the originals, where these lie beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORIGINALS = ROOT.parent / "shared" / "golden"
# Made here, from the server's rules: tests/receipts/test_vectors.py, tests/stock/test_deliveries.py.
OURS = {"receipt-lines.json", "receipt-bands.json", "announced.json"}
COPIES = sorted(path for path in (ROOT / "tests" / "vectors").glob("*.*") if path.name not in OURS)


def test_there_are_copies() -> None:
    assert {path.name for path in COPIES} >= {
        "basket.json",
        "events.json",
        "ledger.json",
        "rounding.json",
        "vietqr.json",
    }


@pytest.mark.parametrize("copy", COPIES, ids=lambda path: path.name)
def test_a_copy_is_its_original(copy: Path) -> None:
    original = ORIGINALS / copy.name
    if ORIGINALS.is_dir():
        assert copy.read_bytes() == original.read_bytes()
    else:
        assert copy.stat().st_size > 0
