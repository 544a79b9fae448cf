"""The text that reminds a producer of certificates that end: plain, to paste into Zalo or a mail. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol


class Ending(Protocol):
    """What is told of a certificate."""

    @property
    def product(self) -> str: ...
    @property
    def stars(self) -> int: ...
    @property
    def until(self) -> date: ...


def reminder_text(producer: str, rows: Sequence[Ending], today: date, language: str) -> str:
    """One line a product, then what to do. Days are counted from the day it is copied."""
    lines = []
    for row in rows:
        days = (row.until - today).days
        if language == "en":
            when = f"ends in {days} days" if days > 0 else "ends today" if days == 0 else f"ended {-days} days ago"
            lines.append(f"- {row.product} ({row.stars} stars): {row.until:%d/%m/%Y}, {when}")
        else:
            when = f"còn {days} ngày" if days > 0 else "hết hạn hôm nay" if days == 0 else f"đã hết {-days} ngày"
            lines.append(f"- {row.product} ({row.stars} sao): đến {row.until:%d/%m/%Y}, {when}")
    if language == "en":
        head = f"To {producer}: OCOP certificates to renew"
        foot = (
            "A certificate holds 36 months. After its last day the goods are still sold, but the stars may not be "
            "printed or shown. Please hand in the file for re-rating to the commune in time."
        )
    else:
        head = f"Kính gửi {producer}: giấy chứng nhận OCOP cần đánh giá lại"
        foot = (
            "Giấy có hiệu lực 36 tháng. Sau ngày cuối, hàng vẫn bán được nhưng không được in, dán hay hiện sao OCOP. "
            "Mong quý đơn vị nộp hồ sơ đánh giá lại cho phường, xã kịp thời."
        )
    return "\n".join([head, *lines, foot])
