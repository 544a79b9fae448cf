"""Patterns of scale labels: read as people write them, kept, told to the tills."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from pos.kernel.db import db
from pos.places.labels import LabelPattern, read_patterns
from pos.places.models import Operator
from tests.reports.market import a_market


def test_patterns_one_per_line_with_a_step() -> None:
    assert read_patterns("21IIIIIPPPPPK\n\n 22IIIIIWWWWWK x 10 ") == [
        LabelPattern("21IIIIIPPPPPK", 1), LabelPattern("22IIIIIWWWWWK", 10),
    ]  # fmt: skip
    assert read_patterns("") == []


@pytest.mark.parametrize(
    "wrong",
    [
        "31IIIIIPPPPPK", "21IIIIIPPPPP", "21IIIIIPPPPPP", "21IIIIIxxxxxK", "21xxxxxPPPPPK", "21IIPIIPPPPPK",
        "21IIIIIPPWWWK", "21IIIIIPPPPPK x 0", "21IIIIIPPPPPK 5", "\n".join(["21IIIIIPPPPPK"] * 9),
    ],
)  # fmt: skip
def test_what_is_no_pattern(wrong: str) -> None:
    assert read_patterns(wrong) is None


def test_the_office_writes_them_and_the_till_reads_them(app: Flask) -> None:
    market = a_market(app)
    path = f"/places/operators/{market.ids['gifts']}/labels"
    manager = market.as_("manager")
    assert manager.post(path, data={"patterns": "21IIIIIPPPPPK\r\n22IIIIIWWWWWK x 10"}).status_code == 303
    device = market.devices["shop"]
    settings = device.client.get("/api/till/catalogue?since=0", headers=device.headers).get_json()["settings"]
    assert settings["label_patterns"] == [
        {"mask": "21IIIIIPPPPPK", "scale": 1}, {"mask": "22IIIIIWWWWWK", "scale": 10},
    ]  # fmt: skip
    refused = manager.post(path, data={"patterns": "abc"})
    assert refused.status_code == 422
    assert "21IIIIIPPPPPK" in refused.get_data(as_text=True)
    kept = db.session().get_one(Operator, market.ids["gifts"]).label_patterns
    assert len(json.loads(kept)) == 2
    assert "22IIIIIWWWWWK x 10" in manager.get(path).get_data(as_text=True)
