"""A receipt's QR, signed by a tablet, is verified here too; the paper carries it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from pos.receipts.models import Receipt
from pos.till.rules.proof import Proof, key_id_of, read_proof, verify_proof
from tests.till.golden import GOLDEN, again, build

KNOWN: dict[str, Any] = json.loads((Path(__file__).parents[1] / "events" / "proof.json").read_text())


def test_the_tablets_proof_is_read_and_verified() -> None:
    expect = KNOWN["proof"]

    assert key_id_of(KNOWN["jwk"]) == expect["key"]
    assert verify_proof(KNOWN["text"], KNOWN["jwk"])
    assert read_proof(KNOWN["text"]) == Proof(
        expect["sale"], expect["key"], expect["minute"],
        tuple((line["number"], line["qty_milli"], line["paid"]) for line in expect["lines"]),
    )  # fmt: skip


def test_a_changed_proof_is_none() -> None:
    text = KNOWN["text"]
    other = ("B" if text[30] == "A" else "A").join((text[:30], text[31:]))

    assert not verify_proof(other, KNOWN["jwk"])
    signed_at = KNOWN["proof"]["minute"]
    assert verify_proof(text, KNOWN["jwk"], until=signed_at)
    assert not verify_proof(text, KNOWN["jwk"], until=signed_at - 1)  # its tablet was stolen by then
    assert [read_proof(wrong) for wrong in ("", "AAAA", "!!", text[4:], "é")] == [None] * 5


def test_the_paper_carries_the_tablets_proof_only_of_its_own_sale(session: Session) -> None:
    world, sale = build(), GOLDEN["log"][1]["event"]
    foreign = GOLDEN["log"][2]["event"]

    world.send(
        again(sale, body=sale["body"] | {"proof": KNOWN["text"]}),
        again(foreign, body=foreign["body"] | {"proof": KNOWN["text"]}),
    )

    assert f"#{KNOWN['text']}" in session.get_one(Receipt, sale["id"]).document
    assert KNOWN["text"] not in session.get_one(Receipt, foreign["id"]).document
