"""Commands about money: the journal, settlements; and the demo's seed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import make_url, or_, select

from config import Config
from pos.cli.base import REFUSED, build, in_books, migrate, told
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound, Trouble
from pos.kernel.text import dong
from pos.places.models import Operator, Site
from pos.producers.models import Producer


def operator_of(code: str | None) -> str:
    """The id of an operator by code; the only one when none is named. Raises Invalid, NotFound."""
    session = db.session()
    found = session.execute(select(Operator.id, Operator.code).order_by(Operator.code)).all()
    if code is None:
        if len(found) != 1:
            raise Invalid("operator.which", codes=", ".join(c for _, c in found))
        return str(found[0][0])
    for id_, known in found:
        if code in (id_, known):
            return str(id_)
    raise NotFound("operator.unknown", given=code)


def seed(config: Config, fill: Callable[[], object] | None = None) -> None:
    """Fill a database with the demo, or what `fill` makes, with progress. An SQLite file appears only when it is
    whole: stopped half-way, the next try begins anew."""
    from pos.seed.demo import seed_demo

    url = make_url(config.database_url)
    whole = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    part = whole.with_suffix(".part") if whole else None
    if part:
        for end in ("", "-wal", "-shm"):
            Path(f"{part}{end}").unlink(missing_ok=True)
    app = build(replace(config, database_url=f"sqlite:///{part}") if part else config)
    migrate(app)
    with app.app_context():
        (fill or seed_demo)()
        db.session.remove()
        if part:
            db.session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    if part and whole:
        for end in ("-wal", "-shm"):
            Path(f"{whole}{end}").unlink(missing_ok=True)
        part.replace(whole)


def show_demo_people(app: Flask) -> None:
    """The demo's log-in page lists its people."""
    from pos.seed.world import demo_people

    app.extensions["pos_demo_people"] = demo_people()


@click.group()
def journal() -> None:
    """The journal."""


@journal.command("export")
@click.option("--operator", "code", default=None, help="Only this operator's books.")
@click.option("--after", default=0, help="Only entries after this seq.")
@in_books
def export(code: str | None, after: int) -> None:
    """Every entry as a line of JSON, in chain order."""
    from pos.ledger.queries import as_export, entries_of

    session = db.session()
    wanted = [operator_of(code)] if code else list(session.scalars(select(Operator.id).order_by(Operator.code)))
    for operator_id in wanted:
        for entry, postings in entries_of(session, operator_id, after):
            sys.stdout.write(json.dumps(as_export(entry, postings), ensure_ascii=False) + "\n")


@click.group()
def safe() -> None:
    """The safe of a site."""


@safe.command()
@click.option("--site", required=True, help="Code or id of the site.")
@click.option("--amount", required=True, type=int, help="đồng, from the operator's bank account.")
@click.option("--operator", "operator", default=None, help="Operator code; needed when there are several.")
@click.option("--day", default=None, help="Business date, 2026-11-22 or 22/11/2026; today if not given.")
@click.option("--note", default=None)
@in_books
def fund(site: str, amount: int, operator: str | None, day: str | None, note: str | None) -> None:
    """Cash fetched from the bank for floats and change."""
    from pos.ledger.service import fund_safe

    operator_id = operator_of(operator)
    on = _day(day) if day else today()
    wanted = select(Site.id, Site.name).where(Site.operator_id == operator_id, or_(Site.code == site, Site.id == site))
    found = db.session().execute(wanted).one_or_none()
    if found is None:
        raise NotFound("site.unknown", site=site)
    with unit_of_work() as session:
        paper = fund_safe(session, site_id=found[0], amount_vnd=amount, day=on, at=now(), by=None, note=note)
        click.echo(f"{paper.id}  {found[1]}  {dong(amount)} đ  {on.isoformat()}")


@click.command()
@click.argument("receipt_no")
@click.argument("line", type=int)
@click.option("--producer", default=None, help="Code, id or full name; without it the goods are the operator's own.")
@click.option("--cost", default=None, type=int, help="đồng per unit: agreed (margin) or stock (own) cost.")
@click.option("--operator", "operator", default=None, help="Operator code; needed when there are several.")
@in_books
def assign(receipt_no: str, line: int, producer: str | None, cost: int | None, operator: str | None) -> None:
    """Say whose a line was that nobody could name when it was sold."""
    from pos.consignment.commands import AssignOwner
    from pos.consignment.queries.agreements import versions_of
    from pos.till.models import Sale
    from pos.till.service.assignments import assign_line

    operator_id, version = operator_of(operator), None
    sale = (
        db.session()
        .execute(
            select(Sale.id, Sale.day).where(Sale.operator_id == operator_id, Sale.receipt_no == receipt_no).limit(1)
        )
        .one_or_none()
    )
    if sale is None:
        raise NotFound("assign.no_line", line=line)
    if producer is not None:
        versions = versions_of(db.session(), operator_id, _pairs(producer, operator)[1])
        in_force = [v for v in versions if v.starts_on <= sale[1]] or list(versions)[-1:]
        if not in_force:
            raise NotFound("assign.no_version")
        version = in_force[0].id
    command = AssignOwner(operator_id, sale[0], line, version, mode=None if version else "own", cost_vnd=cost)
    with unit_of_work() as session:
        assign_line(session, command, by=None, at=now())
    click.echo(f"{receipt_no}:{line}")


