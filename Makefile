# Everything that a newcomer, an engineer or CI runs; `make` alone lists it.
#
# Variables: PYTHON (a Python 3.10), PORT and ACTION_PORT (of the two servers), KEFU_INDEX_URL (a mirror of the Python
# package index, such as https://HOST/simple), UPGRADE=1 (`make lock` takes newer versions), OPTIONS (of
# `make bench-understanding`, `make bench-retrieval` and `make measure`).

.DEFAULT_GOAL := help
.PHONY: help setup chat serve train check test test-full bench bench-understanding measure bench-retrieval bench-grounding lock clean

BIN := .venv/bin
UP = $(BIN)/kefu up $(if $(PORT),--port $(PORT)) $(if $(ACTION_PORT),--action-port $(ACTION_PORT))
CODE := kefu components actions channels server tests scripts bench training

# Talk of Rasa, TensorFlow and SQLAlchemy that is no use to whoever runs this; USE_TF=0 keeps transformers from
# importing TensorFlow.
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
export USE_TF := 0
export TOKENIZERS_PARALLELISM := false

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' Makefile

setup: ## make .venv with the pinned dependencies (done by the others when needed)
	@scripts/setup

# `exec`, so that a signal to make reaches kefu itself, which ends both servers.
chat: setup ## build, train, start both servers, and open a conversation
	@exec $(UP)

serve: setup ## the same without a conversation: REST on 5005, action server on 5055
	@exec $(UP) --serve-only

train: setup ## build the knowledge index and train the Rasa model, if something changed
	@$(BIN)/kefu index
	@$(BIN)/kefu train

check: setup ## format, lint and types
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	scripts/types

test: check train ## all tests that need Python packages only
	$(BIN)/pytest --ignore=tests/full --ignore=tests/conversation
	$(BIN)/pytest tests/conversation  # by itself: Sanic rewrites its own code at the first start in a process
	scripts/test-stories

test-full: test ## those that need other programs too (git, make, Postgres): stores on Postgres; a clean clone, end to end
	$(BIN)/pytest -m full tests/unit tests/full

bench: train ## measure understanding beside stock Rasa's pipeline, and answers on the test questions
	$(BIN)/python bench/nlu.py
	$(BIN)/kefu eval data/eval/test.tsv
	$(BIN)/kefu eval data/eval/test.tsv --end-to-end

bench-understanding: setup ## measure the embedder beside n-grams and MiniLM, with intervals (OPTIONS=--quick, --pipeline)
	$(BIN)/python bench/understanding $(OPTIONS)

measure: setup ## measure everything again, an hour and more, and put it into the model card and README.md
	@mkdir -p bench/measured
	$(BIN)/python bench/understanding --pipeline --json bench/measured/understanding.json $(OPTIONS)
	$(BIN)/python bench/routes.py
	$(BIN)/python bench/retrieval --json bench/measured/retrieval.json
	$(BIN)/python bench/retrieval --sweep --json bench/measured/hnsw.json
	$(BIN)/python bench/fill_tables.py

bench-retrieval: setup ## measure every vector index at 1,000 to 200,000 vectors (OPTIONS=--quick, --sweep, --json FILE)
	$(BIN)/python bench/retrieval $(OPTIONS)

bench-grounding: setup ## measure how well generated answers are checked against their evidence
	$(BIN)/python bench/grounding

lock: setup ## resolve pyproject.toml into requirements.lock anew
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.10 --generate-hashes \
	    --no-emit-index-url --no-header --quiet $(if $(UPGRADE),--upgrade) --output-file requirements.lock

clean: ## remove what was built (not .venv, models, orders and conversations)
	rm -rf .kefu/index .kefu/logs .kefu/training .rasa build dist results *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
