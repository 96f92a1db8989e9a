#!/bin/sh
# Installs what the tests of the status page need (tests/browser), from Debian 12's own packages. Does nothing when it is
# there, or where there is no root: those tests are skipped then.
set -eu
[ "$(id -u)" -eq 0 ] || exit 0
if command -v chromium >/dev/null; then exit 0; fi
echo "Installing: chromium"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
