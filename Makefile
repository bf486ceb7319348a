# What a person does with Mandate. `make` says what there is.

CONFIG ?= debug
DATA   ?= ./data/demo
PORT   ?= 8080
SWIFT  ?= swift
mandate = .build/$(CONFIG)/mandate
export SWIFT

.PHONY: help run build test test-unit test-browser check bench bench-peers bench-geo faults clean

help:
	@echo "make run            build what is missing and serve the demonstration on http://127.0.0.1:$(PORT)"
	@echo "make test           every test: unit, contract, store, web, PostgreSQL, many servers, browser"
	@echo "make test-unit      the rules of the kernel and of the apps"
	@echo "make test-browser   the pages in Chromium: accessibility, journeys, API"
	@echo "make check          the declarations of all apps"
	@echo "make bench          the table of benchmarks, on SQLite and PostgreSQL"
	@echo "make bench-peers    Mandate beside Request Tracker and roundup"
	@echo "make bench-geo      its maps beside pygeoapi and MapServer"
	@echo "make faults         what goes wrong with machines and networks, and what is left then"
	@echo "make clean          remove what was built; data and tools stay"
	@echo
	@echo "Variables: CONFIG=$(CONFIG) (or release)  PORT=$(PORT)  DATA=$(DATA)  SWIFT=$(SWIFT)"

run: build
	$(mandate) serve --demo --data $(DATA) --port $(PORT)

build:
	@bin/setup run
	@echo "build: $(CONFIG); the first time takes some minutes"
	@start=$$(date +%s); $(SWIFT) build -c $(CONFIG) --product mandate && echo "build: done in $$(($$(date +%s) - start)) s"

test:
	@bin/test

test-unit:
	@bin/test unit

test-browser:
	@bin/test browser

check: build
	$(mandate) check

bench: CONFIG = release
bench: build
	@bin/setup bench
	@bin/setup test
	Benchmarks/run $(mandate)

bench-peers: CONFIG = release
bench-peers: build
	@bin/setup bench
	Benchmarks/Peers/setup
	Benchmarks/Peers/run.py --binary $(mandate) --database postgres

bench-geo: CONFIG = release
bench-geo: build
	@bin/setup bench
	Benchmarks/Peers/setup geo
	$(SWIFT) build -c release --product bench
	Benchmarks/Peers/geo.py --binary $(mandate)

faults: build
	@bin/setup faults
	python3 Tests/Faults/run.py --binary $(mandate)

clean:
	rm -rf .build
