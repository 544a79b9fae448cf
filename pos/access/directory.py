"""What rights can hold in, asked of the floors above: places and producers are not known down here.

The application sets `app.extensions["pos_directory"]`; without it no right beyond `all` could be given.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from flask import current_app
from sqlalchemy.orm import Session

from pos.access.rules import Scope, Spot

PAGE = 50


class Directory(Protocol):
    """Names and belongings of operators, sites, fairs, organizers and producers."""

    def find(self, session: Session, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], Spot]:
        """The spots of (kind, id) pairs; unknown ones are left out. At most one query per kind."""

    def inside(self, session: Session, scopes: Sequence[Scope], kinds: Collection[str]) -> list[Spot]:
        """All spots of these kinds within the scopes, by kind and name. `producer` is not listed."""

    def producers(self, session: Session, scopes: Sequence[Scope], *, q: str, page: int) -> tuple[list[Spot], bool]:
        """Producers some operator within the scopes has terms with, by name, and whether there are more."""


def directory() -> Directory:
    """The application's directory."""
    found: Directory = current_app.extensions["pos_directory"]
    return found
