"""Joins the ES modules of an island into a few files, so that a browser fetches two instead of a hundred.

Each module stays a function of its own, evaluated once and in the order a browser would; what it takes in are constants
at its head. What two pages need is `shared` and comes first, what is fetched only when wanted is `later`. The sources
are untouched and a source map names them. Refuses what it cannot keep the meaning of: two modules that need each
other, a name that is not given, a binding that changes. Decision 0020.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pos.web.javascript import Module, Unreadable, line_at, lines_of, read_module

_LOOSE = frozenset("(){}[];,:?=<>&|\n")  # beside one of these a blank says nothing
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True, slots=True)
class Joined:
    """One file: its code and its source map."""

    code: str
    map: str


@dataclass(slots=True)
class _Part:
    """A module in its place: the names of those it needs, by the path as written in it."""

    path: str
    name: str
    text: str
    module: Module
    needs: dict[str, str]


class _Island:
    def __init__(self, root: Path, pages: Sequence[str]) -> None:
        self.root, self.pages = root, pages
        self.parts: dict[str, _Part] = {}  # in the order they are evaluated
        self.reached: dict[str, set[str]] = {}
        wanted: list[str] = []
        for page in pages:
            self._visit(page, page, [])
        while later := [path for path in self._called() if path not in self.parts]:
            wanted += later
            for path in later:
                self._visit(path, "", [])

    def _called(self) -> list[str]:
        return [part.needs[path] for part in self.parts.values() for path in part.module.called]

    def _visit(self, path: str, page: str, way: list[str]) -> None:
        if path in way:
            raise Unreadable(" → ".join([*way[way.index(path) :], path]) + ": these modules need each other")
        if page in self.reached.setdefault(path, set()) or (not page and path in self.parts):
            return
        part = self.parts.get(path) or self._read(path)
        for taken in part.module.taken:
            self._visit(part.needs[taken.path], page, [*way, path])
        if page:
            self.reached[path].add(page)
        if path not in self.parts:
            self._check(part)
            self.parts[path] = part

    def _read(self, path: str) -> _Part:
        text = (self.root / path).read_text(encoding="utf-8")
        module = read_module(text, path)
        needs = {}
        for other in [*(taken.path for taken in module.taken), *module.called]:
            needs[other] = posixpath.normpath(posixpath.join(posixpath.dirname(path), other))
            if not (self.root / needs[other]).is_file():
                raise Unreadable(f"{path}: {other} is not there")
        short = re.sub(r"\W", "_", posixpath.splitext(path)[0].removeprefix("static/till/").removeprefix("static/"))
        return _Part(path, f"${short}", text, module, needs)

    def _check(self, part: _Part) -> None:
        for taken in part.module.taken:
            given = self.parts[part.needs[taken.path]].module.given
            for theirs, _ in taken.names:
                if theirs != "*" and theirs not in given:
                    raise Unreadable(f"{part.path}: {taken.path} gives no {theirs}")

    def file_of(self, path: str) -> str:
        pages = self.reached[path]
        return "later" if not pages else "shared" if len(pages) > 1 else Path(*pages).stem

    def files(self) -> dict[str, Joined]:
        names = dict.fromkeys(self.file_of(path) for path in self.parts)
        return {name: self._written(name) for name in names}

    def _written(self, file: str) -> Joined:
        inside = [part for part in self.parts.values() if self.file_of(part.path) == file]
        elsewhere: dict[str, set[str]] = {}
        for part in inside:
            for taken in part.module.taken:
                other = self.parts[part.needs[taken.path]]
                if (of := self.file_of(other.path)) != file:
                    elsewhere.setdefault(of, set()).add(other.name)
        writer = _Writer()
        for of, names in sorted(elsewhere.items()):
            writer.line(f'import{{{",".join(sorted(names))}}}from"./{of}.js";')
        for part in inside:
            self._write(part, writer)
        if given := sorted(part.name for part in inside if self._wanted_outside(part)):
            writer.line(f"export{{{','.join(given)}}};")
        return writer.joined(file)

    def _wanted_outside(self, part: _Part) -> bool:
        file = self.file_of(part.path)
        return part.path in self._called() or any(
            self.file_of(other.path) != file and part.path in (other.needs[taken.path] for taken in other.module.taken)
            for other in self.parts.values()
        )

    def _write(self, part: _Part, writer: _Writer) -> None:
        given = ",".join(f"{name}:{inside}" if name != inside else name for name, inside in part.module.given.items())
        writer.line(f"const {part.name}=(()=>{{" if given else "(()=>{")
        for taken in part.module.taken:
            name = self.parts[part.needs[taken.path]].name
            some = ",".join(f"{a}:{b}" if a != b else a for a, b in taken.names if a != "*")
            writer.line(
                (f"const{{{some}}}={name};" if some else "")
                + "".join(f"const {ours}={name};" for theirs, ours in taken.names if theirs == "*")
            )
        writer.begin(part.path, part.text)
        for piece in part.module.pieces:
            text = piece.text
            if piece.kind == "call":
                other = self.parts[part.needs[text]]
                text = f'import("./{self.file_of(other.path)}.js").then((all)=>all.{other.name})'
            elif piece.kind == "here":
                text = f'new URL("/{part.path}",location.href).href'
            writer.put(text, piece.at, blank=piece.kind == "blank")
        writer.end()
        writer.line(f"return{{{given}}};}})();" if given else "})();")


class _Writer:
    """Text that grows, and for each of its lines the source's."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.origins: list[tuple[int, int] | None] = []
        self.sources: list[tuple[str, str]] = []
        self.places: list[int] = []
        self.pending = ""
        self.last = "\n"

    def line(self, text: str) -> None:
        """A line that has no source."""
        if text:
            self.text.append(text + "\n")
            self.origins.append(None)

    def begin(self, path: str, text: str) -> None:
        """What follows is of this source."""
        self.sources.append((path, text))
        self.places = lines_of(text)
        self.pending, self.last = "", "\n"

    def put(self, text: str, at: int, *, blank: bool) -> None:
        """Some of the source: blanks are kept back until something follows."""
        if blank:
            self.pending = "\n" if "\n" in (text, self.pending) else " "
            return
        if self.last == "\n":
            self._origin(at)
        elif self.pending == "\n":
            self.text.append("\n")
            self._origin(at)
        elif self.pending and self.last not in _LOOSE and text[0] not in _LOOSE:
            self.text.append(" ")
        for n in range(text.count("\n")):
            self._origin(at, n + 1)
        self.text.append(text)
        self.pending, self.last = "", text[-1]

    def _origin(self, at: int, more: int = 0) -> None:
        self.origins.append((len(self.sources) - 1, line_at(self.places, at) + more))

    def end(self) -> None:
        """The source is over."""
        if self.last != "\n":
            self.text.append("\n")

    def joined(self, file: str) -> Joined:
        """The file, and its source map: a line for a line."""
        mappings, before = [], (0, 0)
        for origin in self.origins:
            mappings.append("" if origin is None else _vlq(0, origin[0] - before[0], origin[1] - before[1], 0))
            before = origin or before
        told = {
            "version": 3,
            "file": f"{file}.js",
            "sources": [f"/{path}" for path, _ in self.sources],
            "sourcesContent": [text for _, text in self.sources],
            "names": [],
            "mappings": ";".join(mappings),
        }
        code = "".join(self.text) + f"//# sourceMappingURL={file}.js.map\n"
        return Joined(code, json.dumps(told, ensure_ascii=False, separators=(",", ":")))


def _vlq(*numbers: int) -> str:
    """Numbers as source maps write them."""
    text = ""
    for number in numbers:
        rest = (-number << 1) | 1 if number < 0 else number << 1
        while True:
            digit, rest = rest & 31, rest >> 5
            text += _BASE64[digit | 32 if rest else digit]
            if not rest:
                break
    return text


def join(root: Path, pages: Sequence[str]) -> dict[str, Joined]:
    """The files of an island, by name: one for each page, `shared`, `later`. Raises Unreadable."""
    return _Island(root, pages).files()
