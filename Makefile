# `make help` lists what there is. Everything else is CMake's: see CMakePresets.json.
JOBS ?= $(shell nproc)
SOURCES = $(shell git ls-files --cached --others --exclude-standard 'controller/*.h' 'controller/*.cpp' 'tests/*.h' 'tests/*.cpp')

.PHONY: help deps build run test bench asan tsan format check-format tidy clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'

deps: ## install what building needs (Debian 12; asks sudo unless root)
	@cmake/install-build-deps.sh

build: deps ## build the release preset: build/release/splitdelivery
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target splitdelivery -- -j$(JOBS)

run: build ## build, start simulators of Zoho and DirectAdmin, and do the main job on them (KEEP=1: leave them up)
	@cmake --build --preset release --target splitdelivery-simulators -- -j$(JOBS)
	@KEEP=$(KEEP) deploy/demo/run.sh build/release

test: deps ## build and run every test
	@cmake --preset release >/dev/null
	@cmake --build --preset release -- -j$(JOBS)
	@ctest --preset release -j$(JOBS)

bench: deps ## measure what docs/benchmarks.md reports
	@cmake --preset release >/dev/null
	@cmake --build --preset release -- -j$(JOBS)
	@tests/bench/run.sh build/release

asan tsan: deps ## build and run the unit tests under ASan and UBSan, or under TSan
	@cmake --preset $@ >/dev/null
	@cmake --build --preset $@ -- -j$(JOBS)
	@ctest --preset $@ -j$(JOBS) -LE e2e

format: deps ## format the sources
	@clang-format-16 -i $(SOURCES)

check-format: deps ## fail on a source that is not formatted
	@clang-format-16 --dry-run --Werror $(SOURCES)

tidy: deps ## run clang-tidy over the sources
	@cmake --preset debug -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null
	@cmake --build --preset debug --target generated_sources >/dev/null
	@printf '%s\n' $(filter controller/%.cpp,$(SOURCES)) | xargs -P $(JOBS) -n 4 clang-tidy-16 -p build/debug --quiet

clean: ## remove all builds
	@rm -rf build
