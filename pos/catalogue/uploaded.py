"""A file a person sent for an operator, between its preview and the moment it is taken in or given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from pos.catalogue import import_jobs as jobs
from pos.catalogue.adapters import MAX_BYTES, uploads
from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from pos.kernel.errors import Invalid, NotFound


@dataclass(frozen=True)
class Upload:
    """It belongs to who sent it, for one operator."""

    id: str
    name: str
    operator_id: str
    operator: str
    size: int

    @property
    def large(self) -> bool:
        """The outbox works on it, while its page says how far it is."""
        return self.size > jobs.SMALL


def get_upload(upload_id: str, *, kind: str, by: str, operators: Mapping[str, str]) -> Upload:
    """The file of this person, for an operator still within reach (id → name). Raises NotFound."""
    found = uploads.find(jobs.folder(), upload_id)
    if found is None:
        raise NotFound("access.not_here")
    about, data = found
    theirs = (about["by"], about.get("of", jobs.IMPORT)) == (by, kind)
    if not theirs or about["operator"] not in operators:
        raise NotFound("access.not_here")
    return Upload(upload_id, about["name"], about["operator"], operators[about["operator"]], len(data))


def keep_upload(file: FileStorage | None, *, kind: str, by: str, operator_id: str) -> str:
    """Put a form's file away and answer its id; a large one is read by the outbox meanwhile. Raises Invalid."""
    data = file.read(MAX_BYTES + 1) if file else b""
    if file:
        file.close()
    if file is None or not data:
        raise Invalid("field.required", field="file")
    about = {"name": (file.filename or "?")[-120:], "operator": operator_id, "by": by, "of": kind}
    upload_id = uploads.keep(jobs.folder(), data, about)
    if len(data) > jobs.SMALL:
        promise_step(upload_id, jobs.LOOK, kind=kind)
    return upload_id


def promise_step(upload_id: str, step: str, *, kind: str) -> None:
    """Leave a step of a large file to the outbox."""
    with unit_of_work() as session:
        jobs.begin(session, upload_id, step, at=now(), kind=kind)


def at_work(upload_id: str) -> bool:
    """Somebody takes it in this moment, or has: a second tap does nothing."""
    progress = jobs.progress_of(upload_id)
    return bool(progress and (progress.stage == jobs.DONE or (progress.running and not progress.interrupted)))
