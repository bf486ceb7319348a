"""The disk is full, or can only be read."""

import os
import time
from collections import Counter

from Cluster.parts import PartFailed
from Cluster.postgres import Postgres
from harness.checks import all_is_there
from harness.fault import Run, fault
from harness.installation import REQUESTS, Answer, Installation, Server
from harness.load import Load
from harness.volume import Volume

# A small write-ahead log, so that the small disk is filled by what is written and not by what is reserved.
SMALL = {"max_wal_size": "64MB", "min_wal_size": "32MB", "wal_recycle": "off"}


def on_volume(run: Run) -> tuple[Volume, Installation, Postgres | None]:
    """An installation whose database is on a disk of its own."""
    volume = Volume(run, 420 if run.is_postgres else 120)
    if not run.is_postgres:
        place = run.installation(volume.place / "data", logs=run.folder / "logs")
        os.sync()  # the copy is the harness's; what the server writes is its own to sync
        return volume, place, None
    database = Postgres(volume.place / "pg", settings=SMALL).start()
    run.stack.callback(database.kill)
    place = run.installation(postgres=database)
    os.sync()  # initdb was told not to
    return volume, place, database


def try_writes(server: Server, token: str, target: str, seconds: float) -> Counter[str]:
    """What a write, a write with a file and a read are answered while it lasts."""
    seen: Counter[str] = Counter()
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        seen["write " + told(server, "POST", REQUESTS, {"subject": f"While it lasts {number}", "details": "y" * 9000}, token)] += 1
        # A file that differs each time: one that is there already needs no room.
        seen["file " + told(server, "POST", f"{REQUESTS}/{target}/attachments?filename=f{number}.txt", f"{number} ".encode() + b"z" * 60_000, token, "text/plain")] += 1
        seen["read " + told(server, "GET", f"{REQUESTS}?limit=20", None, token)] += 1
        seen["page " + told(server, "GET", "/sign-in", None, None)] += 1
        time.sleep(0.05)
    return seen


def first_request(server: Server, token: str) -> str:
    return server.ask("GET", f"{REQUESTS}?limit=1", token=token).json["items"][0]["id"]


def told(server: Server, method: str, path: str, body: object, token: str | None, kind: str | None = None) -> str:
    try:
        answer: Answer = server.ask(method, path, body, token=token, headers={"Content-Type": kind} if kind else {}, timeout=15)
    except OSError as error:
        return f"no answer ({type(error).__name__})"
    return str(answer) if answer.status >= 400 else str(answer.status)


def expect_clear(run: Run, seen: Counter[str], name: str, *, reads: bool = True) -> None:
    """Writes are refused with 503 or 507 and a problem; reads go on."""
    run.figure(name, dict(seen.most_common()))
    for what in seen:
        kind, _, rest = what.partition(" ")
        if kind in ("write", "file"):
            run.expect(rest[:3] in ("200", "201") or (rest[:3] in ("503", "507") and len(rest) > 4), f"{name}: a {kind} is answered {rest}")
        elif reads:
            run.expect(rest[:3] == "200", f"{name}: a {kind} is answered {rest}")
    run.expect(any(what.startswith(("write 503", "write 507")) for what in seen), f"{name}: no write was refused, the fault was not made")


