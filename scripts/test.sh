#!/bin/sh
# Everything, fast first. Stops at the first floor that fails.
set -e
V=.venv/bin
step() { printf '\n== %s\n' "$1"; }
step "style"; $V/ruff check . ; $V/ruff format --check .
step "types"; $V/mypy
step "floors"; $V/lint-imports --config pyproject.toml
step "JavaScript"; $V/python -m scripts.node --test tests/js/*.test.js

# Two cores, two databases: each goes its own way, and PostgreSQL tells at the end.
step "Python, browser and stories: SQLite and PostgreSQL side by side"
told=$(mktemp)
(
  export POS_TEST_DATABASE=postgresql
  $V/python -m pytest -q -m "not browser and not story" tests && $V/python -m pytest -q -m story tests
) > "$told" 2>&1 &
postgresql=$!
trap 'kill $postgresql 2>/dev/null || true; rm -f "$told"' EXIT
sqlite=0
$V/python -m pytest -q -m "not browser and not story" tests && $V/python -m pytest -q -m "browser or story" tests || sqlite=$?
other=0
wait $postgresql || other=$?
step "the same on PostgreSQL"; cat "$told"
[ $sqlite = 0 ] && [ $other = 0 ]
