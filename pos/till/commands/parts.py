"""What every event is made of: the figures and words of the schema, the envelope, what any body may hold."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

MAX = 2**53 - 1
Uuid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", max_length=36)]
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", max_length=64)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", max_length=10)]
Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$")]
Text = Annotated[str, Meta(max_length=4000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Dong = Annotated[int, Meta(ge=0, le=MAX)]
SignedDong = Annotated[int, Meta(ge=-MAX, le=MAX)]
Milli = Annotated[int, Meta(gt=0, le=MAX)]
Bp = Annotated[int, Meta(ge=0, le=10_000)]
LineNo = Annotated[int, Meta(ge=1, le=10_000)]
Count = Annotated[int, Meta(ge=0, le=MAX)]


class Approval(Struct, frozen=True):
    """One action and one amount that a person approved by PIN; `offline`: the till did not reach the server then."""

    action: Name | None = None
    staff: Uuid | None = None
    at: Moment | None = None
    amount: SignedDong | None = None
    offline: bool | None = None


class Body(Struct, frozen=True, kw_only=True):
    """What every event body is: any of them may have been approved."""

    approval: Approval | None = None


class Envelope(Struct, frozen=True):
    """The outside of an event, without its hash and private part."""

    v: Annotated[int, Meta(ge=1, le=1_000_000)]
    id: Uuid
    seq: Annotated[int, Meta(ge=1, le=MAX)]
    prev: Hash
    kind: Name
    day: Day
    at: Moment
    app: Text = ""
    shift: Uuid | None = None
    staff: Uuid | None = None
    catalogue: int | None = None
    keeper: Uuid | None = None


class AnyBody(Body, frozen=True):
    """Kept for control reports (or, of a newer format, for the release that can read it)."""
