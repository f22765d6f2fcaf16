# A thin face over `python3 -m embedded`, which sets up its own environment with the standard library only.
PYTHON ?= python3
UV = .venv/bin/uv

.PHONY: up demo manage test test-kafka chaos check openapi sdks lock

up:
	@$(PYTHON) -m embedded up

demo:
	@$(PYTHON) -m embedded demo

# A command of manage.py for the running instance: make manage ARGS='import_skills PATH --client 42'
manage:
	@$(PYTHON) -m embedded manage $(ARGS)

# Words for pytest: make test ARGS='tests/skills -k search'
test:
	@$(PYTHON) -m embedded test -- $(ARGS)

# Against a real Apache Kafka broker, which Maven fetches; needs Java 17
test-kafka:
	@$(PYTHON) -m embedded test-kafka

# The test plan with all its trials, alone on the machine: half an hour, and a table (docs/promises.md)
chaos:
	@$(PYTHON) -m embedded chaos -- $(ARGS)

check:
	@$(PYTHON) -m embedded check

# The OpenAPI documents in docs/openapi, from the code
openapi:
	GUILDHALL_ENV=test .venv/bin/python manage.py openapi

# The generated parts of the clients in sdks, from the documents, and the reference of the command line; the TypeScript
# client needs node
sdks:
	cd sdks/typescript && npm ci --silent
	.venv/bin/python sdks/generate.py
	.venv/bin/python sdks/reference.py

# Locks carry hashes and no addresses
lock: export UV_CUSTOM_COMPILE_COMMAND = make lock
lock:
	$(UV) --system-certs pip compile $(LOCK_OPTIONS) pyproject.toml -o requirements.lock
	$(UV) --system-certs pip compile $(LOCK_OPTIONS) --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

LOCK_OPTIONS = --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --extra embedded
