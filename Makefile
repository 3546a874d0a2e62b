PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/ready
TEST := $(VENV)/test-ready
INSTRUCTOR := $(VENV)/instructor-ready
SITE := $(VENV)/site-ready

# uv is faster than pip; used where it is there.
UV := $(filter uv,$(firstword $(shell uv --version 2>&1 || true)))
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALL := $(if $(UV),uv pip install --quiet --python $(BIN)/python,$(PIP))

.PHONY: help lab run test format lock exercises grade gradescope benchmark translations site address clean

help:
	@echo "make lab       open JupyterLab on the notebooks"
	@echo "make run       train all models for a few minutes and write pictures into build/"
	@echo "make test      check style, run all tests, re-run every notebook on a reduced budget"
	@echo "make format    format the code, and fix what can be fixed automatically"
	@echo "make lock      write uv.lock and the requirement files after a change of pyproject.toml"
	@echo "make exercises  generate the students' exercises and the solutions from exercises/source"
	@echo "make grade SUBMISSIONS=folder ASSIGNMENT=01_vanilla_gan   grade what was handed in"
	@echo "make gradescope ASSIGNMENT=01_vanilla_gan   write build/gradescope-01_vanilla_gan.zip"
	@echo "make benchmark  measure the models against the code that people copy (about an hour)"
	@echo "make translations  write what is new in English into locale/, and the translated notebooks"
	@echo "make site      build the site, and the page on which a generator runs, into build/site/"
	@echo "make address URL=https://github.com/owner/name   set the repository's address everywhere"
	@echo "make clean     remove build/ and $(VENV)/"

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c "import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f'Python {v[0]}.{v[1]} found, 3.11 to 3.13 needed: make PYTHON=/path/to/python3.12 ...')"
	@echo "Installing into $(VENV)/ (about 2 GB, a minute or two) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) -r requirements.txt
	@$(INSTALL) --no-deps -e .
	@touch $(READY)

$(INSTRUCTOR): $(READY) requirements-instructor.txt
	@$(INSTALL) -r requirements-instructor.txt
	@touch $(INSTRUCTOR)

$(TEST): $(INSTRUCTOR) requirements-test.txt requirements-tracking.txt
	@$(INSTALL) -r requirements-test.txt -r requirements-tracking.txt
	@touch $(TEST)

$(SITE): $(READY) requirements-site.txt
	@$(INSTALL) -r requirements-site.txt
	@touch $(SITE)

lab: $(READY)
	$(BIN)/jupyter lab notebooks/01_vanilla_gan.ipynb

run: $(READY)
	$(BIN)/python tools/notebooks.py

test: $(TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal

format: $(TEST)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(TEST)
	$(BIN)/python tools/lock.py $(OPTIONS)

exercises: $(INSTRUCTOR)
	$(BIN)/python -m grading release

grade: $(INSTRUCTOR)
	$(if $(and $(SUBMISSIONS),$(ASSIGNMENT)),,$(error make grade SUBMISSIONS=folder ASSIGNMENT=01_vanilla_gan; more: $(BIN)/python -m grading grade --help))
	$(BIN)/python -m grading grade "$(SUBMISSIONS)" "$(ASSIGNMENT)" $(OPTIONS)

gradescope: $(INSTRUCTOR)
	$(if $(ASSIGNMENT),,$(error make gradescope ASSIGNMENT=01_vanilla_gan))
	$(BIN)/python -m grading gradescope "$(ASSIGNMENT)" $(OPTIONS)

benchmark: $(READY)
	$(BIN)/python tools/benchmark.py

translations: $(TEST)
	$(BIN)/python tools/translate.py $(NAMES)

site: $(SITE)
	$(BIN)/python tools/build_site.py

address: $(READY)
	$(if $(filter undefined,$(origin URL)),$(error no address: make address URL=https://github.com/owner/name))
	$(BIN)/python tools/set_repository.py "$(URL)"

clean:
	rm -rf build $(VENV)
