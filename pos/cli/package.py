"""`pos package verify FILE`: is a Gói kiểm tra what it was when it was made? Needs no database."""

from __future__ import annotations

from pathlib import Path

import click

from pos.cli.base import WRONG, say


@click.group()
def package() -> None:
    """The package for an audit."""


@package.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> int:
    """Compare each file of a package with its manifest. Exit 1 when one is missing, changed or too many."""
    from pos.reports.adapters.packages import verify_package

    about, whole, wrong = verify_package(file)
    if about:
        click.echo(f"{about['operator']} · {about['from']} – {about['until']} · {about['chain_head'][:16]}…")
    for vi, en in wrong:
        say(f"✗ {vi}", en)
    if wrong:
        raise SystemExit(WRONG)
    say(f"{whole} tệp còn nguyên", "files are as they were made")
    return 0
