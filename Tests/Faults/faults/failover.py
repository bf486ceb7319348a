"""The primary of a cluster changes under load."""

import statistics
import time

from Cluster.parts import PartFailed
from harness.checks import all_is_there
from harness.fault import NotRun, Run, fault
from harness.load import Load


@fault("failover", databases=("postgres",))
def failover(run: Run) -> None:
    """Patroni with three hosts, one of them a synchronous standby, HAProxy before them: switchover, kill -9 of the primary's PostgreSQL, kill -9 of everything on
    its host. No acknowledged write is lost, nothing is done twice, and writes go on by themselves; how long nobody could write is measured.
    """
    try:
        from Cluster.patroni import Cluster
        cluster = Cluster()
    except (ImportError, PartFailed) as missing:
        raise NotRun(f"the cluster cannot be made: {missing}") from missing
    run.stack.callback(cluster.close)
    cluster.start()
    place = run.templates.at(run.folder / "data", cluster.url())
    run.stack.callback(place.close)
    server = place.server()
    load = Load([server], place.token, timeout=20, seed=run.options.seed).start()
    time.sleep(1)

    def switchover() -> None:
        cluster.switch()

    def postgres_killed() -> None:
        cluster.kill_postgres(primary(cluster))

    def host_killed() -> None:
        cluster.kill_node(primary(cluster))

    for name, hurt in (("switchover", switchover), ("PostgreSQL killed", postgres_killed), ("host killed", host_killed)):
        gaps = []
        for _ in range(1 if run.options.short else 5):
            begin = time.monotonic()
            hurt()
            back = load.wait_for_write(time.monotonic(), 90)
            if not run.expect(back is not None, f"{name}: 90 s later nothing is written"):
                break
            time.sleep(3)  # a second change right behind the first would count as its own gap
            gaps.append(load.longest_gap(begin - 1))
            for node in cluster.nodes:
                if not cluster.patroni[node].is_running:
                    cluster.start_node(node)
            cluster.wait_whole(120)
        if gaps:
            run.figure(f"{name}: no writes for s", f"{statistics.median(gaps):.1f}" + (f" ({min(gaps):.1f} to {max(gaps):.1f})" if len(gaps) > 1 else ""))
    run.expect(server.is_running, "the server ended with its primary")
    load.finish(60)
    all_is_there(run, place, load, server)


def primary(cluster) -> str:
    """The primary's host; asked until there is one, since a change may be under way."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if node := cluster.primary():
            return node
        time.sleep(0.2)
    raise PartFailed("the cluster has no primary")
