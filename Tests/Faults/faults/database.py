"""The database dies."""

import os
import signal
import threading
import time

from Cluster.parts import descendants
from Cluster.postgres import Postgres
from faults.network import PATIENCE, expect_refusals, watch
from harness.checks import all_is_there
from harness.fault import Run, fault
from harness.load import Load


@fault("database-killed", databases=("postgres",))
def database_killed(run: Run) -> None:
    """kill -9 of PostgreSQL at random moments under load, the server alive: meanwhile 503 with a problem, then it goes on by itself; every acknowledged write is
    there once, nothing twice, the ledger verifies.

    Killed in turn: the whole server, and one of its processes that serves a connection (PostgreSQL then ends all of them and recovers by itself).
    """
    own = Postgres()
    run.stack.callback(own.close)
    own.start()
    place = run.installation(postgres=own)
    server = place.server()
    load = Load([server], place.token, seed=run.options.seed, timeout=15).start()
    times: list[float] = []
    for number in range(1, run.options.kills + 1):
        before = load.count
        time.sleep(run.random.uniform(0.1, 1.0))
        if number % 3 == 0:
            kill_one_backend(own)
        else:
            own.kill()
            if number == 2:
                expect_refusals(run, watch(server, place.token, 3), "the database is away")
            own.start()
        back = load.wait_for_write(time.monotonic(), 30)
        if not run.expect(back is not None, f"kill {number}: 30 s after the database was there again nothing is written"):
            break
        times.append(back or 0)
        run.expect(load.count > before, f"nothing was acknowledged between kill {number - 1} and {number}")
        if number % 100 == 0:
            run.step(f"{number} kills, {load.count} acknowledged")
    load.finish(60)
    run.figure("kills", run.options.kills)
    if times:
        run.figure("s until writes go on, median and longest", f"{sorted(times)[len(times) // 2]:.2f}, {max(times):.2f}")
    run.expect(server.is_running, "the server ended with its database")
    all_is_there(run, place, load, server, least=run.options.kills)


def kill_one_backend(own: Postgres) -> None:
    pid = own.psql("select pid from pg_stat_activity where usename = 'mandate' and pid <> pg_backend_pid() order by random() limit 1", database="postgres")
    if pid:
        os.kill(int(pid), signal.SIGKILL)


@fault("database-stalls", databases=("postgres",))
def database_stalls(run: Run) -> None:
    """PostgreSQL stops answering without dying (SIGSTOP), and a table is locked by somebody else: requests are answered within 30 s with 503
    and a problem, /healthz at once, and afterwards all goes on by itself.
    """
    own = Postgres()
    run.stack.callback(own.close)
    own.start()
    place = run.installation(postgres=own)
    server = place.server()
    load = Load([server], place.token, seed=run.options.seed, timeout=20).start()
    time.sleep(1)
    seconds = run.options.seconds(20, 60)
    locker = threading.Thread(target=own.psql, args=(f"begin; lock table service_desk_request in access exclusive mode; select pg_sleep({seconds});",), daemon=True)
    locker.start()
    seen = watch(server, place.token, seconds - 1)
    locker.join(30)
    run.expect(all(told == "200" for told, _ in seen["healthz"]), "a locked table stops /healthz")
    for kind in ("write", "read"):
        run.figure(f"longest {kind} while a table is locked s", max(took for _, took in seen[kind]))
        run.expect(all(took < PATIENCE for _, took in seen[kind]), f"a {kind} waited {max(took for _, took in seen[kind]):.0f} s for a lock")
        for told, _ in seen[kind]:
            run.expect(told[:3] in ("200", "201", "503"), f"while a table is locked a {kind} is answered {told}")
    run.expect(load.wait_for_write(time.monotonic(), 20) is not None, "20 s after the lock was given back nothing is written")
    stopped = backends(own)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        expect_refusals(run, watch(server, place.token, seconds), "the database stalls")
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    back = load.wait_for_write(time.monotonic(), 30)
    run.expect(back is not None, "30 s after the database goes on nothing is written")
    run.figure("s until writes go on", back if back is not None else "never")
    load.finish(60)
    all_is_there(run, place, load, server)


def backends(own: Postgres) -> list[int]:
    assert own.pid is not None
    return [own.pid, *descendants(own.pid)]
