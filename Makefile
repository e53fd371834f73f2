# make run    environment, install, launch in REPO (default: this repository); ARGS are passed on
# make quick  style and the tests of the inner loop, in less than a minute
# make test   every check, and every test but the endurance tests
# make soak   a working day of keys and reviews in eight minutes: the memory must stay flat
# make endurance   hundreds of kills, real agents, a real local server (LOCAL_SERVER=no skips it)

PYTHON ?= python3
VENV ?= .venv
REPO ?= .
ARGS ?=
LOCAL_SERVER ?= yes
# One more than there are processors: many tests wait for a terminal or a timeout.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# The pure rooms and two screens: enough to notice within a minute that a change broke something.
QUICK := $(wildcard $(addprefix tests/,domain disagreement ports hardening config export imports \
	agents journal review/reply review/egress review/choosing review/past \
	tui/test_confirming.py tui/screens/test_confirm.py \
	tui/test_diff_view.py tui/widgets/diff/test_view.py))
BIN := $(abspath $(VENV))/bin
# Hundreds of tests start Python, which takes twice as long if it must compile every module.
unexport PYTHONDONTWRITEBYTECODE
# Told to uv by name, since uv otherwise looks for ".venv" only.
export UV_PROJECT_ENVIRONMENT := $(abspath $(VENV))

.PHONY: run quick test endurance soak check style types tests local-server snapshots screenshots tour

run: $(VENV)/.installed
	cd "$(REPO)" && "$(BIN)/xreview-tui" $(ARGS)

quick: style
	"$(BIN)/pytest" -n $(WORKERS) --dist worksteal $(QUICK) --ignore tests/journal/test_durability.py

# The checks run beside the tests: alone, they keep only one processor busy.
test: $(VENV)/.developed
	$(MAKE) --no-print-directory --jobs=3 --keep-going style types tests

tests: $(VENV)/.developed
	"$(BIN)/pytest" -n $(WORKERS) --dist worksteal

check: style types

style: $(VENV)/.developed
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/lint-imports"

types: $(VENV)/.developed
	"$(BIN)/pyright"

endurance: $(if $(filter yes,$(LOCAL_SERVER)),local-server,$(VENV)/.developed)
	"$(BIN)/pytest" -n $(WORKERS) --dist loadgroup -m endurance -rs

soak: $(VENV)/.developed
	XREVIEW_SOAK_SECONDS=480 "$(BIN)/pytest" -s -m endurance tests/endurance/test_soak.py

# Compiled the first time, which takes minutes; without it, the tests that need it are skipped.
local-server: $(VENV)/.developed
	-"$(BIN)/uv" sync --quiet --locked --inexact --group endurance

screenshots: $(VENV)/.developed
	"$(BIN)/python" tools/screenshots.py

tour: $(VENV)/.developed
	"$(BIN)/python" tools/tour.py

snapshots: $(VENV)/.developed
	"$(BIN)/pytest" -n auto tests/tui/test_snapshots.py tests/tui/test_fix_snapshots.py \
		tests/tui/test_pull_snapshots.py tests/demo/test_app.py \
		tests/demo/test_case_screens.py --snapshot-update

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
