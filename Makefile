# `make help` lists what there is. Everything else is CMake's: see CMakePresets.json.
JOBS ?= $(shell nproc)
SOURCES = $(shell git ls-files --cached --others --exclude-standard 'controller/*.h' 'controller/*.cpp' 'tests/*.h' 'tests/*.cpp')
VERSION = $(shell sed -n 's/^project.splitdelivery VERSION \([^ ]*\).*/\1/p' CMakeLists.txt)
REVISION = $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
CONTAINERS ?= $(shell command -v docker || command -v podman || echo docker)
IMAGE ?= splitdelivery:$(VERSION)
# What makes the binary of BINARY=prebuilt anew before a release takes it.
PREBUILT ?= build

.PHONY: help deps build run run-cluster test messages docs chart-sync chart-docs kustomize monitoring image image-test sbom release screens bench asan tsan format check-format tidy clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z -]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## install what building needs (Debian 12; asks sudo unless root)
	@cmake/install-build-deps.sh

build: deps ## build the release preset: build/release/splitdelivery
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target splitdelivery -- -j$(JOBS)

run: build ## build, start simulators of Zoho and DirectAdmin, and do the main job on them (KEEP=1: leave them up)
	@cmake --build --preset release --target splitdelivery-simulators -- -j$(JOBS)
	@KEEP=$(KEEP) deploy/demo/run.sh build/release

run-cluster: build ## the same on a real Kubernetes API server, with two replicas, until Ctrl-C (needs Go 1.25 and kubectl)
	@cmake --build --preset release --target splitdelivery-simulators -- -j$(JOBS)
	@deploy/cluster-demo/run.sh build/release

test: deps ## build and run every test
	@cmake --preset release >/dev/null
	@cmake --build --preset release -- -j$(JOBS)
	@ctest --preset release -j$(JOBS)

messages: deps ## write docs/messages.md anew, from the sources
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target test_house -- -j$(JOBS)
	@SPLITDELIVERY_WRITE_MESSAGES=1 build/release/test_house --gtest_filter='TheTableOfMessages.*' >/dev/null

docs: build ## write the tables of fields and flags in docs/ anew, from crds/ and --help
	@PYTHONDONTWRITEBYTECODE=1 docs/write_reference.py build/release/splitdelivery

chart-sync: deps ## write anew what the chart has from crds/ and deploy/, and the version of CMakeLists.txt wherever it stands
	@charts/write_chart.py sync

chart-docs: deps ## write the chart's README.md and the words of its schema anew, from values.yaml
	@charts/write_chart.py docs

kustomize: deps ## write the manifests of deploy/kustomize anew, from the chart (needs npm, which fetches helm)
	@tests/chart/get-helm.sh build/helm
	@HELM=build/helm/helm4 deploy/kustomize/write_kustomize.py

monitoring: ## write the dashboards and the alerts' unit tests anew, from monitoring/ and tests/monitoring/alert_cases.py
	@PYTHONDONTWRITEBYTECODE=1 python3 monitoring/write_dashboards.py
	@PYTHONDONTWRITEBYTECODE=1 python3 tests/monitoring/alert_tests.py

# The labels once more, since Podman's cache keeps those of an earlier commit.
image: ## build the container image IMAGE, with Docker or Podman (BUILD_FLAGS=--build-arg=BINARY=prebuilt: of `make build`)
	@$(CONTAINERS) build --build-arg VERSION=$(VERSION) --build-arg REVISION=$(REVISION) \
	  --label org.opencontainers.image.version=$(VERSION) --label org.opencontainers.image.revision=$(REVISION) -t $(IMAGE) $(BUILD_FLAGS) .

sbom: ## write build/splitdelivery-VERSION.spdx.json, the bill of materials of the container image IMAGE
	@mkdir -p build
	@container=$$($(CONTAINERS) create $(IMAGE)) && $(CONTAINERS) export -o build/image.tar $$container; \
	  $(CONTAINERS) rm $$container >/dev/null
	@deploy/image/sbom.py $(VERSION) build/image.tar >build/image.spdx.json
	@rm build/image.tar && mv build/image.spdx.json build/splitdelivery-$(VERSION).spdx.json
	@echo build/splitdelivery-$(VERSION).spdx.json

release: ## put together what a release consists of, in dist/, and push nothing (docs/releasing.md; BUILD_FLAGS as for image)
	@deploy/release.py check
	@$(if $(findstring BINARY=prebuilt,$(BUILD_FLAGS)),$(MAKE) --no-print-directory $(PREBUILT))
	@$(MAKE) --no-print-directory image
	@CONTAINERS="$(CONTAINERS)" deploy/release.py make $(IMAGE)

image-test: build ## build the container image of the binary and test it (as root; installs podman and runc)
	@cmake/install-image-tools.sh
	@cmake --build --preset release --target splitdelivery-simulators -- -j$(JOBS)
	@ctest --preset release -R '^e2e\.image'

screens: build ## draw the pictures of docs/status-page.md anew, of a real run in Chromium (as root; needs npm and python3-pil)
	@cmake/install-browser.sh
	@cmake --build --preset release --target splitdelivery-simulators axe -- -j$(JOBS)
	@PYTHONDONTWRITEBYTECODE=1 SPLITDELIVERY_BUILD=$(CURDIR)/build/release /usr/bin/python3 tests/browser/screens.py docs/images

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

tidy: deps ## run clang-tidy over the controller
	@cmake --preset debug -B build/tidy -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null
	@printf '%s\n' $(filter controller/%.cpp,$(SOURCES)) | xargs -P $(JOBS) -n 3 clang-tidy-16 -p build/tidy --quiet

clean: ## remove all builds
	@rm -rf build dist
