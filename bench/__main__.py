"""`python -m bench`: a short run of everything there is to measure."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

for name in ("bench.imports", "bench.intake", "bench.pages", "bench.settle", "bench.stock", "bench.till"):
    if find_spec(name) is not None:
        import_module(name).main()
