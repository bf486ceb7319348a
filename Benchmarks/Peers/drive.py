"""One client for all products: wrk, with kept connections, for a bounded time; and what the processes hold in memory."""

from __future__ import annotations

import json
import math
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


class Wrong(Exception):
    """A product did not do what was asked; the run ends."""


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    body: Any = None

    @property
    def line(self) -> str:
        return f"{self.method}\t{self.path}\t{'' if self.body is None else json.dumps(self.body)}\n"


@dataclass
class Found:
    """Requests a second; milliseconds; bytes an answer, headers and all."""
    answers: int
    per_second: float
    p50: float
    p95: float
    p99: float
    size: float


@dataclass
class Address:
    base: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, call: Call, timeout: float = 60) -> Any:
        """One request outside the measurement; raises on any answer but 2xx."""
        body = None if call.body is None else json.dumps(call.body).encode()
        request = urllib.request.Request(self.base + call.path, data=body, method=call.method,
                                         headers={**self.headers, **({"Content-Type": "application/json"} if body else {})})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise Wrong(f"{call.method} {self.base}{call.path}: {error.code} {error.read()[:600].decode(errors='replace')}") from None

    def answers(self) -> bool:
        """Whether something listens and speaks HTTP."""
        try:
            urllib.request.urlopen(self.base, timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True


def drive(address: Address, calls: list[Call], connections: int, seconds: float, folder: Path, is_warming: bool = False) -> Found:
    """Sends the calls in turn over so many connections; an answer that is not 2xx ends the run, since its speed means nothing.
    Only while warming up may the time be too short for one answer."""
    file = folder / "calls.txt"
    file.write_text("".join(call.line for call in calls))
    done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{math.ceil(seconds)}s", "--timeout", "60s", "-s", str(HERE / "drive.lua"), address.base, "--", str(file),
                           *(f"{name}: {value}" for name, value in address.headers.items())], capture_output=True, text=True, timeout=seconds + 90)
    line = next((line for line in done.stdout.splitlines() if line.startswith("found ")), None)
    if done.returncode != 0 or line is None:
        raise Wrong(f"wrk: {done.stdout}{done.stderr}")
    answers, duration, p50, p95, p99, size, refused, failed = (float(part) for part in line.split()[1:])
    if refused or failed or not (answers or is_warming):
        raise Wrong(f"{calls[0].method} {address.base}{calls[0].path}: {answers:g} answers, {refused:g} not 2xx, {failed:g} failed or over 60 s")
    return Found(int(answers), answers / duration, p50 / 1000, p95 / 1000, p99 / 1000, size / max(1, answers))


def memory(pids: list[int]) -> tuple[float, float]:
    """RSS and PSS of processes together, in MB. Pages that forked processes share count in each RSS, and once in the sum of PSS."""
    rss = pss = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        for line in text.splitlines():
            if line.startswith("Rss:"):
                rss += int(line.split()[1])
            elif line.startswith("Pss:"):
                pss += int(line.split()[1])
    return rss / 1024, pss / 1024
