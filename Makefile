# Each target sets up all it needs by itself; a second call takes no time. `make` alone lists them.
.POSIX:
.SUFFIXES:

PORT ?= 8080
PYTHON = .venv/bin/python

help:
	@echo "make run    serve the demo on http://127.0.0.1:$(PORT)   (PORT=9000 make run: another port)"
	@echo "make test   every check and every test, on both databases and in a real browser"
	@echo "make lint   the checks alone: ruff, mypy, import-linter"
	@echo "make bench  what we cost and what others cost, measured; a quarter of an hour"
	@echo "make proof  the long runs: 10,000 enrolments while processes are killed; up to an hour, kept in docs/results/"
	@echo "make audit  known vulnerabilities of what is locked; says so loudly where nobody answers"
	@echo "make sbom   what is served, as a CycloneDX bill of materials on stdout"
	@echo "make lock   write .ci/locks anew from pyproject.toml"
	@echo "make clean  remove .venv and caches; var/, where the data is, stays"

run: .venv/run.stamp
	@$(PYTHON) -m bot serve --port $(PORT)

lint: .venv/test.stamp
	@.ci/lint

test: lint
	@.ci/need browser
	@# Two more than there are cores: much of the time is waiting for what messengers allow a second.
	@$(PYTHON) -m pytest -n "$$(expr $$(nproc) + 2)" --maxprocesses 4 --maxschedchunk 8

bench: .venv/test.stamp
	@$(PYTHON) -m tests.bench

proof: .venv/test.stamp
	@$(PYTHON) -m tests.proof

audit: .venv/test.stamp
	@$(PYTHON) -m pip_audit --version >/dev/null 2>&1 || $(PYTHON) -m pip install --quiet "pip-audit>=2.10"
	@$(PYTHON) -m tests.supply audit

sbom: .venv/test.stamp
	@$(PYTHON) -m tests.supply sbom

lock:
	@.ci/lock

clean:
	rm -rf .venv .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/run.stamp: .ci/locks/run.txt .ci/setup .ci/need
	@.ci/setup run

.venv/test.stamp: .ci/locks/test.txt .ci/setup .ci/need
	@.ci/setup test

.PHONY: help run lint test bench proof audit sbom lock clean
