#!/bin/sh
# Makes the Python environment that evaluation is held against, in the user's cache
# folder, and prints its interpreter. Arguments: further packages. It is made once.
set -eu
venv=${XDG_CACHE_HOME:-$HOME/.cache}/referent/eval-python
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" >&2
for package in pytrec_eval-terrier==0.5.11 pyshacl==0.40.1 "$@"; do
  "$venv/bin/python" -m pip show -q "${package%%==*}" >/dev/null 2>&1 ||
    "$venv/bin/python" -m pip install -q --disable-pip-version-check "$package" >&2
done
echo "$venv/bin/python"
