#!/bin/sh
# Everything, fast first. Stops at the first floor that fails.
set -e
V=.venv/bin
step() { printf '\n== %s\n' "$1"; }
step "style"; $V/ruff check . ; $V/ruff format --check .
step "types"; $V/mypy
step "floors"; $V/lint-imports --config pyproject.toml
step "JavaScript"; $V/python -m scripts.node --test tests/js/*.test.js
step "Python, SQLite: rules and services"; $V/python -m pytest -q -m "not browser and not story" tests
step "Python, PostgreSQL"; POS_TEST_DATABASE=postgresql $V/python -m pytest -q -m "not browser and not story" tests
step "Stories and browser"; $V/python -m pytest -q -m "browser or story" tests
step "The story on PostgreSQL"; POS_TEST_DATABASE=postgresql $V/python -m pytest -q -m story tests
