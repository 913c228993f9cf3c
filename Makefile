# Jalon: `make run` and `make test` are all one needs to know.

SHELL := /bin/bash
.DEFAULT_GOAL := help
export RASA_TELEMETRY_ENABLED := false
# Where a machine forbids compiled modules (as images of containers do), starting takes twice as long.
export PYTHONDONTWRITEBYTECODE :=

# pyenv refuses to run when a version named in .python-version is missing: name those it has.
ifneq ($(shell command -v pyenv 2>/dev/null),)
PYENV_HAS := $(strip $(foreach v,3.12 3.10,$(shell pyenv latest $(v) 2>/dev/null)))
empty :=
export PYENV_VERSION := $(subst $(empty) $(empty),:,$(or $(PYENV_HAS),system))
endif

# uv from the machine, or from a private environment of its own.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
UV_VERSION := 0.13.9
PYTHON := .venv/bin/python
BOT_PYTHON := bot/.venv/bin/python
NLPJS := tests/bench/nlu/node_modules/.package-lock.json

.PHONY: help install run shell sms train directory import sync explain review corrections confirm unmet gaps pause resume integrity accessibility test lint types bench bench-widget bench-directory bench-import bench-nlu bench-sms evaluate clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

.uv/bin/uv:
	@echo "Installing uv…"
	@python3 -m venv .uv && .uv/bin/pip install --quiet uv==$(UV_VERSION)

install: $(filter .uv/bin/uv,$(UV))  ## Install both Python environments
	@echo "Installing what Jalon needs (a few minutes the first time)…"
	@$(UV) sync --frozen --quiet
	@$(UV) sync --frozen --quiet --project bot

train: install  ## Train the model, if the data changed
	@$(BOT_PYTHON) -m bot.train

directory: install
	@$(PYTHON) -m actions.directory ensure

run: train directory  ## Start everything; the page is on http://localhost:8080
	@exec $(PYTHON) -m channels.stack

shell: train directory  ## Talk to the assistant in the terminal (ARGS="--commune Bondy --pourquoi")
	@exec $(PYTHON) -m channels.shell $(ARGS)

sms: train directory  ## A phone in the terminal, to try the SMS channel (ARGS="--cout 0.05")
	@exec $(PYTHON) -m channels.sms.simulator $(ARGS)

import: install  ## Import a file, folder or address: make import FILE=… (ARGS="--departements 93,92")
	@test -n "$(FILE)" || { echo "Say which file: make import FILE=path"; exit 2; }
	@$(PYTHON) -m actions.directory import "$(FILE)" $(ARGS)

sync: install  ## Bring in every source of sources.yml (ARGS="--accept-losses")
	@$(PYTHON) -m actions.directory sync $(ARGS)

explain: directory  ## Why a search shows each place or not (ARGS="--theme francais --commune 93010")
	@$(PYTHON) -m actions.directory explain $(ARGS)

review: install  ## List the messages least understood, to label them (docs/review.md)
	@TF_CPP_MIN_LOG_LEVEL=3 $(BOT_PYTHON) -W ignore -m bot.review $(ARGS)

corrections: install  ## What people say wrong in the directory, for staff (FILE=var/corrections.csv, or .json)
	@$(PYTHON) -m actions.directory.followup corrections $(FILE)

confirm: install  ## Staff checked a record: close the reports on it (ID=…)
	@test -n "$(ID)" || { echo "Say which record: make confirm ID=…"; exit 2; }
	@$(PYTHON) -m actions.directory.followup confirm "$(ID)"

unmet: install  ## Needs that nothing answers, by commune, small counts suppressed (FILE=var/unmet.csv, or .json)
	@$(PYTHON) -m actions.directory.followup unmet $(FILE)

gaps: directory  ## What the directory lacks, by commune and need, as a picture (FILE=var/gaps.svg)
	@$(PYTHON) -m actions.gaps "$(or $(FILE),var/gaps.svg)"

pause: install  ## Stop answering people, at once: make pause MESSAGE="…"
	@$(PYTHON) -m channels.pause "$$MESSAGE"

resume: install  ## Answer again after a pause
	@$(PYTHON) -m channels.pause --end

integrity: install  ## The line that a webmaster pastes in a page, with its integrity hash
	@$(PYTHON) -m channels.web.integrity

accessibility: install  ## Test the widget in a browser, then write the page /accessibilite
	@$(PYTHON) -m pytest -q tests/browser --junitxml=var/browser.xml; $(PYTHON) -m tests.browser.statement var/browser.xml

lint: install
	@$(PYTHON) -m ruff check . && $(PYTHON) -m ruff format --check .

types: install
	@$(PYTHON) -m mypy

test: install  ## Lint, types, unit tests, Rasa's validation, conversations
	@bash tests/run.sh

bench: train directory  ## Speed and memory against the stock bot of rasa init (JSON lines)
	@$(PYTHON) -m tests.bench.bench

bench-widget: install  ## Weight, speed, accessibility and memory of the widget against two others
	@$(UV) run --frozen --no-sync --with python-socketio==5.11.4 python -W ignore -m tests.bench.widget

bench-directory: install  ## The search at the scale of a country (JSON lines; ARGS="--sizes 10000")
	@$(PYTHON) -m tests.bench.directory $(ARGS)

bench-sms: train directory  ## Acknowledgement of SMS under load, segments per answer (JSON lines)
	@$(PYTHON) -m tests.bench.sms

bench-import: install  ## Speed and memory of an import of 10,000 to 1,000,000 services (ARGS="--sizes 10000")
	@$(PYTHON) -m tests.bench.imports $(ARGS)

evaluate: train  ## What is understood, and what changed since the last commit (ARGS="--quick")
	@$(BOT_PYTHON) -m tests.bot.evaluate $(ARGS)

bench-nlu: train $(NLPJS)  ## Understanding and speed against stock Rasa and nlp.js (JSON lines; ARGS=--train)
	@$(BOT_PYTHON) -W ignore -m tests.bench.nlu $(ARGS)

$(NLPJS): tests/bench/nlu/package-lock.json
	@command -v npm >/dev/null || { echo "nlp.js needs Node.js 18 or later and npm (Debian: nodejs, npm)."; exit 1; }
	@npm ci --prefix tests/bench/nlu --silent --no-audit --no-fund

clean:  ## Delete environments, models and local data
	rm -rf .venv bot/.venv .uv models/*.tar.gz var tests/bench/nlu/node_modules
