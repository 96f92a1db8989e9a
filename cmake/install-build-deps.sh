#!/bin/sh
# Installs what building and testing need, from Debian 12's own packages. Does nothing when all of it is there.
set -eu

packages="
  clang-16 clang-tidy-16 clang-format-16 libclang-rt-16-dev cmake ninja-build pkg-config python3 python3-yaml
  libcpprest-dev nlohmann-json3-dev libyaml-cpp-dev libspdlog-dev libexpected-dev libcli11-dev libidn2-dev libssl-dev
  libc-ares-dev prometheus-cpp-dev libjemalloc-dev
  libgtest-dev libgmock-dev libbenchmark-dev libboost-dev ca-certificates openssl lua5.1
"

missing=""
for package in $packages; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Installing$missing needs root, and there is no sudo: run this as root once." >&2; exit 1; }
  as_root="sudo"
fi
echo "Installing:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
