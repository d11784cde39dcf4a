#!/bin/sh
# Names every missing prerequisite of `make run` with the command that installs
# it, before anything is downloaded. Exit 1 when something is missing.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
wanted=$(awk '$1 == "go" { print $2; exit }' "$root/go.mod")

have() { command -v "$1" >/dev/null 2>&1; }

# Packages by tool: Debian/Ubuntu, Fedora/RHEL, Arch, openSUSE, Alpine.
package() {
  case "$manager:$1" in
    apt:cc) echo gcc ;;          dnf:cc) echo gcc ;;              pacman:cc) echo gcc ;;     zypper:cc) echo gcc ;;          apk:cc) echo "gcc musl-dev" ;;
    apt:c++) echo g++ ;;         dnf:c++) echo gcc-c++ ;;         pacman:c++) echo gcc ;;    zypper:c++) echo gcc-c++ ;;     apk:c++) echo g++ ;;
    apt:venv) echo python3-venv ;; dnf:venv) echo python3 ;;      pacman:venv) echo python ;; zypper:venv) echo python3 ;;   apk:venv) echo python3 ;;
    pacman:python3) echo python ;;
    *) echo "$1" ;;
  esac
}

manager=
for tool in apt-get:apt dnf:dnf pacman:pacman zypper:zypper apk:apk; do
  if have "${tool%%:*}"; then manager=${tool##*:}; break; fi
done

missing=
note() { # tool, what it is
  missing="$missing $(package "$1")"
  echo "Brakuje: $2" >&2
}

have make || note make "make"
have cc || note cc "kompilator C (cc)"
have c++ || note c++ "kompilator C++ (c++)"
have unzip || note unzip "unzip"
if ! have python3; then
  note python3 "python3"
  note venv "moduł venv Pythona"
elif ! python3 -c 'import venv, ensurepip' >/dev/null 2>&1; then
  note venv "moduł venv Pythona"
fi

go_missing=
if ! have go; then
  go_missing="Brakuje: Go $wanted lub nowsze"
else
  found=$(go env GOVERSION 2>/dev/null | sed 's/^go//; s/[^0-9.].*//')
  if ! awk -v found="$found" -v wanted="$wanted" 'BEGIN {
    split(found, f, "."); split(wanted, w, ".")
    for (i = 1; i <= 3; i++) { if (f[i] + 0 > w[i] + 0) exit 0; if (f[i] + 0 < w[i] + 0) exit 1 }
  }'; then
    go_missing="Za stare: Go ${found:-?}; potrzeba $wanted lub nowszego"
  fi
fi

[ -n "$missing$go_missing" ] || exit 0
if [ -n "$missing" ]; then
  case $manager in
    apt) echo "Zainstaluj:  sudo apt-get install$missing" >&2 ;;
    dnf) echo "Zainstaluj:  sudo dnf install$missing" >&2 ;;
    pacman) echo "Zainstaluj:  sudo pacman -S$missing" >&2 ;;
    zypper) echo "Zainstaluj:  sudo zypper install$missing" >&2 ;;
    apk) echo "Zainstaluj:  sudo apk add$missing" >&2 ;;
    *) echo "Zainstaluj narzędziem swojego systemu:$missing" >&2 ;;
  esac
fi
if [ -n "$go_missing" ]; then
  # Distributions carry older versions: Go's own archive is the sure way.
  echo "$go_missing" >&2
  echo "Zainstaluj:  pobierz go$wanted.linux-$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/').tar.gz z https://go.dev/dl/ i wykonaj: sudo tar -C /usr/local -xzf go*.tar.gz; export PATH=/usr/local/go/bin:\$PATH" >&2
fi
exit 1
