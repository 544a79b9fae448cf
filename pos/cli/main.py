"""The commands of every day: init, seed, serve, worker, check, import, enrol-code."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import click
from sqlalchemy import select

import config as settings
from pos.cli import books, notices, package
from pos.cli.base import NOT_READY, REFUSED, WRONG, build, in_books, migrate, ready, say, told, trust_origin, where
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """OCOP POS. The database: POS_DEMO=1 the demo, POS_DEMO=0 the real one (POS_DATABASE_URL)."""


main.add_command(books.journal)
main.add_command(books.settle)
main.add_command(books.safe)
main.add_command(books.assign)
main.add_command(package.package)
main.add_command(notices.notices)


@main.command()
@click.option("--origin", envvar="POS_ORIGIN", default="http://127.0.0.1:8000", show_default=True)
@click.option("--operator", "operator_name", default="Đơn vị điểm bán OCOP", show_default=True)
@click.option("--login", default="admin", show_default=True)
@click.option("--password", envvar="POS_ADMIN_PASSWORD", default=None, help="Made and shown when not given.")
def init(origin: str, operator_name: str, login: str, password: str | None) -> None:
    """Begin the real database. The origin is fixed here: another address is another store on every tablet."""
    from pos.cli.start import Start, begin_real, random_password
    from pos.kernel.errors import Trouble

    shown = password or random_password()
    try:
        begin_real(Start(origin.rstrip("/"), operator_name, "OP1", login, shown))
    except Trouble as trouble:
        say(
            f"Không khởi tạo được ({trouble.code})",
            "could not begin: it has begun already, or the data is wrong",
            err=True,
        )
        sys.exit(NOT_READY)
    say(f"Đã khởi tạo {where(settings.from_environment(demo=False))}", f"origin {origin}")
    click.echo(f"  {login} / {shown if password is None else '********'}")


@main.group()
def seed() -> None:
    """Fill an empty database with believable goods and sales."""


@seed.command("demo")
def seed_demo_command() -> None:
    """The demo: real OCOP goods, invented prices, two weeks of sales."""
    config = settings.from_environment()
    app = build(config)
    migrate(app)
    if ready(app):
        say(f"{where(config)} đã có dữ liệu", "it is not empty: nothing was done", err=True)
        sys.exit(NOT_READY)
    books.seed(config)


@seed.command("city")
@click.option("--days", type=click.IntRange(0, 60), default=0, show_default=True, help="Days of sales, to today.")
def seed_city_command(days: int) -> None:
    """A city: Hanoi's OCOP figures of October 2025 with invented names, to see how it all feels when it is full."""
    from pos.seed.city import seed_city

    config = settings.from_environment()
    app = build(config)
    migrate(app)
    if ready(app):
        say(f"{where(config)} đã có dữ liệu", "it is not empty: nothing was done", err=True)
        sys.exit(NOT_READY)
    books.seed(config, lambda: seed_city(days=days))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--no-worker", is_flag=True, help="Another process runs `pos worker`.")
def serve(host: str, port: int, no_worker: bool) -> None:
    """Migrate, seed the demo if it is empty, and serve."""
    from pos.catalogue.jobs import keep_announcing
    from pos.cli import serve as server
    from pos.cli.start import bp
    from pos.reports.jobs import keep_checking
    from pos.reports.notices import keep_noticing
    from pos.tablet.shell import made
    from pos.till.jobs import keep_rechecking

    config = settings.from_environment()
    app = build(config)
    migrate(app)
    if not ready(app):
        if not config.demo:
            say("Chưa khởi tạo: chạy `pos init`", "not begun yet: run `pos init`", err=True)
            sys.exit(NOT_READY)
        books.seed(config)
    if config.demo:
        app.register_blueprint(bp)
        books.show_demo_people(app)
    trust_origin(app)
    with app.app_context():
        with unit_of_work() as session:
            keep_announcing(session, at=now())
            keep_checking(session, at=now())
            keep_rechecking(session, at=now())
            keep_noticing(session, at=now())
        for engine in db.engines.values():
            engine.dispose()
    made(settings.ROOT)  # before there are workers: each would join the till's files for itself
    say(f"OCOP POS: http://{host}:{port}  (quầy: http://{host}:{port}/till/)", where(config))
    sys.stdout.flush()
    server.run(app, host=host, port=port, with_worker=not no_worker)


@main.command()
def worker() -> None:
    """Keep promises (printing and the like) in a process of its own."""
    from pos.outbox.worker import run

    app = build(settings.from_environment())
    if not ready(app):
        sys.exit(NOT_READY)
    stop = threading.Event()
    try:
        run(app, stop)
    except KeyboardInterrupt:
        stop.set()


