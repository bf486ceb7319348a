"""Servers of Mandate on any database, for tests of many of them.

    server = Server(database="postgres://…", data=folder).start()
    server.call("POST", "/api/v1/service-desk/requests", {"subject": "…"}, token=server.token("lucie"))
"""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from Cluster.parts import ROOT, PartFailed, Process, environment, free_port, wait_until

BINARY = Path(os.environ.get("MANDATE_BIN", ROOT / ".build/debug/mandate"))
STARTS_WITHIN = float(os.environ.get("MANDATE_STARTS_WITHIN", 90))


def understands_postgres() -> bool:
    """Whether this build takes a database address of PostgreSQL; its help says so."""
    if not os.access(BINARY, os.X_OK):
        raise PartFailed(f"{BINARY} is not built; `make build`, or name one with MANDATE_BIN")
    return "postgres:" in subprocess.run([BINARY, "serve", "--help"], capture_output=True, text=True, timeout=30).stdout


def mandate(*arguments: str, env: dict[str, str] | None = None, timeout: float = 120, check: bool = True) -> subprocess.CompletedProcess[str]:
    """A command of the administrator, as root or whoever runs the test."""
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=timeout, env=environment(env), cwd=ROOT, stdin=subprocess.DEVNULL)
    if check and done.returncode != 0:
        raise PartFailed(f"mandate {arguments[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
    return done


class Server:
    def __init__(self, *, data: Path, database: str | None = None, host: str = "127.0.0.1", port: int | None = None, env: dict[str, str] | None = None,
                 log: Path | None = None, options: tuple[str, ...] = ()):
        self.host, self.port = host, port or free_port()
        self.env = {"MANDATE_DATA": str(data), **({"MANDATE_DATABASE": database} if database else {}), **(env or {})}
        self.process = Process(f"mandate on {self.host}:{self.port}", [str(BINARY), "serve", "--host", host, "--port", str(self.port), *options],
                               log or data.parent / f"mandate-{self.port}.log", self.env, as_caller=True, cwd=ROOT)

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self) -> "Server":
        self.process.start(ready=self.is_ready, timeout=STARTS_WITHIN)
        return self

    def stop(self) -> None:
        self.process.stop(60)

    def kill(self) -> None:
        self.process.kill()

    def is_ready(self) -> bool:
        return call(self.address, "GET", "/readyz")[0] == 200

    def wait_ready(self, timeout: float = 60) -> float:
        return wait_until(f"{self.process.name} is ready", self.is_ready, timeout)

    def token(self, person: str) -> str:
        return mandate("token", "create", "--person", person, env=self.env).stdout.split()[-1]

    def call(self, method: str, path: str, body: Any = None, token: str | None = None, timeout: float = 15) -> tuple[int, Any]:
        return call(self.address, method, path, body, token, timeout)


def call(address: str, method: str, path: str, body: Any = None, token: str | None = None, timeout: float = 15,
         trust: ssl.SSLContext | None = None) -> tuple[int, Any]:
    """Status and answer, JSON read; status 0 when nobody answered."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(address + path, data=json.dumps(body).encode() if body is not None else None, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout, context=trust) as answer:
            return answer.status, read(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, read(error.read())
    except OSError as error:
        return 0, str(error)


def read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
