#!/bin/sh
# Measures what docs/benchmarks.md reports. Usage: run.sh BUILD_FOLDER
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
"$build/bench_plan" --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
"$build/bench_zoho" --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true --benchmark_report_aggregates_only=true
"$build/bench_pass" --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
python3 "$here/passes.py" "$build"
python3 "$here/service.py" "$build"
