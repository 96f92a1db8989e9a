#!/bin/sh
# Installs what the test of the container image needs (tests/image), from Debian 12's own packages. Does nothing when it is
# there, or where there is no root: that test is skipped then.
set -eu
[ "$(id -u)" -eq 0 ] || exit 0
if command -v podman >/dev/null && command -v runc >/dev/null; then exit 0; fi
echo "Installing: podman runc"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends podman runc >/dev/null
