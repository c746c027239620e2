# The two commands: make run, make test. Each sets up what it needs; the second call starts at once.

PORT ?= 8501
MIEN_PORT ?= $(PORT)
PYTHON_OF_VENV := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup run test lint

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 14

setup: ## make .venv with everything that running and training need
	@deploy/setup.sh run

run: setup ## serve the dashboard on http://localhost:8501 (another port: make run PORT=8600)
	@echo "Mien: http://localhost:$(MIEN_PORT) (Ctrl+C ends it)"
	@exec $(PYTHON_OF_VENV) -m streamlit run app/main.py --server.port $(MIEN_PORT)

.PHONY: demo-bot
demo-bot: setup ## the dashboard with a stand-in for Telegram: see an alert without an account
	@exec $(PYTHON_OF_VENV) -m deploy.demo_bot --dashboard-port $(MIEN_PORT)

.PHONY: setup-test
setup-test:
	@deploy/setup.sh test

lint: setup-test ## style and types: ruff and mypy
	@$(PYTHON_OF_VENV) -m ruff check
	@$(PYTHON_OF_VENV) -m ruff format --check
	@$(PYTHON_OF_VENV) -m mypy

PYTEST := MIEN_TESTS_COMPLETE=1 $(PYTHON_OF_VENV) -m pytest
# These start servers and browsers and look at the clock, so nothing runs beside them.
TESTS_ALONE := tests/benchmarks tests/browser tests/drills

test: lint ## everything: lint, then all tests, the browser's too (some: make test T=tests/core)
ifdef T
	@$(PYTEST) $(T)
else
	@$(PYTEST) $(TESTS_ALONE)
	@$(PYTEST) --numprocesses auto --maxprocesses 4 --dist loadfile $(TESTS_ALONE:%=--ignore=%) tests
endif
