#!/bin/sh
# Puts Debian's prometheus and promtool into a folder: unpacked, not installed, so that no service starts on this machine.
# Usage: prometheus.sh FOLDER, or prometheus.sh --check
# Exit code 77, and why on standard output: this is no Debian.
set -eu
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
  echo "the tests with a real Prometheus are skipped: they unpack Debian's package, and here is no apt-get"
  exit 77
fi
[ "$1" != --check ] || exit 0
mkdir -p "$1"
out=$(cd "$1" && pwd)
[ ! -x "$out/prometheus" ] || [ ! -x "$out/promtool" ] || exit 0
part=$(mktemp -d "$out/part.XXXXXX")
trap 'rm -rf "$part"' EXIT
cd "$part"
# Where the machine keeps no package lists (most container images), with lists of our own.
if ! apt-get download -qq prometheus 2>/dev/null; then
  mkdir -p lists/partial cache/archives/partial
  own="-o Dir::State::lists=$PWD/lists -o Dir::Cache=$PWD/cache -o APT::Sandbox::User="
  # A machine without a network builds all the same; the tests say that they were skipped, or fail where they must run.
  # shellcheck disable=SC2086 # options
  if ! apt-get $own update -qq || ! apt-get $own download -qq prometheus; then
    echo "Debian's package prometheus cannot be downloaded: the tests that need it are skipped" >&2
    exit 0
  fi
fi
dpkg-deb -x prometheus_*.deb .
mv usr/bin/prometheus usr/bin/promtool "$out"
