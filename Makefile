PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/ready
TRACKING := $(VENV)/tracking-ready
INSTRUCTOR := $(VENV)/instructor-ready

.PHONY: help lab run test exercises grade benchmark address clean

help:
	@echo "make lab       open JupyterLab on the notebooks"
	@echo "make run       train all models for a few minutes and write pictures into build/"
	@echo "make test      check style, run all tests, re-run every notebook on a reduced budget"
	@echo "make exercises  generate the students' exercises and the solutions from exercises/source"
	@echo "make grade SUBMISSIONS=folder ASSIGNMENT=01_vanilla_gan   grade what was handed in"
	@echo "make benchmark  measure the models against the code that people copy (about an hour)"
	@echo "make address URL=https://github.com/owner/name   set the repository's address everywhere"
	@echo "make clean     remove build/ and $(VENV)/"

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c "import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f'Python {v[0]}.{v[1]} found, 3.11 to 3.13 needed: make PYTHON=/path/to/python3.12 ...')"
	@echo "Installing into $(VENV)/ (about 2 GB, a minute or two) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(READY)

$(TRACKING): $(READY) requirements-tracking.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-tracking.txt
	@touch $(TRACKING)

$(INSTRUCTOR): $(READY) requirements-instructor.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-instructor.txt
	@touch $(INSTRUCTOR)

lab: $(READY)
	$(BIN)/jupyter lab notebooks/01_vanilla_gan.ipynb

run: $(READY)
	$(BIN)/python tools/run_notebooks.py

test: $(TRACKING) $(INSTRUCTOR)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest

exercises: $(INSTRUCTOR)
	$(BIN)/python tools/exercises.py

grade: $(INSTRUCTOR)
	$(if $(and $(SUBMISSIONS),$(ASSIGNMENT)),,$(error make grade SUBMISSIONS=folder ASSIGNMENT=01_vanilla_gan; more: $(BIN)/python tools/grade.py --help))
	$(BIN)/python tools/grade.py "$(SUBMISSIONS)" "$(ASSIGNMENT)" $(OPTIONS)

benchmark: $(READY)
	$(BIN)/python tools/benchmark.py

address: $(READY)
	$(if $(filter undefined,$(origin URL)),$(error no address: make address URL=https://github.com/owner/name))
	$(BIN)/python tools/set_address.py "$(URL)"

clean:
	rm -rf build $(VENV)
