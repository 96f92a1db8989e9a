#!/bin/sh
# Puts axe-core, which checks pages for accessibility, into a folder. Usage: get-axe.sh FOLDER, or get-axe.sh --check
# Exit code 77, and why on standard output: there is no npm.
set -eu
if ! command -v npm >/dev/null; then
  echo "the tests of the status page are skipped: they need npm, which fetches axe-core (https://nodejs.org)"
  exit 77
fi
[ "$1" != --check ] || exit 0
sum=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
mkdir -p "$1"
out=$(cd "$1" && pwd)
if echo "$sum  $out/axe.min.js" | sha256sum --check --status 2>/dev/null; then exit 0; fi
work=$(mktemp -d "${TMPDIR:-/tmp}/splitdelivery-axe.XXXXXX")
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent axe-core@4.14.1 >package.name) || {
  echo "axe-core could not be fetched: npm pack axe-core@4.14.1 failed; the tests of the status page will say so" >&2
  exit 0
}
tar -xzf "$work/$(tail -n 1 "$work/package.name")" -C "$work" package/axe.min.js
echo "$sum  $work/package/axe.min.js" | sha256sum --check --quiet
mv "$work/package/axe.min.js" "$out/axe.min.js"
