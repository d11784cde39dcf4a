#!/usr/bin/env bash
# Unpacks an archive of `make bundle`, starts it where there is no network but the
# loopback, asks it a question and holds the answer against what must be in it.
# usage: check-bundle.sh ARCHIVE.tar      needs: unshare, ip, curl, python3; root or user namespaces
set -euo pipefail
if [ "${1:-}" = --inside ]; then
  # In the namespace: nothing of the builder's environment, no toolchain on PATH.
  folder=$2
  ip link set lo up
  if [ "$(ip -o link show up | wc -l)" -ne 1 ]; then
    echo "more than the loopback is up" >&2
    exit 1
  fi
  cd "$folder"
  sha256sum --quiet -c SHA256SUMS
  ./start.sh >start.log 2>&1 &
  started=$!
  trap 'kill "$started" 2>/dev/null || true; wait "$started" || true' EXIT
  for _ in $(seq 120); do
    kill -0 "$started" 2>/dev/null || break
    curl -fsS -o /dev/null http://127.0.0.1:8080/readyz 2>/dev/null && ready=yes && break
    sleep 1
  done
  if [ "${ready:-}" != yes ]; then
    echo "not ready after two minutes" >&2
    tail -n 20 start.log data/ollama.log >&2
    exit 1
  fi
  curl -fsS --max-time 300 -H 'Content-Type: application/json' -H 'Accept: application/json' \
    -d '{"question":"Kto rozpatruje petycje w gminie?"}' http://127.0.0.1:8080/api/v1/ask >answer.json
  python3 - answer.json <<'PY'
import json, sys
answer = json.load(open(sys.argv[1], encoding="utf-8"))
assert "no_model" not in answer["degraded"] and "no_embeddings" not in answer["degraded"], answer["degraded"]
assert answer["refused"] or (answer["model"] and answer["answer"] and answer["citations"]), answer
assert answer["refused"] or all(c["quote"] for c in answer["citations"]), answer["citations"]
print("answered by", answer["model"] or "-", "with", len(answer["citations"]), "citations; refused:", answer["refused"])
PY
  exit 0
fi

archive=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$(dirname "$archive")" && sha256sum --quiet -c "$(basename "$archive").sha256")
tar -xf "$archive" -C "$work"
folder=$(echo "$work"/*/)
namespace=(unshare --net)
[ "$(id -u)" -eq 0 ] || namespace=(unshare --map-root-user --net)
"${namespace[@]}" env -i HOME="$work" LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin bash "$(realpath "$0")" --inside "$folder"
echo "the archive starts and answers without a network"
