# Needs Python 3.11 to 3.13 and make; everything else comes into .venv from the package registry.
PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3 python,$(shell command -v $(name) >/dev/null 2>&1 && $(name) -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $(name))))
VENV := .venv
BIN := $(VENV)/bin
LOWEST := .venv-lowest
EXPORTS := .venv-exports
# Packages that only tests compare with, and that ask for more than they need.
ORACLES := tests/solitons/crossbars/badcrossbar.txt tests/solitons/networks/mnist.txt
STORE ?= store
JOBS ?= $(shell $(BIN)/python -c 'import os; print(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())' 2>/dev/null || echo 2)
ENGINE ?= auto
# A worker for each core; who has nothing left takes over from who has, and a module's tests stay together till then.
TEST_JOBS ?= $(JOBS)
RUN_TESTS ?= $(BIN)/python -m pytest -n $(TEST_JOBS) --dist worksteal --max-worker-restart 0

.PHONY: demo test test-all test-slow test-rounding coverage budget test-lowest test-exports lint style types docs linkcheck lock release clean help

help:
	@echo "make demo   run the dw-demo campaign and write its report   [STORE=$(STORE) ENGINE=auto|oommf|native JOBS=N]"
	@echo "make test   style, layers and the fast tests, which cover every module   [TEST_JOBS=$(TEST_JOBS)]"
	@echo "make test-all   that, types, and what takes longer: long runs, kills, OOMMF, SLURM, notebooks, the book"
	@echo "make test-rounding   the native engine's fast tests as on a processor without AVX"
	@echo "make coverage   the fast tests, and which lines of each package they run; fails where a module has less than 60 %"
	@echo "make budget   lines of the packages and how many tests there are, beside what tests/budget.toml allows"
	@echo "make lint   style, layers and types"
	@echo "make docs   build the book into docs/_build/html, with its notebooks executed; a warning is an error"
	@echo "make linkcheck   look at the book's links to the outside"
	@echo "make test-lowest   the fast tests with the lowest versions that pyproject.toml allows"
	@echo "make test-exports   read every export by the package that it is for, in a Python of its own (brings torch, some GB)"
	@echo "make release   build the sdist and the wheel into dist/"
	@echo "make lock   resolve the dependencies again"

demo: $(VENV)/.installed
	$(BIN)/solitons run dw-demo --store $(STORE) --engine $(ENGINE) --jobs $(JOBS)

test: style
	$(RUN_TESTS) -m "not slow"

test-all: test test-rounding test-slow

# The types are checked beside the tests, which often wait; what is wrong with them is printed last.
test-slow: $(VENV)/.installed
	@mkdir -p .mypy_cache; $(BIN)/mypy >.mypy_cache/findings.txt 2>&1 & types=$$!; \
	echo "$(RUN_TESTS) -m slow"; $(RUN_TESTS) -m slow; tests=$$?; \
	wait $$types || { cat .mypy_cache/findings.txt; echo "mypy has found what is above"; exit 1; }; \
	exit $$tests

# Results must not depend on how one processor rounds: the native engine as one without AVX computes (x86 only).
test-rounding: $(VENV)/.installed
	XLA_FLAGS=--xla_cpu_max_isa=SSE4_2 $(RUN_TESTS) -m "not slow and not oommf" tests/runs/native

# Without OOMMF, so that it says the same everywhere.
coverage: $(VENV)/.installed
	rm -rf .coverage; mkdir .coverage
	$(BIN)/python -m coverage run -m pytest -n $(TEST_JOBS) --dist worksteal -m "not slow and not oommf"
	$(BIN)/python tests/plugins/line_coverage.py

budget: $(VENV)/.installed
	$(BIN)/python tests/plugins/budget.py

lint: style types

style: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/.installed
	$(BIN)/mypy

docs: $(VENV)/.installed
	$(BIN)/python -m sphinx -b html -W --keep-going docs docs/_build/html
	@echo "The book is docs/_build/html/index.html"

linkcheck: $(VENV)/.installed
	BOOK_NOTEBOOKS=off $(BIN)/python -m sphinx -b linkcheck -W --keep-going docs docs/_build/linkcheck

# The stamp makes set-up happen once, and again when what is locked or built changes. Python compiles what is imported
# when it is; all that is installed takes half a minute.
$(VENV)/.installed: requirements.lock $(ORACLES) pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 with venv found; install one or say 'make PYTHON=/path/to/python3.12'"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps $(addprefix --requirement ,$(ORACLES))
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Python 3.11 is the lowest that pyproject.toml allows; uv takes it from this machine or fetches it.
test-lowest:
	@test -x $(LOWEST)/uv/bin/uv || { $(PYTHON) -m venv $(LOWEST)/uv && $(LOWEST)/uv/bin/python -m pip install --quiet uv; }
	$(LOWEST)/uv/bin/uv pip compile --quiet --resolution lowest-direct --python-version 3.11 --no-annotate --no-header \
	    pyproject.toml --group test --group build --output-file $(LOWEST)/requirements.txt
	$(LOWEST)/uv/bin/uv venv --quiet --clear --python 3.11 $(LOWEST)/venv
	$(LOWEST)/uv/bin/uv pip install --quiet --python $(LOWEST)/venv/bin/python --requirement $(LOWEST)/requirements.txt
	$(LOWEST)/uv/bin/uv pip install --quiet --python $(LOWEST)/venv/bin/python --no-deps --no-build-isolation --editable .
	$(LOWEST)/venv/bin/python -m pytest -n $(TEST_JOBS) --dist worksteal -m "not slow"

# Torch and what else these packages need does not go together with what is locked; Python 3.11 has wheels of all.
test-exports: $(VENV)/.installed $(EXPORTS)/.installed
	$(BIN)/python -m pytest -n 0 tests/solitons/exports/test_other_packages.py
	$(EXPORTS)/uv/bin/uv pip freeze --quiet --python $(EXPORTS)/venv/bin/python

$(EXPORTS)/.installed: tests/solitons/exports/other_packages.txt
	@test -x $(EXPORTS)/uv/bin/uv || { $(PYTHON) -m venv $(EXPORTS)/uv && $(EXPORTS)/uv/bin/python -m pip install --quiet uv; }
	$(EXPORTS)/uv/bin/uv venv --quiet --clear --python 3.11 $(EXPORTS)/venv
	$(EXPORTS)/uv/bin/uv pip install --quiet --python $(EXPORTS)/venv/bin/python --requirement $<
	touch $@

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    --no-emit-index-url --no-emit-find-links pyproject.toml --group test --group lint --group build --group docs --group exports --output-file requirements.lock

release: $(VENV)/.installed
	$(BIN)/python -m hatchling build -d dist

clean:
	rm -rf $(VENV) $(LOWEST) $(EXPORTS) dist docs/_build docs/generated .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
