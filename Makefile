# Two commands matter: `make run` and `make test`. Everything runs in .venv, which the first of them makes.

PYTHON ?= python3
ENVIRONMENT := .venv
BIN := $(CURDIR)/$(ENVIRONMENT)/bin
READY := $(ENVIRONMENT)/.ready
export PATH := $(BIN):$(PATH)
export MLFLOW_DISABLE_TELEMETRY := true

NAMED := help run sweep test check environment dashboard clean chaos prove-serving bench-graph bench-step bench-gradient
NAMED += bench-variants bench-serving bench-training bench-alignment bench-growth
.PHONY: $(NAMED)

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

run: environment unfetched ## from raw corpus to a served translator, shown at work; the second time in seconds
	enface corpus check
	dvc repro
	enface demo

SET ?= builtin

sweep: environment ## every attention trained and compared, hours long; Multi30k, once fetched: make sweep SET=multi30k
	dvc repro sweep/dvc.yaml:tabulate@$(SET)

test: environment ## all tests
	python -m pytest tests

check: environment ## format, lint, types and the order of imports
	ruff format --check src pipeline serving tests
	ruff check src pipeline serving tests
	mypy
	lint-imports

dashboard: environment ## the MLflow dashboard, on http://127.0.0.1:5000
	MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false mlflow server --backend-store-uri sqlite:///mlflow.db --host 127.0.0.1 --port 5000

# DVC would report Multi30k as deleted for as long as it was not fetched; a pin that Git ignores it leaves alone.
# `enface corpus fetch` takes the line out again.
.PHONY: unfetched
unfetched:
	@if [ ! -e data ] && exclude=$$(git rev-parse --git-path info/exclude 2>/dev/null); then \
		mkdir -p $$(dirname $$exclude); grep -qxF /data.dvc $$exclude 2>/dev/null || echo /data.dvc >> $$exclude; fi

environment: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(f"Enface needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}. Say which: make PYTHON=python3.11 $(MAKECMDGOALS)" if sys.version_info < (3, 11) else 0)'
	@echo "making the environment in $(ENVIRONMENT): about 2 GB, once, some minutes"
	$(PYTHON) -m venv $(ENVIRONMENT)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

bench-graph: environment ## one graph against encoder and step graphs, on the model in artifacts/train
	python -W ignore -m benchmarks.one_graph artifacts/train artifacts/prepare artifacts/bench/one_graph.json

bench-step: environment ## what each change gave a training step, and its profile, on the corpus in artifacts/prepare
	python -W ignore -m benchmarks.training_step artifacts/prepare params.yaml artifacts/bench/training_step.json

bench-gradient: environment ## how noisy attention's gradient is, soft and hard, on the corpus in artifacts/prepare
	python -W ignore -m benchmarks.gradient_variance artifacts/prepare params.yaml artifacts/bench/gradient_variance.json

bench-variants: environment ## how fast each attention of the sweep trains and answers, measured in turn; SET as for sweep
	python -W ignore -m benchmarks.variants sweep/variants.yaml artifacts/sweep $(SET) artifacts/bench/variants_$(SET).json

# `ARGUMENTS="--part engines"`, say, is handed on; each benchmark's `python -m benchmarks.NAME --help` has its own.
bench-serving: environment ## the engine beside others, and what HTTP adds to it, on the model in artifacts/train
	python -W ignore -m benchmarks.serving artifacts/package/bundle artifacts/train artifacts/prepare artifacts/bench/serving.json $(ARGUMENTS)

MULTI30K ?= data

bench-training: environment ## Enface beside JoeyNMT and OpenNMT-py, on Multi30k; their environments are made in scratch/peers
	python -W ignore -m benchmarks.training $(MULTI30K) artifacts/bench/training.json $(ARGUMENTS)

bench-alignment: environment ## AER beside eflomal: GOLD=FOLDER of hand-aligned pairs, BUNDLES="--bundle FORWARD [REVERSE] ..."
	python -W ignore -m benchmarks.alignment $(MULTI30K) $(GOLD) artifacts/bench/alignment.json $(BUNDLES)

chaos: environment ## faults and hostile requests against a real server under load; a few minutes
	python -W ignore -m benchmarks.chaos artifacts/package/bundle artifacts/bench/chaos.json

bench-growth: environment ## preparing and loading 20 thousand to 2 million pairs: time and memory; ten minutes
	python -W ignore -m benchmarks.growth params.yaml artifacts/bench/growth.json

prove-serving: environment ## every bundle of the sweep behind a real TorchServe, its answers compared with the Translator's
	python -W ignore -m benchmarks.serve_every artifacts/sweep artifacts/bench/serve_every.json

clean: ## remove artifacts/ and scratch/, with what you keep in them; not the environment, the corpora and the runs
	rm -rf artifacts scratch
