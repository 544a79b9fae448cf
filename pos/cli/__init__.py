"""`pos …`: each command one service call in one unit of work. Exit codes: 0 done, 1 found something wrong,
2 called wrongly or not set up, 3 refused by a rule."""

from __future__ import annotations

from pos.cli.main import main

__all__ = ["main"]
