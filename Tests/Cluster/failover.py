#!/usr/bin/env python3
"""How long nobody can write while the primary changes, and whether an acknowledged write was lost.

    python3 Tests/Cluster/failover.py [--rounds 3] [--way haproxy]     haproxy; pgbouncer: HAProxy and it; direct: libpq finds the primary among three hosts

Starts etcd, Patroni on three hosts and HAProxy of an application host with the configuration of deploy/, writes all the time from two connections, and hurts
the primary in each way in turn. The time is from the hurt to the first write acknowledged after it. Exit code 1 when an acknowledged write is missing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from Cluster.libpq import Connection, DatabaseError
from Cluster.parts import PartFailed
from Cluster.patroni import Cluster


class Writer(threading.Thread):
    """Writes numbers one after the other, each in a transaction of its own, and notes which were acknowledged and when."""

    def __init__(self, url: str, number: int):
        super().__init__(daemon=True)
        self.url, self.number = url, number
        self.acknowledged: list[tuple[float, int]] = []
        self.failed = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        link, value = None, self.number
        while not self.stopping.is_set():
            value += 1000
            try:
                link = link or Connection(self.url)
                link.run(f"insert into written values ({value})")
                self.acknowledged.append((time.monotonic(), value))
            except DatabaseError:
                self.failed += 1
                if link:
                    link.close()
                link = None
                time.sleep(0.02)
            time.sleep(0.002)
        if link:
            link.close()


def address(cluster: Cluster, way: str) -> str:
    if way != "direct":
        return cluster.url(port={"haproxy": 5432, "pgbouncer": 6432}[way])
    hosts = ",".join(f"{cluster.site.address(node)}:5432" for node in cluster.nodes)
    return cluster.url().replace(f"{cluster.site.address('app1')}:5432", hosts) + "&target_session_attrs=primary"


def measure(cluster: Cluster, url: str, hurt) -> tuple[float, int, int, int]:
    """Seconds without a write, writes acknowledged, those lost, and failures that a program must try again."""
    cluster.psql("drop table if exists written; create table written (n int primary key)")
    writers = [Writer(url, number) for number in (1, 2)]
    for writer in writers:
        writer.start()
    time.sleep(1)
    begin = time.monotonic()
    hurt()
    done = time.monotonic()
    end = done + 60
    while time.monotonic() < end and not all(writer.acknowledged and writer.acknowledged[-1][0] > done + 1 for writer in writers):
        time.sleep(0.05)
    time.sleep(1)
    for writer in writers:
        writer.stopping.set()
    for writer in writers:
        writer.join(30)
    there = {int(row[0]) for row in rows(cluster, "select n from written")}
    acknowledged = {value for writer in writers for _, value in writer.acknowledged}
    # The longest time without any acknowledged write that ends after the hurt began.
    moments = sorted(at for writer in writers for at, _ in writer.acknowledged)
    gap = max((after - max(before, begin) for before, after in zip(moments, moments[1:]) if after > begin), default=float("inf"))
    return gap, len(acknowledged), len(acknowledged - there), sum(writer.failed for writer in writers)


def rows(cluster: Cluster, sql: str) -> list[list[str | None]]:
    with Connection(cluster.url()) as database:
        return database.run(sql)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", default="haproxy", choices=["haproxy", "pgbouncer", "direct"])
    options = parser.parse_args()
    started, lost_at_all = time.monotonic(), 0
    with Cluster() as cluster:
        print(f"three hosts in {time.monotonic() - started:.1f} s; primary {cluster.primary()}, by way of {options.way}", flush=True)
        print(f"{'what happens':<42} {'no writes for, s':>24}  {'acknowledged':>12} {'lost':>5} {'to try again':>13} {'whole again after, s':>21}")

        def switchover() -> None:
            cluster.switch()

        def postgres_killed() -> None:
            cluster.kill_postgres(cluster.primary())

        def host_killed() -> None:
            cluster.kill_node(cluster.primary())

        for name, hurt in [("switchover, as before maintenance", switchover), ("kill -9 of PostgreSQL of the primary", postgres_killed),
                           ("kill -9 of everything on the primary's host", host_killed)]:
            gaps, total, lost, failed, again = [], 0, 0, 0, []
            for _ in range(options.rounds):
                gap, acknowledged, missing, retried = measure(cluster, address(cluster, options.way), hurt)
                gaps.append(gap)
                total, lost, failed = total + acknowledged, lost + missing, failed + retried
                begin = time.monotonic()
                for node in cluster.nodes:
                    cluster.start_node(node)
                try:
                    cluster.wait_whole(120)
                except PartFailed as failure:
                    print(failure, cluster.members(), file=sys.stderr)
                    sys.exit(1)
                again.append(time.monotonic() - begin)
            figures = f"{statistics.median(gaps):.1f} ({min(gaps):.1f}–{max(gaps):.1f})"
            print(f"{name:<42} {figures:>24}  {total:>12} {lost:>5} {failed:>13} {statistics.median(again):>21.1f}", flush=True)
            lost_at_all += lost
            if float("inf") in gaps:
                sys.exit("writes did not come back")
    if lost_at_all:
        sys.exit(f"{lost_at_all} acknowledged writes are missing")


if __name__ == "__main__":
    main()
