"""Modules joined say what they said apart; what cannot be joined is refused by name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from pos.web.javascript import Unreadable
from pos.web.joining import join

ISLAND = {
    "main.js": """
// The page.
import whole, { one as first, Counter } from "./parts.js";
import * as all from "./all.js";
import { kept } from "./again.js";
import "./alone.js";

const html = (strings, ...values) => String.raw({ raw: strings }, ...values);
const told = { import: 1, export: 2, of: "x" };
const half = (all.SIX + 2) / 2 / 1; // not between slashes
export const quoted = /[/"'`]+\\/(?<x>a)/.exec(`"/a`)?.groups.x;
console.log(whole(), first, kept, all.SIX, all.named(), half, quoted, told.import + told.export);
console.log(html`<p  title="a
  b">${[1, 2].map((n) => html`<i>${`n${n}`}</i>  ${{ n }.n}`)}
   // no comment
</p>`);
const counter = new Counter();
counter /* two */ .up(); counter.up();
console.log(counter.n, "// in a text", 'and /* here */', order.join());
let sum = 1
sum += 1
;[sum].forEach((n) => console.log(n, n++ + +n))
const later = await_it();
async function await_it() {
  const { late } = await import("./late.js");
  console.log(late(), order.join());
}
""",
    "parts.js": """
globalThis.order ??= []; order.push("parts");
/** @param {import("./all.js").Six} n */
export const one = 1;
export class Counter { n = 0; up() { this.n += one; } static { order.push("class"); } }
export default function () { return "whole"; }
""",
    "again.js": """export { one as kept } from "./parts.js";
order.push("again");""",
    "all.js": """import { one } from "./parts.js"; order.push("all");
const SIX = 6 * one; function named() { return "named"; }
export { SIX, named };""",
    "alone.js": 'order.push("alone");',
    "display.js": 'import { SIX } from "./all.js";\nconsole.log("display", SIX);',
    "late.js": """import { one } from "./parts.js"; import { only } from "./only.js";
order.push("late");
export async function late() { return one + only; }""",
    "only.js": 'order.push("only"); export const only = 41;',
}


def written(folder: Path, files: dict[str, str]) -> Path:
    (folder / "static").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / "static" / name).write_text(text, encoding="utf-8")
    return folder


def ran(file: Path) -> str:
    return subprocess.run(
        [sys.executable, "-m", "scripts.node", "--enable-source-maps", str(file)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def joined_in(folder: Path, root: Path, *pages: str) -> dict[str, str]:
    folder.mkdir()
    (folder / "package.json").write_text('{"type": "module"}')
    made = join(root, [f"static/{page}" for page in pages])
    for name, one in made.items():
        (folder / f"{name}.js").write_text(one.code, encoding="utf-8")
        (folder / f"{name}.js.map").write_text(one.map, encoding="utf-8")
    return {name: one.code for name, one in made.items()}


def test_joined_they_say_what_they_said_apart(tmp_path: Path) -> None:
    root = written(tmp_path / "apart", ISLAND)
    (root / "package.json").write_text('{"type": "module"}')
    made = joined_in(tmp_path / "joined", root, "main.js", "display.js")

    for page in ("main.js", "display.js"):
        assert ran(tmp_path / "joined" / page) == ran(root / "static" / page)
    assert set(made) == {"main", "display", "shared", "later"}
    assert "order.push" not in made["display"]
    assert [name for name, code in made.items() if "only=41" in code] == ["later"]
    assert not any("The page" in code or "@param" in code for code in made.values())


def test_a_trace_names_the_source(tmp_path: Path) -> None:
    files = {
        "main.js": '// Words.\n\nimport { fall } from "./fall.js";\n\nconsole.log(fall());\n',
        "fall.js": "// More words.\nconst here = `\n\n`;\n\nexport function fall() {\n  /* one */\n"
        "  return new Error(here).stack;\n}\n",
    }
    joined_in(tmp_path / "joined", written(tmp_path, files), "main.js")

    trace = ran(tmp_path / "joined" / "main.js")

    assert "/static/fall.js:8" in trace
    assert "/static/main.js:5" in trace
    kept = json.loads((tmp_path / "joined" / "main.js.map").read_text(encoding="utf-8"))
    assert kept["sourcesContent"] == [files["fall.js"], files["main.js"]]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (
            {"main.js": 'import "./a.js";', "a.js": 'import "./b.js"; export const a = 1;', "b.js": 'import "./a.js";'},
            r"static/a\.js → static/b\.js → static/a\.js: these modules need each other",
        ),
        ({"main.js": 'import { b } from "./a.js";', "a.js": "export const a = 1;"}, r"main\.js: \./a\.js gives no b"),
        ({"main.js": 'import "./gone.js";'}, r"main\.js: \./gone\.js is not there"),
        ({"main.js": "\nexport let n = 1;"}, r"main\.js:2: an export of a kind that cannot be joined"),
        ({"main.js": 'export * from "./a.js";'}, r"main\.js:1: an export of a kind"),
        ({"main.js": "const a = `${1`;"}, r"main\.js:1: a template that does not end"),
        ({"main.js": "if (1) {"}, r"main\.js:1: a bracket is not closed"),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_refused(tmp_path: Path, files: dict[str, str], why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        join(written(tmp_path, files), ["static/main.js"])
