"""`pos …`: each command one service call in one unit of work."""

from __future__ import annotations

import click

import config as settings


@click.group()
def main() -> None:
    """OCOP POS."""


@main.command()
@click.option("--port", default=8000, envvar="PORT")
def serve(port: int) -> None:
    """Migrate and serve."""
    from waitress import serve as run

    from pos.app import create_app

    click.echo(f"http://127.0.0.1:{port}")
    run(create_app(settings.from_environment()), host="127.0.0.1", port=port)
