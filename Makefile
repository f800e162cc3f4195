# `make demo` and `make test` do their own set-up; a second run finds it done.
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long test-bounds bench lint docs docs-cli faults soak lock pulumi-path clean
.PHONY: preview deploy drift report
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
WORKERS ?= auto
SOAK_MINUTES ?= 30
BENCH_ROUNDS ?= 7
export STACK # recipes take it from the environment, where no shell reads it as code

help: ## Show what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: $(READY) ## Install the Python packages and the Pulumi CLI, and nothing else
	@$(RUN) tools/pulumi/install.py >/dev/null

demo: setup ## Run `pulumi up` of the dev stack against an emulated RootFi, and clean up
	@$(RUN) tools/demo.py

test: setup lint ## Run every test, with the real Pulumi engine; coverage counts the plugin too
	@$(RUN) tools/chromium.py >/dev/null
	@rm -f .coverage .coverage.*
	@$(RUN) -m coverage run -m pytest --numprocesses $(WORKERS) --dist worksteal
	@$(RUN) -m coverage combine --quiet
	@$(RUN) -m coverage report

test-long: setup ## Drive 2,000 random histories of up to 30 steps against the provider (a minute)
	@STATE_MACHINE_RUNS=2000 $(RUN) -m pytest tests/contract/test_state_machine.py

test-bounds: setup ## Run the tests with the lowest and highest dependencies, on every Python here (20 minutes)
	@$(RUN) tools/bounds.py --workers $(WORKERS) $(BOUNDS_OPTIONS)

bench: setup ## Measure against the engine's own floor, with BENCH_ROUNDS=7 (a quarter of an hour)
	@$(RUN) -m bench.run --rounds $(BENCH_ROUNDS)

preview: setup ## Show what a deploy of STACK=dev would do
	@$(RUN) tools/pipeline.py preview "$$STACK"

deploy: setup ## Run `pulumi up` of STACK=dev without asking; put right what was changed at RootFi, too
	@$(RUN) tools/pipeline.py deploy "$$STACK"

drift: setup ## Fail if RootFi, the state of STACK=dev and its declaration differ
	@$(RUN) tools/pipeline.py drift "$$STACK"

report: setup ## Print the matrix of all environments, or of STACK=dev, in Markdown (REPORT_OPTIONS)
	@PATH="$$($(RUN) tools/pulumi/install.py):$$PATH" $(RUN) -m rootfi_pulumi.cli report \
		--format markdown $(if $(STACK),--stack "$$STACK") $(REPORT_OPTIONS)

lint: $(READY) ## Check types, style, formatting and the stack files
	@$(RUN) -m ruff check --quiet .
	@$(RUN) -m ruff format --quiet --check .
	@$(RUN) -m mypy
	@$(RUN) -m rootfi_pulumi.cli check stacks/*.yaml

docs: $(READY) ## Build the documentation into site/; a broken link or a page outside the navigation fails
	@NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict

faults: $(READY) ## Write docs/faults.md from the table of faults that the tests play
	@$(RUN) tests/contract/fault_matrix.py

soak: setup ## Run several stacks in random bad weather for half an hour (SOAK_MINUTES, SOAK_OPTIONS)
	@$(RUN) -m tools.soak --minutes $(SOAK_MINUTES) $(SOAK_OPTIONS)

docs-cli: $(READY) ## Write docs/cli.md and stacks/schema.json, from the command itself
	@$(RUN) tools/cli_docs.py > docs/cli.md
	@$(RUN) -m rootfi_pulumi.cli schema > stacks/schema.json

lock: $(READY) ## Compile the locks from pyproject.toml
	@$(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url pyproject.toml --output-file requirements.txt
	@$(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url pyproject.toml --all-extras --group dev --constraint requirements.txt \
		--output-file requirements-dev.txt
	@$(RUN) tools/pulumi/install.py --lock

pulumi-path: $(READY) ## Print the folder of the Pulumi CLI in use: PATH="$(make -s pulumi-path):$PATH"
	@$(RUN) tools/pulumi/install.py

clean: ## Remove what make has put into this folder
	@rm -rf $(VENV) .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache site

$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "rootfi-pulumi needs Python 3.11 or newer: make PYTHON=python3.13 …")'
	@echo "installing the Python packages into $(VENV) (about a minute, once)" >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@
