"""One invariant after a look at everything, in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from pos.kernel.text import dong


@dataclass(slots=True)
class Finding:
    """How much was looked at, and what does not hold: a sentence each, Vietnamese / English."""

    number: int
    vi: str
    en: str
    looked_at: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.problems

    def wrong(self, vi: str, en: str) -> None:
        """One more thing that does not hold."""
        self.problems.append(f"{vi} / {en}")

    def differs(self, vi: str, en: str, found: int, expected: int) -> None:
        """So many đồng are there, so many should be."""
        self.wrong(f"{vi}: {dong(found)} đ, đúng ra {dong(expected)} đ", f"{en}: {found}, should be {expected}")