@fault("disk-full", needs_root=True)
def disk_full(run: Run) -> None:
    """A full disk: writes are refused with 503 and a problem that says so, reads go on, nothing is half written, a start on the full disk is no crash, and with
    room again writes go on without a restart.

    For PostgreSQL the disk is the database's; when its log has no room PostgreSQL ends itself, and starting it again with room is the administrator's work.
    """
    volume, place, database = on_volume(run)
    server = place.server()
    load = Load([server], place.token, seed=run.options.seed).start()
    time.sleep(2)
    target = first_request(server, place.token)
    volume.fill()
    # The log in front of the database is written in place until it has to grow: a write that fits is a write.
    time.sleep(1)
    expect_clear(run, try_writes(server, place.token, target, run.options.seconds(4, 15)), "while full", reads=database is None)
    run.expect(server.is_running, "the server ended when the disk was full")
    volume.make_room()
    moment = time.monotonic()
    if database is not None and not database.is_running:
        run.step("PostgreSQL had ended itself; it is started again")
        run.figure("PostgreSQL ended itself", "yes")
        database.start()
    back = load.wait_for_write(moment, 30)
    run.expect(back is not None, "30 s after there was room again, no write is accepted")
    if back is not None:
        run.figure("s until writes go on", back)
    time.sleep(0.5)

    volume.fill()
    time.sleep(0.5)
    server.kill()
    start_on(run, server, "full")
    volume.make_room()
    if database is not None and not database.is_running:
        database.start()
    if not server.is_running:
        server.start()
    moment = time.monotonic()
    run.expect(load.wait_for_write(moment, 30) is not None, "after a kill on the full disk and a start with room, no write is accepted")
    load.finish()
    all_is_there(run, place, load, server)


def start_on(run: Run, server: Server, kind: str) -> None:
    """A start on such a disk: a sentence and an end, or reading only; never a crash."""
    name = f"start on a {kind} disk"
    try:
        server.start(timeout=20)
        run.figure(name, "starts" + (", ready" if server.is_ready() else ", not ready"))
    except PartFailed:
        said = [line for line in server.process.tail(3).splitlines() if line][-1:]
        run.expect(not server.ended_by_fault, f"a {name} crashes: {said}")
        run.expect(not server.is_running, f"a {name} neither answers nor ends within 20 s")
        run.figure(name, f"ends: {' '.join(said)[:160]}")


def attach(server: Server, token: str, target: str) -> dict[str, bytes]:
    """Files that are acknowledged just before the disk fails: address and content."""
    files: dict[str, bytes] = {}
    for number in range(8):
        content = f"{number} {time.time_ns()} ".encode() * 2000
        answer = server.ask("POST", f"{REQUESTS}/{target}/attachments?filename=kept-{number}.txt", content, token=token, headers={"Content-Type": "text/plain"})
        if answer.status == 201:
            files[answer.json["url"]] = content
    return files


def expect_files(run: Run, server: Server, token: str, files: dict[str, bytes]) -> None:
    there = {url: server.ask("GET", url, token=token) for url in files}
    lost = [answer for url, answer in there.items() if answer.status != 200 or answer.body != files[url]]
    run.figure("files acknowledged", len(files))
    run.expect(not lost, f"{len(lost)} of {len(files)} acknowledged files are lost, the first is answered {lost[0].status if lost else 0} with {len(lost[0].body) if lost else 0} bytes")


@fault("disk-read-only", needs_root=True)
def disk_read_only(run: Run) -> None:
    """A disk that fails and can only be read from then on, while all that was not synced is gone: writes are refused with 503 and a problem, SQLite's reads go
    on, nothing crashes; after the repair of the disk and a start everything acknowledged is there, files too.
    """
    volume, place, database = on_volume(run)
    server = place.server()
    load = Load([server], place.token, seed=run.options.seed).start()
    time.sleep(2)
    target = first_request(server, place.token)
    files = attach(server, place.token, target)
    volume.fail()
    expect_clear(run, try_writes(server, place.token, target, run.options.seconds(4, 15)), "while read-only", reads=database is None)
    run.expect(server.is_running, "the server ended when the disk could only be read")
    if database is not None:
        database.kill()
    else:
        server.kill()
        start_on(run, server, "read-only")
        server.kill()
    volume.repair()
    if database is not None:
        database.start()
    else:
        server.start()
    moment = time.monotonic()
    back = load.wait_for_write(moment, 30)
    run.expect(back is not None, "30 s after the repair no write is accepted")
    if back is not None:
        run.figure("s until writes go on", back)
    load.finish()
    if database is None:
        expect_files(run, server, place.token, files)
    all_is_there(run, place, load, server)
