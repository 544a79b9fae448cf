"""What the documents point to is there: files, pictures, headings, commands, targets."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from config import ROOT
from pos.cli import main

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchor_of(heading: str) -> str:
    """A heading as the link that points to it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors_in(page: Path) -> set[str]:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    return {anchor_of(heading) for heading in re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE)}


def broken_links(page: Path) -> list[str]:
    """Relative links of a page that lead nowhere."""
    broken = []
    for link in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors_in(target)):
            broken.append(link)
    return broken


def commands(group: click.Group, path: str = "pos") -> set[str]:
    """Every command with its group: `pos journal export`."""
    found = set()
    for name, command in group.commands.items():
        own = f"{path} {name}"
        found |= commands(command, own) if isinstance(command, click.Group) else {own}
    return found


def commands_named(page: Path) -> set[str]:
    """`pos word word` in code of a page, as far as the words are lower-case letters and dashes."""
    named = set()
    for code in CODE.findall(page.read_text(encoding="utf-8")):
        if said := re.match(r"(?:\w+=\S+ )*(pos(?: [a-z][a-z-]*)+)(?![\w./])", code):
            named.add(said.group(1))
    return named


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_and_pictures_of_a_page_exist(page: Path) -> None:
    assert broken_links(page) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_named_by_a_page_exist(page: Path) -> None:
    known = commands(main)
    unknown = [
        named
        for named in sorted(commands_named(page))
        if not any(named == command or named.startswith(f"{command} ") for command in known)
    ]

    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_make_targets_named_by_a_page_exist(page: Path) -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b", " ".join(CODE.findall(page.read_text(encoding="utf-8")))))
    named |= set(re.findall(r"^    make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))

    assert named - targets() == set()


def test_every_picture_is_shown_somewhere() -> None:
    shown = {
        (page.parent / unquote(link)).resolve()
        for page in PAGES
        for link in LINK.findall(page.read_text(encoding="utf-8"))
    }

    assert {path for path in (ROOT / "docs" / "images").glob("*.png") if path not in shown} == set()
