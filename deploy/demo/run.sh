#!/bin/sh
# Does the main job on simulators of Zoho and DirectAdmin, on this machine alone: plan, sync, a second sync that changes
# nothing, and the result. KEEP=1 leaves the simulators up. Usage: run.sh BUILD_FOLDER
set -eu

build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/splitdelivery-demo.XXXXXX")
sd="$build/splitdelivery"

simulators=""
stop() {
  [ -z "$simulators" ] || kill "$simulators" 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 141' PIPE

say() { printf '\n\033[1m── %s\033[0m\n' "$*"; }
# Shows a command as one would type it, runs it, and accepts the exit codes that follow a colon.
show() {
  allowed=$1
  shift
  printf '$ %s\n\n' "$(printf '%s ' "$@" | sed "s#$build/##g; s#$work#DEMO#g")"
  code=0
  "$@" || code=$?
  case " $allowed " in
    *" $code "*) ;;
    *) echo "exit code $code: this is not how the demonstration should go" >&2; exit 1 ;;
  esac
}

"$build/splitdelivery-simulators" -world=demo -traps=false -zoho=127.0.0.1:0 -da=127.0.0.1:0 -control=127.0.0.1:0 \
  -dns=127.0.0.1:0 \
  >"$work/simulators" &
simulators=$!
tries=0
until grep -q '^ready' "$work/simulators"; do
  kill -0 "$simulators" || { echo "the simulators did not start" >&2; exit 1; }
  tries=$((tries + 1))
  [ "$tries" -le 100 ] || { echo "the simulators did not get ready" >&2; exit 1; }
  sleep 0.1
done
port() { sed -n "s#.*$1=http://127\.0\.0\.1:\([0-9]*\).*#\1#p" "$work/simulators"; }
control="http://127.0.0.1:$(port control)"
SPLITDELIVERY_DNS_SERVER=$(sed -n 's#.* dns=\([0-9.:]*\).*#\1#p' "$work/simulators")
export SPLITDELIVERY_DNS_SERVER
mkdir "$work/mail"
sed "s/ZOHO_PORT/$(port zoho)/; s/DIRECTADMIN_PORT/$(port da)/" "$here/example-com.yaml" >"$work/mail/example-com.yaml"

say "What would be done"
show "2 3" "$sd" plan --manifests "$work/mail"
say "Do it"
show "0 3" "$sd" sync --manifests "$work/mail"
say "Once more: nothing is left to do"
show "0 3" "$sd" sync --manifests "$work/mail"
say "The forwarders that now stand on the mail server"
python3 - "$control/forwarders?domain=example.com" <<'PY'
import json, sys, urllib.request
answer = json.load(urllib.request.urlopen(sys.argv[1], timeout=10))
for local, destinations in sorted(answer.items()):
    print(f"  {local}@example.com → {destinations}")
PY
say "The resource's status"
cat "$work/mail/.splitdelivery/status/default.example-com.yaml"

if [ -n "${KEEP:-}" ]; then
  say "The simulators stay up until Ctrl-C. To play on, in another terminal:"
  cat <<PLAY
  first   export SPLITDELIVERY_DNS_SERVER=$SPLITDELIVERY_DNS_SERVER
  edit    $work/mail/example-com.yaml
  look    $sd plan --manifests $work/mail
  do      $sd sync --manifests $work/mail
  more    python3 -c 'import urllib.request as u; print(u.urlopen("$control/").read().decode())'
          (how to add and remove users, set forwarders and make the servers fail, with any HTTP client)
PLAY
  wait "$simulators"
fi
