"""A server for the room's benchmarks, on SQLite or PostgreSQL, with signed-in browsers."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import sqlite3
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests"))
SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "4GB", "random_page_cost": "1.1"}


@dataclass
class Browser:
    cookie: str
    csrf: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"mandate={self.cookie}", "X-CSRF-Token": self.csrf}


class RoomServer:
    """`data`: a folder that was filled; without one, a demonstration of its own."""

    def __init__(self, binary: Path, database: str, data: Path | None = None, doors: bool = False):
        os.environ.update(MANDATE_BIN=str(binary.resolve()), MANDATE_STARTS_WITHIN="600")
        from Cluster.parts import free_port, temporary_folder
        from Cluster.postgres import Postgres
        from Cluster.server import Server
        folder = data or temporary_folder("room") / "data"
        self.postgres = Postgres(settings=SETTINGS).start() if database == "postgres" else None
        self.file = folder / "mandate.sqlite"
        self.door = free_port()
        options = ("--demo", "--demo-size", "100", *(("--cot", f"127.0.0.1:{self.door}") if doors else ()))
        address = self.postgres.url() if self.postgres else f"sqlite:{self.file}"
        self.server = Server(data=folder, database=address, options=options, env={"MANDATE_NO_RATE_LIMITS": "yes"})
        self.granted = ""

    def __enter__(self) -> "RoomServer":
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()
        if self.postgres:
            self.postgres.close()

    @property
    def port(self) -> int:
        return self.server.port

    def ask(self, sql: str) -> list[list[str]]:
        if self.postgres:
            return [line.split("|") for line in self.postgres.psql(sql, timeout=600).splitlines() if line]
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True) as base:
            return [[str(value) for value in row] for row in base.execute(sql)]

    def grant(self, count: int, role: str) -> None:
        """Gives a role to so many people: one person has a dozen streams at most."""
        from Cluster.server import mandate
        handles = [row[0] for row in self.ask(f"select handle from directory_person where is_active{'' if self.postgres else ' = 1'} order by handle limit {count}")]
        for handle in handles:
            mandate("user", "grant", handle, role, env=self.server.env)
        self.granted = ", ".join(f"'{handle}'" for handle in handles)

    def browsers(self, count: int, handles: str = "") -> list[Browser]:
        """Put into the table that sign-in would have filled; one after another of the people, or of those that are named."""
        named = f" and handle in ({handles})" if handles else ""
        kept = "id" if self.postgres else "hex(id)"
        people = [row[0] for row in self.ask(f"select {kept} from directory_person where is_active{'' if self.postgres else ' = 1'}{named} order by handle")]
        made, rows = [], []
        for index in range(count):
            browser = Browser(secrets.token_urlsafe(32), secrets.token_urlsafe(16))
            digest = base64.urlsafe_b64encode(hashlib.sha256(browser.cookie.encode()).digest()).decode().rstrip("=")
            made.append(browser)
            rows.append((digest, people[index % len(people)], browser.csrf))
        columns = "(id, secret, person, created_at, seen_at, ends_at, csrf, agent)"
        if self.postgres:
            values = ", ".join(f"(gen_random_uuid(), '{digest}', '{person}', now(), now(), now() + interval '1 day', '{csrf}', 'bench')" for digest, person, csrf in rows)
            self.postgres.psql(f"insert into kernel_browser {columns} values {values}")
        else:
            now = int(time.time() * 1_000_000)
            with sqlite3.connect(self.file, timeout=30) as base:
                base.executemany(f"insert into kernel_browser {columns} values (?, ?, ?, ?, ?, ?, ?, 'bench')",
                                 [(uuid.uuid4().bytes, digest, bytes.fromhex(person), now, now, now + 86_400_000_000, csrf) for digest, person, csrf in rows])
        return made

    def memory(self) -> int:
        """Megabytes that the server holds."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) // 1024

    def seconds(self) -> float:
        """Of a processor that the server has spent."""
        fields = Path(f"/proc/{self.server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def at(values: list[float], share: float) -> float:
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")
