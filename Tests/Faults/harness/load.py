"""Writers over the API that know what was acknowledged to them, and the check that all of it is there, once.

Each operation has an `Idempotency-Key` and is repeated under it until there is a definite answer: what a program does that must not lose a write. After
the fault each acknowledged record must be there as it was last acknowledged, nothing twice, and nothing that was refused.
"""

from __future__ import annotations

import random
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.installation import REQUESTS, Answer, Server, send

RETRIED = {429, 502, 503, 504, 507}  # the server says: not now
LONG = "x" * 300


@dataclass
class Kept:
    """A record as the server acknowledged it last, and the change that was sent after that and never answered."""
    id: str
    subject: str
    details: str
    version: int
    reference: str
    comments: list[str] = field(default_factory=list)
    unsure: str | None = None  # details of a change without an answer
    unsure_comment: str | None = None


class Load:
    """Writers in threads. `servers` may be several over one database: a writer goes to the next after a failure."""

    def __init__(self, servers: Sequence[Server], token: str, *, writers: int = 4, pause: float = 0.004, timeout: float = 5, seed: int = 1):
        self.servers, self.token, self.pause, self.timeout = list(servers), token, pause, timeout
        self.mark = f"F{seed}x{time.time_ns() // 1_000_000 % 10**9}"
        self.kept: dict[str, Kept] = {}
        self.unsure: set[str] = set()  # subjects of creates without a definite answer
        self.acknowledged: list[float] = []  # when, on this machine's monotonic clock
        self.creates = 0
        self.repeated = 0  # answers that the server gave again from memory
        self.answers: Counter[str] = Counter()  # everything but acknowledgements: "503 store-full", "no answer"
        self.wrong: list[str] = []  # answers that no fault excuses
        self.vague: list[str] = []  # refusals that are no problem+json
        self.slowest = 0.0
        self._lock = threading.Lock()
        self._ending, self._abandoned = threading.Event(), threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(number, random.Random(f"{seed} {number}")), daemon=True) for number in range(writers)]

    def start(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def finish(self, within: float = 30) -> None:
        """No new operations; those under way are repeated until they are answered, or for `within` seconds."""
        self._ending.set()
        end = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0.01, end - time.monotonic()))
        self._abandoned.set()
        for thread in self._threads:
            thread.join(self.timeout + 5)

    # MARK: writing

    def _write(self, number: int, chance: random.Random) -> None:
        mine: Kept | None = None
        count = 0
        state = _Line(self, number)
        try:
            while not self._ending.is_set():
                count += 1
                name = f"{self.mark}-{number}-{count}"
                draw = chance.random()
                if mine is None or draw < 0.6:
                    mine = self._create(state, name) or mine
                elif draw < 0.85:
                    self._change(state, mine, name)
                else:
                    self._comment(state, mine, name)
                if mine is not None and (mine.unsure or mine.unsure_comment):
                    mine = None
                time.sleep(self.pause)
        finally:
            state.close()

    def _create(self, line: "_Line", name: str) -> Kept | None:
        with self._lock:
            self.unsure.add(name)
        answer = line.until_answered("POST", REQUESTS, {"subject": name, "details": name + LONG}, name)
        if answer is None:
            return None
        if answer.status != 201:
            self._note_wrong(f"create: {answer}, before that {line.before[-3:]}")
            return None
        made = answer.json
        kept = Kept(made["id"], name, name + LONG, made["version"], made["reference"])
        with self._lock:
            self.unsure.discard(name)
            self.kept[name] = kept
            self.creates += 1
        return kept

    def _change(self, line: "_Line", mine: Kept, name: str) -> None:
        mine.unsure = name + LONG
        answer = line.until_answered("PATCH", f"{REQUESTS}/{mine.id}", {"details": name + LONG}, name, {"If-Match": f'"{mine.version}"'})
        if answer is None:
            return
        mine.unsure = None
        if answer.status != 200:
            return self._note_wrong(f"change of version {mine.version}: {answer}, before that {line.before[-3:]}")
        mine.details, mine.version = name + LONG, answer.json["version"]

    def _comment(self, line: "_Line", mine: Kept, name: str) -> None:
        mine.unsure_comment = name
        answer = line.until_answered("POST", f"{REQUESTS}/{mine.id}/comments", {"body": name, "visibility": "internal"}, name)
        if answer is None:
            return
        mine.unsure_comment = None
        if answer.status != 201:
            return self._note_wrong(f"message: {answer}, before that {line.before[-3:]}")
        mine.comments.append(name)
        # A message of the desk counts as an answer and may move the record's version.
        with_version = line.until_answered("GET", f"{REQUESTS}/{mine.id}", None, None)
        if with_version is None or with_version.status != 200:
            return
        version = with_version.json["version"]
        if version < mine.version:
            self._note_wrong(f"{mine.reference} has version {version} after {mine.version} was acknowledged")
        mine.version = version

    def _note_wrong(self, text: str) -> None:
        with self._lock:
            self.wrong.append(text)

    # MARK: what was seen

    @property
    def count(self) -> int:
        with self._lock:
            return len(self.acknowledged)

    def acknowledged_after(self, moment: float) -> float | None:
        """When the first write was acknowledged that was sent and answered after the moment."""
        with self._lock:
            later = [at for at in self.acknowledged if at > moment]
        return min(later, default=None)

    def wait_for_write(self, moment: float, within: float) -> float | None:
        """Seconds from the moment to the next acknowledged write; None if there is none in time."""
        while time.monotonic() < moment + within:
            at = self.acknowledged_after(moment)
            if at is not None:
                return at - moment
            time.sleep(0.01)
        return None

    def longest_gap(self, since: float | None = None) -> float:
        """The longest time in which nothing was acknowledged."""
        with self._lock:
            times = sorted(at for at in self.acknowledged if since is None or at >= since)
        return max((later - sooner for sooner, later in zip(times, times[1:])), default=0.0)

    # MARK: the check

    def check(self, server: Server) -> list[str]:
        """What is not as it was acknowledged; empty when every write is there exactly once. Reads with the same rights as it wrote."""
        found = self._all(server)
        faults: list[str] = [f"an answer that no fault excuses: {text}" for text in sorted(set(self.wrong))[:5]]
        faults += [f"a refusal that is no problem+json: {text}" for text in sorted(set(self.vague))[:5]]
        by_subject: dict[str, list[dict]] = {}
        for row in found:
            if row["subject"].startswith(self.mark + "-"):
                by_subject.setdefault(row["subject"], []).append(row)
        references = Counter(row["reference"] for row in found)
        faults += [f"the number {number} was given {times} times" for number, times in references.items() if times > 1]
        lost = [name for name in self.kept if name not in by_subject]
        if lost:
            faults.append(f"{len(lost)} acknowledged records are lost, the first {lost[0]}")
        twice = [name for name, rows in by_subject.items() if len(rows) > 1]
        if twice:
            faults.append(f"{len(twice)} records were made twice, the first {twice[0]}")
        strange = [name for name in by_subject if name not in self.kept and name not in self.unsure]
        if strange:
            faults.append(f"{len(strange)} records are there whose creation was refused, the first {strange[0]}")
        link = server.connection(20)
        for name, kept in self.kept.items():
            rows = by_subject.get(name)
            if not rows:
                continue
            row = rows[0]
            if row["details"] != kept.details and row["details"] != kept.unsure:
                faults.append(f"{kept.reference}: an acknowledged change is not there, version {row['version']}, acknowledged {kept.version}")
            if row["version"] < kept.version:
                faults.append(f"{kept.reference}: version {row['version']} is older than the acknowledged {kept.version}")
            if row["reference"] != kept.reference:
                faults.append(f"{kept.reference} is now {row['reference']}")
            if kept.comments or kept.unsure_comment:
                faults += self._check_comments(link, kept)
        link.close()
        return faults

    def _check_comments(self, link, kept: Kept) -> list[str]:
        answer = send(link, "GET", f"{REQUESTS}/{kept.id}/comments", token=self.token)
        there = Counter(item["body"] for item in answer.json["items"])
        faults = [f"{kept.reference}: message {text} is there {there[text]} times" for text in kept.comments if there[text] != 1]
        if kept.unsure_comment and there[kept.unsure_comment] > 1:
            faults.append(f"{kept.reference}: message {kept.unsure_comment} was written twice")
        return faults

    def _all(self, server: Server) -> list[dict]:
        """Every record the writer may read, page by page."""
        rows: list[dict] = []
        link = server.connection(30)
        fields = urllib.parse.urlencode({"fields": "subject,details,reference,version", "sort": "created-at", "limit": "200"})
        path: str | None = f"{REQUESTS}?{fields}"
        while path:
            answer = send(link, "GET", path, token=self.token)
            if answer.status != 200:
                raise RuntimeError(f"the list cannot be read: {answer}")
            rows += answer.json["items"]
            path = answer.json["next"]
        link.close()
        return rows


