#!/usr/bin/env python3
"""Mixed work for an hour at two servers, one over SQLite and one over PostgreSQL: do memory and file descriptors stay flat?

    Benchmarks/soak.py --binary .build/release/mandate [--minutes 60] [--rate 20] [--output soak.md]

At each server so many operations a second: pages, lists, searches, exports, new requests, moves, messages, files, and live streams that open and close. Once a minute the server's
resident memory, descriptors and threads are read. What is compared is the first third after ten minutes of warming with the last third.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import statistics
import sys
import threading
import time
import urllib.parse
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests"))
REQUESTS = "/api/v1/service-desk/requests"
WORDS = ["payslip", "التيار", "电脑", "Boîte", "código", "Nairobi", "laptop"]


class Worker(threading.Thread):
    """One program and one browser of the same person, in turn: each operation on a kept connection, at a steady rate."""

    def __init__(self, server, token: str, cookie: str, rate: float, seed: int):
        super().__init__(daemon=True)
        self.server, self.token, self.cookie, self.pause = server, token, cookie, 1 / rate
        self.chance = random.Random(seed)
        self.link: http.client.HTTPConnection | None = None
        self.ids: list[str] = []
        self.times: list[float] = []
        self.answers: Counter[str] = Counter()
        self.ending = threading.Event()

    def run(self) -> None:
        while not self.ending.is_set():
            began = time.monotonic()
            try:
                self.once()
            except OSError as error:
                self.answers[type(error).__name__] += 1
                self.link = None
            self.ending.wait(max(0, self.pause - (time.monotonic() - began)))

    def once(self) -> None:
        draw, chance = self.chance.random(), self.chance
        some = chance.choice(self.ids) if self.ids else None
        if draw < 0.12 or some is None:
            made = self.send("create", "POST", REQUESTS, {"subject": f"{chance.choice(WORDS)} {chance.randrange(10**6)}", "details": "x" * chance.randrange(1, 2000)})
            if made:
                self.ids = self.ids[-200:] + [json.loads(made)["id"]]
        elif draw < 0.18:
            self.send("take", "POST", f"{REQUESTS}/{some}/moves/take", {})
        elif draw < 0.26:
            self.send("message", "POST", f"{REQUESTS}/{some}/comments", {"body": f"{chance.choice(WORDS)} {chance.random()}", "visibility": "internal"})
        elif draw < 0.28:
            self.send("file", "POST", f"{REQUESTS}/{some}/attachments?filename=note.txt", chance.randbytes(chance.randrange(1, 50_000)).hex().encode())
        elif draw < 0.40:
            self.send("API list", "GET", f"{REQUESTS}?view=open")
        elif draw < 0.48:
            self.send("API record", "GET", f"{REQUESTS}/{some}")
        elif draw < 0.56:
            self.send("API search", "GET", f"{REQUESTS}?q={'Nairobi' if chance.random() < 0.5 else 'laptop'}")
        elif draw < 0.72:
            self.send("list page", "GET", "/service-desk/requests?view=open", browser=True)
        elif draw < 0.82:
            self.send("record page", "GET", f"/service-desk/requests/{some}", browser=True)
        elif draw < 0.88:
            self.send("today", "GET", "/today", browser=True)
        elif draw < 0.93:
            self.send("history", "GET", f"{REQUESTS}/{some}/history")
        elif draw < 0.95:
            self.send("export", "GET", "/service-desk/requests/export.csv?view=open", browser=True)
        elif draw < 0.98:
            self.stream()
        else:
            self.send("refused", "GET", f"{REQUESTS}/00000000-0000-7000-8000-000000000000")

    def send(self, name: str, method: str, path: str, body: object = None, browser: bool = False) -> bytes | None:
        if self.link is None or self.chance.random() < 0.01:
            self.link = http.client.HTTPConnection(self.server.host, self.server.port, timeout=30)
        raw = isinstance(body, bytes)
        headers = {"Cookie": self.cookie} if browser else {"Authorization": f"Bearer {self.token}", "Content-Type": "text/plain" if raw else "application/json"}
        began = time.monotonic()
        self.link.request(method, path, body if raw else json.dumps(body) if body is not None else None, headers)
        answer = self.link.getresponse()
        text = answer.read()
        self.times.append(time.monotonic() - began)
        self.answers[f"{name} {answer.status}"] += 1
        if answer.will_close:
            self.link = None
        return text if answer.status < 300 else None

    def stream(self) -> None:
        """A page that is open for a moment, and gone without a word."""
        link = http.client.HTTPConnection(self.server.host, self.server.port, timeout=30)
        link.request("GET", "/events?topic=service-desk.request", headers={"Cookie": self.cookie})
        answer = link.getresponse()
        self.answers[f"stream {answer.status}"] += 1
        answer.fp.readline()
        link.close()


def sign_in(server, persona: str) -> str:
    """The cookie of a browser in which the person has signed in, as the form of the demonstration does it."""
    link = http.client.HTTPConnection(server.host, server.port, timeout=30)
    link.request("GET", "/sign-in")
    answer = link.getresponse()
    visit = answer.getheader("Set-Cookie", "").split(";")[0]
    csrf = re.search(r'name="csrf" value="([^"]+)"', answer.read().decode()).group(1)
    link.request("POST", "/sign-in/demo", urllib.parse.urlencode({"csrf": csrf, "persona": persona}),
                 {"Cookie": visit, "Content-Type": "application/x-www-form-urlencoded", "Origin": server.address})
    answer = link.getresponse()
    answer.read()
    cookies = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie" and value.startswith("mandate=")]
    if not cookies:
        raise RuntimeError(f"{persona} could not sign in: {answer.status}")
    link.close()
    return cookies[0]


def reading(pid: int) -> dict[str, int]:
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {"memory": int(status["VmRSS"].split()[0]) // 1024, "descriptors": len(os.listdir(f"/proc/{pid}/fd")), "threads": int(status["Threads"])}


def soak(server, name: str, token: str, cookie: str, options, out: list[str]) -> None:
    workers = [Worker(server, token, cookie, options.rate / 4, seed) for seed in range(4)]
    for worker in workers:
        worker.start()
    samples = []
    for minute in range(options.minutes):
        time.sleep(60)
        samples.append(reading(server.process.pid))
        times = sorted(time for worker in workers for time in worker.times)
        for worker in workers:
            worker.times = []
        samples[-1] |= {"operations": len(times), "p50": round(statistics.median(times) * 1000, 1), "p99": round(times[int(len(times) * 0.99)] * 1000, 1)}
        print(f"{name}, minute {minute + 1}: {samples[-1]}", flush=True)
    for worker in workers:
        worker.ending.set()
    for worker in workers:
        worker.join(40)
    answers = sum((worker.answers for worker in workers), Counter())
    steady = samples[min(10, len(samples) // 3):]
    third = max(1, len(steady) // 3)
    mean = lambda part, what: statistics.mean(sample[what] for sample in part)  # noqa: E731
    out.append(f"{name}: {sum(sample['operations'] for sample in samples)} operations in {options.minutes} minutes; " + "; ".join(
        f"{what} {mean(steady[:third], what):.0f} → {mean(steady[-third:], what):.0f} (most {max(sample[what] for sample in samples)})"
        for what in ("memory", "descriptors", "threads", "p50", "p99")))
    faults = {text: count for text, count in answers.items() if text.split()[-1] not in ("200", "201", "409") and text not in ("refused 404", "take 403")}
    out.append(f"    answers: {dict(sorted(answers.items()))}" + (f"; FAULTS: {faults}" if faults else ""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/mandate")
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--rate", type=float, default=20, help="operations a second at each server")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    os.environ["MANDATE_BIN"] = str(options.binary.resolve())
    from Cluster.parts import temporary_folder
    from Cluster.postgres import Postgres
    from Cluster.server import Server
    folder = temporary_folder("soak")
    out: list[str] = []
    with Postgres() as database:
        env = {"MANDATE_NO_RATE_LIMITS": "yes"}
        servers = {name: Server(data=folder / name, database=address, env=env, options=("--demo", "--demo-size", "400"))
                   for name, address in (("SQLite", None), ("PostgreSQL", database.url()))}
        try:
            threads = []
            for name, server in servers.items():
                server.start()
                threads.append(threading.Thread(target=soak, args=(server, name, server.token("joseph"), sign_in(server, "joseph"), options, out)))
                threads[-1].start()
            for thread in threads:
                thread.join()
        finally:
            for server in servers.values():
                server.stop()
    print("\n".join(out))
    if options.output:
        options.output.write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
