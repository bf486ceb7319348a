"""The server is killed."""

import time

from harness.checks import all_is_there
from harness.fault import Run, fault
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
