"""CSRF on every form. The till API has no cookie and is exempt by blueprint."""

from __future__ import annotations

from flask import Flask, abort, request
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def refuse_nul() -> None:
    """U+0000 is no text: PostgreSQL takes none, so nothing here does, in addresses or forms."""
    told = [request.path]
    if request.query_string:
        told += request.args.values()
    if request.mimetype in FORMS:
        told += request.form.values()
    if any("\x00" in part for part in told):
        abort(400)


def init_app(app: Flask) -> None:
    """Protect every unsafe method; refuse what no database takes."""
    csrf.init_app(app)
    app.before_request(refuse_nul)
