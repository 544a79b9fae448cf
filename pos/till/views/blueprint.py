"""What all halves share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("till", __name__, url_prefix="/office")
