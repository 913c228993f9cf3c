#!/usr/bin/env bash
# Every check, in the order of their cost: lint, types, unit tests, Rasa's own validation,
# conversations against real processes, a real browser.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$1"; }

need_packages() {
    local missing=()
    ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=(postgresql)
    command -v redis-server >/dev/null || missing+=(redis-server)
    command -v chromium >/dev/null || missing+=(chromium)
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        echo "The tests need these Debian packages: ${missing[*]} (sudo apt-get install ${missing[*]})"
        exit 1
    fi
    step "Debian packages: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
}

need_packages
step "Lint and format"
.venv/bin/ruff check .
.venv/bin/ruff format --check .
step "Types"
.venv/bin/mypy
step "Model"
bot/.venv/bin/python -m bot.train
step "Rasa's validation of the data"
bot/.venv/bin/rasa data validate --fail-on-warning --config bot/config.yml --domain bot/domain \
    --data data/nlu data/suites data/rules
step "Understanding (Python 3.10)"
bot/.venv/bin/python -m pytest -q tests/bot
step "Actions, channels, processes, conversations, browser (Python 3.12)"
.venv/bin/python -m pytest -q
