"""Lighthouse on the till and the pages a customer and an office open first: `python -m bench.lighthouse`.

Lighthouse is a program of Node and not part of the lock: `npx --yes lighthouse@12.8.2 --version` fetches it, or
`LIGHTHOUSE=<path of lighthouse/cli/index.js>` names one that is there. Runs in the system's Chromium, mobile with
Lighthouse's own throttling. Prints a row a page; exit 1 below 95.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.shots import CHROMIUM, running_demo

PINNED = "lighthouse@12.8.2"
LEAST = 95
KINDS = ("accessibility", "best-practices", "performance")
PAGES = ("/till/", "/login")
FLAGS = "--headless=new --no-sandbox --disable-dev-shm-usage"


def judged(url: str, *, form: str) -> dict[str, int]:
    """The scores of one page, 0 to 100. Raises CalledProcessError when Lighthouse ends badly."""
    own = os.environ.get("LIGHTHOUSE")
    program = ["node", own] if own else ["npx", "--yes", PINNED]
    chromium = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder:
        out = Path(folder) / "report.json"
        subprocess.run(
            [*program, url, "--quiet", "--output=json", f"--output-path={out}", f"--chrome-flags={FLAGS}",
             f"--only-categories={','.join(KINDS)}", *(["--preset=desktop"] if form == "desktop" else [])],
            env=os.environ | {"CHROME_PATH": chromium or ""}, check=True, timeout=300,
        )  # fmt: skip
        said = json.loads(out.read_text(encoding="utf-8"))
    if kept := os.environ.get("LIGHTHOUSE_KEEP"):
        Path(kept, f"{form}{url.rsplit(':', 1)[1].replace('/', '-')}.json").write_text(json.dumps(said))
    return {kind: round(100 * (said["categories"][kind]["score"] or 0)) for kind in KINDS}


def main() -> None:
    """Print the table; exit 1 when a score is below 95."""
    print(f"| page | screen | {' | '.join(KINDS)} |\n|---|---|{'---|' * len(KINDS)}")
    low = False
    with running_demo() as demo:
        for path in PAGES:
            for form in ("desktop", "mobile"):
                scores = judged(f"{demo.url}{path}", form=form)
                low = low or min(scores.values()) < LEAST
                print(f"| {path} | {form} | {' | '.join(str(scores[kind]) for kind in KINDS)} |", flush=True)
    sys.exit(1 if low else 0)


if __name__ == "__main__":
    main()
