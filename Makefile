# Timglas. Two verbs do everything on a fresh machine: make demo, make test.
PY := .venv/bin/python
STAMP := .venv/.installed
WAITING := tests/flows
OFFICE := tests/services tests/cli
ORDER := 1
unexport PYTHONDONTWRITEBYTECODE # each run in Prefect is a process of its own, and would compile all our code anew

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-waiting test-office test-parts up bench check fmt law catalogue lock clean

help: ## List the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): requirements-dev.lock pyproject.toml
	@echo "1. Creating .venv and installing the locked packages (about a minute the first time)"
	@python3 -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(STAMP) ## Install everything into .venv, pinned with hashes

demo: $(STAMP) ## Replay the case of spring 2023 through the real flows, into demo/
	@echo "2. Replaying the spring of 2023 (some minutes)"
	@.venv/bin/timglas demo --out demo
	@echo "3. Look at demo/index.html first; then demo/tavla.html and the folder of one case."

test: $(STAMP) ## Run all tests
	@echo "2. Running all tests (SQLite and PostgreSQL, SMTP, Prefect, a browser) three parts at a time: some twenty minutes, twice that on a slow machine"
	@$(MAKE) --no-print-directory --jobs 3 --keep-going test-waiting test-office test-parts
	@echo "3. All green? Then look at the result with: make demo"

# A run of all tests says the same each time: neither the order of the tests nor that of a set is left to chance.
test-waiting test-office test-parts: export PYTHONHASHSEED := 0

test-waiting: $(STAMP) # what waits for Prefect: the longest part, so the others give way to it
	@$(PY) -m pytest --randomly-seed=$(ORDER) $(WAITING)

test-office: $(STAMP) # whole cases: the services on a real database, and the commands
	@nice $(PY) -m pytest --randomly-seed=$(ORDER) $(OFFICE)

test-parts: $(STAMP) # all else
	@nice $(PY) -m pytest --randomly-seed=$(ORDER) $(foreach folder,$(WAITING) $(OFFICE),--ignore $(folder))

up: $(STAMP) ## Run the officer's desk: Prefect server, UI, forms and sweep on this machine
	@.venv/bin/timglas up

bench: $(STAMP) ## Measure, beside a peer in the same run: make bench, or make bench ONLY="mail letters"
	@$(PY) -m benchmarks.run $(ONLY)

check: $(STAMP) ## Format, lint, types, import rules, law and catalogue freshness
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/yamllint --strict law deployments tests/cases
	@.venv/bin/codespell models law adapters services docs *.md
	@$(PY) -m law.page --check docs/law.md
	@$(PY) -m letters.catalogue --check

fmt: $(STAMP) ## Format the code
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

law: $(STAMP) ## Write docs/law.md anew from the statutes
	@$(PY) -m law.page > docs/law.md

catalogue: $(STAMP) ## Add new messages to the Swedish catalogue
	@$(PY) -m letters.catalogue --update

lock: ## Pin the packages anew (needs uv)
	uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --upgrade --output-file requirements-dev.lock
	uv pip compile pyproject.toml --constraint requirements-dev.lock --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock

clean: ## Remove what make made
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
	rm -rf .venv demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
