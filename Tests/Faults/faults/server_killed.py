"""The server is killed."""

import threading
import time

from harness.checks import all_is_there, verify
from harness.fault import Run, fault
from harness.installation import REQUESTS, Installation, Server
from harness.load import Load


@fault("server-killed")
def server_killed(run: Run) -> None:
    """kill -9 of the server at random moments under load: every acknowledged write is there exactly once after each start, nothing twice, the ledger verifies.

    The load goes on over all kills; a writer repeats what was not answered under its key.
    """
    place = run.installation()
    server = place.server()
    load = Load([server], place.token, seed=run.options.seed).start()
    began = time.monotonic()
    slowest = 0.0
    for number in range(1, run.options.kills + 1):
        before = load.count
        time.sleep(run.random.uniform(0.02, 0.8))
        server.kill()
        start = time.monotonic()
        server.start()
        slowest = max(slowest, time.monotonic() - start)
        # The start may be quicker than the next write: without one between two kills, nothing would be tried.
        load.wait_for_write(time.monotonic(), 5)
        run.expect(load.count > before, f"nothing was acknowledged between kill {number - 1} and {number}")
        if number % 100 == 0:
            run.step(f"{number} kills, {load.count} acknowledged, {time.monotonic() - began:.0f} s")
    load.finish()
    run.figure("kills", run.options.kills)
    run.figure("slowest start s", slowest)
    all_is_there(run, place, load, server, least=run.options.kills)


@fault("bulk-killed")
def bulk_killed(run: Run) -> None:
    """kill -9 of the server in the midst of a request with many operations, each for itself, under an `Idempotency-Key`: sent again until it is answered, each
    operation is done once.
    """
    place = run.installation()
    server = place.server()
    operations = 60
    began_again = twice = lost = 0
    rounds = 2 if run.options.short else 40
    for turn in range(rounds):
        body = {"operations": [{"op": "create", "values": {"subject": f"Bulk {turn}-{part}"}} for part in range(operations)]}
        sender = threading.Thread(target=send_until_answered, args=(server, place.token, body, f"bulk-killed-{turn}"), daemon=True)
        sender.start()
        made = wait_for_some(place, turn, operations)
        server.kill()
        began_again += 0 < made < operations
        server.start()
        sender.join(90)
        run.expect(not sender.is_alive(), f"a request with many operations is not answered within 90 s of the kill (round {turn + 1})")
        counts = place.inside().rows(f"select count(*), count(distinct subject) from service_desk_request where subject like 'Bulk {turn}-%'")[0]
        twice += int(counts[0]) - int(counts[1])
        lost += operations - int(counts[1])
    run.figure("kills in the midst", f"{began_again} of {rounds}")
    run.figure("operations done twice", twice)
    run.expect(began_again > 0, "no kill came while some operations were done and others not")
    run.expect(twice == 0, f"{twice} operations of a request under one key were done twice")
    run.expect(lost == 0, f"{lost} operations of an answered request were not done")
    verify(run, place)


def wait_for_some(place: Installation, turn: int, operations: int) -> int:
    """Until some of the operations are done, but not all."""
    end = time.monotonic() + 10
    made = 0
    while made < operations // 6 and time.monotonic() < end:
        made = int(place.inside().rows(f"select count(*) from service_desk_request where subject like 'Bulk {turn}-%'")[0][0])
    return made


def send_until_answered(server: Server, token: str, body: dict, key: str) -> None:
    end = time.monotonic() + 80
    while time.monotonic() < end:
        try:
            answer = server.ask("POST", f"{REQUESTS}/bulk", body, token=token, headers={"Idempotency-Key": key}, timeout=40)
            if answer.status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
