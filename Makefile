# The whole of what one types. `make help` lists it.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

# What was compiled for one process serves the next: without it every command, and every test process, compiles us anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-from-lock
# More than a small machine's two cores: while one waits for a browser, a server or the disk, another two can work.
PROCESSES ?= 3

.PHONY: help env demo test check format words lock bench faults

help:  ## Say what one can type
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: $(STAMP)  ## Make .venv with the pinned dependencies (seconds; nothing when it is up to date)

# Only what the lock says, by its hashes: first uv, by pip, then everything, by uv, then ourselves, without fetching.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@awk '/^uv==/ { found = 1 } found { print } found && !/\\$$/ { exit }' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/uv.lock
	@$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install --quiet --offline --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

demo: env  ## Run everything, with sample entities and a stand-in carrier
	@$(BIN)/helpline demo

test: env  ## Run all tests, on a database and a queue of their own
	$(BIN)/python -m pytest -m "not faults" -n $(PROCESSES) --dist worksteal

check: env  ## Judge form, types, imports, the menu, the texts and the papers
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/helpline languages check
	$(BIN)/helpline flow check
	$(BIN)/helpline flow doc --check
	$(BIN)/helpline prompts check
	$(BIN)/helpline handbook check
	$(BIN)/python -m helpline.console.words --check

format: env  ## Put the code into form
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .

words: env  ## Bring the console's catalogues up to date with its sentences
	$(BIN)/python -m helpline.console.words

lock: env  ## Pin the newest versions that requirements.in allows, with hashes, naming no index
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --upgrade \
	    --python-version 3.11 requirements.in --output-file requirements.lock

bench: env  ## Measure how fast webhooks are answered, against a bare application
	$(BIN)/python -m bench

faults: env  ## Kill things, run tests on code broken on purpose, and play what takes minutes
	$(BIN)/python -m pytest -m faults -n 0
