"""Keep the till's shell of a release: `python -m scripts.keep_shell [--tree folder] tests/shells/name.tar.xz`.

The archive holds each address the shell keeps with its answer, as the tree's own server gives it (the camera's reader
is left out). Tests install it in a browser and let it sell against today's server: tests/browser/test_old_shells.py.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from config import ROOT

FETCH = """
KEPT = ("Content-Type", "Content-Security-Policy")
import io, json, sys, tarfile
import config
from pos.app import create_app
from pos.tablet import shell

app = create_app(config.Config(database_url="sqlite://", secret_key="-" * 32, demo=True, origin="http://localhost"))
client = app.test_client()
later = [url for url in shell.extras(config.ROOT) if "/vendor/zxing" not in url] if hasattr(shell, "extras") else []
urls = dict.fromkeys(["/till/sw.js", *shell.shell_files(config.ROOT), *(f"/{url.lstrip('/')}" for url in later)])
index = {}
with tarfile.open(sys.argv[1], "w:xz", preset=9) as kept:
    def keep(name, data):
        told = tarfile.TarInfo(name)
        told.size = len(data)
        kept.addfile(told, io.BytesIO(data))

    for number, url in enumerate(sorted(urls, key=lambda url: (url.rsplit(".", 1)[-1], url))):
        answer = client.get(url, buffered=True)
        assert answer.status_code == 200, (url, answer.status_code)
        index[url] = [str(number), {name: answer.headers[name] for name in KEPT if name in answer.headers}]
        keep(str(number), answer.data)
    keep("index.json", json.dumps(index, indent=1).encode())
print(f"{len(index)} files of build {shell.build_of(config.ROOT)}")
"""


def main() -> None:
    """Write the archive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--tree", type=Path, default=ROOT)
    asked = parser.parse_args()
    told = [sys.executable, "-c", FETCH, str(asked.archive.absolute())]
    sys.exit(subprocess.run(told, cwd=asked.tree, env=os.environ | {"PYTHONPATH": str(asked.tree)}).returncode)


if __name__ == "__main__":
    main()
