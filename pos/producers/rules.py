"""What a producer's name tells about it."""

from __future__ import annotations

from pos.kernel.text import fold

NOBODY = "Chưa rõ chủ thể"  # how the register names goods whose producer is not known
BEGINNINGS = (
    ("hop tac xa", "coop"),
    ("htx", "coop"),
    ("lien hiep hop tac xa", "coop"),
    ("cong ty", "company"),
    ("doanh nghiep", "company"),
    ("to hop tac", "group"),
    ("tht", "group"),
)


def kind_of_name(name: str) -> str:
    """coop, company, group or household. `Hợp tác xã chè Hảo Đạt` → coop."""
    plain = fold(name)
    return next((kind for beginning, kind in BEGINNINGS if plain.startswith(beginning)), "household")


def is_nobody(name: str) -> bool:
    """A producer of the register that stands for nobody in particular: nobody to pay."""
    return name.startswith(NOBODY)
