# make run    environment, install, launch in REPO (default: this repository); ARGS are passed on
# make test   environment, every check, every test
# make endurance   what takes minutes: a review by a real local server (compiled the first time)

PYTHON ?= python3
VENV ?= .venv
REPO ?= .
ARGS ?=
BIN := $(abspath $(VENV))/bin
# Told to uv by name, since uv otherwise looks for ".venv" only.
export UV_PROJECT_ENVIRONMENT := $(abspath $(VENV))

.PHONY: run test endurance check install develop snapshots screenshots

run: $(VENV)/.installed
	cd "$(REPO)" && "$(BIN)/xreview-tui" $(ARGS)

test: check
	"$(BIN)/pytest" -n auto

endurance: $(VENV)/.developed
	"$(BIN)/uv" sync --quiet --locked --inexact --group endurance
	"$(BIN)/pytest" -n 0 -m endurance

check: $(VENV)/.developed
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/pyright"
	"$(BIN)/lint-imports"

screenshots: $(VENV)/.developed
	"$(BIN)/python" tools/screenshots.py

snapshots: $(VENV)/.developed
	"$(BIN)/pytest" -n auto tests/tui/test_snapshots.py tests/demo/test_app.py --snapshot-update

$(VENV)/bin/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "xreview-tui needs Python 3.11 or newer: make PYTHON=python3.12 run")'
	$(PYTHON) -m venv "$(VENV)"
	"$(BIN)/pip" install --quiet --disable-pip-version-check "uv>=0.5"

$(VENV)/.installed: $(VENV)/bin/uv pyproject.toml uv.lock
	"$(BIN)/uv" sync --quiet --locked --inexact --no-default-groups
	touch "$@"

$(VENV)/.developed: $(VENV)/bin/uv pyproject.toml uv.lock
	"$(BIN)/uv" sync --quiet --locked --inexact
	touch "$@" "$(VENV)/.installed"
