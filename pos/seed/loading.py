"""A progress bar for long work on a terminal; silent elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

T = TypeVar("T")


class Loading(Protocol):
    """Says what is being done and how far it is."""

    def each(self, words: str, items: Iterable[T], total: int) -> Iterator[T]:
        """Go through items, showing the words."""

    def say(self, words: str) -> None:
        """One sentence that stays."""


class Silent:
    """For tests and services."""

    def each(self, words: str, items: Iterable[T], total: int) -> Iterator[T]:
        """Go through items."""
        yield from items

    def say(self, words: str) -> None:
        """Say nothing."""


class Bar:
    """On a terminal."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def each(self, words: str, items: Iterable[T], total: int) -> Iterator[T]:
        """Go through items with a bar."""
        task = self.progress.add_task(words, total=total)
        for item in items:
            yield item
            self.progress.advance(task)

    def say(self, words: str) -> None:
        """A line above the bars."""
        self.progress.console.print(words)


@contextmanager
def loading() -> Iterator[Loading]:
    """Bars on standard error, so that output can be piped."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield Bar(progress)
