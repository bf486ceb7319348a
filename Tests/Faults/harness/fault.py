"""A fault is a function with a promise: its docstring's first paragraph. It is given a `Run`, tells figures, and says what did not hold."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from Cluster.postgres import Postgres
from harness.installation import Installation, Templates


@dataclass(frozen=True)
class Fault:
    name: str
    body: Callable[["Run"], None]
    databases: tuple[str, ...]
    needs_root: bool

    @property
    def promise(self) -> str:
        return " ".join((self.body.__doc__ or "").strip().split("\n\n")[0].split())


FAULTS: list[Fault] = []


def fault(name: str, databases: tuple[str, ...] = ("sqlite", "postgres"), needs_root: bool = False):
    """Puts a function into the list of faults, in the order of the files."""
    def add(body: Callable[["Run"], None]) -> Callable[["Run"], None]:
        FAULTS.append(Fault(name, body, databases, needs_root))
        return body
    return add


class NotRun(Exception):
    """The fault cannot be made here; says what is missing. Told in the table, never counted as kept."""


@dataclass
class Options:
    binary: Path
    database: str
    short: bool = True
    kills: int = 10
    seed: int = 1

    def seconds(self, short: float, long: float) -> float:
        return short if self.short else long


@dataclass
class Run:
    """One fault being run on one database."""

    fault: Fault
    options: Options
    folder: Path
    templates: Templates
    random: random.Random
    figures: dict[str, object] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def is_postgres(self) -> bool:
        return self.options.database == "postgres"

    def installation(self, data: Path | None = None, postgres: Postgres | None = None, **how) -> Installation:
        """A filled demonstration of its own, in `data` (a folder to be made), for PostgreSQL in a database of its own in `postgres`, else in the shared one."""
        place = self.templates.copy(data or self.folder / f"data-{len(list(self.folder.iterdir()))}", postgres, **how)
        self.stack.callback(place.close)
        return place

    def expect(self, holds: bool, sentence: str) -> bool:
        """A promise that does not hold breaks the fault; it goes on, so that one run tells of all of them."""
        if not holds and sentence not in self.broken:
            self.broken.append(sentence)
        return holds

    def figure(self, name: str, value: object) -> None:
        self.figures[name] = round(value, 2) if isinstance(value, float) else value

    def step(self, text: str) -> None:
        self.steps.append(text)
        print(f"    {text}", flush=True)


@dataclass
class Outcome:
    name: str
    database: str
    promise: str
    state: str  # kept, broken, not run
    what: list[str]
    figures: dict[str, object]
    seconds: float

    @property
    def json(self) -> dict:
        return {"fault": self.name, "database": self.database, "promise": self.promise, "state": self.state, "broken": self.what if self.state == "broken" else [],
                "note": self.what[0] if self.state == "not run" and self.what else None, "figures": self.figures, "seconds": round(self.seconds, 1)}


def short(error: Exception) -> str:
    """An error without the log that may follow it: its first line, and what a program said last of itself."""
    lines = str(error).splitlines() or [""]
    own = [line for line in lines[1:] if line.startswith(("mandate:", "Fatal", "FATAL"))]
    return f"{type(error).__name__}: {' '.join([lines[0], *own])[:400]}"


@contextmanager
def temporary(prefix: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_fault(one: Fault, options: Options, templates: Templates) -> Outcome:
    """Runs one fault whatever happens in it: what the harness itself stumbles over counts as a broken promise too."""
    started = time.monotonic()
    state = "kept"
    with temporary("mandate-fault-") as folder:
        run = Run(one, options, folder, templates, random.Random(f"{options.seed} {one.name}"))
        try:
            with run.stack:
                one.body(run)
            what = run.broken
            if run.broken:
                state = "broken"
        except NotRun as reason:
            state, what = ("broken", run.broken) if run.broken else ("not run", [str(reason)])
        except Exception as error:
            state, what = "broken", [*run.broken, short(error)]
    return Outcome(one.name, options.database, one.promise, state, list(what), run.figures, time.monotonic() - started)
