"""What every part needs: a user that is not root, a folder, a free port, a process with its log, waiting with an end."""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "mandate-cluster-"
MARK = "cluster.json"


class PartFailed(Exception):
    """A part did not start or did not do what was asked; says which, and the end of its log."""


def system_user() -> str | None:
    """The user the parts run as when root starts them; None means: as whoever calls."""
    return os.environ.get("MANDATE_CLUSTER_USER", "postgres") if os.geteuid() == 0 else None


def as_user() -> dict[str, object]:
    """Arguments of `subprocess` that give up root."""
    user = system_user()
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": os.getgrouplist(user, entry.pw_gid)}


def give(path: Path, mode: int | None = None) -> Path:
    """Hands a file or folder to the user that the parts run as."""
    user = system_user()
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    if mode is not None:
        os.chmod(path, mode)
    return path


def make_folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return give(path, 0o700)


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    return give(path, mode)


def free_port() -> int:
    """A loopback port that nobody listens on now. Another program can still take it first: whoever starts something on it tries again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def free_ports(count: int) -> list[int]:
    """Ports that differ from one another, which asking one by one does not promise."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def program(name: str, package: str, *folders: str) -> str:
    """The path of a program, or what to install."""
    for folder in folders:
        if os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin")
    if found is None:
        raise PartFailed(f"{name} is not installed; as root: apt-get install --no-install-recommends {package}")
    return found


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """No PG… variables of the caller's reach a part, and no language but C."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG", "ETCD", "PATRONI"))}
    return {**kept, "LC_ALL": "C", "HOME": "/tmp", **(extra or {})}


def run(arguments: Sequence[str], *, timeout: float = 60, env: Mapping[str, str] | None = None, input: str | None = None,
        cwd: Path | str = "/") -> str:
    """Runs a program as the parts' user and answers what it printed; raises with what it complained about."""
    done = subprocess.run(list(arguments), capture_output=True, text=True, timeout=timeout, env=environment(env), input=input, cwd=cwd,
                          **({"stdin": subprocess.DEVNULL} if input is None else {}), **as_user())
    if done.returncode != 0:
        raise PartFailed(f"{arguments[0]} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


def wait_until(what: str, claim: Callable[[], bool], timeout: float = 30, every: float = 0.05) -> float:
    """Waits until the claim holds; answers the seconds it took."""
    start = time.monotonic()
    while not claim():
        if time.monotonic() - start > timeout:
            raise PartFailed(f"not within {timeout:g} s: {what}")
        time.sleep(every)
    return time.monotonic() - start


def listens(port: int, address: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0


def alive(pid: int) -> bool:
    """True while the process runs; one that has ended and only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def descendants(pid: int) -> list[int]:
    """The processes below one, nearest first."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            parents.setdefault(parent, []).append(int(entry))
    found, next_ = [], [pid]
    while next_:
        next_ = [child for parent in next_ for child in parents.get(parent, [])]
        found += next_
    return found


def working_in(folder: Path) -> list[int]:
    """The processes whose working directory is this folder: PostgreSQL's own, all of them."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.readlink(f"/proc/{entry}/cwd") == str(folder) and alive(int(entry)):
                found.append(int(entry))
        except OSError:
            continue
    return found


def kill_tree(pid: int) -> None:
    """kill -9 of a process and of all below it, as when the machine loses its power: the parent first, so that it cannot see its children go."""
    below = descendants(pid)
    for victim in [pid, *below]:
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            pass
    wait_until(f"process {pid} is gone", lambda: not any(alive(victim) for victim in [pid, *below]), 10, 0.01)


class Process:
    """A program that stays in the foreground: etcd, Patroni, HAProxy, pgbouncer, mandate."""

    def __init__(self, name: str, arguments: Sequence[str], log: Path, env: Mapping[str, str] | None = None, *, as_caller: bool = False,
                 cwd: Path | str = "/"):
        self.name, self.arguments, self.log, self.env, self.as_caller, self.cwd = name, list(arguments), log, env, as_caller, cwd
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None, f"{self.name} was never started"
        return self.process.pid

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, ready: Callable[[], bool] | None = None, timeout: float = 30) -> "Process":
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment(self.env), cwd=self.cwd,
                                            start_new_session=True, **({} if self.as_caller else as_user()))
        if ready is not None:
            try:
                wait_until(f"{self.name} is ready", lambda: not self.is_running or ready(), timeout)
            except PartFailed as failure:
                self.kill()
                raise PartFailed(f"{failure}\n{self.tail()}") from None
            if not self.is_running:
                raise PartFailed(f"{self.name} ended with {self.process.returncode} instead of starting\n{self.tail()}")
        return self

    def send(self, number: int) -> None:
        if self.is_running:
            os.kill(self.pid, number)

    def stop(self, timeout: float = 20, number: int = signal.SIGTERM) -> None:
        if not self.is_running:
            return
        self.send(number)
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        if self.is_running:
            kill_tree(self.pid)
            self.process.wait(5)

    def tail(self, lines: int = 15) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


# MARK: folders


def temporary_folder(kind: str) -> Path:
    """A new folder in the system's temporary place; those that an interrupted run left behind are removed first."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX + kind + "-"))
    mark(folder, os.getpid())
    return give(folder)


def mark(folder: Path, owner: int | None, **more: object) -> None:
    """Says whose folder it is: the process that made it, so that others know when it is stale."""
    write(folder / MARK, json.dumps({"owner": owner, "owner-started": started(owner), **more}))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Makes the folder and holds it alone; another who wants it waits."""
    while True:
        make_folder(folder)
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if folder.exists() and os.fstat(handle).st_ino == folder.stat().st_ino:
            break
        os.close(handle)  # it was removed while we waited
    try:
        yield
    finally:
        os.close(handle)


def read_mark(folder: Path) -> dict:
    try:
        return json.loads((folder / MARK).read_text())
    except (OSError, ValueError):
        return {}


def started(pid: int | None) -> str | None:
    """When a process began, in ticks since the machine's start: with its number it names a process for good."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


def sweep(place: Path | None = None) -> list[Path]:
    """Ends the parts and removes the folders whose owner has died."""
    swept = []
    for folder in (place or Path(tempfile.gettempdir())).glob(PREFIX + "*"):
        seen = read_mark(folder)
        owner = seen.get("owner")
        if owner is None or (alive(owner) and started(owner) == seen.get("owner-started")):
            continue
        remove(folder)
        swept.append(folder)
    return swept


def remove(folder: Path) -> None:
    """Kills whatever still runs out of a folder of ours, and removes it."""
    if not (folder / MARK).exists():
        raise PartFailed(f"{folder} was not made by Tests/Cluster; it stays")
    for pid in (int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
        if pid != os.getpid() and str(folder) + "/" in command(pid) and alive(pid) and is_part(pid):
            kill_tree(pid)
    shutil.rmtree(folder, ignore_errors=True)


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


def is_part(pid: int) -> bool:
    """A part by its program's name: an editor or a `tail` on a log in the folder is left alone."""
    return any(name in command(pid).split(" --")[0] for name in ("postgres", "etcd", "patroni", "haproxy", "pgbouncer", "pgbackrest", "mandate serve"))
