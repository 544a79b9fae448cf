"""The files of the till's shell that are made: its modules joined, its styles in one, for one build.

Made when a source has changed, kept in memory and under var/, so that neither a start nor a second worker makes them
again. Nothing of a person is in them. A folder that cannot be written only costs the time.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import config
from pos.web.joining import join
from pos.web.packing import pack

MAKERS = ("pos/web/javascript.py", "pos/web/joining.py", "pos/tablet/built.py", "pos/tablet/shell.py")
PACKED = {"": "", "br": ".br", "gzip": ".gz"}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BLANKS = re.compile(r"\s*\n\s*")
OUTSIDE = re.compile(r"url\(\"\.\./")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is made of what: the pages' modules, the sheets by name; `also` only decides the build's name."""

    pages: tuple[str, ...]
    sheets: tuple[tuple[str, tuple[str, ...]], ...]
    also: tuple[str, ...]


def _inputs(recipe: Recipe) -> list[str]:
    sheets = (path for _, paths in recipe.sheets for path in paths)
    return sorted({*recipe.pages, *recipe.also, *sheets, *MAKERS})


def signature(root: Path, recipe: Recipe) -> tuple[tuple[str, int, int], ...]:
    """Changes when a source may have."""
    return tuple(
        (path, about.st_mtime_ns, about.st_size) for path in _inputs(recipe) if (about := (root / path).stat())
    )


@lru_cache(maxsize=8)
def build_of(root: Path, recipe: Recipe, _signature: object) -> str:
    """Twelve hex digits over names and bytes of all sources: another byte, another build."""
    digest = hashlib.sha256(repr(recipe).encode())
    for path in _inputs(recipe):
        content = (root / path).read_bytes()
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _sheet(root: Path, paths: Sequence[str]) -> str:
    """Styles in the order of the cascade, without comments; pictures and fonts by their whole address."""
    whole = "\n".join((root / path).read_text(encoding="utf-8") for path in paths)
    return OUTSIDE.sub('url("/static/', BLANKS.sub("\n", COMMENT.sub("", whole))).strip() + "\n"


def _make(root: Path, recipe: Recipe) -> dict[str, bytes]:
    made = {}
    for name, joined in join(root, recipe.pages).items():
        made[f"{name}.js"] = joined.code.encode()
        made[f"{name}.js.map"] = joined.map.encode()
    return made | {f"{name}.css": _sheet(root, paths).encode() for name, paths in recipe.sheets}


def _keep(folder: Path, files: Mapping[str, bytes]) -> None:
    """All files at once, in place of those of other builds."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        fresh.rename(folder)
    except OSError:
        return
    for other in folder.parent.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


@lru_cache(maxsize=2)
def made(root: Path, recipe: Recipe, build: str) -> Mapping[str, bytes]:
    """Every made file of a build, packed ones beside the plain: `main.js`, `main.js.br`, `main.js.gz`."""
    folder = config.VAR / "shell" / build
    try:
        if kept := {path.name: path.read_bytes() for path in folder.iterdir()}:
            return kept
    except OSError:
        pass
    files = _make(root, recipe)
    for name, content in list(files.items()):
        if not name.endswith(".map"):
            files |= {f"{name}{end}": pack(content, how) for how, end in PACKED.items() if how}
    _keep(folder, files)
    return files
