#!/bin/sh
# Starts Referent and its Ollama out of this folder, without root and without installing.
# Ctrl-C stops both. Data: ./data, or the folder named as the first argument.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${1:-$here/data}
# A port of its own: an Ollama that this machine may already have stays alone.
host=${OLLAMA_HOST:-127.0.0.1:11435}
addr=${REFERENT_ADDR:-127.0.0.1:8080}

if [ ! -d "$here/ollama/lib/ollama" ] && ! grep -qw avx2 /proc/cpuinfo; then
  echo "Ten procesor nie ma instrukcji AVX2 (Intel od 2013, AMD od 2015 roku): modele się nie uruchomią." >&2
  echo "Referent wystartuje i będzie szukał po słowach oraz odpowiadał cytatami." >&2
  exec "$here/referent" serve --data "$data" --addr "$addr"
fi

mkdir -p "$data"
HOME=${HOME:-$data} OLLAMA_HOST=$host OLLAMA_MODELS=$here/models OLLAMA_NO_CLOUD=1 \
  "$here/ollama/bin/ollama" serve >"$data/ollama.log" 2>&1 &
ollama=$!
referent=
stop() {
  trap - INT TERM EXIT
  [ -z "$referent" ] || kill "$referent" 2>/dev/null || true
  kill "$ollama" 2>/dev/null || true
  wait
}
trap 'stop; exit 0' INT TERM
trap stop EXIT
OLLAMA_HOST=$host "$here/referent" serve --data "$data" --addr "$addr" &
referent=$!
wait "$referent"
