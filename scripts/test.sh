#!/bin/sh
# Everything, fast first. Stops at the first floor that fails.
set -e
V=.venv/bin
step() { printf '\n== %s\n' "$1"; }
step "style"; $V/ruff check . ; $V/ruff format --check .
step "types"; $V/mypy
step "floors"; $V/lint-imports --config pyproject.toml
step "JavaScript"; $V/python -m scripts.node --test tests/js/*.test.js

step "Python: rules and services, SQLite and PostgreSQL side by side (two cores)"
told=$(mktemp)
trap 'kill $postgresql 2>/dev/null || true; rm -f "$told"' EXIT
POS_TEST_DATABASE=postgresql $V/python -m pytest -q -m "not browser and not story" tests > "$told" 2>&1 &
postgresql=$!
sqlite=0; $V/python -m pytest -q -m "not browser and not story" tests || sqlite=$?
wait $postgresql && other=0 || other=$?
step "the same on PostgreSQL"; cat "$told"
[ $sqlite = 0 ] && [ $other = 0 ]

step "Stories and browser"; $V/python -m pytest -q -m "browser or story" tests
step "The story on PostgreSQL"; POS_TEST_DATABASE=postgresql $V/python -m pytest -q -m story tests
