"""Reads one ES module just as far as joining needs: what it takes in, what it gives out, and where its words stand.

It splits the text into strings, templates, expressions between slashes, comments and the rest, as a browser would, so
that nothing inside a string is taken for code; it does not understand the code. Refuses what our modules never write.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<word>[\w$#]+)|(?P<mark>.)",
    re.DOTALL,
)
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
_SLASHES = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_BEFORE_SLASHES = {
    "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "await", "yield",
    "instanceof",
}  # fmt: skip

_NAME = r"[\w$]+"
_IMPORT = re.compile(
    rf"import\s*(?:(?P<whole>{_NAME})\s*,?\s*)?(?:\{{(?P<names>[^}}]*)\}}|\*\s*as\s+(?P<all>{_NAME}))?\s*(?:from\s*)?"
    r"(?P<q>[\"'])(?P<path>[^\"']+)(?P=q)\s*;?"
)
_CALL = re.compile(r"import\(\s*(?:\"(?P<path>[^\"]+)\"\s*\))?")
_META = re.compile(r"import\.meta\.url\b")
_GIVEN = re.compile(r"export\s*\{(?P<names>[^}]*)\}(?:\s*from\s*(?P<q>[\"'])(?P<path>[^\"']+)(?P=q))?\s*;?")
_MADE = re.compile(rf"export\s+(?:async\s+)?(?:function\s*\*?|class|const)\s+(?P<name>{_NAME})")
_WHOLE = re.compile(r"export\s+default\s+")


class Unreadable(Exception):
    """The module is written in a way that cannot be joined; says where."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One import: from where, which names ((theirs, ours), `*` for all of it)."""

    path: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and its place in the source. `kind`: "code" as it stands (blanks alone are "blank"), "call" an import
    by name when it is wanted (text: its path), "here" the module's own address."""

    at: int
    kind: str
    text: str


@dataclass(slots=True)
class Module:
    """A module taken apart; of comments only licences are left, a blank with a line's end in it is that line's end."""

    taken: list[Taken] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)  # name outside → expression inside
    pieces: list[Piece] = field(default_factory=list)


def _pairs(names: str, *, outside_first: bool) -> list[tuple[str, str]]:
    """`a, b as c` → (a, a), (b, c); turned round where the name outside comes second."""
    found = []
    for one in filter(None, (part.strip() for part in names.split(","))):
        first, _, second = (word.strip() for word in one.partition(" as "))
        found.append((first, second or first) if outside_first else (second or first, first))
    return found


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        self.module = Module()
        self.at = self.depth = 0
        self.templates: list[int] = []  # the depth at which each open `${` began
        self.before = ""  # the last word or mark that was no space and no comment

    def fail(self, why: str) -> Unreadable:
        return Unreadable(f"{self.name}:{self.text.count(chr(10), 0, self.at) + 1}: {why}")

    def put(self, text: str, kind: str = "code") -> None:
        self.module.pieces.append(Piece(self.at, kind, text))

    def read(self) -> Module:
        while self.at < len(self.text):
            found = _TOKEN.match(self.text, self.at)
            assert found is not None  # the last alternative takes any character
            kind, text = str(found.lastgroup), found.group()
            if kind == "space":
                self.put("\n" if "\n" in text else " ", "blank")
            elif kind == "comment":
                self._comment(text)
            elif text == "/" and self._opens_slashes():
                text = self._rest(_SLASHES, "an expression between slashes that does not end", self.at)
                self.put(text)
                self.before = "text"
            elif text == "`" or (text == "}" and self.templates and self.templates[-1] == self.depth):
                text = self._template(text)
            elif text in ("import", "export") and self.before != "." and (taken := self._statement(text)):
                text = taken
            else:
                self.depth += (text in "([{") - (text in ")]}")
                self.put(text)
                self.before = "text" if kind == "text" else text
            self.at += len(text)
        if self.depth or self.templates:
            raise self.fail("a bracket is not closed")
        return self.module

    def _rest(self, pattern: re.Pattern[str], why: str, at: int) -> str:
        found = pattern.match(self.text, at)
        if found is None:
            raise self.fail(why)
        return found.group()

    def _opens_slashes(self) -> bool:
        word = self.before
        return not (word[-1:].isalnum() or word[-1:] in "_$)]}") or word in _BEFORE_SLASHES

    def _comment(self, text: str) -> None:
        if "@license" in text or "Copyright" in text:
            self.put(text)
        elif "\n" in text:
            self.put("\n", "blank")

    def _template(self, text: str) -> str:
        """From a backtick, or from the end of a `${…}`, to the next `${` or the closing backtick."""
        if text == "}":
            self.templates.pop()
        text += self._rest(_TEMPLATE, "a template that does not end", self.at + 1)
        self.put(text)
        if text.endswith("${"):
            self.templates.append(self.depth)
        self.before = "(" if text.endswith("${") else "text"
        return text

    def _statement(self, word: str) -> str:
        """An import or export: noted, and replaced where it stands. Returns what was read, "" for a plain word."""
        text, at, module = self.text, self.at, self.module
        if word == "import" and (found := _CALL.match(text, at)):
            if path := found["path"]:
                module.called.append(path)
            else:
                self.depth += 1
            self.put(path or "import(", "call" if path else "code")
            self.before = ")" if path else "("
        elif word == "import" and (found := _META.match(text, at)):
            self.put("", "here")
            self.before = "url"
        elif self.depth or self.templates:
            return ""
        elif word == "import" and (found := _IMPORT.match(text, at)):
            names = _pairs(found["names"] or "", outside_first=True)
            names += [("default", found["whole"])] if found["whole"] else []
            names += [("*", found["all"])] if found["all"] else []
            module.taken.append(Taken(found["path"], tuple(names)))
            self.before = ";"
        elif word == "export":
            found = self._given()
        else:
            raise self.fail("an import of a kind that cannot be joined")
        return found.group()

    def _given(self) -> re.Match[str]:
        text, at, module = self.text, self.at, self.module
        if found := _GIVEN.match(text, at):
            pairs = _pairs(found["names"], outside_first=False)
            if found["path"]:
                ours = [(inside, f"$again_{outside}") for outside, inside in pairs]
                module.taken.append(Taken(found["path"], tuple(ours)))
                pairs = [(outside, f"$again_{outside}") for outside, _ in pairs]
            module.given.update(pairs)
            self.before = ";"
        elif found := _MADE.match(text, at):
            module.given[found["name"]] = found["name"]
            self.put(found.group()[len("export") :].lstrip())
            self.before = found["name"]
        elif found := _WHOLE.match(text, at):
            module.given["default"] = "$default"
            self.put("const $default = ")
            self.before = "="
        else:
            raise self.fail("an export of a kind that cannot be joined")
        return found


def read_module(text: str, name: str) -> Module:
    """Take a module apart. Raises Unreadable."""
    return _Reader(text, name).read()


def lines_of(text: str) -> list[int]:
    """Where each line begins."""
    return [0, *(found.end() for found in re.finditer("\n", text))]


def line_at(lines: list[int], place: int) -> int:
    """Which line a place is on, counted from 0."""
    return bisect_right(lines, place) - 1
