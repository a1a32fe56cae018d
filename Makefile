# `make gate` judges this repository by its own scorecard; `make test` passes its tests.
# Both set up what they need in .venv: Debian's Python 3.11, git and make are enough.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LOCK := requirements/dev.txt
BUILD ?= build
JOBS ?= auto

export PYTHONDONTWRITEBYTECODE ?=

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.installed: $(LOCK) pyproject.toml tools/bootstrap.py
	@$(PYTHON) tools/bootstrap.py --venv $(VENV) --lock $(LOCK)
	@touch $@

setup: $(VENV)/.installed ## Install everything that the other commands need

gate: setup ## Judge the last change of this repository, record it, write the report
	@$(BIN)/python tools/gate.py --build $(BUILD)

test: setup ## Run all tests
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m pytest -n $(JOBS) $(PYTEST)

lint: setup ## Check style, types, import contracts, workflows and generated files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python tools/generate.py --check

docs: setup ## Write the generated files anew
	@$(BIN)/python tools/generate.py

bench: setup ## Measure against peers; the table of the README's figures
	@$(BIN)/python -m bench

real: setup ## Try the gate on real projects by others
	@$(BIN)/python tools/real.py

demo-pr: setup ## Show what a pull request shows: pages and pictures in build/demo-pr
	@$(BIN)/python tools/demo_pr.py --out $(BUILD)/demo-pr

risk-study: setup ## Study the risk rank on real histories: the table of docs/risk.md
	@$(BIN)/python -m tools.risk_study

mutants: setup ## Mutate scoring, criteria and patch coverage; survivors are listed
	@$(BIN)/python tools/mutants.py

lock: setup ## Pin the dependencies anew
	@$(BIN)/python tools/lock.py

clean: ## Remove what the commands made
	@rm -rf $(VENV) $(BUILD) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage mutants

.PHONY: help setup gate test lint docs bench real demo-pr risk-study mutants lock clean
