"""Fewer bytes over a booth's bad 4G: what is text travels as brotli or gzip.

What is packed of a file is kept in memory until the file changes. A proxy in front may do the same; it then finds
the work done. Pages with forms are not packed here: a secret beside what a stranger chose can be guessed from sizes.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, current_app, request

TEXT = {
    "text/javascript",
    "application/javascript",
    "text/css",
    "image/svg+xml",
    "application/wasm",
    "application/json",
}
SMALL = 512  # below it the packing costs more than it saves
LARGE = 400_000  # above it the best packing takes seconds


def accepted() -> str:
    """The packing this browser takes: "br", "gzip" or ""."""
    takes = request.accept_encodings
    return "br" if takes["br"] else "gzip" if takes["gzip"] else ""


def pack(data: bytes, how: str, *, again: bool = True) -> bytes:
    """The bytes packed as brotli or gzip; `again`: for many, so it may take its time."""
    if how == "br":
        return bytes(brotli.compress(data, quality=(9 if len(data) > LARGE else 11) if again else 5))
    return gzip.compress(data, 9 if again else 6, mtime=0)


@lru_cache(maxsize=512)
def _packed(path: str, how: str, _changed_ns: int) -> bytes:
    return pack(Path(path).read_bytes(), how)


def _lighten(response: Response) -> Response:
    """Pack a whole file under static/; ranges, pictures and fonts stay as they are."""
    if request.endpoint != "static" or response.mimetype not in TEXT:
        return response
    response.vary.add("Accept-Encoding")
    how, filename = accepted(), str((request.view_args or {}).get("filename"))
    if not how or response.status_code != 200 or request.method != "GET" or "Range" in request.headers:
        return response
    path = Path(str(current_app.static_folder)) / filename
    about = path.stat()
    if about.st_size < SMALL:
        return response
    mark, _ = response.get_etag()
    response.close()
    response.direct_passthrough = False
    response.set_data(_packed(str(path), how, about.st_mtime_ns))
    response.headers["Content-Encoding"] = how
    response.set_etag(f"{mark}-{how}")
    response.make_conditional(request)
    return response


def init_app(app: Flask) -> None:
    """Static files only; JSON for tablets packs itself."""
    app.after_request(_lighten)
