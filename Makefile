# Referent. `make run` sets everything up and starts it; see docs/.
SHELL := /bin/sh
GO ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LINTER_VERSION := v2.15.0
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/referent
LINTER := $(CACHE)/bin/golangci-lint-$(LINTER_VERSION)
# What the binary is made of: all that is not a test.
SOURCES := go.mod go.sum $(shell find cmd dataset eval ingest internal packs prompts rag setup web deploy -type f ! -name '*_test.go' 2>/dev/null)

SHARED := $(or $(REFERENT_SHARED),../shared/data)
PEER_ACTS = $(foreach act,DU-1960-168 DU-1990-95 DU-1996-622 DU-1997-483,$(wildcard $(SHARED)/corpus/acts/$(act)_*.md))

.DEFAULT_GOAL := help
.PHONY: help run test lint build bench bench-archive bank eval eval-datasets eval-peers speed-datasets fuzz pdf-figures e2e bundle stop-ollama clean kills

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

# Whatever the set-up reaches, Referent starts: without models it searches by words.
run: ## set everything up and start Referent on http://127.0.0.1:8080
	@scripts/prerequisites.sh
	@$(MAKE) --no-print-directory build
	@bin/referent setup || test $$? -eq 3 || echo 'Przygotowanie nie powiodło się: Referent wyszuka po słowach i odpowie cytatami.' >&2
	@exec bin/referent serve

build: bin/referent ## build bin/referent

bin/referent: $(SOURCES)
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o $@ ./cmd/referent

test: lint ## vet, linter, all tests with the race detector, the golden ranks
	$(GO) test -race ./...
	CGO_ENABLED=0 $(GO) test -trimpath -tags golden -run Golden ./cmd/referent

lint: $(LINTER) ## vet and linter alone
	$(GO) vet ./...
	$(LINTER) run ./...

$(LINTER):
	GOBIN=$(CACHE)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINTER_VERSION)
	mv $(CACHE)/bin/golangci-lint $@

bench: ## benchmarks of the packages, as in docs/benchmarks.md
	$(GO) test -run '^$$' -bench . -benchmem ./...

bank: ## pack the bank of everyday questions (REFERENT_SHARED: the acts it was written from)
	$(GO) test ./cmd/referent -count=1 -v -run TestBankIsTrueToTheActs -update-bank
	$(GO) generate ./packs

eval: build ## measure retrieval over the real acts and renew eval/golden
	@mkdir -p dist/eval
	bin/referent eval run --no-model eval/suites/dev.yaml -o eval/golden/words.tsv
	bin/referent eval run eval/suites/dev.yaml -o eval/golden/vectors.tsv -o dist/eval/dev.json -o dist/eval/dev.html

eval-peers: build ## the same questions to Referent and to LangChain with Chroma
	@mkdir -p dist/eval
	bin/referent eval run eval/suites/peers.yaml -o dist/eval/peers.json
	$$(scripts/eval-python.sh langchain-text-splitters==1.1.3 langchain-chroma==1.1.0 langchain-ollama==1.1.0) \
	  eval/peers/langchain.py $(PEER_ACTS) --questions dist/eval/peers.json

ARCHIVE ?= $(SHARED)/scale/wszystkie-ustawy.tar.gz
bench-archive: ## all statutes of an archive taken in, twice: ARCHIVE=FILE
	REFERENT_TEST_ARCHIVE=$(abspath $(ARCHIVE)) $(GO) test ./cmd/referent -run TestMeasureArchive -v -count=1 -timeout 60m

eval-datasets: ## profiles of the datasets with gold answers, as in docs/datasets.md
	REFERENT_SHARED=$(abspath $(SHARED)) $(GO) test ./dataset -run TestDatasets -v -count=1

SPEED_CSV ?= dist/speed.csv
speed-datasets: build ## a large CSV beside DuckDB: SPEED_CSV=FILE
	@scripts/speed-datasets.sh $(SPEED_CSV)

pdf-figures: ## figures on PDF and scans over the real data, as in docs/benchmarks.md
	REFERENT_FIGURES=1 REFERENT_SHARED=$(abspath $(SHARED)) $(GO) test ./ingest -run TestFigure -v -count=1 -timeout 60m

# Every fuzzer for FUZZTIME each: `go test` runs one at a time. What it finds, it puts in
# the package's testdata/fuzz, where each later test runs it again.
FUZZTIME ?= 10m
fuzz: ## all fuzzers, FUZZTIME each (10m)
	@scripts/fuzz.sh $(FUZZTIME)

kills: ## kill -9 a process that stores, replaces and deletes, 100 times
	REFERENT_KILLS=100 $(GO) test -count=1 -v -timeout 60m -run '^TestKilledProcessLeavesTheLibraryWhole$$' ./rag/library

e2e: build ## the whole way with the real Ollama and a browser
	scripts/e2e.sh

bundle: build ## one checksummed archive for a server without a network
	@bin/referent setup || test $$? -eq 3
	bin/referent bundle -o dist/referent-$(VERSION)-linux-amd64.tar

stop-ollama: ## stop the Ollama that `make run` started
	@scripts/stop-ollama.sh

clean: ## remove what was built here; downloads in the cache folder stay
	rm -rf bin dist e2e/node_modules
