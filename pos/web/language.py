"""Vietnamese is the source language; English is complete. Chosen by cookie, then by Vietnamese."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, has_request_context, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale, get_translations

LANGUAGES = ("vi", "en")
COOKIE = "pos_language"


def choose() -> str:
    """The language of this request."""
    if not has_request_context():
        return "vi"
    asked = request.args.get("lang") or request.cookies.get(COOKIE) or "vi"
    return asked if asked in LANGUAGES else "vi"


def _texts() -> Any:
    """The texts of this request's language, found once: a list of 50 rows asks for some six hundred."""
    if not has_request_context():
        return get_translations()
    found = getattr(request, "pos_texts", None)
    if found is None:
        found = get_translations()
        setattr(request, "pos_texts", found)  # noqa: B010 - no attribute mypy could know
    return found


def init_app(app: Flask) -> None:
    """Flask-Babel with pos/web/translations."""
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Ho_Chi_Minh"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "web/translations"
    Babel(app, locale_selector=choose)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _texts().ugettext(text), lambda one, many, n: _texts().ungettext(one, many, n), newstyle=True
    )
    app.jinja_env.globals["locale"] = lambda: str(get_locale() or "vi")

    @app.get("/language/<code>")
    def language(code: str) -> ResponseReturnValue:
        back = request.args.get("back", "/")
        response = redirect(back if re.match(r"/(?![/\\\s])[^\s\\]*$", back) else "/")
        if code in LANGUAGES:
            response.set_cookie(COOKIE, code, max_age=31_536_000, samesite="Lax", httponly=True)
        return response
