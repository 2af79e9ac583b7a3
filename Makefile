.PHONY: help run test watch bench engines simulate torture setup build clean
.DEFAULT_GOAL := help
# The scripts use both cores themselves.
.NOTPARALLEL:

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: setup build ## get what is missing, build the release, serve it on http://127.0.0.1:3000 with its data in ./data
	@FRONTDESK_ADDR="$${FRONTDESK_ADDR-127.0.0.1:3000}" FRONTDESK_DATA="$${FRONTDESK_DATA-./data}" \
		exec target/release/frontdesk serve

test: ## get what is missing, then all checks; the last line is the count of tests
	@scripts/test

watch: ## build, serve, and rebuild as files change
	@scripts/watch

bench: ## the benchmarks, as a table with ratios
	@scripts/bench

engines: ## a whole chat in Firefox and in WebKit: ENGINES=webkit runs only that one
	@ENGINES='$(ENGINES)' scripts/engines

simulate: ## the simulator: SEEDS=100000 or SEEDS=5000..9000 runs these, SEED=42 tells the story of one
	@SEEDS='$(SEEDS)' SEED='$(SEED)' scripts/simulate

torture: ## the torture test for longer: make torture SECONDS=300
	@TORTURE_SECONDS="$(or $(SECONDS),120)" scripts/torture

setup: ## get the tools that are missing, into .tools
	@scripts/setup

build: ## build the release, target/release/frontdesk
	@scripts/build

clean: ## remove what was built; tools and data stay
	@rm -rf target end2end/test-results end2end/playwright-report
