#!/bin/sh
# Describes a large CSV and has DuckDB summarise it, three times in turn: wall clock,
# processor time, memory. The file (first argument) is made when it is not there.
set -eu
file=$1
python=$(scripts/eval-python.sh duckdb==2.0.1)
exec "$python" - "$file" <<'PYTHON'
import os, random, resource, subprocess, sys, time

path, megabytes = sys.argv[1], int(os.environ.get("SPEED_MB", "250"))
if not os.path.exists(path):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    random.seed(1)
    with open(path, "w") as out:
        out.write("id;data;kategoria;kwota;ulica;opis;lat;lon;status;kod\n")
        number = 0
        while out.tell() < megabytes * 1_000_000:
            for _ in range(10000):
                number += 1
                r = random.randint
                out.write(f"{number};2024-{r(1,12):02d}-{r(1,28):02d};kat{r(1,20)};{r(0,99999)},{r(0,99):02d};ul. Leśna {r(1,200)};"
                          f"Zgłoszenie numer {r(1,10**6)} dotyczy dziury w jezdni;{52+random.random():.6f};{21+random.random():.6f};"
                          f"{random.choice(['nowe', 'zamknięte'])};{r(1000000, 1500000)}\n")
duck = f"import duckdb; duckdb.sql(\"SUMMARIZE SELECT * FROM read_csv('{path}')\").fetchall()"
for _ in range(3):
    for name, command in (("duckdb", [sys.executable, "-c", duck]), ("referent", ["bin/referent", "describe", "--json", path])):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        after, took = resource.getrusage(resource.RUSAGE_CHILDREN), time.time() - started
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{name:9} {took:6.1f} s, processor {processor:6.2f} s, {os.path.getsize(path) / 1e6 / took:6.1f} MB a second, peak so far {after.ru_maxrss >> 10} MB")
PYTHON
