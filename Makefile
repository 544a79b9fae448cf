# OCOP POS. Two commands do everything: `make run` and `make test`.
V := .venv
PY := $(V)/bin/python
export UV_PYTHON_DOWNLOADS := never
export PIP_RETRIES ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
PORT ?= 8000
.DEFAULT_GOAL := help
.PHONY: help run test fast check simulate kills bench lock vendor shots clean system

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

define install
@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên / Python 3.11 or newer is needed"; exit 2; }
@test -x $(PY) || python3 -m venv --clear $(V) || { rm -rf $(V); echo "Thiếu venv / venv is missing: apt install python3-venv"; exit 2; }
@$(PY) -m pip install -q --only-binary :all: uv==0.13.9 || true
@{ test -x $(V)/bin/uv && $(V)/bin/uv pip sync -q --python $(PY) --require-hashes $(1); } \
  || $(PY) -m pip install -q --require-hashes -r $(1) \
  || { echo "Không tải được gói (mất mạng?) / packages could not be fetched (no network?)"; exit 2; }
@$(PY) -m pip install -q --no-deps --no-build-isolation --no-index -e .
@touch $@
endef

$(V)/.runtime: requirements/runtime.txt pyproject.toml
	$(call install,requirements/runtime.txt)
$(V)/.dev: requirements/dev.txt pyproject.toml
	$(call install,requirements/dev.txt)
	@touch $(V)/.runtime

run: $(V)/.runtime ## set up, migrate, open the demo on 127.0.0.1:$(PORT) (POS_DEMO=0: the real database)
	@$(V)/bin/pos serve --port $(PORT)

system: ## Chromium, zbar and tesseract-vie for the tests (installed where it may)
	@sh scripts/system-packages.sh

test: $(V)/.dev system ## set up and run everything: style, types, floors, Python, JS, browser, SQLite, PostgreSQL
	@sh scripts/test.sh

fast: $(V)/.dev ## rules and services only, on SQLite: seconds
	@$(PY) -m pytest -q -m "not browser and not story" tests

check: $(V)/.dev ## style, types, floors
	@$(V)/bin/ruff check . && $(V)/bin/ruff format --check . && $(V)/bin/mypy && $(V)/bin/lint-imports --config pyproject.toml

simulate: $(V)/.dev ## 20 seeds × 10 tablets × 200 events of the real till over a hostile network: 10 to 20 minutes
	@$(PY) -m tests.simulation --seeds $(or $(SEEDS),20) --first $(or $(FIRST),1) --database $(or $(DATABASE),sqlite)

kills: $(V)/.dev system ## Chromium killed 1,000 times while it sells (KILLS=, SEED=): about an hour
	@KILLS=$(or $(KILLS),1000) SEED=$(or $(SEED),1) $(PY) -m pytest -q -s tests/browser/test_sigkill.py

bench: $(V)/.dev ## speed, beside a raw-SQL floor in the same run
	@$(PY) -m bench

lock: ## pin the dependencies anew
	@for k in runtime dev; do $(V)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header requirements/$$k.in -o requirements/$$k.txt; done

vendor: ## fetch the browser's files anew into static/vendor (needs Node)
	@npm ci --silent && node scripts/vendor.mjs

shots: $(V)/.dev system ## screenshots of the README from a fresh demo
	@$(PY) -m scripts.shots

clean: ## forget the environment and the demo; the real database in var/ stays
	@rm -rf $(V) var/demo* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
