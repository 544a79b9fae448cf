"""Lighthouse on the till and the page an office opens first: `python -m bench.lighthouse`.

Lighthouse is a program of Node and not part of the lock: `npx --yes lighthouse@12.8.2 --version` fetches it, or
`LIGHTHOUSE=<path of lighthouse/cli/index.js>` names one that is there. Runs in the system's Chromium, mobile with
Lighthouse's own throttling. The till twice: as a new tablet meets it, and paired, with its goods on the screen.
Prints a row a page, the median of `--rounds` runs; exit 1 below 95.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from scripts.shots import CHROMIUM, Demo, running_demo

PINNED = "lighthouse@12.8.2"
LEAST = 95
KINDS = ("accessibility", "best-practices", "performance")
TIMES = ("largest-contentful-paint", "total-blocking-time")
FLAGS = "--headless=new --no-sandbox --disable-dev-shm-usage"
CHROME = next((path for name in CHROMIUM if (path := shutil.which(name))), "")


def judged(url: str, *, form: str, port: int | None = None) -> dict[str, float]:
    """Scores of one page, 0 to 100, and its times in ms; in the browser that listens on `port`, else in a new one.

    Raises CalledProcessError when Lighthouse ends badly.
    """
    own = os.environ.get("LIGHTHOUSE")
    program = ["node", own] if own else ["npx", "--yes", PINNED]
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder:
        out = Path(folder) / "report.json"
        where = [f"--port={port}", "--disable-storage-reset"] if port else [f"--chrome-flags={FLAGS}"]
        subprocess.run(
            [*program, url, "--quiet", "--output=json", f"--output-path={out}", *where,
             f"--only-categories={','.join(KINDS)}", *(["--preset=desktop"] if form == "desktop" else [])],
            env=os.environ | {"CHROME_PATH": CHROME}, check=True, timeout=300,
        )  # fmt: skip
        said: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    if kept := os.environ.get("LIGHTHOUSE_KEEP"):
        name = url.rsplit(":", 1)[1].replace("/", "-")
        Path(kept, f"{form}{name}{'paired' if port else ''}.json").write_text(json.dumps(said))
    scores = {kind: round(100 * (said["categories"][kind]["score"] or 0)) for kind in KINDS}
    return scores | {name: round(said["audits"][name]["numericValue"]) for name in TIMES}


@contextmanager
def paired(demo: Demo) -> Iterator[int]:
    """A browser whose tablet sells already; the port Lighthouse finds it at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    flags = [*FLAGS.split()[1:], f"--remote-debugging-port={port}"]
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=CHROME, args=flags, viewport={"width": 412, "height": 823}
        )
        page = context.pages[0]
        page.goto(f"{demo.url}/till/")
        page.get_by_test_id("enrol-code").fill(demo.enrol_code())
        page.get_by_test_id("enrol-go").click()
        page.locator("[data-testid=staff], [data-testid=tile]").first.wait_for(timeout=60_000)
        page.wait_for_timeout(4000)
        if page.get_by_test_id("staff").count():
            page.get_by_test_id("staff").first.click()
        page.get_by_test_id("tile").first.wait_for(timeout=60_000)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_timeout(3000)
        page.goto("about:blank")
        yield port
        context.close()


def main() -> None:
    """Print the table; exit 1 when a score is below 95."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rounds", type=int, default=3)
    rounds = words.parse_args().rounds
    if not CHROME:
        raise SystemExit("Chromium is missing: run `make system`")
    heads = ("page", "screen", *KINDS, "largest paint ms", "blocked ms")
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    low = False
    with running_demo() as demo, paired(demo) as port:
        for name, path, at in (
            ("/till/, new", "/till/", None),
            ("/till/, paired", "/till/", port),
            ("/login", "/login", None),
        ):
            for form in ("desktop", "mobile"):
                runs = [judged(f"{demo.url}{path}", form=form, port=at) for _ in range(rounds)]
                told = {key: round(statistics.median(run[key] for run in runs)) for key in runs[0]}
                low = low or min(told[kind] for kind in KINDS) < LEAST
                print(f"| {name} | {form} | {' | '.join(str(value) for value in told.values())} |", flush=True)
    sys.exit(1 if low else 0)


if __name__ == "__main__":
    main()
