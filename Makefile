# `make chat` sets up and opens the chat window; `make test` sets up and runs every test.

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help chat test crowd lint bench screenshots figures clean

help:
	@echo "make chat         index the seed documents and open the chat window"
	@echo "make test         run every test, the linter and the type checker"
	@echo "make crowd        twenty browsers at once for two minutes: errors, answers, times"
	@echo "make bench        measure speed beside other systems (half an hour)"
	@echo "make screenshots  take the README's screenshot again"
	@echo "make figures      measure search and answers again, e.g. make figures BENCH=../bench"
	@echo "make clean        remove what the other commands made"

chat: .venv/installed
	@$(BIN)/sanad index seeds/documents
	@$(BIN)/sanad chat --examples seeds/examples.txt

# Two workers for two cores, a file at a time, so that what a file's tests share is made once.
test: .venv/installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Two minutes and a half, and all of two cores.
crowd: .venv/installed-dev
	$(BIN)/python -m tests.crowd

lint: .venv/installed-dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/mypy

bench: .venv/installed-bench
	$(BIN)/sanad eval speed

screenshots: .venv/installed-dev
	$(BIN)/python -m tests.screenshots

# A quarter of an hour on two cores; the tables go to eval/results.
figures: .venv/installed-bench
	@test -n "$(BENCH)" || { echo "Say where the development sets are: make figures BENCH=DIR"; exit 2; }
	$(BIN)/python -m eval.figures $(BENCH)

clean:
	rm -rf .venv data build *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Sanad needs Python 3.11 or newer; $$($(PYTHON) --version) was found. Choose one: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

# torch is installed first and by its exact version: that is the spelling that finds a CPU build.
.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt torch==2.13.0
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

# The BM25 of llama-index asks for PyStemmer below 3, and works with ours.
.venv/installed-bench: .venv/installed
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt --no-deps \
		llama-index-retrievers-bm25
	@touch $@

.venv/installed-dev: .venv/installed-bench
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
