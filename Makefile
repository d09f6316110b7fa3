# Everything here works in the project's own folder: Python packages in .venv, npm packages in node_modules, Ape's data
# in .ape, caches in .cache, results in out/. `make help` lists the targets.
#
# An `ape` typed by hand in the activated environment (. .venv/bin/activate) uses the same tools, but Ape's usual data
# folder, ~/.ape, where a person's own accounts are.

SHELL := /bin/sh
.DEFAULT_GOAL := help
ROOT := $(CURDIR)

# Where it is set, pytest would rewrite Ape's modules anew in every run.
unexport PYTHONDONTWRITEBYTECODE
# A path of the caller would bring packages of another environment in.
unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV
export APE_DATA_FOLDER := $(ROOT)/.ape

# The first Python that is new enough and was tried; else any newer one. `make PYTHON=...` decides by hand.
PICK := for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && exit; \
	done; python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo python3
ifndef PYTHON
PYTHON := $(shell $(PICK))
endif

BIN := .venv/bin
APE := $(BIN)/ape
SOURCES := offchain scripts tests
# What `make demo` hands on: PLANT=1, IMAGES=folder BOXES=file.csv, TEXTS=file LABELS=file.csv
DEMO_OPTIONS = $(if $(filter-out 0,$(PLANT)),--plant) $(if $(IMAGES),--images "$(IMAGES)") \
	$(if $(BOXES),--boxes "$(BOXES)") $(if $(TEXTS),--texts "$(TEXTS)") $(if $(LABELS),--labels "$(LABELS)")
# Each process of tests has an Anvil of its own. Some tests are done sooner in one, where -s and --pdb work, too.
WORKERS ?= $(if $(strip $(ARGS)),1,2)
# What `make fuzz` hands on.
SECONDS ?= 60
SEED ?= 1
FUZZ_OPTIONS = --seconds $(SECONDS) --seed $(SEED) $(if $(CONTRACT),--contract "$(CONTRACT)") \
	$(shell [ "$(SECONDS)" -ge 60 ] 2>/dev/null && echo --strict)

.PHONY: help setup demo test fuzz planted mutants compile gas truth bench shots lint format audit lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1	\2/p' Makefile | expand -t 16

setup: ## install what is missing (every other target does it first)
	@if [ -z "$(PYTHON)" ]; then \
		echo "winnow: no Python of version 3.11, 3.12 or 3.13 found: install python3 and python3-venv," >&2; \
		echo "        or name one: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; fi
	@"$(PYTHON)" -m scripts._toolchain.setup

demo: setup ## the whole story on a fresh local chain, with a report in out/demo
	$(APE) run demo $(DEMO_OPTIONS)

test: setup ## all tests, in two processes (ARGS="-k market -x" for some, in one; WORKERS=4)
	$(APE) test $(if $(filter-out 0 1,$(WORKERS)),-n $(WORKERS)) $(ARGS)

# --strict from a minute on: in less, some errors are not reached by chance.
fuzz: setup ## fuzz the contracts: out/fuzz.json (SECONDS=60 SEED=1 CONTRACT=path, REPLAY=out/failure.json)
	$(APE) run fuzz $(if $(REPLAY),--replay "$(REPLAY)",$(FUZZ_OPTIONS)) $(ARGS)

planted: setup ## known bugs, planted one at a time: campaigns must find each with three seeds; out/planted.json
	@"$(BIN)/python" -m tests.mutation.planted

mutants: setup ## plant bugs in the contracts, see the tests find them: out/mutants.json (SEED=, COUNT=, ONLY=, ARGS=--help)
	$(BIN)/python -m tests.mutation $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT)) \
		$(if $(ONLY),--only "$(ONLY)") $(ARGS)

compile: setup ## compile every contract anew
	$(APE) compile --force

gas: setup ## measure gas in real transactions: out/gas.json, docs/gas.md (ARGS=--no-peers without network)
	$(APE) run gas --markdown docs/gas.md $(ARGS)

truth: setup ## measure consensus on crowds: out/truth.json, docs/truth.md (DATA=folder of sets, SEED=1, ARGS="--draws 20")
	@"$(PYTHON)" -m scripts._toolchain.setup truth
	$(APE) run truth --markdown docs/truth.md --seed $(SEED) $(if $(DATA),--data "$(DATA)") $(ARGS)

bench: setup ## measure hashing: out/bench.json
	$(APE) run bench

shots: setup ## pictures of the demo's report: out/demo/*.png
	$(APE) run shots

lint: setup ## ruff, mypy, solhint, forge fmt
	@"$(BIN)/python" -m scripts._toolchain.lint $(ARGS)

format: setup ## let ruff and forge format everything
	$(BIN)/ruff check --fix-only --quiet $(SOURCES)
	$(BIN)/ruff format --quiet $(SOURCES)
	$(BIN)/forge fmt contracts interfaces tests/bench/contracts

audit: setup ## slither; every finding is fixed or answered in docs/audit-answers.json
	@"$(PYTHON)" -m scripts._toolchain.setup audit
	@"$(BIN)/python" -m scripts._toolchain.audit

lock: setup ## (maintainers) write the lock files anew; takes new versions from the registries
	@"$(BIN)/python" -m scripts._toolchain.lock

clean: ## remove everything that is not in git, apart from Ape's accounts
	rm -rf .venv .venv-audit .venv-truth node_modules tests/bench/node_modules .cache .build .hypothesis .pytest_cache .mypy_cache .ruff_cache .fuzz out
	find contracts interfaces offchain scripts tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
