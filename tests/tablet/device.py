"""A tablet in Python: mints events as static/till/log.js does and sends them over HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from pos.kernel.canonical import canonical, digest
from pos.kernel.clock import iso, local_date, now
from pos.kernel.ids import new_id
from pos.kernel.money import line_gross


@dataclass
class Device:
    """One enrolled tablet with its log."""

    client: FlaskClient
    device: str = field(default_factory=new_id)
    token: str = ""
    till: dict[str, Any] = field(default_factory=dict)
    seq: int = 0
    prev: str = "0" * 64
    receipts: int = 0
    shift: str = ""
    staff: str | None = None

    def enrol(self, code: str) -> dict[str, Any]:
        """Redeem a code."""
        answer = self.client.post("/api/till/enrol", json={"code": code, "device": self.device, "public_key": None})
        body: dict[str, Any] = answer.get_json()
        if answer.status_code == 200:
            self.token, self.till = body["token"], body["till"]
        return body

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def event(self, kind: str, body: dict[str, Any], at: datetime | None = None) -> dict[str, Any]:
        """Append an event to the log."""
        at = at or now()
        self.seq += 1
        event = {
            "v": 1, "app": "1.0.0", "id": new_id(), "seq": self.seq, "prev": self.prev, "kind": kind,
            "day": local_date(at).isoformat(), "at": iso(at), "shift": self.shift, "staff": self.staff,
            "catalogue": 1, "body": body,
        }  # fmt: skip
        event["hash"] = self.prev = digest(canonical(event))
        return event

    def open(self, float_vnd: int = 500_000, at: datetime | None = None) -> dict[str, Any]:
        """Open a shift."""
        self.shift = new_id()
        return self.event("shift.open", {"float": float_vnd, "count": None, "keeper": None}, at)

    def sale(
        self, *lines: tuple[str, int, int], tender: str = "cash", at: datetime | None = None, **more: Any
    ) -> dict[str, Any]:
        """Sell (product, qty_milli, price) lines, paid exactly."""
        self.receipts += 1
        rows: list[dict[str, Any]] = [
            {
                "line": n, "product": product, "qty_milli": qty, "price": price, "gross": line_gross(price, qty),
                "line_discounts": [], "basket_discount": 0, "paid": line_gross(price, qty), "vat_bp": 800,
                "vat_class": "standard", "stars": None,
            }
            for n, (product, qty, price) in enumerate(lines, 1)
        ]  # fmt: skip
        returns = more.pop("returns", [])
        total: int = sum(row["paid"] for row in rows) - sum(r["paid"] for r in returns)
        stamp = local_date(at or now()).strftime("%y%m%d")
        body: dict[str, Any] = {
            "receipt_no": f"{self.till['code']}-{stamp}-{self.receipts}", "lines": rows, "returns": returns,
            "discounts": [], "total": total, "cash_rounding": 0, "age_checked": False, "language": "vi",
            "tenders": [{"id": new_id(), "kind": tender, "amount": total, "state": "seen"}], "approvals": [], **more,
        }  # fmt: skip
        return self.event("sale", body, at)

    def close(self, counted: int, at: datetime | None = None) -> dict[str, Any]:
        """Close the shift, counted blind."""
        devices = [{"device": self.device, "seq": self.seq + 1}]
        return self.event("shift.close", {"count": {}, "counted": counted, "tenders": {}, "devices": devices}, at)

    def post(self, *events: dict[str, Any], **more: Any) -> Any:
        """Send a batch; the raw response."""
        body = json.dumps({"sent_at": iso(now()), "events": list(events)}, ensure_ascii=False)
        return self.client.post("/api/till/events", data=body.encode(), headers=self.headers | more.pop("headers", {}))

    def send(self, *events: dict[str, Any]) -> dict[str, Any]:
        """Send a batch; the answer."""
        response = self.post(*events)
        assert response.status_code == 200, response.get_data(as_text=True)
        answer: dict[str, Any] = response.get_json()
        return answer
