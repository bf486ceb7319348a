#!/usr/bin/env python3
"""Mandate beside Request Tracker 5 and roundup: the same requests in each, each asked over its own API by the same client, in one run.

    Benchmarks/Peers/setup                  once: the peers, from Debian and PyPI
    Benchmarks/Peers/run.py                 2,000 requests, about eight minutes
    Benchmarks/Peers/run.py --binary .build/release/mandate --database postgres --requests 20000 --output table.md

Prints a table in Markdown; what it is doing goes to standard error. All servers run on loopback in temporary folders and are gone afterwards.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import world  # noqa: E402
from drive import Address, Call, Wrong, drive, memory  # noqa: E402
from mandate import Mandate  # noqa: E402
from product import Names, Postgres, Product, Seen  # noqa: E402
from round_up import Roundup  # noqa: E402
from tables import Row, Table  # noqa: E402
from tracker import SERVER as TRACKER_SERVER, Tracker  # noqa: E402
from world import Request  # noqa: E402
from Cluster.parts import PartFailed, temporary_folder  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools/peers"
AT_ONCE = (1, 4)
LINES = 2000  # most different requests in turn
FEW = 60  # answers; where fewer are to be expected, the measurement takes twice the time
# The PostgreSQL server that all share: durable, and with room for all data in memory. English, as initdb sets on an English machine.
SETTINGS = {"shared_buffers": "1GB", "effective_cache_size": "4GB", "max_wal_size": "4GB", "random_page_cost": "1.1",
            "default_text_search_config": "pg_catalog.english"}


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Run:
    def __init__(self, options: argparse.Namespace, postgres: Postgres, folder: Path):
        self.options, self.postgres, self.folder = options, postgres, folder
        self.mandate = Mandate(postgres, folder / "mandate", options.binary, options.database)
        self.products: list[Product] = [self.mandate]
        if "tracker" in options.peers:
            self.products.append(Tracker(postgres, folder / "tracker"))
        if "roundup" in options.peers:
            self.products.append(Roundup(postgres, folder / "roundup", TOOLS))
        self.filling: dict[str, float] = {}
        self.table = Table()

    # MARK: the same in all

    def fill(self) -> None:
        names = self.mandate.start()
        self.requests = world.make(self.options.requests, self.options.seed, len(names.people), self.options.open)
        for product in self.products:
            say(f"filling {product.name} with {len(self.requests)} requests …")
            start = time.monotonic()
            product.load(self.requests, names)
            self.filling[product.name] = time.monotonic() - start
            say(f"  {self.filling[product.name]:.0f} s; {product.version}, {product.engine}")
        self.compare(names)

    def compare(self, names: Names) -> None:
        """Every product must show the same requests, and as many in each queue's list; else the run ends."""
        for request in random.Random(self.options.seed).sample(self.requests, min(20, len(self.requests))):
            want = Seen(request.subject, request.is_open, len(request.messages), names.queues[request.queue], names.people[request.person])
            for product in self.products:
                if (seen := product.seen(request)) != want:
                    raise Wrong(f"{product.name} shows {seen}, loaded was {want}")
        for queue in range(world.QUEUES):
            want = sum(request.is_open and request.queue == queue for request in self.requests)
            for product in self.products:
                total = product.total(product.list(queue))
                # The demonstration brings one request of its own.
                if not want <= total <= want + (product is self.mandate):
                    raise Wrong(f"{product.name} lists {total} open requests in {names.queues[queue]}, loaded were {want}")

    # MARK: measuring

    def measure(self) -> None:
        some = self.requests[::max(1, len(self.requests) // LINES)]
        random.Random(self.options.seed).shuffle(some)
        new = world.make(500, self.options.seed, len(self.mandate.people), self.options.open, first=len(self.requests))
        self.each("read one", lambda product: [product.read(request) for request in some])
        self.each("list of 50", lambda product: [product.list(queue) for queue in range(world.QUEUES)])
        for language, name in zip(world.LANGUAGES, ("English", "Arabic", "Chinese")):
            self.found(language, name)
            self.each(f"search, {name}", lambda product: [product.search(word) for word in world.words(language)])
        self.asides(some)
        # Last, since it makes the lists longer.
        self.each("create", lambda product: [product.create(request) for request in new])
        for product in self.products:
            own, sessions = product.pids(), product.backends()
            self.table.memory.append((product.name, len(own), *memory(own), len(sessions), memory(sessions)[1]))

    def each(self, work: str, calls: Callable[[Product], list[Call]]) -> None:
        say(work)
        for at_once in AT_ONCE:
            for product in self.products:
                self.table.rows.append(self.one(work, product, product.address, calls(product), at_once))

    def asides(self, some: list[Request]) -> None:
        """Without what costs Request Tracker most, and with what the main table spares it."""
        say("asides")
        for product in self.products:
            plain = [product.list(queue, plain=True) for queue in range(world.QUEUES)]
            self.table.asides.append(self.one("list of 50, plain", product, product.address, plain, AT_ONCE[-1]))
        for product in self.products:
            plain = [product.search(word, plain=True) for word in world.words("en")]
            self.table.asides.append(self.one("search, English, plain", product, product.address, plain, AT_ONCE[-1]))
        for product in self.products:
            if isinstance(product, Tracker):
                for at_once in AT_ONCE:
                    self.table.asides.append(self.one("read one, by token", product, product.by_token, [product.read(request) for request in some], at_once))

    def one(self, work: str, product: Product, address: Address, calls: list[Call], at_once: int) -> Row:
        warm = drive(address, calls, at_once, 1, self.folder, is_warming=True)
        product.settle()
        seconds = max(2, self.options.seconds)
        if warm.per_second * seconds < FEW:
            seconds *= 2
        before = product.cpu()
        found = drive(address, calls, at_once, seconds, self.folder)
        product.settle()
        # Those that were under way at the end were worked on too, one a connection.
        row = Row(work, at_once, product.name, found, (product.cpu() - before) / (found.answers + at_once) * 1000)
        say(f"  {product.name}, {at_once} at once: {found.per_second:.1f}/s, p95 {found.p95:.1f} ms, {row.cpu:.1f} ms of CPU each")
        return row

    def found(self, language: str, name: str) -> None:
        """How many requests hold each word, and how many of them each product finds."""
        texts = [" ".join([request.subject, *(message.text for message in request.messages)]) for request in self.requests]
        there = sum(sum(word in text for text in texts) for word in world.words(language))
        hits = {product.name: sum(product.total(product.search(word)) for word in world.words(language)) for product in self.products}
        self.table.hits.append((name, there, hits))

    def close(self) -> None:
        for product in self.products:
            if hasattr(product, "process"):
                product.close()


def machine() -> str:
    cpu = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), platform.machine())
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024 / 1024
    debian = Path("/etc/debian_version").read_text().strip() if Path("/etc/debian_version").exists() else platform.platform()
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB, Debian {debian}, Linux {platform.release()}; client and servers share the cores; load before the start {os.getloadavg()[0]:.1f}"


