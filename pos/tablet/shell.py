"""The till's shell: which files it needs to open without the network, and the worker that keeps them.

Pure over a folder: nothing is cached here, nothing of a person is in any of these files. Refuses a missing file.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

PAGE = "/till/"
DISPLAY = "/till/display"
TEMPLATE = "templates/tablet/shell.html"
DISPLAY_TEMPLATE = "templates/tablet/display.html"
WORKER = "static/till/sw.js"
MANIFEST = "static/till/manifest.webmanifest"

# What the island imports or links outside its own folder.
ELSEWHERE = (
    "static/css/tokens.css",
    "static/css/components.css",
    "static/css/till.css",
    "static/css/till-tender.css",
    "static/css/till-display.css",
    "static/css/till-goods.css",
    "static/css/till-people.css",
    "static/css/till-after.css",
    "static/css/till-selling.css",
    "static/css/till-paper.css",
    "static/fonts/bvp-latin-400.woff2",
    "static/fonts/bvp-latin-600.woff2",
    "static/fonts/bvp-vietnamese-400.woff2",
    "static/fonts/bvp-vietnamese-600.woff2",
    "static/fonts/inter-figures.woff2",
    "static/icons/lucide.svg",
    "static/icons/till.svg",
    "static/icons/till-192.png",
    "static/vendor/idb-8.0.4/index.js",
    "static/vendor/lit-html-3.3.3/directive-helpers.js",
    "static/vendor/lit-html-3.3.3/directive.js",
    "static/vendor/lit-html-3.3.3/directives/repeat.js",
    "static/vendor/lit-html-3.3.3/lit-html.js",
    "static/vendor/qrcode-generator-2.0.4/qrcode.mjs",
)


# Parts of the island that only some tablets need: fetched when first used, kept in idle time.
LATER = ("static/till/paper/", "static/till/screen/printer.js")

# Kept when first used or in idle time: large, and needed only where the browser reads no barcodes by itself.
READER = (
    "static/vendor/zxing-wasm-3.1.4/reader/index.js",
    "static/vendor/zxing-wasm-3.1.4/share.js",
    "static/vendor/zxing-wasm-3.1.4/zxing_reader.wasm",
)


def _modules(root: Path) -> list[str]:
    found = (path.relative_to(root).as_posix() for path in (root / "static/till").rglob("*.js"))
    return sorted(path for path in found if path != WORKER)


def _island(root: Path) -> list[str]:
    """The island's own modules, without its worker and what is fetched later."""
    return [path for path in _modules(root) if not path.startswith(LATER)]


def extras(root: Path) -> list[str]:
    """What is kept when first used or in idle time."""
    return [*READER, *(path for path in _modules(root) if path.startswith(LATER))]


def shell_files(root: Path) -> list[str]:
    """URLs of every file the till needs, the page first."""
    return [PAGE, DISPLAY, "/till/manifest.webmanifest", *(f"/{path}" for path in (*_island(root), *ELSEWHERE))]


def build_of(root: Path) -> str:
    """Twelve hex digits over the bytes and names of page, worker, manifest and files: another byte, another build."""
    digest = hashlib.sha256()
    for path in (TEMPLATE, DISPLAY_TEMPLATE, WORKER, MANIFEST, *_island(root), *ELSEWHERE, *extras(root)):
        content = (root / path).read_bytes()
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def service_worker(root: Path) -> str:
    """The worker as served at /till/sw.js: its build and files, then its code."""
    files = json.dumps(shell_files(root), indent=2)
    later = json.dumps([f"/{path}" for path in extras(root)])
    code = (root / WORKER).read_text(encoding="utf-8")
    return f'const BUILD = "{build_of(root)}";\nconst FILES = {files};\nconst EXTRAS = {later};\n\n{code}'
