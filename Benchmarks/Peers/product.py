"""What every product must be able to do here."""

from __future__ import annotations

import os
import sys
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Tests"))
from Cluster.parts import Process, descendants  # noqa: E402
from Cluster.postgres import Postgres  # noqa: E402

from drive import Address, Call  # noqa: E402
from world import Request  # noqa: E402

ROWS = 50  # of a page of a list
# In front of a server: it ends when the benchmark does, even if that is killed.
LEASH = ["setpriv", "--pdeathsig", "TERM", "--"]


@dataclass(frozen=True)
class Names:
    """What queues and people are called, the same in every product."""
    queues: list[str]
    people: list[str]  # mail addresses


@dataclass(frozen=True)
class Seen:
    """A request as a product shows it, to see that all were loaded alike."""
    subject: str
    is_open: bool
    messages: int
    queue: str
    person: str


def spent(pid: int) -> float:
    """Processor seconds of a process and of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


class Product(ABC):
    name: str
    version: str
    engine: str
    address: Address
    process: Process
    database: str | None = None  # of the PostgreSQL server, when it is on that

    def __init__(self, postgres: Postgres, folder: Path):
        self.postgres, self.folder = postgres, folder

    @abstractmethod
    def load(self, requests: list[Request], names: Names) -> None:
        """Brings the requests in and leaves the server running, ready to be asked."""

    @abstractmethod
    def seen(self, request: Request) -> Seen:
        """What the API says of a request that was loaded."""

    @abstractmethod
    def create(self, request: Request) -> Call: ...

    @abstractmethod
    def read(self, request: Request) -> Call: ...

    @abstractmethod
    def list(self, queue: int, plain: bool = False) -> Call:
        """Open requests of a queue, the next due first, then the most pressing: with queue, owner and requester as a desk shows them,
        or with nothing but what stands in the request's own row."""

    @abstractmethod
    def search(self, word: str, plain: bool = False) -> Call: ...

    @abstractmethod
    def total(self, call: Call) -> int:
        """How many the whole list has of which the call gets a page."""

    def pids(self) -> list[int]:
        return [self.process.pid, *descendants(self.process.pid)]

    def backends(self) -> list[int]:
        """Processes of the PostgreSQL server that serve this product now."""
        if self.database is None:
            return []
        text = self.postgres.psql(f"select pid from pg_stat_activity where datname = '{self.database}' and pid <> pg_backend_pid()")
        return [int(line) for line in text.split()]

    def cpu(self) -> float:
        """Processor seconds that the product and the PostgreSQL server have spent, those of processes that have ended among them."""
        return sum(spent(pid) + sum(spent(child) for child in descendants(pid)) for pid in (self.process.pid, self.postgres.pid))

    def settle(self) -> None:
        """Waits until the product has done what was left when its client went away, so that it costs the next one nothing."""
        for _ in range(20):
            before = self.cpu()
            time.sleep(0.2)
            if self.cpu() - before <= 0.02:
                return

    def close(self) -> None:
        self.process.stop()