def absent(options: argparse.Namespace) -> list[str]:
    needed = {"wrk": shutil.which("wrk"), str(options.binary): options.binary.exists()}
    if "tracker" in options.peers:
        needed["request-tracker5"] = Path(TRACKER_SERVER).exists()
    if "roundup" in options.peers:
        needed["roundup"] = (TOOLS / "bin/gunicorn").exists()
    return [name for name, is_there in needed.items() if not is_there]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement")
    parser.add_argument("--seed", type=int, default=29)
    parser.add_argument("--open", type=float, default=0.3, help="the share of requests that are still open")
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/mandate")
    parser.add_argument("--database", default="postgres", help="Mandate's: postgres (that of the peers), sqlite, or an address")
    parser.add_argument("--peers", default="tracker,roundup", type=lambda text: text.split(","), help="which of tracker,roundup")
    parser.add_argument("--output", type=Path, help="also writes the table to this file")
    options = parser.parse_args()
    if missing := absent(options):
        sys.exit(f"run.py: not there: {', '.join(missing)}. Run Benchmarks/Peers/setup, and build Mandate with make build CONFIG=release.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    start, place, folder, run = time.monotonic(), machine(), temporary_folder("peers"), None
    try:
        with Postgres(settings=SETTINGS) as postgres:
            run = Run(options, postgres, folder)
            try:
                run.fill()
                run.measure()
            finally:
                run.close()
    except (Wrong, PartFailed) as failure:
        sys.exit(f"run.py: {failure}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = run.table.text(place, options, run.products, run.filling, time.monotonic() - start)
    print(text)
    if options.output:
        options.output.write_text(text + "\n")


if __name__ == "__main__":
    main()
