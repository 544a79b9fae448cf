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


# Token hash -> log: true for ever, so it is looked up once per process. Whether it is revoked is not kept here.
_LOGS: dict[str, str] = {}
MOST_LOGS = 4096


def sender() -> tuple[str, bool]:
    """(log, known to be revoked) behind a token that sends events; the intake looks again at each event.

    Raises Refused 401 on a missing or unknown token. A known one costs no query.
    """
    token = hash_of(_token())
    if known := _LOGS.get(token):
        return known, False
    here = enrolled(revoked_too=True)
    if len(_LOGS) >= MOST_LOGS:
        _LOGS.clear()
    _LOGS[token] = here.log_id
    return here.log_id, here.revoked


def forget_sender() -> Refused:
    """The log behind this token is gone (other books were put in place): forget it. Answers what to raise."""
    _LOGS.pop(hash_of(_token()), None)
    return Refused("till.no_token", status=401)


def bearer() -> str:
    """The token this request carries, or nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _token() -> str:
    if token := bearer():
        return token
    raise Refused("till.no_token", status=401)


def enrolled(*, revoked_too: bool = False) -> Enrolled:
    """Who sends this. Raises Refused 401 on a missing, unknown or (unless `revoked_too`) revoked token."""
    token = hash_of(_token())
    with reading() as connection:
        found = connection.execute(_BY_TOKEN, {"token": token}).one_or_none()
    if found is None:
        raise Refused("till.no_token", status=401)
    if found[7] is not None and not revoked_too:
        raise Refused("till.revoked", status=401)
    return Enrolled(*found[:7], found[7] is not None)