@click.group()
def settle() -> None:
    """Statements: preview, freeze, approve."""


def _day(text: str | None) -> date:
    if text is None:
        return today() - timedelta(days=1)
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    raise Invalid("field.date")


def _pairs(producer: str, operator: str | None) -> tuple[list[str], str]:
    """(operator ids, producer id). Producer by id, code or name; without an operator all it has agreements with."""
    from pos.consignment.models import Agreement

    session = db.session()
    found = session.scalars(
        select(Producer.id).where(or_(Producer.id == producer, Producer.code == producer, Producer.name == producer))
    ).all()
    if len(found) != 1:
        raise NotFound("producer.unknown", producer=producer)
    if operator is not None:
        return [operator_of(operator)], found[0]
    agreed = select(Operator.id).join(Agreement, Agreement.operator_id == Operator.id)
    return list(session.scalars(agreed.where(Agreement.producer_id == found[0]).order_by(Operator.code))), found[0]


def _each(operators: list[str], work: Callable[[str], str | None]) -> int:
    """Do one operator after the other; what one refuses does not stop the next. 3 when nothing was done."""
    done = 0
    for operator_id in operators:
        name = db.session().get_one(Operator, operator_id).code
        try:
            line = work(operator_id)
        except Trouble as trouble:
            told(trouble, about=name)
            continue
        done += 1
        if line:
            click.echo(f"{name} {line}")
    return 0 if done else REFUSED


def _options(command: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.option(
            "--cutoff", default=None, help="Last business date, 2026-11-22 or 22/11/2026; yesterday if not given."
        ),
        click.option(
            "--operator", "operator", default=None, help="Operator code; needed when the producer has several."
        ),
        click.option("--producer", required=True, help="Code, id or full name."),
    ):
        command = option(command)
    return command


@settle.command()
@_options
@in_books
def preview(producer: str, operator: str | None, cutoff: str | None) -> int:
    """What a freeze would take, hold and pay. Writes nothing."""
    from pos.consignment.queries.previews import preview as draft_of

    operators, producer_id = _pairs(producer, operator)
    day = _day(cutoff)

    def show(operator_id: str) -> str:
        draft = draft_of(db.session(), operator_id, producer_id, day, run_on=today())
        if draft is None:
            raise NotFound("producer.unknown", producer=producer)
        lines = [f"{draft.producer_code} · {draft.producer_name} · {draft.lines} dòng/lines · {draft.verdict}"]
        lines += [f"  {step.code:<24} {dong(step.amount_vnd):>16}" for step in draft.steps]
        lines.append(f"  {'payout':<24} {dong(draft.division.payout_vnd):>16}")
        lines += [f"  {'held until ' + h.available_on.isoformat():<24} {dong(h.amount_vnd):>16}" for h in draft.held]
        return "\n".join(lines)

    return _each(operators, show)


@settle.command()
@_options
@in_books
def freeze(producer: str, operator: str | None, cutoff: str | None) -> int:
    """Freeze the statement of one producer."""
    from pos.consignment.models import Statement
    from pos.consignment.rules.settlement import number_of
    from pos.consignment.service.statements import freeze_statement

    operators, producer_id = _pairs(producer, operator)
    day = _day(cutoff)

    def close(operator_id: str) -> str:
        with unit_of_work() as session:
            made = freeze_statement(session, operator_id, producer_id, day, run_on=today(), at=now(), by=None)
            statement = session.get_one(Statement, made)
            return f"{number_of(statement.no)} {statement.state} {dong(statement.payout_vnd)}"

    return _each(operators, close)


@settle.command()
@_options
@in_books
def approve(producer: str, operator: str | None, cutoff: str | None) -> int:
    """Approve the frozen statements of one producer (with this cut-off, where one is given)."""
    from pos.consignment.models import Statement
    from pos.consignment.rules.settlement import number_of
    from pos.consignment.service.payouts import approve_statement

    operators, producer_id = _pairs(producer, operator)

    def agree(operator_id: str) -> str:
        with unit_of_work() as session:
            wanted = select(Statement).where(
                Statement.operator_id == operator_id, Statement.producer_id == producer_id, Statement.state == "frozen"
            )
            if cutoff is not None:
                wanted = wanted.where(Statement.cutoff_on == _day(cutoff))
            statements = session.scalars(wanted.order_by(Statement.no)).all()
            if not statements:
                raise NotFound("statement.none_frozen")
            states = [approve_statement(session, statement.id, at=now(), by=None) for statement in statements]
            return ", ".join(f"{number_of(s.no)} {state}" for s, state in zip(statements, states, strict=True))

    return _each(operators, agree)
