"""Whatever the code can raise has a sentence in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

from pos.kernel.errors import Conflict, Invalid, NotFound, Refused
from pos.web.phrases import PHRASES

ROOT = Path(__file__).parents[2]
KINDS = {kind.__name__ for kind in (Conflict, Invalid, NotFound, Refused)}


def raised() -> set[str]:
    """Every code written out in `Invalid("…")` and its like."""
    found = set()
    for path in (ROOT / "pos").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    found.add(str(code.value))
                elif isinstance(code, ast.IfExp):
                    found |= {str(part.value) for part in (code.body, code.orelse) if isinstance(part, ast.Constant)}
    return found


def test_every_code_has_a_sentence() -> None:
    assert sorted(raised() - PHRASES.keys()) == []


def test_sentences_are_there_twice() -> None:
    assert [code for code, (vi, en) in PHRASES.items() if not vi.strip() or not en.strip()] == []
