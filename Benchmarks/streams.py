#!/usr/bin/env python3
"""How long a change takes to reach every open page, with thousands of them at three servers over one PostgreSQL.

    Benchmarks/streams.py --binary .build/release/mandate [--streams 5000] [--seconds 30] [--rate 5]

All people of the demonstration have pages open on the list of requests, spread over three servers; requests are created at one server after another. Each event is
timed from before it was asked for to its arrival, at every stream whose person may read the record.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import os
import resource
import secrets
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests"))


def cookies(database, number: int) -> list[tuple[str, int]]:
    """Signed-in browsers, spread over the people, each with the number of its server: one server gives a person twelve streams at most, so a person's pages are spread
    over the servers too. Put into the table that sign-in would have filled."""
    people = database.psql("select id from directory_person where is_active order by handle").split()
    made = []
    for index in range(number):
        cookie = secrets.token_urlsafe(32)
        made.append((cookie, base64.urlsafe_b64encode(hashlib.sha256(cookie.encode()).digest()).decode().rstrip("="), people[index % len(people)]))
    values = ", ".join(
        f"(gen_random_uuid(), '{digest}', '{person}', now(), now(), now() + interval '1 day', '{secrets.token_urlsafe(16)}', 'bench')" for _, digest, person in made)
    database.psql(f"insert into kernel_browser (id, secret, person, created_at, seen_at, ends_at, csrf, agent) values {values}")
    return [(cookie, index + index // len(people)) for index, (cookie, _, _) in enumerate(made)]


class Streams:
    def __init__(self) -> None:
        self.open = 0
        self.asked: dict[str, float] = {}
        self.heard: list[tuple[str, float]] = []
        self.lost = 0

    async def listen(self, port: int, cookie: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /events?topic=service-desk.request HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: mandate={cookie}\r\n\r\n".encode())
        if b" 200 " not in await reader.readline():
            self.lost += 1
            writer.close()
            return
        self.open += 1
        try:
            while line := await reader.readline():
                if line.startswith(b"data: {\"") and b"record" in line:
                    self.heard.append((json.loads(line[6:])["record"], time.monotonic()))
        except (OSError, asyncio.CancelledError):
            return


def create(port: int, token: str, number: int) -> str:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/service-desk/requests", json.dumps({"subject": f"Live {number}"}).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["id"]


async def measure(servers: list, token: str, browsers: list[tuple[str, int]], seconds: float, rate: float) -> Streams:
    streams = Streams()
    tasks = []
    for index, (cookie, place) in enumerate(browsers):
        tasks.append(asyncio.create_task(streams.listen(servers[place % len(servers)].port, cookie)))
        if index % 50 == 49:
            await asyncio.sleep(0.05)
    deadline = time.monotonic() + 120
    while streams.open + streams.lost < len(browsers) and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    loop, number, end = asyncio.get_running_loop(), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        number += 1
        asked = time.monotonic()
        record = await loop.run_in_executor(None, create, servers[number % len(servers)].port, token, number)
        streams.asked[record] = asked
        await asyncio.sleep(max(0, 1 / rate - (time.monotonic() - asked)))
    await asyncio.sleep(3)
    for task in tasks:
        task.cancel()
    return streams


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/mandate")
    parser.add_argument("--streams", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rate", type=float, default=5, help="requests created a second")
    options = parser.parse_args()
    os.environ["MANDATE_BIN"] = str(options.binary.resolve())
    from Cluster.parts import temporary_folder
    from Cluster.postgres import Postgres
    from Cluster.server import Server
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(20_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    folder = temporary_folder("streams")
    with Postgres() as database:
        env = {"MANDATE_NO_RATE_LIMITS": "yes"}
        servers = [Server(data=folder / "data", database=database.url(), env=env, options=("--demo", "--demo-size", "100")) for _ in range(3)]
        try:
            for server in servers:
                server.start()
            token = servers[0].token("joseph")
            browsers = cookies(database, options.streams)
            streams = asyncio.run(measure(servers, token, browsers, options.seconds, options.rate))
            memory = [int(next(line for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines() if line.startswith("VmRSS")).split()[1]) // 1024
                      for server in servers]
        finally:
            for server in servers:
                server.stop()
    late = sorted(heard - streams.asked[record] for record, heard in streams.heard if record in streams.asked)
    if not late:
        sys.exit(f"nothing was heard by {streams.open} streams ({streams.lost} were refused)")
    at = lambda share: late[min(len(late) - 1, int(len(late) * share))] * 1000  # noqa: E731
    print(f"{streams.open} streams at {len(servers)} servers ({streams.lost} refused), {len(streams.asked)} requests created, {len(late)} arrivals: "
          f"p50 {at(0.5):.0f} ms, p95 {at(0.95):.0f} ms, p99 {at(0.99):.0f} ms, most {late[-1] * 1000:.0f} ms; servers hold {memory} MB")


if __name__ == "__main__":
    main()
