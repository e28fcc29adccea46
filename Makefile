# Needs Python 3.11 to 3.13 and make; everything else comes into .venv from the package registry.
PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3 python,$(shell command -v $(name) >/dev/null 2>&1 && $(name) -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $(name))))
VENV := .venv
BIN := $(VENV)/bin
STORE ?= store
JOBS ?= $(shell $(BIN)/python -c 'import os; print(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())' 2>/dev/null || echo 2)
ENGINE ?= auto
RUN_TESTS ?= $(BIN)/python -m pytest

.PHONY: demo test lint lock clean help

help:
	@echo "make demo   run the dw-synapse campaign and write its report   [STORE=$(STORE) ENGINE=auto|oommf|native JOBS=N]"
	@echo "make test   everything that must pass: lint, types, layers, tests, notebooks"
	@echo "make lock   resolve the dependencies again"

demo: $(VENV)/.installed
	$(BIN)/solitons run dw-synapse --store $(STORE) --engine $(ENGINE) --jobs $(JOBS)

test: lint
	$(RUN_TESTS)

lint: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

# The stamp makes set-up happen once, and again when what is locked or built changes.
$(VENV)/.installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 with venv found; install one or say 'make PYTHON=/path/to/python3.12'"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    --no-emit-index-url --no-emit-find-links pyproject.toml --group test --group lint --group build --output-file requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
