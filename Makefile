# One short name for each thing that one does here. The work is in scripts/ (standard library only); this file only says what
# needs what. A fresh machine needs Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
BIN := .venv/bin
PREPARE := @$(PYTHON) scripts/prepare.py

.DEFAULT_GOAL := help
.PHONY: help setup web up check test journey story fuzz soak bench lock clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r name text; do printf '  make %-7s %s\n' "$$name" "$$text"; done

setup: ## install the pinned packages into .venv, with the command .venv/bin/supergame
	$(PREPARE) runtime

web: ## build the web assets, if missing or stale
	$(PREPARE) web

up: ## start the platform on this machine; options: make up ARGS="--port 7450"
	$(PREPARE) runtime web
	@exec $(BIN)/supergame up $(ARGS)

check: ## lint, types, layers and unit tests: run it before each commit
	$(PREPARE) test
	@$(PYTHON) scripts/check.py

test: ## every test; a part of them: make test ARGS="tests/unit -k storage"
	$(PREPARE) test web
	@$(BIN)/python -m pytest --durations=20 $(ARGS)

journey: ## a newcomer's first minute in a real browser; its pictures go to docs/images/journey
	$(PREPARE) runtime web
	@$(PYTHON) scripts/journey.py

story: ## a Super Game from end to end in a real browser; its pictures go to docs/images/story
	$(PREPARE) runtime web
	@$(PYTHON) scripts/story.py

fuzz: ## hostile and random input, for minutes
	$(PREPARE) test web
	@$(BIN)/python -m pytest -m fuzz $(ARGS)

soak: ## the long runs: hours of play, leaks, drift
	$(PREPARE) test web
	@$(BIN)/python -m pytest -m soak $(ARGS)

bench: ## what this machine holds: requests a second, with latencies
	$(PREPARE) runtime
	@$(BIN)/supergame bench api $(ARGS)

lock: ## write the lock files anew from pyproject.toml; newer versions: make lock ARGS=--upgrade
	@$(PYTHON) scripts/lock.py $(ARGS)

clean: ## remove all that these commands have made, but no game's data
	rm -rf .venv .build .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	rm -rf web/node_modules src/supergame/_web
