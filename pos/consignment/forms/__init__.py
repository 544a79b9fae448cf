"""What people type on the pages of statements and agreements: to plain values, or words beside the field."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from pos.consignment.rules.agreements import BEARERS, SAFE, GoodsCost, MoreTerms, NewTerms
from pos.consignment.rules.losses import BASES, NET_PROCEEDS
from pos.consignment.rules.shares import COMMISSION, MARGIN, MODES, OWN
from pos.kernel.errors import Invalid

VIETNAMESE_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
RATE = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?")
FIRST, LAST = date(2020, 1, 1), date(2100, 1, 1)


def day_of(text: str) -> date | None:
    """`2026-11-22` or `22/11/2026`; None for anything else."""
    text = text.strip()
    try:
        if found := VIETNAMESE_DAY.fullmatch(text):
            made = date(int(found[3]), int(found[2]), int(found[1]))
        else:
            made = date.fromisoformat(text)
    except ValueError:
        return None
    return made if FIRST <= made < LAST else None


def rate_of(text: str) -> int | None:
    """`12,5` or `12.5 %` → 1250 basis points; None for anything else or beyond 100 %."""
    found = RATE.fullmatch(text.strip())
    if found is None:
        return None
    bp = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return bp if bp <= 10_000 else None


def dong_of(text: str) -> int | None:
    """`1.250.000` → 1250000; empty is 0; None for anything else."""
    plain = text.replace(".", "").replace(" ", "").replace("đ", "").replace("₫", "").strip()
    if not plain:
        return 0
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= 13 else None


def cutoff_of(args: Mapping[str, str], today: date) -> date:
    """The cut-off asked for; yesterday when none, never after today. Raises Invalid."""
    text = args.get("cutoff", "")
    found = day_of(text) if text else today - timedelta(days=1)
    if found is None:
        raise Invalid("field.date")
    return min(found, today)


@dataclass(frozen=True, slots=True)
class TermsForm:
    """The new-version form: the values as typed, the terms when all are fit, else words by field."""

    typed: Mapping[str, str]
    terms: NewTerms | None
    errors: dict[str, str]

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> TermsForm:
        """Missing folded fields take their safe defaults."""
        errors: dict[str, str] = {}
        made: dict[str, Any] = {}

        def keep(name: str, value: Any, words: str) -> None:
            if value is None:
                errors[name] = words
            else:
                made[name] = value

        rate_words = _("Hãy nhập số từ 0 đến 100, ví dụ 12,5.")
        mode = form.get("mode") or COMMISSION
        keep("mode", mode if mode in MODES else None, _("Hãy chọn cách bán trong danh sách."))
        keep("starts_on", day_of(form.get("starts_on", "")), _("Hãy nhập ngày như 22/11/2026."))
        rate = form.get("commission_bp", "").strip()
        keep("commission_bp", rate_of(rate) if mode == COMMISSION else 0, rate_words)
        keep("vat_on_commission_bp", rate_of(form.get("vat_on_commission_bp", "8")), rate_words)
        share = rate_of(form.get("discount_producer_bp", "0")) if mode != OWN else 0
        keep("discount_producer_bp", share, rate_words)
        keep("discount_max_bp", rate_of(form.get("discount_max_bp", "10")), rate_words)
        keep("shrinkage_bp", rate_of(form.get("shrinkage_bp", "0")), rate_words)
        basis = form.get("loss_basis") or NET_PROCEEDS
        keep("loss_basis", basis if basis in BASES else None, _("Hãy chọn cách tính trong danh sách."))
        keep("loss_bp", rate_of(form.get("loss_bp", "100")), rate_words)
        days = dong_of(form.get("return_window_days", "0"))
        keep("return_window_days", days if days is not None and days <= 60 else None, _("Từ 0 đến 60 ngày."))
        at_fair = form.get("fair_window_days", "").strip()
        made["fair_window_days"] = found = dong_of(at_fair) if at_fair else None
        if at_fair and (found is None or found > 60):
            errors["fair_window_days"] = _("Từ 0 đến 60 ngày.")
        keep("min_payout_vnd", dong_of(form.get("min_payout_vnd", "0")), _("Hãy nhập số tiền như 200.000."))
        weekday = form.get("pay_weekday", "0")
        keep("pay_weekday", int(weekday) if weekday in set("0123456") else None, _("Hãy chọn một ngày trong tuần."))
        more = _more(form, errors, rate_words)
        return cls(form, None if errors else NewTerms(**made, more=more), errors)


def _more(form: Mapping[str, str], errors: dict[str, str], rate_words: str) -> MoreTerms:
    """What is folded; a field that is not there keeps its safe default."""
    made: dict[str, Any] = {}
    for name, value in asdict(SAFE).items():
        if (typed := form.get(name, "").strip()) == "":
            continue
        if name == "card_fee_on":
            found: Any = typed if typed in BEARERS else None
        else:
            found = rate_of(typed) if name.endswith("_bp") else dong_of(typed)
        if found is None:
            errors[name] = rate_words if name.endswith("_bp") else _("Hãy nhập số tiền như 200.000.")
        made[name] = value if found is None else found
    return MoreTerms(**made)


@dataclass(frozen=True, slots=True)
class CostForm:
    """The form of one product's cost: as typed, what it says when all is fit, else words by field."""

    typed: Mapping[str, str]
    goods: GoodsCost | None
    errors: dict[str, str]

    @classmethod
    def parse(cls, form: Mapping[str, str], product_ids: Collection[str]) -> CostForm:
        """`product_ids`: the goods of this producer."""
        errors: dict[str, str] = {}
        product, mode = form.get("product_id", ""), form.get("goods_mode") or None
        day, cost = day_of(form.get("from_on", "")), dong_of(form.get("cost", ""))
        if product not in product_ids:
            errors["product_id"] = _("Hãy chọn mặt hàng.")
        if mode is not None and mode not in MODES:
            errors["goods_mode"] = _("Hãy chọn cách bán trong danh sách.")
        if day is None:
            errors["from_on"] = _("Hãy nhập ngày như 22/11/2026.")
        if cost is None or (not form.get("cost", "").strip() and mode in (None, MARGIN)):
            errors["cost"] = _("Hãy nhập giá mua một đơn vị, đã có thuế, như 70.000.")
        if errors or day is None or cost is None:
            return cls(form, None, errors)
        return cls(form, GoodsCost(product, day, mode, cost or None), errors)


@dataclass(frozen=True, slots=True)
class PaidByHand:
    """How an approved statement was paid."""

    channel: str
    paid_on: date
    site_id: str | None
    reference: str | None
    reason: str | None

    @classmethod
    def parse(cls, form: Mapping[str, str], today: date) -> PaidByHand:
        """Raises Invalid on an unknown channel or day."""
        channel = form.get("channel", "")
        if channel not in ("transfer", "cash"):
            raise Invalid("payout.channel")
        paid_on = day_of(form.get("paid_on", "")) if form.get("paid_on") else today
        if paid_on is None:
            raise Invalid("field.date")
        return cls(
            channel,
            paid_on,
            form.get("site_id") or None,
            form.get("reference", "").strip()[:100] or None,
            form.get("reason", "").strip()[:300] or None,
        )
