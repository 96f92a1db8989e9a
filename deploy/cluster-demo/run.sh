#!/bin/sh
# A Kubernetes API server on this machine alone (no containers), the CRDs, simulators of Zoho and DirectAdmin, two
# replicas of the controller under the rights of deploy/rbac.yaml, and a sample resource. Stays up until Ctrl-C.
# Usage: run.sh BUILD_FOLDER
set -eu

build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/splitdelivery-cluster.XXXXXX")

replicas=""
others=""
# Replicas first, so that the leader can give back its lease; each has half a minute to finish what it is doing.
# shellcheck disable=SC2086 # lists of process ids
stop() {
  trap '' INT TERM
  [ -z "$replicas" ] || kill $replicas 2>/dev/null || true
  [ -z "$replicas" ] || wait $replicas 2>/dev/null || true
  [ -z "$others" ] || kill $others 2>/dev/null || true
  [ -z "$others" ] || wait $others 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 141' PIPE

say() { printf '\n\033[1m── %s\033[0m\n' "$*"; }
# await NAME PID: until NAME's output says that it is ready.
await() {
  tries=0
  until grep -q '^ready' "$work/$1.out"; do
    kill -0 "$2" 2>/dev/null || { echo "$1 did not start:" >&2; cat "$work/$1.err" >&2; exit 1; }
    tries=$((tries + 1))
    [ "$tries" -le 1200 ] || { echo "$1 did not get ready in two minutes" >&2; exit 1; }
    sleep 0.1
  done
}

command -v kubectl >/dev/null || { echo "kubectl is needed: https://kubernetes.io/docs/tasks/tools" >&2; exit 1; }
say "A control plane (its first build takes a quarter of an hour)"
"$top/tests/e2e/control-plane/build.sh" "$build/control-plane"
mkdir "$work/control-plane"
SPLITDELIVERY_BUILD=$build PYTHONDONTWRITEBYTECODE=1 python3 "$top/tests/e2e/control_plane.py" "$work/control-plane" \
  >"$work/control-plane.out" 2>"$work/control-plane.err" &
control_plane=$!
others=$control_plane
"$build/splitdelivery-simulators" -world=demo -traps=false -zoho=127.0.0.1:0 -da=127.0.0.1:0 -control=127.0.0.1:0 \
  -dns=127.0.0.1:0 >"$work/simulators.out" 2>"$work/simulators.err" &
simulators=$!
others="$control_plane $simulators"
await control-plane "$control_plane"
await simulators "$simulators"
KUBECONFIG=$work/control-plane/admin.kubeconfig
export KUBECONFIG
kubectl cluster-info | head -n 1

say "The two kinds of resources"
kubectl apply -f "$top/crds"
kubectl wait --for=condition=Established --timeout=30s -f "$top/crds"

say "Two replicas of the controller; their logs:"
port() { sed -n "s#.*$1=http://127\.0\.0\.1:\([0-9]*\).*#\1#p" "$work/simulators.out"; }
SPLITDELIVERY_DNS_SERVER=$(sed -n 's#.* dns=\([0-9.:]*\).*#\1#p' "$work/simulators.out")
export SPLITDELIVERY_DNS_SERVER
for replica in 1 2; do
  # In a cluster, overrides of Zoho's hosts count only where they are allowed: here the simulators.
  "$build/splitdelivery" run --kubeconfig "$work/control-plane/controller.kubeconfig" \
    --leader-elect --listen 127.0.0.1:0 --allow-server 127.0.0.1 >"$work/replica-$replica.log" 2>&1 &
  replicas="$replicas $!"
  echo "  tail -f $work/replica-$replica.log      (process $!)"
done

say "A sample resource with its Secrets"
sed "s/ZOHO_PORT/$(port zoho)/; s/DIRECTADMIN_PORT/$(port da)/" "$top/deploy/demo/example-com.yaml" >"$work/example-com.yaml"
kubectl apply -f "$work/example-com.yaml"
code=0
kubectl wait --for=condition=Ready --timeout=60s splitdeliverydomain/example-com || code=$?
kubectl get splitdeliverydomains -o wide
if [ "$code" -ne 0 ]; then
  echo "it did not get Ready; what the replicas said:" >&2
  tail -n 20 "$work"/replica-*.log >&2
fi

# kubectl finds its plugin sdd by this name.
mkdir "$work/bin"
ln -s "$build/splitdelivery" "$work/bin/kubectl-sdd"

control="http://127.0.0.1:$(port control)"
say "It stays up until Ctrl-C. To play on, in another terminal:"
cat <<PLAY
  first     export KUBECONFIG=$KUBECONFIG PATH=$work/bin:\$PATH
  look      kubectl get sdd -o wide
            kubectl describe sdd example-com
            kubectl explain sdd.spec.policy
            kubectl sdd status example-com
            kubectl sdd status anna@example.com      (where her mail goes, and why)
  edit      kubectl patch sdd example-com --type=merge -p '{"spec":{"addresses":{"extra":["support","info"]}}}'
  refused   kubectl patch sdd example-com --type=merge -p '{"spec":{"domain":"other.example"}}'
  leader    kubectl get leases -n splitdelivery-system
            kill -9 PID      (one of$replicas: the other one takes over)
  delete    kubectl delete sdd example-com
  servers   python3 -c 'import urllib.request as u; print(u.urlopen("$control/").read().decode())'
            (how to add and remove users, set forwarders and make the servers fail, with any HTTP client)
PLAY
# Until Ctrl-C: a replica that is killed is part of the play.
# shellcheck disable=SC2086
wait $others
