"""CSRF on every form. The till API has no cookie and is exempt by blueprint."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Protect every unsafe method."""
    csrf.init_app(app)
