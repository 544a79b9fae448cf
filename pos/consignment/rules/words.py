"""Amounts in Vietnamese words, as on a payment slip. Pinned by tests/vectors/amount-words-vi.csv."""

from __future__ import annotations

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
SCALES = ("", " nghìn", " triệu")


def _three(number: int, whole: bool) -> str:
    """0–999; `whole` names the hundreds even when they are 0 (not in the first group)."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [f"{DIGITS[hundreds]} trăm"] if hundreds or whole else []
    if tens == 0:
        if ones:
            words += ["linh", DIGITS[ones]] if words else [DIGITS[ones]]
        return " ".join(words)
    words.append("mười" if tens == 1 else f"{DIGITS[tens]} mươi")
    if ones:
        special = {1: "mốt" if tens > 1 else "một", 4: "tư" if tens > 1 else "bốn", 5: "lăm"}
        words.append(special.get(ones, DIGITS[ones]))
    return " ".join(words)


def _below_billion(number: int, whole: bool) -> str:
    words: list[str] = []
    for power in (2, 1, 0):
        group = number // 1000**power % 1000
        if group:
            words.append(_three(group, whole or bool(words)) + SCALES[power])
    return " ".join(words)


def in_words(amount_vnd: int) -> str:
    """`Năm triệu năm trăm bốn mươi hai nghìn hai trăm bảy mươi đồng`; negative amounts begin with `Âm`."""
    number = abs(amount_vnd)
    billions, rest = divmod(number, 10**9)
    words = []
    if billions:
        words.append((in_words(billions).removesuffix(" đồng").lower() if billions >= 1000 else
                      _three(billions, False)) + " tỷ")  # fmt: skip
    if rest:
        words.append(_below_billion(rest, bool(words)))
    text = " ".join(words) or "không"
    text = f"âm {text}" if amount_vnd < 0 else text
    return f"{text[0].upper()}{text[1:]} đồng"
