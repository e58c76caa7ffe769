# Needs Go, make and git; a C compiler only for the race detector.
# Everything else is pinned in internal/tools and built into .tools once.

.DEFAULT_GOAL := help

GO ?= go

# The settings of the person who runs make stay; ours are added. Lint, build and
# e2e share one build cache because they agree on -trimpath and on cgo being off
# (ocb builds so); a difference would compile all dependencies once more.
USER_GOFLAGS := $(shell $(GO) env GOFLAGS)
export GOFLAGS := $(strip $(USER_GOFLAGS) -trimpath -buildvcs=false)
export CGO_ENABLED := 0
export GOWORK := off

COMPONENT := receiver/userlogreceiver
# Modules of their own, so that those who build the receiver into a collector build none of what these need.
# internal/deploy is looked at by test-deploy alone: Helm takes minutes to compile.
MODULES   := cmd/userlog internal/backends internal/bench
COLLECTOR := bin/otelcol-userlog
EMULATOR  := bin/userlog-emulator
USERLOG   := bin/userlog
EXAMPLES  := $(sort $(wildcard config/examples/*.yaml))
FUZZTIME  ?= 10s

# What the collector is compiled from. Directories are in it, so that a file
# added or removed counts as a change.
SOURCES := $(shell find config receiver ! -name '*_test.go' ! -name '*.md' \
	! -path '*/testdata*' ! -path 'config/examples*' 2>/dev/null)

# The version of a tool is the one in its go.mod; with Go's own in the file name,
# neither an old tool nor one built by an older Go is ever run.
tool = .tools/$(1)-$(shell awk '$$1 == "$(2)" && $$2 { print $$2 }' internal/tools/$(3)go.mod)-$(GO_VERSION)
GO_VERSION    := $(shell $(GO) env GOVERSION)
BUILDER       := $(call tool,builder,go.opentelemetry.io/collector/cmd/builder)
MDATAGEN      := $(call tool,mdatagen,go.opentelemetry.io/collector/cmd/mdatagen)
GOLANGCI_LINT := $(call tool,golangci-lint,github.com/golangci/golangci-lint/v2,lint/)
LOKI          := $(call tool,loki,github.com/grafana/loki/v3,loki/)
LOKITOOL      := $(call tool,lokitool,github.com/grafana/loki/v3,loki/)

# The collector of bench-e2e, which has the least receiver in it, too.
BENCH_COLLECTOR := bin/otelcol-bench
BENCH_SOURCES   := $(shell find internal/bench/floorreceiver internal/bench/profileextension ! -name '*_test.go' 2>/dev/null)

# Debian has it in the package prometheus.
PROMETHEUS   ?= $(shell command -v prometheus)
NODE_MODULES := dashboards/src/node_modules/.package-lock.json

# The collector of the tests of several machines, which has a storage for them to share, too.
MACHINES_COLLECTOR := bin/otelcol-machines
MACHINES_SOURCES   := $(shell find internal/sharedstore ! -name '*_test.go' 2>/dev/null)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^##@ / { print "\n" substr($$0, 5) } \
		/^[a-z0-9-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

##@ Running

.PHONY: run
ifdef CONFIG
run: build ## Run the collector against the emulator, or with CONFIG=path on a configuration of yours
	$(COLLECTOR) --config $(CONFIG)
else
run: build build-emulator
	@rm -rf run/demo && mkdir -p run/demo
	@echo "Records arrive below, and as OTLP JSON in run/demo/records.json. Ctrl-C ends it."
	$(EMULATOR) run --follow run/demo/records.json $(EMULATOR_FLAGS) -- $(COLLECTOR) --config config/examples/demo.yaml
endif

SCENARIO ?= stuffing

.PHONY: tour
tour: build build-emulator $(LOKI) ## Play an attack (SCENARIO=stuffing) into the real Loki and show the alerts that fire; Loki takes minutes to build the first time
	$(GO) build -C internal/backends -o $(CURDIR)/bin/userlog-tour ./tour
	bin/userlog-tour -loki $(LOKI) -scenario $(SCENARIO) $(TOUR_FLAGS)

##@ Building

.PHONY: build
build: $(COLLECTOR) build-userlog ## Build the collector, bin/otelcol-userlog, and the tools beside it, bin/userlog

# ocb resolves the modules in _build, which takes seconds, so it runs only if
# something changed. The copy leaves its output in place: the next build links
# nothing that is already linked, and a running collector keeps its file.
$(COLLECTOR): $(BUILDER) builder-config.yaml go.mod go.sum $(SOURCES)
	$(BUILDER) --config builder-config.yaml
	@mkdir -p $(@D)
	@cp _build/otelcol-userlog $@.new && mv -f $@.new $@

$(BENCH_COLLECTOR): $(BUILDER) internal/bench/builder-config.yaml internal/bench/go.mod go.mod go.sum $(SOURCES) $(BENCH_SOURCES)
	$(BUILDER) --config internal/bench/builder-config.yaml
	@mkdir -p $(@D)
	@cp _build-bench/otelcol-bench $@.new && mv -f $@.new $@

$(MACHINES_COLLECTOR): $(BUILDER) internal/e2e/builder-config.yaml go.mod go.sum $(SOURCES) $(MACHINES_SOURCES)
	$(BUILDER) --config internal/e2e/builder-config.yaml
	@mkdir -p $(@D)
	@cp _build-e2e/otelcol-machines $@.new && mv -f $@.new $@

.PHONY: build-emulator
build-emulator: ## Build the emulators of the three APIs, bin/userlog-emulator
	$(GO) build -ldflags='-s -w' -o $(EMULATOR) ./cmd/userlog-emulator

.PHONY: build-userlog
build-userlog: ## Build the tools at the console, bin/userlog
	$(GO) build -C cmd/userlog -ldflags='-s -w' -o $(CURDIR)/$(USERLOG) .

.PHONY: generate
generate: $(MDATAGEN) ## Write the code and documentation that metadata.yaml describes
	cd $(COMPONENT) && $(CURDIR)/$(MDATAGEN) metadata.yaml

.PHONY: dashboards
dashboards: $(NODE_MODULES) ## Write the dashboards that dashboards/src describes; needs Node
	node dashboards/src/build.js

# Draws what the queries of the panels are answered in the tests.
.PHONY: dashboard-pictures
dashboard-pictures: build $(LOKI) $(NODE_MODULES) ## Draw docs/images/dashboard-*.svg; needs Node and Prometheus
	rm -rf run/dashboards
	LOKI=$(CURDIR)/$(LOKI) PROMETHEUS=$(PROMETHEUS) OTELCOL_USERLOG=$(CURDIR)/$(COLLECTOR) DASHBOARD_ANSWERS=$(CURDIR)/run/dashboards \
		$(GO) test -C internal/backends -count=1 -run '^TestDashboard' ./dashboards
	node dashboards/src/pictures.js run/dashboards docs/images

##@ Checking

# The race detector needs cgo, and cgo needs a C compiler with its headers.
.PHONY: test
test: ## Run all tests, with the race detector where a C compiler is at hand
	@race=; \
	if printf '#include <stdlib.h>\nint main(void) { return 0; }\n' \
		| $$($(GO) env CC) -x c -o /dev/null - >/dev/null 2>&1; \
	then race=-race; export CGO_ENABLED=1; \
	else echo 'no C compiler: testing without the race detector'; \
	fi; \
	set -x; GOFLAGS='$(USER_GOFLAGS)' $(GO) test $$race $(TESTFLAGS) ./... \
	&& GOFLAGS='$(USER_GOFLAGS)' $(GO) test -C cmd/userlog $$race $(TESTFLAGS) ./...

.PHONY: e2e
e2e: build build-emulator $(MACHINES_COLLECTOR) ## Run the tests that start the built collector
	OTELCOL_USERLOG=$(CURDIR)/$(COLLECTOR) OTELCOL_MACHINES=$(CURDIR)/$(MACHINES_COLLECTOR) $(GO) test -count=1 -tags e2e -timeout 15m $(TESTFLAGS) ./internal/e2e/...

# Loki has a target of its own: it takes long to build. Everything else is in the process of a test or a second collector.
.PHONY: e2e-backends
e2e-backends: build ## Run the examples of the backends against them, or what stands in for them
	LOKI= OTELCOL_USERLOG=$(CURDIR)/$(COLLECTOR) $(GO) test -C internal/backends -count=1 -timeout 10m $(TESTFLAGS) \
		./rig/... ./elasticsearch/... ./file/... ./kafka/... ./ocsf/... ./otlp/... ./prometheus/...

# What the machine or the clock decides is not bounded under the race detector.
.PHONY: e2e-long
e2e-long: build build-emulator $(MACHINES_COLLECTOR) ## Run the long form of e2e, once more with a collector under the race detector, and fuzz; SEED=n repeats the choices
	OTELCOL_USERLOG=$(CURDIR)/$(COLLECTOR) OTELCOL_MACHINES=$(CURDIR)/$(MACHINES_COLLECTOR) $(GO) test -count=1 -v -tags e2e -timeout 90m $(TESTFLAGS) ./internal/e2e/ -long $(if $(SEED),-seed $(SEED))
	cd _build && CGO_ENABLED=1 $(GO) build -race -o $(CURDIR)/$(COLLECTOR)-race .
	OTELCOL_USERLOG=$(CURDIR)/$(COLLECTOR)-race $(GO) test -count=1 -tags e2e -timeout 30m $(TESTFLAGS) ./internal/e2e/ -raced $(if $(SEED),-seed $(SEED))
	$(MAKE) fuzz

# No part of .ci/run: Loki alone takes some 640 seconds of a processor to build, once.
.PHONY: e2e-loki
e2e-loki: build build-emulator $(LOKI) $(LOKITOOL) ## Run the tests with the real Loki, which takes minutes to build the first time
	LOKI=$(CURDIR)/$(LOKI) LOKITOOL=$(CURDIR)/$(LOKITOOL) OTELCOL_USERLOG=$(CURDIR)/$(COLLECTOR) EMULATOR=$(CURDIR)/$(EMULATOR) PROMETHEUS=$(PROMETHEUS) \
		$(GO) test -C internal/backends -count=1 -timeout 30m $(TESTFLAGS) ./rig/... ./loki/... ./alerts/... ./dashboards/... ./tour/...

# promtool is no Go tool that could be pinned, so this is no part of .ci/run; what can be checked without it is in test.
PROMTOOL ?= promtool
.PHONY: test-alerts
test-alerts: ## Run the unit tests of the alerts for Prometheus; PROMTOOL=path if it is not on the PATH
	@command -v $(PROMTOOL) >/dev/null || { echo 'promtool is missing: apt-get install prometheus, or set PROMTOOL' >&2; exit 1; }
	$(PROMTOOL) check rules $(filter-out %_test.yaml,$(wildcard alerts/prometheus/*.yaml))
	$(PROMTOOL) test rules $(wildcard alerts/prometheus/*_test.yaml)

.PHONY: test-deploy
test-deploy: build ## Check what deploy/ holds; HELM_CHART=dir is the unpacked chart, without which the values are not rendered
	cd internal/deploy && OTELCOL_USERLOG=$(CURDIR)/$(COLLECTOR) HELM_CHART=$(abspath $(HELM_CHART)) $(GO) test -count=1 $(TESTFLAGS) ./...

.PHONY: lint
lint: $(GOLANGCI_LINT) ## Run the linters, and check the formatting
	$(GOLANGCI_LINT) run --allow-parallel-runners
	$(GOLANGCI_LINT) fmt --diff
	@set -e; for module in $(MODULES); do \
		(set -x; cd $$module && $(CURDIR)/$(GOLANGCI_LINT) run --allow-parallel-runners -c $(CURDIR)/.golangci.yml ./...); \
	done

.PHONY: fmt
fmt: $(GOLANGCI_LINT) ## Format the code (gofumpt, goimports)
	$(GOLANGCI_LINT) fmt

GENERATED := '$(COMPONENT)/generated_*' $(COMPONENT)/documentation.md \
	$(COMPONENT)/internal/metadata $(COMPONENT)/internal/metadatatest

# README.md is written by hand but for its status table, so it is compared with
# itself and not with the last commit.
# Not internal/tools/loki: to tidy it takes the tests of Loki's dependencies, 3.5 GB and minutes.
.PHONY: check-generated
check-generated: ## Fail if `make generate` or `go mod tidy` would change something
	@before=$$(cksum $(COMPONENT)/README.md 2>&1); \
	$(MAKE) --no-print-directory generate; \
	if [ "$$before" != "$$(cksum $(COMPONENT)/README.md 2>&1)" ]; \
	then echo '$(COMPONENT)/README.md: the status table was out of date' >&2; exit 1; fi
	@git diff --exit-code -- $(GENERATED)
	@untracked=$$(git ls-files --others --exclude-standard -- $(GENERATED)); \
	if [ -n "$$untracked" ]; then echo "generated, but not in git:" >&2; echo "$$untracked" >&2; exit 1; fi
	$(GO) mod tidy -diff
	$(GO) mod tidy -C internal/tools -diff
	$(GO) mod tidy -C internal/tools/lint -diff
	@set -e; for module in $(MODULES); do (set -x; $(GO) mod tidy -C $$module -diff); done

# No part of .ci/run, which has no Node.
.PHONY: check-dashboards
check-dashboards: $(NODE_MODULES) ## Fail if `make dashboards` would change something; needs Node
	node dashboards/src/build.js --check

# Variables that an example takes from the environment get a stand-in, unless
# they are set: what is checked is the example, not the machine.
.PHONY: validate
validate: build ## Let the built collector check every example configuration
	@failed=0; for file in $(EXAMPLES); do \
		for name in $$(grep -o '$${env:[A-Za-z0-9_]*' "$$file" | sed 's/.*://' | sort -u); do \
			eval "[ -n \"\$${$$name:-}\" ]" && continue; \
			case $$name in \
				*ENDPOINT|*URL) export "$$name=https://stand-in.example" ;; \
				*PRODUCT) export "$$name=ssms" ;; \
				CANVAS_USERS|CANVAS_ACCOUNTS|CANVAS_LOGINS) export "$$name=1" ;; \
				*) export "$$name=stand-in" ;; \
			esac; \
		done; \
		if $(COLLECTOR) validate --config "$$file"; then echo "ok    $$file"; else echo "FAIL  $$file"; failed=1; fi; \
	done; exit $$failed

.PHONY: cover
cover: ## Show the test coverage, over all packages
	$(GO) test -coverpkg=./... -coverprofile=coverage.out ./...
	$(GO) tool cover -func=coverage.out | tail -n 1

.PHONY: bench
bench: ## Run the benchmarks
	@set -x; $(GO) test -run '^$$' -bench . -benchmem $(TESTFLAGS) \
		$$(grep -rl --include='*_test.go' --exclude-dir=bench '^func Benchmark' cmd config internal receiver | xargs -n 1 dirname | sort -u | sed 's|^|./|')

# The rig has a module of its own, whose tests come first: they compare the records
# of the two receivers. It fails for an entry that is missing or doubled, never for a figure.
.PHONY: bench-e2e
bench-e2e: $(BENCH_COLLECTOR) ## Measure the built collector beside the least receiver, in 15 minutes; BENCH=short in two
	cd internal/bench && OTELCOL_BENCH=$(CURDIR)/$(BENCH_COLLECTOR) $(GO) test -count=1 $(TESTFLAGS) ./...
	$(GO) build -C internal/bench -o $(CURDIR)/bin/userlog-bench .
	bin/userlog-bench -collector $(BENCH_COLLECTOR) $(if $(filter short,$(BENCH)),-short) $(BENCHFLAGS)

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (10s), one after the other
	@set -e; grep -ro --include='*_test.go' --exclude-dir=bench '^func Fuzz[A-Za-z0-9_]*' cmd config internal receiver | sort \
	| while IFS=: read -r file target; do \
		set -x; $(GO) test -run '^$$' -fuzz "^$${target#func }\$$" -fuzztime $(FUZZTIME) "./$${file%/*}"; { set +x; } 2>/dev/null; \
	done

# Asks a database on the net, so it is no part of .ci/run.
.PHONY: vuln
vuln: ## Look for known vulnerabilities in what the code calls
	$(GO) run golang.org/x/vuln/cmd/govulncheck@v1.8.0 ./...

##@ Tidying up

.PHONY: clean
clean: ## Remove what was built and what a demo run left behind
	rm -rf _build _build-bench _build-e2e bin run coverage.out

.PHONY: clean-tools
clean-tools: ## Remove the built tools
	rm -rf .tools

$(NODE_MODULES): dashboards/src/package.json dashboards/src/package-lock.json
	npm ci --prefix dashboards/src --no-audit --no-fund
	@touch $@

# $(1) is the tools module, $(2) the command in it.
define build_tool
	@mkdir -p $(@D)
	$(GO) build -C $(1) -ldflags='-s -w' -o $(CURDIR)/$@ $(2)
endef

$(BUILDER):
	$(call build_tool,internal/tools,go.opentelemetry.io/collector/cmd/builder)

$(MDATAGEN):
	$(call build_tool,internal/tools,go.opentelemetry.io/collector/cmd/mdatagen)

$(GOLANGCI_LINT):
	$(call build_tool,internal/tools/lint,github.com/golangci/golangci-lint/v2/cmd/golangci-lint)

$(LOKI):
	$(call build_tool,internal/tools/loki,github.com/grafana/loki/v3/cmd/loki)

$(LOKITOOL):
	$(call build_tool,internal/tools/loki,github.com/grafana/loki/v3/cmd/lokitool)
