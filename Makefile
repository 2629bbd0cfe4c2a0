# The way in: sets up .venv and the machine, then calls inv. All else is a task: .venv/bin/inv --list
PYTHON ?= python3
INV := .venv/bin/inv
# Written last, so that a .venv without it is a half-made one.
WHOLE := .venv/whole

.PHONY: help up test
help:
	@echo "make up     set up this machine, build the images, start the pod"
	@echo "make test   set up this machine, run every test"

up: $(WHOLE)
	@$(INV) doctor --fix build --no-tests up

test: $(WHOLE)
	@$(INV) doctor --fix ci

# An upgrade of Python can take away the interpreter that .venv points to, or its packages; and a moved folder has neither.
ifeq ($(shell .venv/bin/inv --version 2>/dev/null),)
.PHONY: $(WHOLE)
endif
$(WHOLE): requirements/host.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "$(PYTHON) is missing or older than 3.11 - install it, or name another: make PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing the Debian package python3-venv"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends python3-venv >/dev/null; \
	else \
	  echo "$(PYTHON) cannot make virtual environments - type as root: apt-get install python3-venv" >&2; exit 1; \
	fi
	@echo "Making .venv from $<"
	@$(PYTHON) -m venv --clear .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@
