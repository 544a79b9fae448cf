"""Time: instants in UTC, business dates in Hanoi, ISO text as the tablet writes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """This moment, aware, UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The wall clock in Hanoi at a moment (at the ends of the calendar: in UTC)."""
    try:
        return moment.astimezone(HANOI)
    except OverflowError:
        return moment


def local_date(moment: datetime) -> date:
    """The calendar day in Hanoi at a moment."""
    return local(moment).date()


def days_after(day: date, days: int) -> date:
    """A day so many days on; the calendar's last day where it ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max


def today() -> date:
    """Today in Hanoi."""
    return local_date(now())


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The half-open range [start, end) of a Hanoi day, in UTC."""
    start = datetime(day.year, day.month, day.day, tzinfo=HANOI)
    return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)


def iso(moment: datetime) -> str:
    """`2026-11-22T03:05:00.210Z`: milliseconds, UTC, as JavaScript's toISOString."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def from_iso(text: str) -> datetime:
    """Read an ISO 8601 instant with a zone. Raises ValueError on anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return moment.astimezone(UTC)