@main.command()
@in_books
def check() -> int:
    """Check every invariant of money.md that applies so far. Exit 1 when one does not hold."""
    from pos.reports.check import check_all

    bad = 0
    for finding in check_all(db.session()):
        mark = click.style("✓", fg="green") if finding.holds else click.style("✗", fg="red")
        click.echo(f"{mark} {finding.number:>2}. {finding.vi} / {finding.en}: {finding.looked_at}")
        for line in finding.problems[:20]:
            click.echo(f"      {line}")
        bad += not finding.holds
    say(
        "Mọi bất biến đều đúng" if not bad else f"{bad} bất biến KHÔNG đúng",
        "every invariant holds" if not bad else f"{bad} invariants do NOT hold",
    )
    return WRONG if bad else 0


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Copy the whole database to a file or into a folder, while it runs. Keep var/secret too."""
    from pos.cli.backup import back_up
    from pos.kernel.errors import Trouble

    config = settings.from_environment()
    try:
        made = back_up(config.database_url, target, at=now())
    except Trouble as trouble:
        told(trouble)
        sys.exit(REFUSED)
    say(f"Đã sao lưu {where(config)}", "backed up")
    click.echo(made)


@main.command("restore")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore_command(source: Path, yes: bool) -> None:
    """Put a copy in place of the database. Stop every server first; tablets send again what the copy lacks."""
    from pos.cli.backup import restore
    from pos.kernel.errors import Trouble

    config = settings.from_environment()
    if not yes:
        click.confirm(f"{where(config)} ← {source}?", abort=True)
    try:
        epoch = restore(config.database_url, source)
    except Trouble as trouble:
        told(trouble)
        sys.exit(REFUSED)
    migrate(build(config))
    say(f"Đã khôi phục, epoch {epoch}", "restored: run `pos check`, then serve")


@main.command()
@in_books
def replay() -> int:
    """Apply kept events of formats this release has learnt to read; `pos serve` does it by itself."""
    from pos.till.service.replay import count_unapplied, replay_unapplied

    done = replay_unapplied(at=now())
    left = count_unapplied(db.session())
    say(f"Đã ghi {done} sự kiện, còn {left} chờ bản mới hơn", f"{done} events applied, {left} wait for a newer release")
    return 0


@main.group("import")
def import_() -> None:
    """Bring data in from files."""


@import_.command("products")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--operator", "operator_code", default=None, help="Operator code; needed when there are several.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@in_books
def import_products_command(file: Path, operator_code: str | None, dry_run: bool) -> int:
    """Products from CSV or XLSX: all of it, or nothing and a list of what to mend.

    Exit 0 done, 1 problems in rows, 3 the file or the operator is refused.
    """
    from pos.cli.imports import import_file

    return import_file(file, books.operator_of(operator_code), dry_run=dry_run)


@import_.command("golive")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--operator", "operator_code", default=None, help="Operator code; needed when there are several.")
@click.option("--dry-run", is_flag=True, help="Check it against its control totals; write nothing.")
@in_books
def import_golive_command(file: Path, operator_code: str | None, dry_run: bool) -> int:
    """Open an operator's books from one XLSX: goods, stock, owed, advances, cash and bank. All of it, or nothing.

    Exit 0 done, 1 problems in cells, 3 the file, the operator or a second opening is refused.
    """
    from pos.cli.golive import open_from

    return open_from(file, books.operator_of(operator_code), dry_run=dry_run)


@main.command("enrol-code")
@click.argument("till", required=False)
@click.option("--any", "any_till", is_flag=True, help="A till no tablet is enrolled to yet.")
@in_books
def enrol_code(till: str | None, any_till: bool) -> None:
    """A code that makes one tablet the device of a till (its code, e.g. HK03), once within 24 hours."""
    from pos.access.models import DeviceLog
    from pos.access.service import make_enrol_code
    from pos.places.models import Till

    if not till and not any_till:
        raise Invalid("enrol.which_till")
    with unit_of_work() as session:
        wanted = select(Till).where(Till.active).order_by(Till.code)
        if till:
            wanted = wanted.where(Till.code == till.upper())
        else:
            taken = select(DeviceLog.till_id).where(DeviceLog.revoked_at.is_(None))
            wanted = wanted.where(Till.id.not_in(taken))
        found = session.scalars(wanted.limit(1)).one_or_none()
        if found is None:
            raise NotFound("till.none_free" if any_till else "till.unknown", till=till)
        name, code = f"{found.code} · {found.name}", make_enrol_code(session, found.id, at=now())
    click.echo(code)
    click.echo(f"[{name}]", err=True)
