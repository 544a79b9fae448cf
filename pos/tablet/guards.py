"""The tablet's door: a bearer token of one enrolment, no cookie, so a queued sale never expires."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from sqlalchemy import bindparam, select

from pos.access.models import DeviceLog
from pos.access.service import hash_of
from pos.kernel.db import reading
from pos.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The enrolment behind a token, as plain ids."""

    log_id: str
    device_id: str
    operator_id: str
    site_id: str
    fair_id: str | None
    till_id: str
    till_code: str
    revoked: bool


_BY_TOKEN = select(
    DeviceLog.id, DeviceLog.device_id, DeviceLog.operator_id, DeviceLog.site_id, DeviceLog.fair_id,
    DeviceLog.till_id, DeviceLog.till_code, DeviceLog.revoked_at,
).where(DeviceLog.token_hash == bindparam("token"))  # fmt: skip


def bearer() -> str:
    """The token this request carries, or nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def enrolled(*, revoked_too: bool = False) -> Enrolled:
    """Who sends this. Raises Refused 401 on a missing, unknown or (unless `revoked_too`) revoked token."""
    token = bearer()
    if not token:
        raise Refused("till.no_token", status=401)
    with reading() as connection:
        found = connection.execute(_BY_TOKEN, {"token": hash_of(token)}).one_or_none()
    if found is None:
        raise Refused("till.no_token", status=401)
    if found[7] is not None and not revoked_too:
        raise Refused("till.revoked", status=401)
    return Enrolled(*found[:7], found[7] is not None)
