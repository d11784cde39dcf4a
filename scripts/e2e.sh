#!/usr/bin/env bash
# The whole way with the real Ollama: set-up, three real statutes, search, ask, a
# chat in a headless browser. Needs bin/referent; leaves the cache folder warm.
set -euo pipefail
cd "$(dirname "$0")/.."
acts=${REFERENT_ACTS:-../shared/data/corpus/acts}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
say() { printf -- '-- %4d s  %s\n' "$SECONDS" "$1"; }
referent() { bin/referent --data "$work/data" "$@"; }

# expect FILE EXPRESSION: the expression must hold for each JSON object in the file.
expect() {
  python3 - "$1" "$2" <<'PY'
import json, sys
name, expression = sys.argv[1:]
lines = [line for line in open(name, encoding="utf-8") if line.strip()]
assert lines, f"{name}: nothing was printed"
for line in lines:
    r = json.loads(line)
    assert eval(expression, {"r": r}), f"expected {expression}\nin {line[:3000]}"
PY
}

bin/referent setup

if [ -d "$acts" ]; then
  say "ingest: three statutes"
  referent ingest --json "$acts"/DU-2014-1195_*.md "$acts"/DU-2001-1198_*.md "$acts"/DU-2006-1635_*.md >"$work/ingest.jsonl"
  tail -n 1 "$work/ingest.jsonl" >"$work/done.json"
  expect "$work/done.json" 'r["event"] == "done" and r["passages"] > 100 and r["embedded"] > 0'
  say "ingest again: nothing is embedded twice"
  referent ingest --json "$acts"/DU-2014-1195_*.md >"$work/again.jsonl"
  tail -n 1 "$work/again.jsonl" >"$work/done.json"
  expect "$work/done.json" 'r["event"] == "done" and r["embedded"] == 0'

  while IFS='|' read -r act question; do
    say "$question"
    referent search --json -k 5 "$question" >"$work/search.json"
    expect "$work/search.json" "'$act' in [h['act'] for h in r['hits']] and not r['degraded']"
    referent search --json --no-model -k 5 "$question" >"$work/search.json"
    expect "$work/search.json" "'$act' in [h['act'] for h in r['hits']]"
    referent ask --json "$question" >"$work/ask.json"
    expect "$work/ask.json" "r['model'] and not r['refused'] and '$act' in [c['act'] for c in r['citations']] and all(c['quote'] for c in r['citations'])"
    referent ask --json --no-model "$question" >"$work/ask.json"
    expect "$work/ask.json" "not r['model'] and '$act' in [c['act'] for c in r['citations']]"
  done <<'Q'
DU/2014/1195|W jakim terminie powinna być rozpatrzona petycja?
DU/2001/1198|W jakim terminie udostępnia się informację publiczną na wniosek?
DU/2006/1635|Ile wynosi opłata skarbowa od złożenia dokumentu stwierdzającego udzielenie pełnomocnictwa?
Q
  referent ask --json "Jaka będzie jutro pogoda w Krakowie?" >"$work/ask.json"
  expect "$work/ask.json" "r['refused'] and r['refusal']['reason'] in ('not_in_library', 'outside_scope')"
else
  say "skipped: no statutes in $acts"
fi

say "chat in a headless browser"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
referent serve --addr "127.0.0.1:$port" 2>"$work/serve.log" &
server=$!
for _ in $(seq 120); do
  curl -fsS -o /dev/null "http://127.0.0.1:$port/readyz" 2>/dev/null && break
  kill -0 "$server" 2>/dev/null || { cat "$work/serve.log" >&2; exit 1; }
  sleep 0.5
done
(cd e2e && npm ci --no-audit --no-fund --silent && REFERENT_URL="http://127.0.0.1:$port" npm test --silent)
