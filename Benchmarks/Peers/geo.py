#!/usr/bin/env python3
"""Mandate's geographic service beside pygeoapi and MapServer: the same incidents in each, the same boxes asked of each over OGC API - Features, in one run.

    Benchmarks/Peers/setup geo                                       once: the peers, from Debian and PyPI
    Benchmarks/Peers/geo.py --bench .build/release/bench --binary .build/release/mandate
    Benchmarks/Peers/geo.py --size 100000 --seconds 3                smaller and shorter

Mandate answers from SQLite and from PostgreSQL, under the rights of a duty officer. The peers answer without rights or labels, each from the store with a spatial index that it reads
fastest: pygeoapi from PostgreSQL with PostGIS (its reader of GeoPackages does not use their index), MapServer from a GeoPackage. All run on loopback, the peers with
two processes each. They take turns: every product answers the boxes of one size before any is asked for the next. "CPU ms" is what the product's processes, and
PostgreSQL where it reads from there, spent on an answer: other work on the machine changes it much less than the time. Prints a table in Markdown; what it is doing
goes to standard error.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent))
from drive import Address, Call, Found, Wrong, drive, memory  # noqa: E402
from product import LEASH  # noqa: E402
from tables import number, table  # noqa: E402
from Cluster.parts import Process, descendants, free_port  # noqa: E402
from Cluster.postgres import Postgres  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools/geo"
AREA = (14.4, 2.2, 27.5, 11.0)  # as the bench spreads its incidents
ZOOMS = {8: "780 km", 10: "195 km", 12: "49 km", 14: "12 km"}
SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "4GB", "random_page_cost": "1.1"}
PROPERTIES = "summary,category,severity,occurred,state"


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def run(*arguments: str | Path, **more) -> str:
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise Wrong(f"{arguments[0]}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


def boxes(zoom: int, count: int = 100) -> list[tuple[float, float, float, float]]:
    """Boxes of a map of 1,280 by 800 points, anywhere in the mission's area."""
    dice, west, south, east, north = Random(zoom), *AREA
    width, height = 360 / 2**zoom * 1280 / 256, 360 / 2**zoom * 800 / 256
    middles = [(dice.uniform(west, east), dice.uniform(south, north)) for _ in range(count)]
    return [(x - width / 2, y - height / 2, x + width / 2, y + height / 2) for x, y in middles]


@dataclass
class Server:
    """A product with its collection of incidents."""
    name: str
    process: Process
    address: Address
    items: str
    parameters: str = ""
    database: Postgres | None = None

    def cpu(self) -> float:
        """Seconds of a processor that it has spent, with its database."""
        def spent(pid: int) -> float:
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                return 0
            return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")

        roots = self.pids() + ([self.database.pid, *descendants(self.database.pid)] if self.database else [])
        return sum(spent(pid) for pid in roots)

    def call(self, box: tuple[float, float, float, float], limit: int) -> Call:
        return Call("GET", f"{self.items}?bbox={','.join(f'{side:.6f}' for side in box)}&limit={limit}{self.parameters}")

    def features(self, box: tuple[float, float, float, float], limit: int) -> int:
        return len(self.address.ask(self.call(box, limit))["features"])

    def pids(self) -> list[int]:
        return [self.process.pid, *descendants(self.process.pid)]


# MARK: the servers


def mandate(options: argparse.Namespace, folder: Path, kind: str, postgres: Postgres) -> Server:
    """Fills with the bench and serves what it filled."""
    data, port = folder / f"bench/{kind}", free_port()
    database = f"sqlite:{data}/mandate.sqlite" if kind == "sqlite" else postgres.url()
    say(f"filling Mandate on {kind} with {options.size:,} incidents")
    print(run(options.bench.resolve(), cwd=ROOT, env={
        **os.environ, "MANDATE_BENCH_PART": "geo", "MANDATE_BENCH_ON": kind, "MANDATE_BENCH_FOLDER": str(folder / "bench"), "MANDATE_BENCH_SIZE": str(options.size),
        "MANDATE_BENCH_ONLY": "fill", "MANDATE_BENCH_POSTGRES": postgres.url()}), file=sys.stderr)
    process = Process(f"mandate on {kind}", [*LEASH, str(options.binary.resolve()), "serve", "--data", str(data), "--port", str(port)], folder / f"mandate-{kind}.log",
                      {"MANDATE_NO_RATE_LIMITS": "yes", "MANDATE_DATABASE": database}, as_caller=True, cwd=folder)
    address = Address(f"http://127.0.0.1:{port}")
    process.start(lambda: Address(address.base + "/healthz").answers(), timeout=60)
    token = run(options.binary.resolve(), "token", "create", "--person", "awa", "--data", data, env={**os.environ, "MANDATE_DATABASE": database})
    address.headers["Authorization"] = f"Bearer {token.split()[-1]}"
    name = "Mandate, SQLite" if kind == "sqlite" else "Mandate, PostgreSQL"
    return Server(name, process, address, "/ogc/collections/situation.incident/items", f"&properties={PROPERTIES}", None if kind == "sqlite" else postgres)


