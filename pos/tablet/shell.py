"""The till's shell: which files it needs to open without the network, and the worker that keeps them.

Pure over a folder: nothing of a person is in any of these files. Refuses a missing file. Modules and styles travel
joined (see `built`), under an address that names the build, so they never change there; the rest as it lies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from time import monotonic

from pos.tablet import built

PAGE = "/till/"
DISPLAY = "/till/display"
TEMPLATE = "templates/tablet/shell.html"
DISPLAY_TEMPLATE = "templates/tablet/display.html"
WORKER = "static/till/sw.js"
MANIFEST = "static/till/manifest.webmanifest"

# The modules the two pages begin with, and their styles in the order of the cascade.
MODULES = ("static/till/main.js", "static/till/customer.js")
SHEETS = (
    ("base", ("static/css/tokens.css", "static/css/components.css")),
    (
        "till",
        (
            "static/css/till.css",
            "static/css/till-tender.css",
            "static/css/till-goods.css",
            "static/css/till-people.css",
            "static/css/till-after.css",
            "static/css/till-selling.css",
            "static/css/till-paper.css",
        ),
    ),
    ("display", ("static/css/till-display.css",)),
)
FILES = ("base.css", "till.css", "display.css", "shared.js", "main.js", "customer.js")
LATER = "later.js"  # what only some tablets need: fetched when first used, kept in idle time

# What the pages link outside their own folder.
ELSEWHERE = (
    "static/fonts/bvp-latin-400.woff2",
    "static/fonts/bvp-latin-600.woff2",
    "static/fonts/bvp-vietnamese-400.woff2",
    "static/fonts/bvp-vietnamese-600.woff2",
    "static/fonts/inter-figures.woff2",
    "static/icons/lucide.svg",
    "static/icons/till.svg",
    "static/icons/till-192.png",
)

# Kept when first used or in idle time: large, and needed only where the browser reads no barcodes by itself.
READER = (
    "static/vendor/zxing-wasm-3.1.4/reader/index.js",
    "static/vendor/zxing-wasm-3.1.4/share.js",
    "static/vendor/zxing-wasm-3.1.4/zxing_reader.wasm",
)


@lru_cache(maxsize=4)
def _looked(root: Path, _second: int) -> tuple[built.Recipe, str]:
    """What the build is made of and its name; the sources are looked at once a second at most."""
    modules = [path for folder in ("till", "vendor") for path in (root / "static" / folder).rglob("*.*js")]
    own = (TEMPLATE, DISPLAY_TEMPLATE, MANIFEST, *ELSEWHERE, *READER)
    recipe = built.Recipe(MODULES, SHEETS, (*sorted(path.relative_to(root).as_posix() for path in modules), *own))
    return recipe, built.build_of(root, recipe, built.signature(root, recipe))


def build_of(root: Path) -> str:
    """Twelve hex digits over everything the shell is made of."""
    return _looked(root, int(monotonic()))[1]


def made(root: Path) -> Mapping[str, bytes]:
    """The joined files of this build, by name."""
    return built.made(root, *_looked(root, int(monotonic())))


def folder_of(root: Path) -> str:
    """Where the joined files of this build are."""
    return f"/till/build/{build_of(root)}"


def extras(root: Path) -> list[str]:
    """What is kept when first used or in idle time."""
    return [*(f"/{path}" for path in READER), f"{folder_of(root)}/{LATER}"]


def shell_files(root: Path) -> list[str]:
    """URLs of every file the till needs, the page first."""
    folder = folder_of(root)
    joined = (f"{folder}/{name}" for name in FILES)
    return [PAGE, DISPLAY, "/till/manifest.webmanifest", *joined, *(f"/{path}" for path in ELSEWHERE)]


def service_worker(root: Path) -> str:
    """The worker as served at /till/sw.js: its build and files, then its code."""
    files = json.dumps(shell_files(root), indent=2)
    later = json.dumps(extras(root))
    code = (root / WORKER).read_text(encoding="utf-8")
    return f'const BUILD = "{build_of(root)}";\nconst FILES = {files};\nconst EXTRAS = {later};\n\n{code}'
