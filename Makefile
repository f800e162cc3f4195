# `make demo` and `make test` run their own setup; a second run finds it done.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo play pictures test test-rest test-all test-long test-bounds test-live bench bench-choices bench-report lint imports docs docs-cli docs-reference faults soak lock release-check pulumi-path clean
.PHONY: preview deploy drift report
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
COMMAND := $(VENV)/bin/rootfi-pulumi
# What a deployment needs (requirements.txt), and what development adds to it (requirements-dev.txt).
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
# One more than there are processors, because tests wait for processes that start and end.
WORKERS ?= $(shell expr 1 + $$(nproc))
# Markers of tests (pyproject.toml explains each): `make test` runs the tests without one of these,
# `make test-rest` the others.
REST := drill or matrix or backend or browser or pipeline or package or long or case
SOAK_MINUTES ?= 30
BENCH_ROUNDS ?= 7
# What tools/words.py reads: files, and folders with what is in them.
WORDED := $(wildcard *.md) docs template rootfi_pulumi tests tools bench Makefile pyproject.toml mkdocs.yml \
	$(wildcard stacks/*.yaml) .github .ci/run
unexport PYTHONDONTWRITEBYTECODE # otherwise each process would compile everything again
export STACK # recipes take it from the environment, where no shell reads it as code

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: $(READY) ## Install the Pulumi CLI and the Python packages that a deployment needs
	@$(RUN) tools/pulumi/install.py >/dev/null

setup-dev: setup $(READY_DEV) ## Install what the tests and the other development tools need, too

demo: setup ## Run `pulumi up` of the dev stack against an emulated RootFi, and clean up
	@$(RUN) -m tools.demo

play: setup ## As demo, but leave the emulator, its page and a stack open until Ctrl-C (PLAY_OPTIONS=--open)
	@$(RUN) -m tools.demo.play $(PLAY_OPTIONS)

pictures: setup-dev ## Make the pictures of docs/assets/pictures, in light and dark (a minute)
	@$(RUN) tools/chromium.py >/dev/null
	@$(RUN) -m tools.pictures $(PICTURES)

test: setup-dev lint ## Run lint, types, unit and contract tests and the main promises on the real engine, with coverage
	@rm -f .coverage .coverage.*
	@$(RUN) -m coverage run -m pytest --numprocesses $(WORKERS) --dist worksteal -m "not ($(REST))"
	@$(RUN) -m coverage combine --quiet
	@$(RUN) -m coverage report

test-rest: setup-dev ## Run what `make test` leaves out: crash drills, fault matrix, backends, browser, pipelines, docs, load
	@$(RUN) tools/chromium.py >/dev/null
	@$(RUN) -m pytest --numprocesses $(WORKERS) --dist worksteal -m "$(REST)"

test-all: test test-rest ## Run every test

test-long: setup-dev ## Drive 2,000 random histories of up to 30 steps against the provider (a minute)
	@STATE_MACHINE_RUNS=2000 $(RUN) -m pytest tests/contract/test_state_machine.py tests/contract/test_copied_stacks.py

test-bounds: setup-dev ## Run the tests with the lowest and highest dependencies, on every Python here (20 minutes)
	@$(RUN) tools/bounds.py --workers $(WORKERS) $(BOUNDS_OPTIONS)

test-live: $(READY) ## Send the real RootFi the open questions once, after a yes (docs/live.md; LIVE_OPTIONS)
	@$(RUN) -m tools.live $(LIVE_OPTIONS)

bench: setup-dev ## Compare the provider with no-op resources, with BENCH_ROUNDS=7 (a quarter of an hour)
	@$(RUN) -m bench.run --rounds $(BENCH_ROUNDS)

bench-choices: setup-dev ## Compare Pythons, backends and options of an `up`, with BENCH_ROUNDS=7 (five minutes)
	@$(RUN) -m bench.choices --rounds $(BENCH_ROUNDS)

bench-report: setup-dev ## Compare the report with the exports that it needs, with BENCH_ROUNDS=7 (five minutes)
	@$(RUN) -m bench.stacks --rounds $(BENCH_ROUNDS)

preview: setup ## Show what a deploy of STACK=dev would do
	@PATH="$$($(RUN) tools/pulumi/install.py):$$PATH" $(RUN) -m rootfi_pulumi.cli preview "$$STACK"

deploy: setup ## Run `pulumi up` of STACK=dev without asking, and correct drift
	@PATH="$$($(RUN) tools/pulumi/install.py):$$PATH" $(RUN) -m rootfi_pulumi.cli deploy "$$STACK"

drift: setup ## Fail if RootFi, the state of STACK=dev and its declaration differ
	@PATH="$$($(RUN) tools/pulumi/install.py):$$PATH" $(RUN) -m rootfi_pulumi.cli drift "$$STACK"

report: setup ## Print the report of all environments, or of STACK=dev, in Markdown (REPORT_OPTIONS)
	@PATH="$$($(RUN) tools/pulumi/install.py):$$PATH" $(COMMAND) report \
		--format markdown $(if $(STACK),--stack "$$STACK") $(REPORT_OPTIONS)

lint: $(READY_DEV) ## Check types, style, formatting, words to avoid and the stack files
	@$(RUN) -m ruff check --quiet .
	@$(RUN) -m ruff format --quiet --check .
	@$(RUN) -m mypy
	@out=$$($(VENV)/bin/lint-imports --no-cache --no-logo) || { echo "$$out"; exit 1; }
	@$(RUN) tools/test_names.py
	@$(RUN) tools/words.py $(WORDED)
	@$(COMMAND) check stacks/*.yaml

imports: $(READY_DEV) ## Print which folder of the package imports which
	@$(RUN) tools/imports.py

docs: $(READY_DEV) ## Build the documentation into site/; a broken link or a page outside the navigation fails
	@NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict

faults: $(READY_DEV) ## Write docs/faults.md from the tests' table of faults
	@$(RUN) -m tests.support.faults.matrix

soak: setup-dev ## Run several stacks with random faults for half an hour (SOAK_MINUTES, SOAK_OPTIONS)
	@$(RUN) -m tools.soak --minutes $(SOAK_MINUTES) $(SOAK_OPTIONS)

docs-cli: $(READY_DEV) ## Write docs/cli.md and the two schema.json from the command
	@$(RUN) tools/cli_docs.py > docs/cli.md
	@$(COMMAND) schema > stacks/schema.json
	@cp stacks/schema.json template/stacks/schema.json

docs-reference: $(READY_DEV) ## Write docs/reference.md and the tables of docs/declare.md, from docstrings and tables
	@$(RUN) tools/reference.py > docs/reference.md
	@$(RUN) tools/declaration_tables.py

# Renovate reads the rest of the command from the first lines of the locks.
UV_COMPILE := $(RUN) -m uv pip compile --quiet --universal --python-version=3.11 --generate-hashes
lock: $(READY_DEV) ## Compile the locks from pyproject.toml
	@$(UV_COMPILE) --all-extras --output-file=requirements.txt pyproject.toml
	@$(UV_COMPILE) --all-extras --group=dev --constraint=requirements.txt --output-file=requirements-dev.txt \
		pyproject.toml
	@$(RUN) tools/pulumi/install.py --lock

release-check: setup-dev ## Check the commit as release RELEASE=0.2.0, and leave in dist/ what would be published
	@$(RUN) -m tools.release check

pulumi-path: $(READY) ## Print the folder of the Pulumi CLI in use: PATH="$(make -s pulumi-path):$PATH"
	@$(RUN) tools/pulumi/install.py

clean: ## Remove what make created in this folder
	@rm -rf $(VENV) .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache site
	@find . -name __pycache__ -prune -exec rm -rf {} +

# uv installs in parallel, in a fifth of pip's time: it is used if it is on PATH, and comes with the development
# tools. pip is the fallback, also where only pip's settings name the package index.
PIP_OPTIONS := --quiet --disable-pip-version-check --require-hashes
UV_OPTIONS := --quiet --compile-bytecode --require-hashes

$(READY): requirements.txt tools/rootfi-pulumi.sh
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "rootfi-pulumi needs Python 3.11 or newer: make PYTHON=python3.13 …")'
	@echo "installing the Python packages into $(VENV) (once)" >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@{ command -v uv >/dev/null && uv pip install --python $(RUN) $(UV_OPTIONS) --requirement requirements.txt; } \
		|| $(RUN) -m pip install $(PIP_OPTIONS) --requirement requirements.txt
	@install -m 755 tools/rootfi-pulumi.sh $(COMMAND)
	@touch $@

$(READY_DEV): $(READY) requirements-dev.txt
	@echo "installing the development tools into $(VENV) (half a minute, once)" >&2
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt >$(VENV)/uv.txt
	@$(RUN) -m pip install $(PIP_OPTIONS) --requirement $(VENV)/uv.txt
	@$(RUN) -m uv pip install $(UV_OPTIONS) --requirement requirements-dev.txt \
		|| $(RUN) -m pip install $(PIP_OPTIONS) --requirement requirements-dev.txt
	@touch $@
