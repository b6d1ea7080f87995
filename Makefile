# Two commands for a newcomer: `make demo` and `make test`. The rest is for working on the project.
# torch comes first: any other package would pull a build of several gigabytes.
PYTHON ?= python3
TORCH  ?= torch==2.13.0
BIN    := .venv/bin
STAMP  := .venv/installed

export OMP_NUM_THREADS ?= 1

.PHONY: demo test quick portable lint build docs dist bench clean

demo: $(STAMP)
	$(BIN)/rnn-course demo

test: $(STAMP) lint
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

quick: $(STAMP) lint
	$(BIN)/python -m pytest -m "not slow and not browser" -n 2

# what is computed has to agree under each: kernels of old processors, of ours, two threads
ARITHMETIC := "ATEN_CPU_CAPABILITY=default OPENBLAS_CORETYPE=Prescott" \
              "ATEN_CPU_CAPABILITY=avx2 OPENBLAS_CORETYPE=Haswell" "OMP_NUM_THREADS=2"

portable: $(STAMP)
	for setting in $(ARITHMETIC); do echo "== $$setting"; env $$setting $(BIN)/python -m pytest \
	  -n 2 --dist loadscope --no-loadscope-reorder tests/end_to_end/test_notebooks.py \
	  tests/courseworks tests/training tests/checks || exit 1; done

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

build: $(STAMP)
	$(BIN)/rnn-course build

docs: $(STAMP)
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	$(BIN)/python -m sphinx -W --keep-going -n -q docs docs/_build
	@echo "docs/_build/index.html"

# two wheels that come out the same each time, and the licences of what they need
dist: $(STAMP)
	$(BIN)/python -m pip install --quiet --editable ".[dist]"
	rm -rf dist build
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --wheel --outdir dist .
	$(BIN)/python -m rnn_course.authoring.student_wheel dist/students
	$(BIN)/pip-licenses --format=markdown --order=license --output-file=dist/LICENCES.md
	cd dist && sha256sum *.whl students/*.whl | tee SHA256SUMS

bench: $(STAMP)
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv demo build dist

$(STAMP): pyproject.toml
	$(PYTHON) -c "import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else f'Expected Python 3.11 to 3.13. Got {v[0]}.{v[1]}. Name another with: make PYTHON=python3.12')"
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet "$(TORCH)"
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@
