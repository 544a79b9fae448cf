"""The blueprint every room of these pages shares."""

from flask import Blueprint

bp = Blueprint("stock", __name__, url_prefix="/stock")
