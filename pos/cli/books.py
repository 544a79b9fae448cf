"""Commands about money: the journal, settlements; and the demo's seed."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime

import click
from flask import Flask
from sqlalchemy import or_, select

from pos.cli.base import in_books
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.kernel.text import dong
from pos.places.models import Operator
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


def seed(app: Flask) -> None:
    """Fill the demo, with progress."""
    from pos.seed.demo import seed_demo

    with app.app_context():
        seed_demo()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


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
def settle() -> None:
    """Statements: preview, freeze, approve."""


def _day(text: str | None) -> date:
    if text is None:
        return today()
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    raise Invalid("field.date")


def _pair(producer: str, operator: str | None, cutoff: str | None) -> tuple[str, str, date]:
    """(operator id, producer id, cut-off). Producer by id, code or name; its operator may follow from its agreement."""
    from pos.consignment.models import Agreement

    session = db.session()
    found = session.scalars(
        select(Producer.id).where(or_(Producer.id == producer, Producer.code == producer, Producer.name == producer))
    ).all()
    if len(found) != 1:
        raise NotFound("producer.unknown", producer=producer)
    if operator is None:
        agreed = session.scalars(select(Agreement.operator_id).where(Agreement.producer_id == found[0])).all()
        if len(agreed) == 1:
            return agreed[0], found[0], _day(cutoff)
    return operator_of(operator), found[0], _day(cutoff)


def _options(command: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.option(
            "--cutoff", default=None, help="Last business date, 2026-11-22 or 22/11/2026; today if not given."
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
def preview(producer: str, operator: str | None, cutoff: str | None) -> None:
    """What a freeze would take, hold and pay. Writes nothing."""
    from pos.consignment.queries.previews import preview as draft_of

    operator_id, producer_id, day = _pair(producer, operator, cutoff)
    draft = draft_of(db.session(), operator_id, producer_id, day, run_on=today())
    if draft is None:
        raise NotFound("producer.unknown", producer=producer)
    click.echo(f"{draft.producer_code} · {draft.producer_name} · {draft.lines} dòng/lines · {draft.verdict}")
    for step in draft.steps:
        click.echo(f"  {step.code:<24} {dong(step.amount_vnd):>16}")
    click.echo(f"  {'payout':<24} {dong(draft.division.payout_vnd):>16}")
    for held in draft.held:
        click.echo(f"  {'held until ' + held.available_on.isoformat():<24} {dong(held.amount_vnd):>16}")


@settle.command()
@_options
@in_books
def freeze(producer: str, operator: str | None, cutoff: str | None) -> None:
    """Freeze the statement of one producer."""
    from pos.consignment.models import Statement
    from pos.consignment.rules.settlement import number_of
    from pos.consignment.service.statements import freeze_statement

    operator_id, producer_id, day = _pair(producer, operator, cutoff)
    with unit_of_work() as session:
        made = freeze_statement(session, operator_id, producer_id, day, run_on=today(), at=now(), by=None)
        statement = session.get_one(Statement, made)
        line = f"{number_of(statement.no)} {statement.state} {dong(statement.payout_vnd)}"
    click.echo(line)


@settle.command()
@_options
@in_books
def approve(producer: str, operator: str | None, cutoff: str | None) -> None:
    """Approve the frozen statement of one producer (with this cut-off, where several are frozen)."""
    from pos.consignment.models import Statement
    from pos.consignment.rules.settlement import number_of
    from pos.consignment.service.payouts import approve_statement

    operator_id, producer_id, day = _pair(producer, operator, cutoff)
    with unit_of_work() as session:
        wanted = select(Statement).where(
            Statement.operator_id == operator_id, Statement.producer_id == producer_id, Statement.state == "frozen"
        )
        if cutoff is not None:
            wanted = wanted.where(Statement.cutoff_on == day)
        statement = session.scalars(wanted.order_by(Statement.frozen_at).limit(1)).one_or_none()
        if statement is None:
            raise NotFound("statement.none_frozen")
        number = number_of(statement.no)
        approve_statement(session, statement.id, at=now(), by=None)
    click.echo(f"{number} approved")