class _Line:
    """A writer's connection to a server, made again after a failure."""

    def __init__(self, load: Load, number: int):
        self.load, self.at = load, number % len(load.servers)
        self.link = None
        self.before: list[str] = []  # what the operation under way was answered until now

    def close(self) -> None:
        if self.link is not None:
            self.link.close()
            self.link = None

    def until_answered(self, method: str, path: str, body: object, key: str | None, headers: dict[str, str] | None = None) -> Answer | None:
        """Sends it again until there is an answer that says yes or no; None when that was given up."""
        load = self.load
        pause = 0.02
        self.before.clear()
        while True:
            began = time.monotonic()
            answer = self._once(method, path, body, {**(headers or {}), **({"Idempotency-Key": key} if key else {})})
            if answer is not None and answer.status not in RETRIED and answer.code != "idempotency-key-in-use" and answer.status < 500:
                if 200 <= answer.status < 300 and method != "GET":
                    with load._lock:
                        load.acknowledged.append(time.monotonic())
                        load.slowest = max(load.slowest, time.monotonic() - began)
                        load.repeated += "idempotency-replayed" in answer.headers
                return answer
            self.before.append(str(answer) if answer is not None else "no answer")
            if load._abandoned.is_set():
                return None
            time.sleep(pause)
            pause = min(pause * 1.6, 0.4)

    def _once(self, method: str, path: str, body: object, headers: dict[str, str]) -> Answer | None:
        load = self.load
        try:
            if self.link is None:
                self.link = load.servers[self.at].connection(load.timeout)
            answer = send(self.link, method, path, body, headers=headers, token=load.token)
        except OSError as error:
            self.close()
            self.at = (self.at + 1) % len(load.servers)
            with load._lock:
                load.answers["no answer in time" if isinstance(error, TimeoutError) else "no answer"] += 1
            return None
        if answer.status >= 400:
            with load._lock:
                load.answers[str(answer)[:80]] += 1
                if not answer.code:
                    load.vague.append(str(answer)[:120])
                if answer.status == 500 or (answer.status > 500 and answer.status not in RETRIED):
                    load.wrong.append(f"{method} {path.split('?')[0].replace(REQUESTS, '…')[:12]}: {answer}")
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer
