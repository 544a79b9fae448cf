"""Static files under URLs that change with their content, so browsers may keep them for ever."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from time import monotonic

from flask import Flask, Response, current_app, request, url_for

FOR_EVER = "public, max-age=31536000, immutable"


LOOK_AGAIN_SECONDS = 2


@lru_cache(maxsize=512)
def _mark(path: str, _changed_ns: int) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=512)
def _address(folder: str, _script: str, filename: str, _moment: int) -> str:
    path = Path(folder) / filename
    return url_for("static", filename=filename, v=_mark(str(path), path.stat().st_mtime_ns))


def asset(filename: str) -> str:
    """The URL of a file under static/, marked with its hash. A page of many icons asks for one file often:
    whether it has changed is looked at every two seconds."""
    return _address(
        str(current_app.static_folder), request.script_root, filename, int(monotonic()) // LOOK_AGAIN_SECONDS
    )


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code == 200:
        response.headers["Cache-Control"] = FOR_EVER if request.args.get("v") else "no-cache"
    return response


def init_app(app: Flask) -> None:
    """Give templates `asset('css/…')`."""
    app.jinja_env.globals["asset"] = asset
    app.after_request(_keep)
