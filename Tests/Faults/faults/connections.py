"""Too many connections, and slow ones."""

import asyncio
import multiprocessing
import resource
import socket
import threading
import time
from concurrent.futures import ProcessPoolExecutor

from harness.checks import all_is_there
from harness.fault import Run, fault
from harness.installation import REQUESTS, Server
from harness.load import Load

IDLE, SLOW, STORM = 1000, 200, 5000


@fault("connection-storm")
def connection_storm(run: Run) -> None:
    """1,000 connections that say nothing and 200 that send a byte a second stand beside 5,000 that open and close: others are answered all the time, none waits
    longer than 5 s, none is refused, and all descriptors are given back.
    """
    allow_files(IDLE + SLOW + 1500)
    place = run.installation()
    server = place.server(env={"MANDATE_NO_RATE_LIMITS": "yes"})
    load = Load([server], place.token, writers=2, seed=run.options.seed).start()
    time.sleep(1)
    files_before, memory_before = server.descriptors(), server.memory()
    # Probes before anything happens: what this machine takes without the storm.
    calm = probe(server, place.token, 2)
    held = [opened(server) for _ in range(IDLE)]
    slow = [opened(server) for _ in range(SLOW)]
    stop = threading.Event()
    dribble = threading.Thread(target=send_slowly, args=(slow, stop), daemon=True)
    dribble.start()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        task = pool.submit(storm, server.host, server.port, STORM)
        seen = probe(server, place.token, 60, until=task.done)
        most = server.descriptors()
        number, took, fault_seen = task.result(30)
    run.figure("opened and closed", number)
    run.figure("storm s", took)
    run.expect(number == STORM, f"only {number} of {STORM} connections could be opened: {fault_seen}")
    stop.set()
    dribble.join(5)
    for one in held + slow:
        one.close()
    run.figure("probes", len(seen))
    run.figure("probe p50/p99/max ms, calm", quantiles(calm))
    run.figure("probe p50/p99/max ms, in the storm", quantiles(seen))
    run.expect(all(status == 200 for status, _ in seen), f"{sum(status != 200 for status, _ in seen)} probes were not answered 200")
    run.expect(max(took for _, took in seen) < 5, f"a probe took {max(took for _, took in seen):.1f} s")
    end = time.monotonic() + 25
    while time.monotonic() < end and server.descriptors() > files_before + 20:
        time.sleep(0.2)
    run.figure("descriptors before, in it, after", f"{files_before}, {most}, {server.descriptors()}")
    run.figure("memory MB before, after", f"{memory_before:.0f}, {server.memory():.0f}")
    run.expect(server.descriptors() <= files_before + 20, f"{server.descriptors() - files_before} descriptors were not given back within 25 s")
    load.finish()
    run.expect(not load.answers, f"writers were refused: {dict(load.answers)}")
    all_is_there(run, place, load, server)


def allow_files(number: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(number, hard), hard))


def opened(server: Server) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=10)


def send_slowly(sockets: list[socket.socket], stop: threading.Event) -> None:
    """A request of which a byte comes each second, on each of them; those that the server closes are left."""
    text = b"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"a" * 500
    at = 0
    alive = list(sockets)
    while not stop.is_set() and at < len(text):
        for one in list(alive):
            try:
                one.send(text[at:at + 1])
            except OSError:
                alive.remove(one)
        at += 1
        stop.wait(1)


def storm(host: str, port: int, number: int) -> tuple[int, float, str]:
    """Opens and closes connections, 100 at a time: some without a word, some after half a request, some after a whole one. How many, seconds, the last fault.

    In a process of its own, so that the probes beside it measure the server and not this program.
    """
    allow_files(400)
    done, fault_seen = 0, ""

    async def one(gate: asyncio.Semaphore, turn: int) -> None:
        nonlocal done, fault_seen
        async with gate:
            try:
                reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 20)
                if turn % 3 == 1:
                    writer.write(b"POST " + REQUESTS.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Le")
                elif turn % 3 == 2:
                    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                    await asyncio.wait_for(reader.read(100), 20)
                done += 1
                writer.close()
            except (OSError, TimeoutError, asyncio.TimeoutError) as error:
                fault_seen = repr(error)

    async def every() -> None:
        gate = asyncio.Semaphore(100)
        await asyncio.gather(*(one(gate, turn) for turn in range(number)))

    start = time.monotonic()
    asyncio.run(every())
    return done, time.monotonic() - start, fault_seen


def probe(server: Server, token: str, seconds: float, until=lambda: False) -> list[tuple[int, float]]:
    """Somebody else's requests, each on a connection of its own: status and seconds."""
    seen = []
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        start = time.monotonic()
        try:
            status = server.ask("GET", f"{REQUESTS}?limit=5", token=token, timeout=20).status
        except OSError:
            status = 0
        seen.append((status, time.monotonic() - start))
        time.sleep(0.02)
    return seen


def quantiles(seen: list[tuple[int, float]]) -> str:
    times = sorted(took * 1000 for _, took in seen)
    return " / ".join(f"{times[min(len(times) - 1, int(len(times) * share))]:.0f}" for share in (0.5, 0.99, 1))
