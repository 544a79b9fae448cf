"""The till's modules can be joined, none is forgotten, and the joined files are read by the browser's own engine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from config import ROOT
from pos.tablet.shell import FILES, LATER, MODULES, SHEETS, WORKER, made

MADE = made(ROOT)
SCRIPTS = [name for name in MADE if name.endswith(".js")]


def test_the_pages_name_every_joined_file() -> None:
    assert {name for name in MADE if name.endswith((".js", ".css"))} == {*FILES, LATER}
    styles = {path for _, paths in SHEETS for path in paths}
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "static/css").glob("till*.css")} <= styles


def test_no_module_is_forgotten_and_none_is_twice() -> None:
    sources = [path for name in SCRIPTS for path in json.loads(MADE[f"{name}.map"])["sources"]]
    ours = {f"/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "static/till").rglob("*.js")}
    assert sorted(path for path in sources if path.startswith("/static/till/")) == sorted(ours - {f"/{WORKER}"})
    assert {f"/{path}" for path in MODULES} <= set(sources)


def test_the_joined_files_are_javascript(tmp_path: Path) -> None:
    files = []
    for name in SCRIPTS:
        files.append(tmp_path / f"{name[:-3]}.mjs")
        files[-1].write_bytes(MADE[name])
    for file in files:
        subprocess.run([sys.executable, "-m", "scripts.node", "--check", str(file)], cwd=ROOT, check=True)


def test_comments_stay_at_home_and_the_templates_keep_every_blank() -> None:
    code = "".join(MADE[name].decode() for name in SCRIPTS)
    assert "@param" not in code
    assert "@license" in code
    for path in (ROOT / "static/till").rglob("*.js"):
        for template in re.findall(r"html`[^`$]{20,}", path.read_text(encoding="utf-8")):
            assert template in code, path
