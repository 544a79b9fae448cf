"""`pos import products`: a file in, with progress, or a list of what to mend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from pos.catalogue.imports import Problem, read_products
from pos.catalogue.service.import_plan import Origin, Plan
from pos.catalogue.service.imports import carry_out, plan_import
from pos.cli.base import REFUSED, WRONG, say
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.seed.loading import Loading, loading

SHOWN, TOLD = 100, 1_000  # rows of a preview, problems


def import_file(file: Path, operator_id: str, *, dry_run: bool) -> int:
    """All of a file in one unit of work, or nothing. Returns the exit code."""
    with loading() as bars:
        good, problems = read_products(file, _telling(bars, "Đọc tệp · reading"))
        if problems:
            return tell(file, problems)
        comparing = _telling(bars, "So với sổ · comparing")
        if dry_run:
            plan = plan_import(db.session(), good, operator_id=operator_id, at=now(), each=comparing)
        else:
            with unit_of_work() as session:
                plan = plan_import(session, good, operator_id=operator_id, at=now(), each=comparing)
                if not plan.problems:
                    origin = Origin(file.name, sha256(file.read_bytes()).hexdigest(), None)
                    carry_out(session, plan, _telling(bars, "Ghi · writing"), origin=origin)
    if plan.problems:
        return tell(file, plan.problems)
    counts = plan.counts()
    vi = f"{counts['new']} mới, {counts['changed']} đổi, {counts['same']} giữ nguyên"
    en = f"{counts['new']} new, {counts['changed']} changed, {counts['same']} as before"
    if dry_run:
        _show(file, plan)
        say(f"Thử: {vi}; chưa nhập gì", f"dry run: {en}; nothing was imported")
    else:
        total = len(plan.done.product_ids)
        say(f"Đã nhập {total} sản phẩm: {vi}", f"{total} products imported: {en}")
    return 0


def _telling(bars: Loading, words: str) -> Callable[[Sequence[Any]], Iterable[Any]]:
    return lambda rows: bars.each(words, rows, len(rows))


def tell(file: Path, problems: Sequence[Problem]) -> int:
    """Each problem in both languages; 3 when the file as a whole is refused."""
    for p in problems[:TOLD]:
        click.echo(f"  {file.name}:{p.row} [{p.column}] {p.value!r}: {p.expected} / {p.expected_en}")
    if len(problems) > TOLD:
        click.echo(f"  … +{len(problems) - TOLD}")
    say(f"{len(problems)} chỗ cần sửa; chưa nhập gì", f"{len(problems)} problems; nothing was imported", err=True)
    return REFUSED if problems[0].row == 0 else WRONG


def _show(file: Path, plan: Plan) -> None:
    """What would change, row by row."""
    moved = [change for change in plan.changes if change.what != "same"]
    for change in moved[:SHOWN]:
        told = ", ".join(
            f"{fact} {after}" if old is None else f"{fact} {old} → {after}" for fact, old, after in change.details
        )
        click.echo(f"  {file.name}:{change.row} {'+' if change.what == 'new' else '~'} {change.name}  {told}")
    if len(moved) > SHOWN:
        click.echo(f"  … +{len(moved) - SHOWN}")
