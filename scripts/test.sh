#!/bin/sh
# Everything, in three streams that share the cores: in the open, fast first, the checks and Python on SQLite; aside,
# Python on PostgreSQL, and the browser, which waits much and goes first where there is work for all. Each tells
# pytest's closing lines. A floor that fails stops the run; a stream that fails fails it.
set -e
V=.venv/bin
told=$(mktemp -d)
trap 'kill $postgresql $browser 2>/dev/null || true; rm -rf "$told"' EXIT
trap 'exit 130' INT TERM
step() { printf '\n== %s\n' "$1"; }
on() { POS_TEST_DATABASE=$1; export POS_TEST_DATABASE; }

( on postgresql; exec nice -n 5 $V/python -m pytest -q -m "not browser" tests ) > "$told/postgresql" 2>&1 &
postgresql=$!
(
  trap 'kill $run 2>/dev/null || true; exit 143' TERM
  on sqlite; $V/python -m pytest -q -m browser tests & run=$!; wait $run
  on postgresql; $V/python -m pytest -q -m "browser and story" tests & run=$!; wait $run
) > "$told/browser" 2>&1 &
browser=$!

step "style"; $V/ruff check . ; $V/ruff format --check .
step "types"; $V/mypy
step "floors"; $V/lint-imports --config pyproject.toml
step "JavaScript"; $V/python -m scripts.node --test tests/js/*.test.js

failed=0
step "Python on SQLite: rules, services, stories"; nice -n 5 $V/python -m pytest -q -m "not browser" tests || failed=1
wait $browser || failed=1
step "browser on SQLite, its stories on PostgreSQL too"; cat "$told/browser"
wait $postgresql || failed=1
step "Python on PostgreSQL: the same"; cat "$told/postgresql"
exit $failed
