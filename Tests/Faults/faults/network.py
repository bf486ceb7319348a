"""The network is slow, loses packets, is cut: between people and server, and between server and database."""

import statistics
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

from Cluster.postgres import Postgres
from harness.checks import all_is_there
from harness.fault import Run, fault
from harness.installation import REQUESTS, Installation, Server
from harness.link import Link, Namespace
from harness.load import Load

DELAY, LOSS = 0.3, 0.05
PATIENCE = 30  # seconds: what proxies and browsers wait for an answer


def apart(run: Run) -> tuple[Installation, Server, Link, Link | None]:
    """A server in a network of its own: reached over one link, and reaching PostgreSQL over another."""
    own = None
    if run.is_postgres:
        own = Postgres(settings={"listen_addresses": "*"})
        run.stack.callback(own.close)
        own.make()
        with open(own.data / "pg_hba.conf", "a") as rules:
            rules.write("host all all 10.213.0.0/16 scram-sha-256\n")
        own.start()
    place = run.installation(postgres=own)
    space = Namespace(run.stack)
    people = Link(space, 1, run.stack)
    if own is None:
        return place, place.server(host=people.far, prefix=space.prefix), people, None
    cable = Link(space, 2, run.stack)
    assert place.address is not None
    address = place.address.replace(f"@{urlsplit(place.address).hostname}:", f"@{cable.near}:")
    return place, place.server(host=people.far, prefix=space.prefix, database=address), people, cable


@fault("network-client", needs_root=True)
def network_client(run: Run) -> None:
    """Between programs and server 300 ms and 5 % of packets lost, then nothing at all for 20 s: what was acknowledged is there once, what was repeated is done
    once, and writes go on by themselves when the cable is whole.
    """
    place, server, link, _ = apart(run)
    load = Load([server], place.token, writers=6, timeout=8, seed=run.options.seed).start()
    whole = rate(load, 3)
    link.set(delay=DELAY, loss=LOSS)
    bad = rate(load, run.options.seconds(8, 60))
    run.figure("writes/s whole", whole)
    run.figure("writes/s at 300 ms and 5 % loss", bad)
    run.expect(bad > 0, "with 300 ms and 5 % loss nothing was written")
    link.set(cut=True)
    cut = run.options.seconds(20, 60)
    time.sleep(cut)
    link.set()
    moment = time.monotonic()
    back = load.wait_for_write(moment, 30)
    run.figure("cut s", cut)
    run.figure("s until writes go on", back if back is not None else "never")
    run.expect(back is not None and back < 15, f"after a cut of {cut:.0f} s writes go on after {back} s")
    time.sleep(1)
    load.finish()
    all_is_there(run, place, load, server)


def rate(load: Load, seconds: float) -> float:
    before, start = load.count, time.monotonic()
    time.sleep(seconds)
    return (load.count - before) / (time.monotonic() - start)


@fault("network-database", databases=("postgres",), needs_root=True)
def network_database(run: Run) -> None:
    """Between server and database 300 ms and 5 % loss: slower, nothing else. Cut for 20 s: each request is answered within 30 s, as long as
    proxies wait, with 503 and a problem; the server stays up and says at /readyz that it is not ready; with the cable whole it goes on by itself.
    """
    place, server, _, cable = apart(run)
    assert cable is not None
    load = Load([server], place.token, writers=6, timeout=20, seed=run.options.seed).start()
    run.figure("writes/s whole", rate(load, 3))
    cable.set(delay=DELAY, loss=LOSS)
    bad = rate(load, run.options.seconds(12, 60))
    run.figure("writes/s at 300 ms and 5 % loss", bad)
    run.expect(bad > 0, "with 300 ms and 5 % loss to the database nothing was written")
    cable.set(cut=True)
    cut = run.options.seconds(20, 60)
    seen = watch(server, place.token, cut)
    cable.set()
    moment = time.monotonic()
    expect_refusals(run, seen, "cut")
    back = load.wait_for_write(moment, 60)
    run.figure("cut s", cut)
    run.figure("s until writes go on", back if back is not None else "never")
    run.expect(back is not None and back < 20, f"after a cut of {cut:.0f} s writes go on after {back} s")
    run.expect(server.is_running, "the server ended")
    time.sleep(1)
    load.finish(60)
    all_is_there(run, place, load, server)


def watch(server: Server, token: str, seconds: float) -> dict[str, list[tuple[str, float]]]:
    """What is answered meanwhile, and after how long: a write, a read, /healthz and /readyz, each asked by a thread of its own."""
    asked = {"write": ("POST", REQUESTS), "read": ("GET", f"{REQUESTS}?limit=5"), "healthz": ("GET", "/healthz"), "readyz": ("GET", "/readyz")}
    seen: dict[str, list[tuple[str, float]]] = {name: [] for name in asked}
    end = time.monotonic() + seconds

    def one(name: str, method: str, path: str) -> None:
        while time.monotonic() < end:
            start = time.monotonic()
            try:
                answer = server.ask(method, path, {"subject": "Meanwhile"} if method == "POST" else None, token=token if "z" not in name else None, timeout=3 * PATIENCE)
                told = str(answer) if answer.status >= 400 else str(answer.status)
            except OSError as error:
                told = f"no answer ({type(error).__name__})"
            seen[name].append((told, time.monotonic() - start))
            time.sleep(0.2)

    threads = [threading.Thread(target=one, args=(name, *how), daemon=True) for name, how in asked.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 3 * PATIENCE + 10)
    return seen


def expect_refusals(run: Run, seen: dict[str, list[tuple[str, float]]], name: str, within: float = PATIENCE) -> None:
    """Without its database the server says so, in time and in form."""
    for kind, answers in seen.items():
        run.figure(f"{kind} while {name}", dict(Counter(told for told, _ in answers).most_common(4)))
        for told, took in answers:
            if kind == "healthz":
                run.expect(told == "200", f"{name}: /healthz is answered {told}")
            else:
                run.expect(told[:3] in ("200", "201", "503"), f"{name}: a {kind} is answered {told}")
            if told[:3] == "503" and kind in ("write", "read"):
                run.expect(len(told) > 4, f"{name}: a {kind} is refused without a problem's code")
            run.expect(took < within, f"{name}: a {kind} took longer than {within:.0f} s")
    run.expect(any(told.startswith("503") for told, _ in seen["readyz"]), f"{name}: /readyz never said that the store is away")
    times = [took for kind in ("write", "read") for _, took in seen[kind]]
    run.figure(f"answers while {name}, median and longest s", f"{statistics.median(times):.2f}, {max(times):.2f}")
