# `make lab` to learn, `make test` to check the course itself. `make help` lists the rest.
# Another Python: make lab PYTHON=python3.12

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq --constraint constraints.txt
SPEC := pyproject.toml constraints.txt
LEARN := $(VENV)/.installed-learner
FULL := $(VENV)/.installed-full
.DEFAULT_GOAL := help
# Two processes share the tests, file by file; solved chapters, one file, are shared one by one.
TWO := --numprocesses 2 --dist loadfile
# One thread each: two processes whose threads wait for each other's cores take many times as long.
test solved proof notebooks: export OMP_NUM_THREADS := 1

.PHONY: help lab test solved bench demo lint notebooks proof clean

help:
	@echo "make lab        prepare your copy of the course and open it in JupyterLab"
	@echo "make test       run the tests of the course itself"
	@echo "make solved     run every solved chapter from top to bottom"
	@echo "make bench      measure every chapter: seconds, milestones, baselines; written to docs/results.md"
	@echo "make demo       grade the sample class and show the report"
	@echo "make notebooks  build course/ from solutions/"
	@echo "make proof      prove every exercise's check against known-wrong and known-right answers"
	@echo "make lint       ruff and mypy"
	@echo "make clean      remove the environment and caches; your work in my_course/ stays"

lab: $(LEARN)
	@$(BIN)/dlcourse lab $(ARGS)

test: $(FULL)
	@$(BIN)/python -m pytest -m "not long" $(TWO) $(ARGS)
	@echo "Left out: the solved chapters as a whole (make solved), the proof over twenty seeds (make proof)."

solved: $(FULL)
	@$(BIN)/python -m pytest -m long $(TWO) --dist load tests/course $(ARGS)

bench: $(FULL)
	@$(BIN)/python benchmarks/chapters.py --write docs/results.md $(ARGS)

demo: $(FULL)
	@$(BIN)/dlcourse demo $(ARGS)

notebooks: $(FULL)
	@$(BIN)/dlcourse build $(ARGS)

proof: $(FULL)
	@$(BIN)/dlcourse prove $(ARGS)

lint: $(FULL)
	@$(BIN)/ruff check .
	@$(BIN)/mypy

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The stamps say what is installed, so a second start installs nothing. They are written last: an interrupted
# installation is taken up again. A changed pyproject.toml or constraints.txt renews them.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "The course needs Python 3.11 or newer; '$(PYTHON)' is not. Install one, or name one: make lab PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	@echo "Making an environment in $(VENV) with $$($(PYTHON) --version)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)

$(LEARN): $(SPEC) | $(BIN)/python
	@echo "Installing the course (once; a few minutes, most of it PyTorch)"
	@$(PIP) --editable .
	@touch $@

$(FULL): $(SPEC) | $(BIN)/python
	@echo "Installing the course with the teacher's and the tests' packages (once; a few minutes)"
	@$(PIP) --editable '.[autograde,test]'
	@touch $(LEARN) $@
