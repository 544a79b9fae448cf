"""What the form says that names the owner of goods."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from pos.consignment.commands import AssignOwner
from pos.consignment.rules.shares import MARGIN, OWN
from pos.web.fields import Fields

MODES = ("", "commission", MARGIN, OWN)
KEY = re.compile(r"([0-9a-f-]{36}):(\d{1,4})")


@dataclass(frozen=True, slots=True)
class OwnerForm:
    """Lines of one operator, their owner's terms, and why. `version_id` empty: the operator's own goods."""

    keys: tuple[tuple[str, int], ...]
    version_id: str | None
    mode: str | None
    cost_vnd: int | None
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str], keys: Collection[str]) -> OwnerForm:
        """Raises Invalid with the troubles by field. `keys`: the lines that wait; others are left out."""
        read = Fields(form)
        own = read.raw("producer") == OWN
        mode = OWN if own else read.choice("mode", MODES, required=False)
        version = None if own else read.needed("version")
        cost = read.money("cost", required=mode in (MARGIN, OWN))
        reason = read.text("reason") or ""
        found = [KEY.fullmatch(key) for key in form.getlist("line") if key in keys]
        read.finish()
        return cls(tuple((m[1], int(m[2])) for m in found if m), version, mode or None, cost, reason)

    def commands(self, operator_id: str) -> list[AssignOwner]:
        """One per line."""
        return [
            AssignOwner(operator_id, event_id, line, self.version_id, None, self.mode, self.cost_vnd)
            for event_id, line in self.keys
        ]
