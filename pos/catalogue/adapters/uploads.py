"""Files between their preview and their import: kept on this machine for a day at most, by id. Nobody's name in it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pos.kernel.ids import is_id, new_id

LIFE_S = 86_400


def keep(folder: Path, data: bytes, about: Mapping[str, str]) -> str:
    """Put a file away with what is known about it; returns its id. What is older than a day goes."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    oldest = time.time() - LIFE_S
    for old in folder.iterdir():
        if old.stat().st_mtime < oldest:
            old.unlink(missing_ok=True)
    id_ = new_id()
    (folder / f"{id_}.data").write_bytes(data)
    (folder / f"{id_}.json").write_text(json.dumps(dict(about), ensure_ascii=False), encoding="utf-8")
    return id_


def find(folder: Path, id_: str) -> tuple[dict[str, str], bytes] | None:
    """(what is known about it, the file), or None once it is gone."""
    if not is_id(id_):
        return None
    try:
        about: dict[str, str] = json.loads((folder / f"{id_}.json").read_text(encoding="utf-8"))
        return about, (folder / f"{id_}.data").read_bytes()
    except FileNotFoundError:
        return None


def forget(folder: Path, id_: str) -> None:
    """Imported or given up."""
    if is_id(id_):
        for end in ("json", "data", "look", "progress", "makers"):
            (folder / f"{id_}.{end}").unlink(missing_ok=True)


def note(folder: Path, id_: str, what: str, value: object) -> None:
    """Put something beside a file, whole or not at all: how far it is, what was found in it."""
    part = folder / f"{id_}.{what}.part"
    part.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    part.replace(folder / f"{id_}.{what}")


def noted(folder: Path, id_: str, what: str) -> tuple[Any, float] | None:
    """(what was put there, how many seconds ago), or None."""
    path = folder / f"{id_}.{what}"
    try:
        return json.loads(path.read_text(encoding="utf-8")), max(0.0, time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return None
