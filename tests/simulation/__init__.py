"""The tablets' real code against the real server over a hostile network; see docs/algorithms/survival.md."""
