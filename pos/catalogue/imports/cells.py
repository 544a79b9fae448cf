"""What stands in one cell: Vietnamese prices, dates, stars, codes. Refuses to guess: a doubtful cell is a problem."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from pos.catalogue.reference import read
from pos.catalogue.rules import check_digit, is_gtin
from pos.kernel.text import fold


class Bad(ValueError):
    """The message is a code of `problems.EXPECTED`; facts fill its sentence; `part` is what of a cell is wrong."""

    part: str | None = None

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


# ── Money ────────────────────────────────────────────────────────────────────
_UNITS = {"": 1, "k": 1_000, "nghin": 1_000, "ngan": 1_000, "tr": 1_000_000, "trieu": 1_000_000}
_PRICE = re.compile(
    r"(?P<minus>[-−(])? ?(?:vnd ?|₫ ?)?(?P<figure>[0-9][0-9., ]*?) ?"
    r"(?:(?P<times>k|nghin|ngan|trieu|tr)(?P<more>[0-9]{1,3})?)?"
    r" ?(?P<sign>dong|vnd|d|₫)?\)?(?: ?/ ?[0-9a-z ]{1,12})?"
)
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")
_ZEROS = re.compile(r"(.*[0-9])[.,]00?")  # 125.000,00
_PART = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,3}))?")
_DECIMALS = re.compile(
    r"[0-9]+[.,][0-9]{1,2}|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[0-9]{4,}[.,][0-9]+"
)
SMALLEST, LARGEST, LARGEST_SUM = 500, 10_000_000_000, 10_000_000_000_000


def parse_price(text: str, *, times: int = 1) -> int:
    """đồng from what people write: `125.000 đ`, `125,000`, `125k`, `1,25 tr`, `1tr250`, `95.000đ/kg`.

    times: 1000 when the column says it is in thousands. Raises Bad (a ValueError): price, price_negative,
    price_decimals, price_large, and price_small for a bare number under 500, surely meant in thousands.
    """
    amount = parse_amount(text, times=times, smallest=SMALLEST)
    if amount >= LARGEST:
        raise Bad("price_large")
    return amount


def parse_amount(text: str, *, times: int = 1, smallest: int = 0) -> int:
    """đồng of a balance or a total, written like a price; up to 10 trillion. Raises Bad."""
    found = _PRICE.fullmatch(fold(text).strip())
    if not found:
        raise Bad("price")
    figure, unit, more = found["figure"].strip(), found["times"] or "", found["more"] or ""
    if found["minus"]:
        raise Bad("price_negative")
    if unit:
        amount = _parts(figure, unit, more)
    else:
        amount = _whole(figure, times, 0 if found["sign"] else smallest)  # `300 đ` is meant
    if amount >= LARGEST_SUM:
        raise Bad("amount_large")
    return amount


def _whole(figure: str, times: int, smallest: int) -> int:
    if times > 1 and (part := _PART.fullmatch(figure)):
        return int(part[1]) * times + int((part[2] or "").ljust(3, "0")) * times // 1000
    if not _WHOLE.fullmatch(figure) and (even := _ZEROS.fullmatch(figure)) and _WHOLE.fullmatch(even[1]):
        figure = even[1]
    if not _WHOLE.fullmatch(figure):
        raise Bad("price_decimals" if _DECIMALS.fullmatch(figure) else "price")
    amount = int(re.sub(r"[., ]", "", figure))
    if 0 < amount < smallest:
        raise Bad("price_small", value=amount)
    return amount


def _parts(figure: str, unit: str, more: str) -> int:
    """`1,25 tr`; `1tr250` and `1tr2` as people say it."""
    part = _PART.fullmatch(figure)
    if not part or (more and (part[2] or _UNITS[unit] < 1_000_000)):
        raise Bad("price")
    behind = (part[2] or more).ljust(3, "0")
    return (int(part[1]) * 1000 + int(behind)) * _UNITS[unit] // 1000


_QTY = re.compile(r"(-|−)?([0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]{1,6}))?")
LARGEST_QTY = 1_000_000


def parse_qty(text: str) -> int:
    """Thousandths of a unit: `12` → 12000, `1,237` → 1237, `1.200` (a thousand and two hundred) → 1200000.

    Raises Bad: qty, qty_negative, qty_fine (more than three places), qty_large.
    """
    plain = re.sub(r"[ \u00a0]?[a-zà-ỹđ]+\.?$", "", text.strip().lower())
    if re.fullmatch(r"-?[0-9]+\.[0-9]{1,2}", plain):  # 1.5: no thousands end after two figures
        plain = plain.replace(".", ",")
    found = _QTY.fullmatch(plain)
    if not found:
        raise Bad("qty")
    behind = (found[3] or "").rstrip("0")
    if len(behind) > 3:
        raise Bad("qty_fine")
    milli = int(found[2].replace(".", "")) * 1000 + int(behind.ljust(3, "0"))
    if found[1] and milli:
        raise Bad("qty_negative")
    if milli > LARGEST_QTY * 1000:
        raise Bad("qty_large")
    return milli


# ── Stars, VAT, strength ─────────────────────────────────────────────────────
def parse_stars(text: str) -> int:
    """`4`, `4 sao`, `★★★★`. Raises Bad: only 3 to 5 are certified."""
    if text and not text.strip("★⭐* "):
        stars = sum(c in "★⭐*" for c in text)
    else:
        found = re.fullmatch(r"(?:ocop )?(?:hang )?([0-9])(?: ?(?:sao|\*|★|stars?))?", fold(text).strip())
        stars = int(found[1]) if found else 0
    if stars not in (3, 4, 5):
        raise Bad("stars")
    return stars


def is_potential_five(text: str) -> bool:
    """`Tiềm năng 5 sao`: four stars now, sent up to the central council (vietnam.md 1.2)."""
    return re.search(r"tiem nang (?:5|nam) sao|tn ?5 ?sao", fold(text)) is not None


CLASSES = {
    "kct": ("KCT", 0), "khong chiu thue": ("KCT", 0), "kkknt": ("KKKNT", 0), "khong ke khai": ("KKKNT", 0),
    "truc tiep": ("direct", 0), "direct": ("direct", 0),
}  # fmt: skip
RATES = (0, 5, 8, 10)


def parse_vat(text: str) -> tuple[str, int]:
    """(class, basis points): `8%`, `KCT`. `0%` is the class zero. Raises Bad."""
    plain = fold(text).strip()
    if plain in CLASSES:
        return CLASSES[plain]
    if plain in {"0.05", "0.08", "0.1", "0,05", "0,08", "0,1"}:  # a cell formatted as per cent
        return "standard", round(float(plain.replace(",", ".")) * 10_000)
    found = re.fullmatch(r"([0-9]{1,2})(?:[.,]0+)? ?%?", plain)
    if not found or int(found[1]) not in RATES:
        raise Bad("vat")
    return ("standard", int(found[1]) * 100) if int(found[1]) else ("zero", 0)


def parse_alcohol(text: str) -> int:
    """Strength in hundredths of a percent by volume: `29`, `29,5 %`, `29 độ`, `29°`. Raises Bad."""
    found = re.fullmatch(r"([0-9]{1,2})(?:[.,]([0-9]{1,2}))? ?(?:%|do|°|vol|% ?vol)?", fold(text).strip())
    if not found:
        raise Bad("alcohol")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


# ── Days ─────────────────────────────────────────────────────────────────────
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ t][0-9:.]+)?")
_SPOKEN = re.compile(r"(?:ngay )?([0-9]{1,2}) ?(?:[-/.]|thang) ?([0-9]{1,2}) ?(?:[-/.]|nam) ?([0-9]{4}|[0-9]{2})")
_SERIALS = range(36_526, 73_051)  # Excel counts days from 30/12/1899: these are 2000 to 2099
_EPOCH = date(1899, 12, 30)


def parse_date(text: str) -> date:
    """`22/11/2026`, `22-11-26`, `22.11.2026`, `2026-11-22`, `ngày 22 tháng 11 năm 2026`, or Excel's number of days.

    The day comes first; `11/22/2026` is refused, not turned round. Raises Bad.
    """
    plain = fold(text).strip()
    if found := _ISO.fullmatch(plain):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := _SPOKEN.fullmatch(plain):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        year += 2000 if year < 100 else 0
    elif plain.isascii() and plain.isdigit() and int(plain) in _SERIALS:
        return _EPOCH + timedelta(days=int(plain))
    else:
        raise Bad("date")
    try:
        made = date(year, month, day)
    except ValueError as error:
        raise Bad("date") from error
    if not 2000 <= year < 2100:
        raise Bad("date")
    return made


def is_year(text: str) -> bool:
    """`2020` alone, `11/2020`, `2020-2021`, `≤2022`: known, but no day stars could run from."""
    return (
        re.fullmatch(r"(?:nam |[≤<~] ?)?(?:(?:0?[1-9]|1[0-2]|20[0-9]{2})[/-])?20[0-9]{2}", fold(text).strip())
        is not None
    )


def parse_days(text: str) -> int:
    """A shelf life in days: `90`, `90 ngày`, `6 tháng` (of 30), `1 năm` (of 365). Raises Bad."""
    found = re.fullmatch(r"([0-9]{1,4}) ?(ngay|thang|nam|days?|months?|years?)?", fold(text).strip())
    if not found or not int(found[1]):
        raise Bad("days")
    times = {"t": 30, "m": 30, "na": 365, "y": 365}
    word = found[2] or "d"
    return int(found[1]) * next((n for begin, n in times.items() if word.startswith(begin)), 1)


def parse_yes(text: str) -> bool:
    """`có`, `x`, `1`; `không`, `0`. Raises Bad."""
    plain = fold(text).strip()
    if plain in {"co", "x", "1", "y", "yes", "true", "can", "✓"}:
        return True
    if plain in {"khong", "0", "n", "no", "false", "k"}:
        return False
    raise Bad("yes")


# ── Codes ────────────────────────────────────────────────────────────────────
def parse_barcode(text: str) -> str:
    """A GTIN without blanks. Raises Bad: barcode, barcode_digit (with the right one), barcode_rounded."""
    code = re.sub(r"[\s'-]", "", text)
    if re.fullmatch(r"[0-9](?:[.,][0-9]+)?e\+?[0-9]{2}", code.lower()):
        raise Bad("barcode_rounded")
    if not is_gtin(code):
        if code.isascii() and code.isdigit() and len(code) in {8, 12, 13, 14}:
            raise Bad("barcode_digit", digit=check_digit(code[:-1]))
        raise Bad("barcode")
    return code


_BETWEEN = re.compile(r"[;|/\n]|,(?![0-9]+e)", re.IGNORECASE)  # 8,93505E+12 is one code, rounded


def parse_barcodes(text: str) -> tuple[str, ...]:
    """Several codes of one product in one cell: `8935049501404; 8935049501411`, with commas, blanks or line breaks.

    Raises Bad as `parse_barcode` does, with the code that is wrong as its `part`."""
    found: dict[str, None] = {}
    for piece in filter(None, (piece.strip() for piece in _BETWEEN.split(text))):
        words = piece.split()
        for part in words if len(words) > 1 and all(map(is_gtin, words)) else [piece]:
            try:
                found[parse_barcode(part)] = None
            except Bad as bad:
                bad.part = part
                raise
    return tuple(found)


def parse_group(text: str) -> str:
    """A code of Decision 148, `I.5.a` (or `i5a`), its name, or both. Raises Bad."""
    known = _groups()
    plain = fold(text).strip()
    code = plain.split(" ")[0].rstrip(".:-–")
    found = known.get(_bare(plain)) or (known.get(_bare(code)) if "." in code else None)
    if found is None:
        raise Bad("group")
    return found


def _bare(text: str) -> str:
    return text.replace(".", "").replace(" ", "")


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    rows = read("ocop-groups")
    names = {_bare(fold(row["name_vi"])): row["code"] for row in reversed(rows)}
    return names | {_bare(fold(row["code"])): row["code"] for row in rows}
