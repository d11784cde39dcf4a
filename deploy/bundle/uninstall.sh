#!/bin/sh
# Removes the program, its services and models. Data in /var/lib/referent stay
# unless --data is given. Run as root.
set -eu
if [ "$(id -u)" -ne 0 ]; then
  echo "Odinstalowanie wymaga uprawnień roota: sudo /opt/referent/uninstall.sh" >&2
  exit 1
fi
systemctl disable --now referent.service referent-ollama.service 2>/dev/null || true
rm -f /etc/systemd/system/referent.service /etc/systemd/system/referent-ollama.service
systemctl daemon-reload
rm -rf /opt/referent /var/lib/referent-ollama
if [ "${1:-}" = --data ]; then
  rm -rf /var/lib/referent
  echo "Usunięto Referenta razem z danymi."
else
  echo "Usunięto Referenta. Dane zostały w /var/lib/referent."
fi
