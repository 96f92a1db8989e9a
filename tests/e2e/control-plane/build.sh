#!/bin/sh
# Builds kube-apiserver and etcd, upstream's own, into a folder. Usage: build.sh FOLDER, or build.sh --check
# Exit code 77, and why on standard output: there is no Go of 1.25 or later, or no kubectl. The first build takes
# minutes; later ones come from Go's cache.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
version=$(go env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
if [ "${version:-0}" -lt 25 ] || ! command -v kubectl >/dev/null; then
  echo "the tests on a real API server are skipped: they need Go 1.25 or later (https://go.dev/dl/) and kubectl"
  exit 77
fi
[ "$1" != --check ] || exit 0
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$here"
# The version that the API server tells.
tell=k8s.io/component-base/version
kube=$(sed -n 's/^.*k8s.io\/kubernetes \(v[0-9.]*\)$/\1/p' go.mod)
minor=$(echo "$kube" | cut -d. -f2)
go build -trimpath -ldflags "-s -w" -o "$out/etcd" ./etcd
go build -trimpath -o "$out/kube-apiserver" \
  -ldflags "-s -w -X $tell.gitVersion=$kube -X $tell.gitMajor=1 -X $tell.gitMinor=$minor" ./kube-apiserver
