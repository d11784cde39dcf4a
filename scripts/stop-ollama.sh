#!/bin/sh
# Stops the Ollama that `referent setup` started; no other one.
set -eu
pidfile=${XDG_CACHE_HOME:-$HOME/.cache}/referent/ollama.pid
if [ ! -f "$pidfile" ]; then
  echo "Referent nie uruchamiał tu Ollamy." >&2
  exit 0
fi
pid=$(cat "$pidfile")
# The number may belong to another program by now.
if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q 'ollama serve'; then
  kill "$pid"
  echo "Zatrzymano Ollamę (proces $pid)." >&2
else
  echo "Ollama uruchomiona przez Referenta już nie działa." >&2
fi
rm -f "$pidfile"
