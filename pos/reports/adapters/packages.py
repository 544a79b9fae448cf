"""Gói kiểm tra: files into one ZIP as they are read, a manifest of their hashes last; and its verification.

Nothing but one member's next part is in memory, on either way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from io import RawIOBase
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

MANIFEST, README = "manifest.json", "README.txt"
PART = 65_536


class _Sink(RawIOBase):
    """What the ZIP writes goes out at once; it cannot be searched back."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """All since the last time."""
        made, self.parts = b"".join(self.parts), []
        return made


def package_chunks(
    files: Iterable[tuple[str, Iterable[bytes]]], about: dict[str, Any], *, stamp: tuple[int, int, int, int, int, int]
) -> Iterator[bytes]:
    """The bytes of a ZIP: each file as it comes, then the manifest {about, files: {name: {sha256, bytes}}}."""
    sink, hashes = _Sink(), {}
    with ZipFile(sink, "w", ZIP_DEFLATED) as package:
        for name, parts in files:
            digest, size = sha256(), 0
            info = ZipInfo(name, stamp)
            info.compress_type = ZIP_DEFLATED
            with package.open(info, "w", force_zip64=True) as member:
                for part in parts:
                    member.write(part)
                    digest.update(part)
                    size += len(part)
                    if len(sink.parts) > 8:
                        yield sink.taken()
            hashes[name] = {"sha256": digest.hexdigest(), "bytes": size}
            yield sink.taken()
        said = json.dumps({"about": about, "files": hashes}, ensure_ascii=False, indent=1, sort_keys=True)
        package.writestr(ZipInfo(MANIFEST, stamp), said, ZIP_DEFLATED)
    yield sink.taken()


def verify_package(path: Path) -> tuple[dict[str, Any], int, list[tuple[str, str]]]:
    """(what it is about, files that hold, problems in both languages)."""
    try:
        with ZipFile(path) as package:
            told = json.loads(package.read(MANIFEST))
            names = [info.filename for info in package.infolist() if info.filename != MANIFEST]
            wrong: list[tuple[str, str]] = []
            for name, of in told["files"].items():
                if names.count(name) != 1:
                    wrong.append((f"{name}: thiếu hoặc có hai lần", f"{name}: missing or there twice"))
                    continue
                digest = sha256()
                with package.open(name) as member:
                    while part := member.read(PART):
                        digest.update(part)
                if digest.hexdigest() != of["sha256"]:
                    wrong.append((f"{name}: đã bị đổi", f"{name}: was changed"))
            wrong += [
                (f"{name}: không có trong bảng kê của gói", f"{name}: not in the manifest")
                for name in names
                if name not in told["files"]
            ]
            return told["about"], len(told["files"]) - len(wrong), wrong
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        return {}, 0, [("không đọc được gói", f"the package cannot be read: {error}")]
