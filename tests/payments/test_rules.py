"""VietQR payloads byte for byte against published ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pos.payments.rules import crc, plain, vietqr
from tests.conftest import VECTORS

GOLDEN: dict[str, Any] = json.loads((VECTORS / "vietqr.json").read_text())


@pytest.mark.parametrize("case", GOLDEN["valid"], ids=lambda case: case["id"])
def test_payload_is_the_published_one(case: dict[str, Any]) -> None:
    made = vietqr(
        case["bin"], case["account"], amount_vnd=case["amount"], purpose=case["purpose"], bill=case.get("bill"),
        reference=case.get("reference"), service=case["service"],
    )  # fmt: skip

    assert made == case["payload"]


@pytest.mark.parametrize(("text", "expect"), [("123456789", "29B1"), ("00", "2EC9"), ("01", "3EE8")])
def test_crc(text: str, expect: str) -> None:
    assert crc(text) == expect


def test_a_broken_payload_does_not_pass_its_crc() -> None:
    bad = GOLDEN["invalid"][0]["payload"]

    assert crc(bad[:-4]) != bad[-4:]


def test_purpose_keeps_case_and_loses_marks() -> None:
    assert plain("Đơn HK03A-261122-14, cảm ơn quý khách") == "Don HK03A-261122-14, cam"


@pytest.mark.parametrize(
    ("bin_", "account", "amount"),
    [("97041", "1", None), ("970416", "", None), ("970416", "1" * 20, None), ("970416", "1", 0)],
)
def test_what_no_bank_takes_is_refused(bin_: str, account: str, amount: int | None) -> None:
    with pytest.raises(ValueError, match="is"):
        vietqr(bin_, account, amount_vnd=amount)
