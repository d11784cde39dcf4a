#!/bin/sh
# Installs or updates Referent and its Ollama as systemd services. Run as root.
# Program: /opt/referent; data: /var/lib/referent; models: /var/lib/referent-ollama.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

if [ "$(id -u)" -ne 0 ]; then
  echo "Instalacja wymaga uprawnień roota: sudo ./install.sh (bez nich: ./start.sh)." >&2
  exit 1
fi
if ! command -v systemctl >/dev/null 2>&1; then
  echo "Brakuje systemd; uruchom Referenta poleceniem ./start.sh." >&2
  exit 1
fi
if [ ! -d "$here/ollama/lib/ollama" ] && ! grep -qw avx2 /proc/cpuinfo; then
  echo "Ten procesor nie ma instrukcji AVX2 (Intel od 2013, AMD od 2015 roku): modele nie będą działać." >&2
  exit 1
fi
need=$(du -sk "$here/ollama" "$here/models" "$here/referent" | awk '{ sum += $1 } END { print sum }')
free=$(df -Pk /var/lib | awk 'NR == 2 { print $4 }')
if [ "$free" -lt "$((need + 500000))" ]; then
  echo "Za mało miejsca w /var/lib: potrzeba $(((need + 500000) / 1024)) MB." >&2
  exit 1
fi

echo "Sprawdzam sumy kontrolne…"
(cd "$here" && sha256sum --quiet -c SHA256SUMS)

for user in referent referent-ollama; do
  id "$user" >/dev/null 2>&1 || useradd --system --user-group --no-create-home --home-dir "/var/lib/$user" --shell /usr/sbin/nologin "$user"
done
systemctl stop referent.service referent-ollama.service 2>/dev/null || true

# The new program stands whole beside the old one before it takes its place.
rm -rf /opt/referent.new
mkdir -p /opt/referent.new
cp -R "$here/referent" "$here/ollama" "$here/README.html" "$here/uninstall.sh" /opt/referent.new/
chown -R root:root /opt/referent.new
rm -rf /opt/referent.old
[ ! -d /opt/referent ] || mv /opt/referent /opt/referent.old
mv /opt/referent.new /opt/referent
rm -rf /opt/referent.old

install -d -m 0750 -o referent -g referent /var/lib/referent
install -d -m 0750 -o referent-ollama -g referent-ollama /var/lib/referent-ollama
cp -R "$here/models" /var/lib/referent-ollama/
chown -R referent-ollama:referent-ollama /var/lib/referent-ollama/models
install -m 0644 "$here/systemd/referent.service" "$here/systemd/referent-ollama.service" /etc/systemd/system/
systemctl daemon-reload
systemctl enable --now referent-ollama.service referent.service
echo "Gotowe. Referent: http://127.0.0.1:8080 (dziennik: journalctl -u referent). Instrukcja: /opt/referent/README.html"
