"""Settings from the environment; secrets never from the repository."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VAR = Path(os.environ.get("POS_VAR", ROOT / "var"))


@dataclass(frozen=True)
class Config:
    """What one process runs with."""

    database_url: str
    secret_key: str
    demo: bool
    origin: str | None = None
    smtp_url: str | None = None  # smtp+starttls://user:password@host:587; none: no e-mail goes out
    smtp_from: str | None = None
    proxies: int = 0  # trusted ones in front; more than there are would let anybody forge an address


def sqlite_url(path: Path) -> str:
    """A SQLAlchemy URL for an SQLite file."""
    return f"sqlite:///{path}"


def real_database_url() -> str:
    """POS_DATABASE_URL, or the embedded file var/pos.sqlite."""
    return os.environ.get("POS_DATABASE_URL") or sqlite_url(VAR / "pos.sqlite")


def demo_database_url() -> str:
    """The demo always lives in a file of its own."""
    return sqlite_url(VAR / "demo.sqlite")


def secret_key() -> str:
    """POS_SECRET_KEY, or one made once and kept in var/secret (mode 600)."""
    if given := os.environ.get("POS_SECRET_KEY"):
        return given
    VAR.mkdir(parents=True, exist_ok=True)
    kept = VAR / "secret"
    try:
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept.read_text().strip()
    with os.fdopen(handle, "w") as file:
        made = os.urandom(32).hex()
        file.write(made)
    return made


def remember_real() -> None:
    """The real database has been begun: from now on it is opened unless POS_DEMO=1 says otherwise."""
    VAR.mkdir(parents=True, exist_ok=True)
    (VAR / "mode").write_text("real\n")


def real_begun() -> bool:
    """True once `pos init` or the demo's button has begun the real database on this machine."""
    return (VAR / "mode").exists()


def demo_wanted() -> bool:
    """POS_DEMO 1 or 0 decides; unset, the demo is opened until the real database has been begun."""
    given = os.environ.get("POS_DEMO")
    return not real_begun() if given is None else given != "0"


def from_environment(*, demo: bool | None = None) -> Config:
    """The settings of a command; `demo=False` always means the real database."""
    demo = demo_wanted() if demo is None else demo
    VAR.mkdir(parents=True, exist_ok=True)
    return Config(
        database_url=demo_database_url() if demo else real_database_url(),
        secret_key=secret_key(),
        demo=demo,
        origin=os.environ.get("POS_ORIGIN"),
        smtp_url=os.environ.get("POS_SMTP_URL"),
        smtp_from=os.environ.get("POS_SMTP_FROM"),
        proxies=int(os.environ.get("POS_PROXIES") or 0),
    )
