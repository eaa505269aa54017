# saycando: `make demo` and `make test` are the two commands a new user needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test unit check bench wheel-test train-test clean

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "saycando needs Python 3.11 or newer"'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

demo: $(VENV)/.installed
	$(BIN)/saycando demo

test: $(VENV)/.installed
	$(BIN)/python -m pytest

unit: $(VENV)/.installed
	$(BIN)/python -m pytest -n auto -m 'not sim and not wire'

check: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed
	$(BIN)/saycando bench benchmarks/saycan_dev.yaml --seeds 3 --workers 2 --json benchmarks/results/saycan_dev.json
	$(BIN)/saycando bench benchmarks/household.yaml --seeds 3 --workers 2 --json benchmarks/results/household.json

# Training needs PyTorch, which nothing else does; without it these tests are skipped.
train-test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[train]'
	$(BIN)/python -m pytest tests/skills/training

# The built wheel must work without the source tree beside it: its data files, its command, its imports.
wheel-test: $(VENV)/.installed
	rm -rf build/wheel-test && mkdir -p build/wheel-test
	$(BIN)/python -m build --wheel --outdir build/wheel-test . >/dev/null
	$(BIN)/python -m pip install --quiet --no-deps --target build/wheel-test/site build/wheel-test/*.whl
	cd build/wheel-test && PYTHONPATH=site ../../$(BIN)/python -P ../../tests/project/wheel_check.py site

clean:
	rm -rf $(VENV) dist build runs