def geopackage(folder: Path) -> Path:
    """The same incidents, with the same properties and a spatial index."""
    say("copying them to a GeoPackage")
    rows, package = folder / "incidents.csv", folder / "incidents.gpkg"
    place = "area" if "area_longitude" in run("sqlite3", folder / "bench/sqlite/mandate.sqlite", "PRAGMA table_info(situation_incident)") else "place"
    with rows.open("w") as file:
        subprocess.run(["sqlite3", "-csv", "-header", str(folder / "bench/sqlite/mandate.sqlite"),
                        "SELECT rowid AS number, lower(hex(id)) AS id, summary, category, severity, strftime('%Y-%m-%dT%H:%M:%SZ', occurred / 1000000, 'unixepoch') AS occurred, state, "
                        f"{place}_longitude AS x, {place}_latitude AS y FROM situation_incident WHERE {place}_latitude IS NOT NULL"], stdout=file, check=True)
    run("ogr2ogr", "-f", "GPKG", package, rows, "-nln", "incidents", "-oo", "X_POSSIBLE_NAMES=x", "-oo", "Y_POSSIBLE_NAMES=y", "-oo", "KEEP_GEOM_COLUMNS=NO",
        "-a_srs", "EPSG:4326", "-lco", "SPATIAL_INDEX=YES", "-lco", "FID=fid", "-gt", "100000")
    return package


def postgis(postgres: Postgres, package: Path) -> None:
    """The same incidents in a database of their own, with a GiST index."""
    say("copying them to PostGIS")
    if postgres.psql("select count(*) from pg_database where datname = 'peers'").strip() == "1":
        return
    postgres.psql("CREATE DATABASE peers")
    postgres.psql("CREATE EXTENSION postgis", database="peers")
    run("ogr2ogr", "-f", "PostgreSQL", f"PG:host=127.0.0.1 port={postgres.port} dbname=peers user=postgres", package, "incidents", "-lco", "GEOMETRY_NAME=geom", "-lco", "FID=fid",
        "--config", "PG_USE_COPY", "YES", "-gt", "100000", env={**os.environ, "PGPASSWORD": postgres.password("postgres")})
    postgres.psql("VACUUM ANALYZE incidents", database="peers", timeout=600)


