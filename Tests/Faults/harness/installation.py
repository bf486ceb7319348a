"""An installation of Mandate: its folder, its database, its servers, and what is asked of them over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from Cluster.parts import Process, free_port, run
from Cluster.postgres import BIN, Postgres
from harness.inside import Inside

PERSON = "joseph"  # an agent of the demonstration: may create, change and read requests
REQUESTS = "/api/v1/service-desk/requests"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The problem's code; empty for what is none."""
        if "problem+json" not in self.headers.get("content-type", ""):
            return ""
        return str(self.json.get("code", ""))

    def __str__(self) -> str:
        told = self.code or ("a page" if "html" in self.headers.get("content-type", "") else self.body[:100].decode(errors="replace").strip())
        return f"{self.status} {told}"


class Server:
    """One `mandate serve`."""

    def __init__(self, place: "Installation", *, host: str = "127.0.0.1", port: int | None = None, prefix: Sequence[str] = (),
                 env: Mapping[str, str] | None = None, database: str | None = None):
        self.place, self.host, self.port = place, host, port or free_port()
        self.log = place.logs / f"server-{self.port}.log"
        arguments = [*prefix, str(place.binary), "serve", "--demo", "--host", host, "--port", str(self.port), "--data", str(place.data)]
        self.process = Process("mandate serve", arguments, self.log, {"MANDATE_NO_RATE_LIMITS": "yes", **place.env(database), **(env or {})},
                               as_caller=True, cwd=place.logs)

    def start(self, timeout: float = 60) -> "Server":
        self.process.start(self.answers, timeout)
        return self

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz", timeout=1).status == 200
        except OSError:
            return False

    def is_ready(self) -> bool:
        try:
            return self.ask("GET", "/readyz", timeout=3).status == 200
        except OSError:
            return False

    def kill(self) -> None:
        self.process.kill()

    def stop(self, timeout: float = 20) -> float:
        """Asks it to end; answers the seconds it took."""
        start = time.monotonic()
        self.process.stop(timeout)
        return time.monotonic() - start

    @property
    def is_running(self) -> bool:
        return self.process.is_running

    @property
    def ended_by_fault(self) -> bool:
        """Whether it ended by a signal of its own making: a crash."""
        code = self.process.process.poll() if self.process.process else None
        return code is not None and code < 0 and code not in (-signal.SIGKILL, -signal.SIGTERM)

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self) -> float:
        """Resident megabytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0

    def connection(self, timeout: float = 5) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)

    def ask(self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None, token: str | None = None, timeout: float = 5,
            on: http.client.HTTPConnection | None = None) -> Answer:
        """One request; on a connection of its own unless one is given. Network faults are raised as OSError."""
        link = on or self.connection(timeout)
        try:
            return send(link, method, path, body, headers=headers, token=token)
        finally:
            if on is None:
                link.close()


def send(link: http.client.HTTPConnection, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None,
         token: str | None = None) -> Answer:
    sent = {"Accept-Language": "en", **(headers or {})}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    if data is not None:
        sent.setdefault("Content-Type", "application/merge-patch+json" if method == "PATCH" else "application/json")
    try:
        link.request(method, path, data, sent)
        got = link.getresponse()
        headers = {name.lower(): ", ".join(got.headers.get_all(name, [])) for name in got.headers}
        return Answer(got.status, headers, got.read())
    except http.client.HTTPException as error:  # half an answer, or none
        raise ConnectionError(f"{type(error).__name__}: {error}") from error


@dataclass
class Installation:
    """Folder and database of one demonstration."""

    binary: Path
    data: Path
    logs: Path
    address: str | None = None  # of the database; none: SQLite in the folder
    postgres: Postgres | None = None
    database: str = ""
    token: str = ""
    servers: list[Server] = field(default_factory=list)

    def env(self, database: str | None = None) -> dict[str, str]:
        """Where the database is: by environment, since the address holds its password."""
        address = database or self.address
        return {"MANDATE_DATABASE": address} if address else {}

    @property
    def sqlite(self) -> Path:
        return self.data / "mandate.sqlite"

    def server(self, start: bool = True, **how) -> Server:
        one = Server(self, **how)
        self.servers.append(one)
        return one.start() if start else one

    def command(self, *words: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(self.binary), *words, "--data", str(self.data)], capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL,
                              cwd=self.logs, env={**os.environ, **self.env()})

    def verify(self) -> tuple[bool, str, int]:
        """What `mandate verify` says: whether the database is as it was written, what is wrong, and how many entries its ledger has."""
        done = self.command("verify", "--json")
        try:
            report = json.loads(done.stdout)
        except ValueError:
            return False, f"exit {done.returncode}: {(done.stderr or done.stdout).strip()[:600]}", 0
        return report["good"] and done.returncode == 0, str(report["fault"] or ""), report["entries"]

    def inside(self) -> Inside:
        return Inside(None if self.postgres else str(self.sqlite), self.postgres, self.database)

    def make_token(self, person: str = PERSON) -> str:
        done = self.command("token", "create", "--person", person)
        if done.returncode != 0:
            raise RuntimeError(f"no token for {person}: {done.stderr.strip()}")
        return done.stdout.split()[-1]

    def stop(self) -> None:
        for one in self.servers:
            one.stop()

    def close(self) -> None:
        for one in self.servers:
            one.kill()


class Templates:
    """A demonstration made once for each kind of database, copied for each fault: filling takes longer than copying."""

    def __init__(self, binary: Path, kind: str, folder: Path, size: int = 40):
        self.binary, self.kind, self.folder, self.size = binary, kind, folder, size
        self.shared: Postgres | None = None
        self.count = 0
        self.token = ""

    def make(self) -> None:
        data = self.folder / "template"
        if self.kind == "postgres":
            self.shared = Postgres(settings={"log_statement": "none"}).start()
            self.fill(Installation(self.binary, data, self.folder, self.shared.url(), self.shared, "mandate"))
        else:
            self.fill(Installation(self.binary, data, self.folder))

    def fill(self, place: Installation) -> None:
        done = place.command("demo", "--size", str(self.size))
        if done.returncode != 0:
            raise RuntimeError(f"the demonstration could not be made: {done.stderr.strip()[-1000:]}")
        self.token = place.make_token()

    def copy(self, data: Path, postgres: Postgres | None = None, logs: Path | None = None) -> Installation:
        """A copy of its own in a new folder; in PostgreSQL a new database, of the shared server or, dumped and restored, of the one given."""
        shutil.copytree(self.folder / "template", data)
        logs = logs or data.with_name(data.name + "-logs")
        logs.mkdir(parents=True, exist_ok=True)
        place = Installation(self.binary, data, logs, token=self.token)
        if self.kind == "postgres":
            self.count += 1
            name = f"fault_{self.count}"
            assert self.shared is not None
            if postgres is None or postgres is self.shared:
                postgres = self.shared
                postgres.psql(f"create database {name} template mandate owner mandate", database="postgres")
            else:
                name = "mandate"
                self.transfer(postgres.url())
            place.postgres, place.database, place.address = postgres, name, postgres.url(database=name)
        return place

    def at(self, data: Path, address: str) -> Installation:
        """The same in an empty database somewhere else, such as that of a cluster."""
        place = Installation(self.binary, shutil.copytree(self.folder / "template", data), data.with_name(data.name + "-logs"), address, token=self.token)
        place.logs.mkdir()
        self.transfer(address)
        return place

    def transfer(self, address: str) -> None:
        assert self.shared is not None
        run([f"{BIN}/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", address, "-f", "-"],
            input=run([f"{BIN}/pg_dump", "-d", self.shared.url(), "--no-owner", "--no-privileges"]))

    def close(self) -> None:
        if self.shared is not None:
            self.shared.close()
