"""Who a supplier or brand of another system may be: a guess for a person to confirm. Reads only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.kernel.text import fold
from pos.producers.models import Producer

_FORMS = re.compile(
    r"\b(lien hiep hop tac xa|hop tac xa|to hop tac|htx|tht|cong ty|cty|co phan|cp|trach nhiem huu han|tnhh|mtv"
    r"|mot thanh vien|doanh nghiep|dn|ho kinh doanh|hkd|co so san xuat|co so|csxs|ncc|san xuat|va|thuong mai|tm)\b"
)
NEAR = 0.82


@dataclass(frozen=True, slots=True)
class Guess:
    """What the file says, on how many rows, and the producer it may be; `sure` when the names are the same."""

    said: str
    rows: int
    producer: str
    sure: bool


def bare(name: str) -> str:
    """A name without its legal form: `Cty TNHH Gốm Bát Tràng` → `gom bat trang`."""
    return " ".join(re.findall(r"[a-z0-9]+", _FORMS.sub(" ", fold(name))))


def maker_names(session: Session) -> list[str]:
    """Of every producer, by name."""
    return list(session.scalars(select(Producer.name).order_by(Producer.name)))


def guess_makers(session: Session, said: Iterable[str]) -> list[Guess]:
    """By how often it stands there; without a likely producer what is said itself, as a new one."""
    names = maker_names(session)
    same = {fold(name): name for name in names}
    alike = {key: name for name in reversed(names) if (key := bare(name))}
    found = []
    for value, rows in Counter(said).most_common():
        if name := same.get(fold(value)):
            found.append(Guess(value, rows, name, True))
            continue
        key = bare(value)
        near = [key] if key in alike else get_close_matches(key, alike, 1, NEAR)
        found.append(Guess(value, rows, alike[near[0]] if near else value, False))
    return found
