# `make help` lists what there is. Everything lives in .venv and var/; nothing else is touched.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" pyproject.toml --extra build

# Where it is set, every process compiles the whole program anew before it does anything.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup up demo test check lock bench bench-intake clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: .venv/.ready  ## install what running needs (done by itself on first use)

up: setup  ## run everything at http://localhost:8000
	$(BIN)/dondoc up $(ARGS)

demo: setup  ## live through a whole year of a plan in a few minutes
	$(BIN)/dondoc demo $(ARGS)

# What tests write is thrown away: in memory where there is room for it (they write a gigabyte).
IN_MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 { print "/dev/shm" }')

test: .venv/.ready-dev  ## run the tests; one of them: make test ARGS="-k reminded"
	@files=$$(mktemp -d $(if $(IN_MEMORY),-p $(IN_MEMORY))) && trap 'rm -rf "$$files"' EXIT && trap 'exit 130' INT TERM && \
	$(BIN)/pytest -n 3 --dist loadscope --no-loadscope-reorder --basetemp="$$files/tests" $(ARGS)

check: .venv/.ready-dev  ## formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.ready-dev  ## measure, and print the numbers
	$(BIN)/python -m benchmarks $(ARGS)

bench-intake: .venv/.ready-dev  ## how well documents are read: make bench-intake FOLDER=…
	$(BIN)/python -m benchmarks.intake $(FOLDER) $(ARGS)

lock: .venv/.ready-dev  ## pin dependencies anew; newer ones: make lock ARGS=--upgrade
	$(COMPILE) $(ARGS) --output-file requirements.lock
	$(COMPILE) $(ARGS) --extra dev --constraints requirements.lock --output-file requirements-dev.lock

clean:  ## remove .venv and caches; var/, the installation's memory, stays
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

# Locks are installed as they are, hashes checked; then this folder itself, without building in
# isolation, which would fetch a build backend that no lock names.
.venv/.ready: requirements.lock pyproject.toml | .venv/bin/pip
	@echo "Installing (first use, or the lock has changed) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.ready-dev: requirements-dev.lock .venv/.ready
	@echo "Installing what the tests need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and \`$(PYTHON)\` is not one."; \
		echo "If another is installed, name it: make PYTHON=python3.12 setup"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; \
		exit 1; }
	@$(PYTHON) -m venv .venv
