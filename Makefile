# The short way in; everything here is a CMake preset or a script that can be called directly.
PROFILE ?= quick
OUT ?= out
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
BUILD ?= build/release

.PHONY: help verify test build bench mutants format tidy clean install configure

help:
	@echo "make verify   verdicts, figures and the report of every paper: $(OUT)/report/index.html"
	@echo "make test     build and run the whole test suite"
	@echo "make build    everything, in $(BUILD)"
	@echo "make bench    times and errors beside other libraries, one thread"
	@echo "make mutants  break the engines on purpose, one line at a time, and see a test fail"
	@echo "make format   clang-format on every source"
	@echo "make tidy     build under clang-tidy, in build/tidy"
	@echo "make clean    remove $(BUILD) and build/tidy; results in $(OUT) stay"
	@echo "variables: PROFILE=$(PROFILE) OUT=$(OUT) JOBS=$(JOBS) BUILD=$(BUILD)"

# make itself can only exit with 0 or 2; flowproof's own status is printed.
verify: configure
	cmake --build $(BUILD) -j $(JOBS) --target flowproof
	@status=0; $(BUILD)/bin/flowproof verify --profile $(PROFILE) --out $(OUT) || status=$$?; \
	if [ -f $(OUT)/report/index.html ]; then echo "report: $(OUT)/report/index.html"; fi; \
	if [ $$status -ne 0 ]; then echo "flowproof verify: exit status $$status"; fi; \
	exit $$status

test: build
	ctest --test-dir $(BUILD) --output-on-failure --no-tests=error -j $(JOBS)

build: configure
	cmake --build $(BUILD) -j $(JOBS)

bench:
	@.ci/install --bench
	@cmake --preset release -B $(BUILD) -D FLOWPROOF_BUILD_BENCHMARKS=ON > /dev/null
	cmake --build $(BUILD) -j $(JOBS) --target flowproof_bench
	@for b in flow enclose boxes critical_points interval; do $(BUILD)/bin/flowproof_bench_$$b || exit; done

mutants: install
	tests/mutation/run_mutants

configure: install
	@cmake --preset release -B $(BUILD) > /dev/null

install:
	@.ci/install

format:
	git ls-files -z '*.cpp' '*.hpp' | xargs -0 $(firstword $(shell command -v clang-format-14 clang-format 2>/dev/null)) -i

tidy: install
	cmake --preset tidy -D CMAKE_CXX_CLANG_TIDY=$(firstword $(shell command -v clang-tidy-14 clang-tidy 2>/dev/null))
	cmake --build build/tidy -j $(JOBS)

clean:
	rm -rf $(BUILD) build/tidy
