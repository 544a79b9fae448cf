"""Vietnamese is the source language; English is complete. Chosen by cookie, then by Vietnamese."""

from __future__ import annotations

import re

from flask import Flask, has_request_context, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale

LANGUAGES = ("vi", "en")
COOKIE = "pos_language"


def choose() -> str:
    """The language of this request."""
    if not has_request_context():
        return "vi"
    asked = request.args.get("lang") or request.cookies.get(COOKIE) or "vi"
    return asked if asked in LANGUAGES else "vi"


def init_app(app: Flask) -> None:
    """Flask-Babel with pos/web/translations."""
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Ho_Chi_Minh"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "web/translations"
    Babel(app, locale_selector=choose)
    app.jinja_env.globals["locale"] = lambda: str(get_locale() or "vi")

    @app.get("/language/<code>")
    def language(code: str) -> ResponseReturnValue:
        back = request.args.get("back", "/")
        response = redirect(back if re.match(r"/(?![/\\\s])[^\s\\]*$", back) else "/")
        if code in LANGUAGES:
            response.set_cookie(COOKIE, code, max_age=31_536_000, samesite="Lax", httponly=True)
        return response
