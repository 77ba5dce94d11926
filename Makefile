# BZPEER on one machine. `make` lists what there is; every target installs what it needs by itself.

SHELL = /bin/sh
# A Python to use instead of the first good one (.ci/python).
PYTHON =
# More words for the program that a target runs, e.g. make test ARGS="-k trust".
ARGS =
# LIVE=1 lets the demo also harvest a little from the real arXiv.
LIVE =

PY = .venv/bin/python
INSTALL = @python=$$(PYTHON="$(PYTHON)" .ci/python) && "$$python" requirements/install.py
# `exec` everywhere: a signal sent to make then reaches the program itself, and nothing stays between.
EMBEDDED = @exec $(PY) -m bzpeer.embedded

.DEFAULT_GOAL = help
.PHONY: help demo run stop manage test check e2e lock clean packages dev-packages bench-import

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9%-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: packages ## the whole site with a sample of real works; LIVE=1 asks arXiv as well
	$(EMBEDDED) demo $(if $(LIVE),--live)

run: packages ## the whole site, empty at first, with data of its own
	$(EMBEDDED) run

stop: packages ## stop the demo or the run of this checkout from another terminal
	$(EMBEDDED) stop

manage: packages ## manage.py on the running site, e.g. ARGS="createsuperuser"
	$(EMBEDDED) manage $(ARGS)

test: dev-packages ## the tests, on servers of their own; ARGS are pytest's
	$(EMBEDDED) test $(ARGS)

check: dev-packages ## everything that reads the code: lint, types, templates, migrations, deployment
	$(EMBEDDED) exec $(PY) .ci/check.py $(ARGS)

e2e: dev-packages ## the journeys through a real Chromium
	@chromium=$$(.ci/chromium) && BZPEER_CHROMIUM=$$chromium exec $(PY) -m bzpeer.embedded test -m browser $(ARGS)

bench-%: dev-packages ## a benchmark, bench/NAME.py; it starts what it needs
	@exec $(PY) -m bench.$(subst -,_,$*) $(ARGS)

bench-import: dev-packages # `import` is a word of Python, which no module can be called
	@exec $(PY) -m bench.import_arxiv $(ARGS)

lock: ## pin requirements/*.in anew, with hashes
	@PYTHON="$$(PYTHON="$(PYTHON)" .ci/python)" exec .ci/lock $(ARGS)

clean: ## remove .venv and all that instances keep in var/
	@if [ -d var ]; then $(MAKE) -s packages && $(PY) -m bzpeer.embedded clean; fi
	@rm -rf .venv .venv-* var static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis

packages:
	$(INSTALL) base
	@$(PY) requirements/browser.py

dev-packages:
	$(INSTALL) dev
	@$(PY) requirements/browser.py dev
