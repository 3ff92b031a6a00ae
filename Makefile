# The commands of the house. `make run` and `make test` need Python 3.11+, git and make; nothing else.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests start the program as processes of its own: none shall compile all its modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check types rest demo bench install install-dev lock fix screenshots

run: install            ## migrate and serve on http://127.0.0.1:8000 (sandbox without credentials)
	@$(BIN)/potluck serve

install: .venv/.installed

install-dev: .venv/.installed-dev

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Potluck needs Python 3.11 or newer: set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	@touch $@

# The locks name all there is; and Python compiles what it imports, which is a part of it.
.venv/.installed: .venv/.python requirements.txt pyproject.toml $(wildcard core/translations/*/LC_MESSAGES/*.po)
	$(BIN)/pip install --quiet --no-compile --no-deps --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/pybabel --quiet compile -d core/translations
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	$(BIN)/pip install --quiet --no-compile --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

test: install-dev       ## everything, on SQLite and PostgreSQL
	$(BIN)/python -m tests.prepare
	$(BIN)/pytest

check: install-dev      ## format, lint, types, contracts, templates, migrations
	@$(MAKE) --no-print-directory -j2 types rest

# Nothing of the rest waits for the types: two cores do both at once.
types:
	$(BIN)/mypy

rest:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint bot core licensing donations
	$(if $(TESTED),,$(BIN)/pytest -p no:randomly -q tests/test_house.py tests/test_migrations.py)

fix: install-dev        ## what the tools can mend themselves
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

demo: install           ## the main story on the screen, on a fresh database under var/
	@$(BIN)/python -m bot.sandbox.demo

bench: install-dev      ## every measurement, one JSON line each
	@$(BIN)/python -m bench

screenshots: install-dev  ## the pictures of the README and the docs
	@$(BIN)/python -m tests.prepare
	@$(BIN)/python -m docs.pictures

lock: install-dev       ## new lock files from pyproject.toml
	$(BIN)/pip install --quiet uv==0.13.9
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --universal --python-version 3.11 pyproject.toml --group build -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --universal --python-version 3.11 pyproject.toml --group dev -o requirements-dev.txt