def pygeoapi(folder: Path, postgres: Postgres) -> Server:
    port, settings = free_port(), folder / "pygeoapi.yml"
    data = f"{{host: 127.0.0.1, port: {postgres.port}, dbname: peers, user: postgres, password: '{postgres.password('postgres')}', search_path: [public]}}"
    settings.write_text(f"""
server: {{bind: {{host: 127.0.0.1, port: {port}}}, url: 'http://127.0.0.1:{port}', mimetype: application/json, encoding: utf-8, language: en-US, gzip: false,
  limits: {{default_items: 1000, max_items: 1000}}, map: {{url: 'https://tile.example/x.png', attribution: none}}}}
logging: {{level: ERROR}}
metadata:
  identification: {{title: bench, description: bench, keywords: [bench], keywords_type: theme, terms_of_service: none, url: 'https://example.org'}}
  license: {{name: none, url: 'https://example.org'}}
  provider: {{name: none, url: 'https://example.org'}}
  contact: {{name: none, position: none, address: none, city: none, stateorprovince: none, postalcode: none, country: none, phone: none, fax: none, email: none, url: 'https://example.org', hours: none, instructions: none, role: none}}
resources:
  incidents:
    type: collection
    title: incidents
    description: incidents
    keywords: [incidents]
    links: []
    extents: {{spatial: {{bbox: [-180, -90, 180, 90], crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'}}}}
    providers: [{{type: feature, name: PostgreSQL, data: {data}, id_field: fid, table: incidents, geom_field: geom}}]
""")
    where = {"PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(folder / "openapi.yml"), "PATH": os.environ["PATH"]}
    run(TOOLS / "bin/pygeoapi", "openapi", "generate", settings, "--output-file", where["PYGEOAPI_OPENAPI"], env={**os.environ, **where})
    process = Process("pygeoapi", [*LEASH, str(TOOLS / "bin/gunicorn"), "--workers", "2", "--bind", f"127.0.0.1:{port}", "pygeoapi.flask_app:APP"], folder / "pygeoapi.log",
                      where, as_caller=True, cwd=folder)
    address = Address(f"http://127.0.0.1:{port}")
    process.start(address.answers, timeout=60)
    return Server("pygeoapi", process, address, "/collections/incidents/items", f"&f=json&properties={PROPERTIES}", postgres)


def mapserver(folder: Path, package: Path) -> Server:
    """As FastCGI behind lighttpd, so that processes and their files stay open."""
    port = free_port()
    (folder / "bench.map").write_text(f"""
MAP
  NAME "bench"
  EXTENT -180 -90 180 90
  PROJECTION "epsg:4326" END
  WEB METADATA "ows_title" "bench" "ows_onlineresource" "http://127.0.0.1:{port}/mapserv/bench/" "oga_onlineresource" "http://127.0.0.1:{port}/mapserv/bench/ogcapi" "ows_enable_request" "*"
    "oga_max_limit" "1000" END END
  LAYER
    NAME "incidents" TYPE POINT STATUS ON TEMPLATE "none"
    CONNECTIONTYPE OGR CONNECTION "{package}" DATA "incidents"
    PROCESSING "CLOSE_CONNECTION=DEFER"
    PROJECTION "epsg:4326" END
    METADATA "ows_title" "incidents" "gml_featureid" "number" "gml_include_items" "{PROPERTIES}" "ows_extent" "-180 -90 180 90" END
  END
END
""")
    (folder / "mapserver.conf").write_text(f"""
CONFIG
  ENV "MS_MAP_PATTERN" "." END
  MAPS "bench" "{folder}/bench.map" END
END
""")
    (folder / "lighttpd.conf").write_text(f"""
server.modules = ("mod_fastcgi")
server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = {port}
server.max-keep-alive-requests = 1000000
fastcgi.server = ("/mapserv" => (("socket" => "{folder}/mapserv.sock", "bin-path" => "/usr/bin/mapserv", "max-procs" => 2, "check-local" => "disable",
  "bin-environment" => ("MAPSERVER_CONFIG_FILE" => "{folder}/mapserver.conf"))))
""")
    process = Process("mapserver", [*LEASH, "lighttpd", "-D", "-f", str(folder / "lighttpd.conf")], folder / "mapserver.log", as_caller=True, cwd=folder)
    address = Address(f"http://127.0.0.1:{port}")
    process.start(address.answers, timeout=30)
    return Server("MapServer", process, address, "/mapserv/bench/ogcapi/collections/incidents/items", "&f=json")


# MARK: the run


def measure(servers: list[Server], options: argparse.Namespace, folder: Path) -> list[list[str]]:
    rows = []
    for zoom, width in ZOOMS.items():
        found: dict[str, Found] = {}
        cpu: dict[str, float] = {}
        asked = boxes(zoom)
        counts = {server.name: sum(server.features(box, options.limit) for box in asked[:5]) for server in servers}
        if len(set(counts.values())) > 1:
            raise Wrong(f"not the same features in boxes of zoom {zoom}: {counts}")
        for server in servers:
            say(f"boxes {width} wide, {server.name}")
            calls = [server.call(box, options.limit) for box in asked]
            drive(server.address, calls, 1, 1, folder, is_warming=True)
            start = time.monotonic()
            server.features(asked[0], options.limit)
            # Long enough for a dozen answers of the slowest.
            seconds, spent = max(options.seconds, 12 * (time.monotonic() - start)), server.cpu()
            found[server.name] = drive(server.address, calls, 1, seconds, folder)
            cpu[server.name] = (server.cpu() - spent) / (found[server.name].answers + 1) * 1000
        own = [server.name for server in servers if server.name.startswith("Mandate")]
        for server in servers:
            figures, name = found[server.name], server.name
            ratios = [] if name in own else [" / ".join(f"{ratio(one):.1f}" for one in own) for ratio in (
                lambda one: found[one].per_second / figures.per_second, lambda one: figures.p95 / found[one].p95, lambda one: cpu[name] / cpu[one])]
            rows.append([f"box {width} wide", f"{counts[name] / 5:.0f}", name, number(figures.per_second), number(figures.p50), number(figures.p95), number(figures.p99), number(cpu[name]),
                         number(figures.size), *(ratios or ["", "", ""])])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, default=ROOT / ".build/release/bench")
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/mandate")
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--on", default="sqlite postgres", help="the databases of Mandate")
    parser.add_argument("--folder", type=Path, help="keeps what was filled there, and measures it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mandate-geo-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        servers, postgres = [], Postgres(folder / "postgres" if options.folder else None, settings=SETTINGS)
        try:
            postgres.start()
            for kind in options.on.split():
                servers.append(mandate(options, folder, kind, postgres))
            package = folder / "incidents.gpkg"
            package = package if package.exists() else geopackage(folder)
            postgis(postgres, package)
            servers += [pygeoapi(folder, postgres), mapserver(folder, package)]
            rows = measure(servers, options, folder)
            memories = [[server.name, *(f"{size:.0f}" for size in memory(server.pids()))] for server in servers]
        finally:
            for server in servers:
                server.process.stop()
            postgres.close()
    print(f"{options.size:,} incidents; up to {options.limit} features an answer; one client, {options.seconds:g} s a measurement; load {os.getloadavg()[0]:.1f} at the end.\n")
    print(table(["work", "features", "product", "per s", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "bytes", "Mandate's throughput over its", "its p95 over Mandate's", "its CPU over Mandate's"], rows, 3))
    print("\n" + table(["product", "RSS MB", "PSS MB"], memories))


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit(f"geo: {wrong}")
