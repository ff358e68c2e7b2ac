# Every target makes what it needs in .venv by itself; a machine needs only Python 3.11+ and make.
PYTHON ?= python3
DATASETS ?= ../shared/datasets
STARTER ?= starter-2026.12
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
BENCH_READY := $(VENV)/.bench-ready
COMPILED := setup.py $(wildcard classifiers/native/*.[ch])

.PHONY: demo test check bench bench-models bench-replies fuzz starter format lock words docs clean

demo: $(RUN_READY)
	@$(BIN)/vigie demo $(DEMO_ARGS)

test: $(DEV_READY)
	$(BIN)/python -m pytest -n auto --dist worksteal $(TEST_ARGS)

check: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m app.words.refresh --check

bench: $(DEV_READY)
	$(BIN)/python -m tests.bench $(BENCH_ARGS)

# Whether suggested answers fit, on messages written for it, and how long they take.
bench-replies: $(DEV_READY)
	$(BIN)/python -m tests.bench.replies $(BENCH_ARGS)

# Models on sources they never saw, beside peers that anybody could take; writes docs/decisions/0008. Half an hour.
bench-models: $(BENCH_READY)
	$(BIN)/python -m tests.bench.models --datasets $(DATASETS) $(BENCH_ARGS)

# Any bytes at all, guided by what of the code they reach. FUZZ_ARGS is handed to libFuzzer.
FUZZ_ARGS ?= -max_total_time=600
fuzz: $(BENCH_READY)
	$(BIN)/python -m tests.fuzz.classify $(FUZZ_ARGS)

format: $(DEV_READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Pins by version and hash only: no registry's address is written down.
lock: $(DEV_READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra build --extra postgres --universal --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra build --extra dev --universal --generate-hashes --no-emit-index-url --no-header -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --extra bench --extra dev --universal --generate-hashes --no-emit-index-url --no-header -c requirements-dev.lock -o requirements-bench.lock
	echo 'ziglang>=0.13' | $(BIN)/uv pip compile - --universal --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-compiler.lock

# French words: read what the code says, bring the catalogue up to date, compile it.
words: $(DEV_READY)
	$(BIN)/python -m app.words.refresh

# The pages of the manual that are made from the code.
docs: $(DEV_READY)
	$(BIN)/python -m app.manual

# The model that ships and its card. Public sets lie outside the project.
starter: $(RUN_READY)
	$(BIN)/python -m app.starter --datasets $(DATASETS) --version $(STARTER)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Vigie needs Python 3.11 or newer; '$(PYTHON)' is older. Name another: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python could not make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

# A C compiler builds the pass that reads texts; where the machine has none, one comes as a wheel.
$(RUN_READY): requirements.lock requirements-compiler.lock pyproject.toml $(COMPILED) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@echo '#include <math.h>' | cc -x c -fsyntax-only - 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-compiler.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_READY): requirements-dev.lock $(RUN_READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(BENCH_READY): requirements-bench.lock $(DEV_READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info classifiers/native/*.so .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
