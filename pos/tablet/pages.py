"""`/till/`: the shell, the same for all, its worker and its files; and the description of the API."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

import config
from pos.tablet.built import PACKED
from pos.tablet.openapi import document
from pos.tablet.shell import build_of, folder_of, made, service_worker
from pos.till.service import intake
from pos.web import packing
from pos.web.headers import CSP_WASM

bp = Blueprint("tablet", __name__)


@bp.get("/till/")
def shell() -> ResponseReturnValue:
    """The page of the till: no user data in it, so a tablet may keep it for ever."""
    made = current_app.make_response(render_template("tablet/shell.html", folder=folder_of(config.ROOT)))
    made.headers["Cache-Control"] = "no-cache"
    made.headers["Content-Security-Policy"] = CSP_WASM
    return made


@bp.get("/till/display")
def display() -> ResponseReturnValue:
    """The customer's screen beside the till: empty until a till on the same device speaks to it."""
    made = current_app.make_response(render_template("tablet/display.html", folder=folder_of(config.ROOT)))
    made.headers["Cache-Control"] = "no-cache"
    return made


@bp.get("/till/build/<build>/<name>")
def file_of_build(build: str, name: str) -> ResponseReturnValue:
    """A joined file of the shell as it is now; the address names the build, so it may be kept for ever."""
    if build != build_of(config.ROOT) or name.endswith((".br", ".gz")) or name not in (files := made(config.ROOT)):
        abort(404)
    how = packing.accepted()
    how = how if f"{name}{PACKED[how]}" in files else ""
    kind = "text/css" if name.endswith(".css") else "text/javascript" if name.endswith(".js") else "application/json"
    answer = Response(files[f"{name}{PACKED[how]}"], mimetype=kind)
    if how:
        answer.headers["Content-Encoding"] = how
    answer.vary.add("Accept-Encoding")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@bp.get("/till/sw.js")
def worker() -> ResponseReturnValue:
    """The service worker with the list of files of this build."""
    made = Response(service_worker(config.ROOT), mimetype="text/javascript")
    made.headers["Cache-Control"] = "no-cache"
    return made


@bp.get("/till/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """What makes it an installable app."""
    text = (config.ROOT / "static" / "till" / "manifest.webmanifest").read_text(encoding="utf-8")
    made = Response(text, mimetype="application/manifest+json")
    made.headers["Cache-Control"] = "no-cache"
    return made


@bp.get("/api/openapi.json")
def openapi() -> ResponseReturnValue:
    """OpenAPI 3.1 of all this, generated from the code."""
    return jsonify(document(intake.MIN_APP))
