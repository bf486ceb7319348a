"""Figures from a streaming replica: when it is new enough, and from the primary when it is not.

    .tools/venv/bin/python -m pytest Tests/Cluster/test_replica.py
"""

from __future__ import annotations

import time
from datetime import datetime, timezone
from pathlib import Path

import pytest

from Cluster.parts import wait_until
from Cluster.postgres import Postgres
from Cluster.replica import Replica
from Cluster.server import Server, mandate

BOUND = 6
MEASURE = "/api/v1/measures/service-desk.backlog"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("replica")
    with Postgres(fast=True) as primary:
        mandate("demo", "--size", "50", env={"MANDATE_DATA": str(folder / "data"), "MANDATE_DATABASE": primary.url()}, timeout=300)
        with Replica(primary) as replica:
            env = {"MANDATE_NO_RATE_LIMITS": "yes", "MANDATE_REPLICA": f"postgres://mandate:{primary.password()}@127.0.0.1:{replica.port}/mandate",
                   "MANDATE_REPLICA_WITHIN": str(BOUND)}
            server = Server(data=folder / "data", database=primary.url(), env=env).start()
            try:
                yield primary, replica, server, server.token("lucie")
            finally:
                server.stop()


def figure(server: Server, token: str) -> tuple[int, str | None]:
    """The number of open requests that lucie may read, and as of when; None: as of now."""
    status, answer = server.call("GET", MEASURE, token=token)
    assert status == 200, answer
    return answer["value"], answer["as-of"]


def age(as_of: str) -> float:
    return (datetime.now(timezone.utc) - datetime.fromisoformat(as_of.replace("Z", "+00:00"))).total_seconds()


def ask_for_help(server: Server, token: str) -> None:
    status, answer = server.call("POST", "/api/v1/service-desk/requests", {"subject": "A figure that grows"}, token=token)
    assert status == 201, answer


def from_replica(server: Server, token: str) -> bool:
    return figure(server, token)[1] is not None


def test_a_replica_that_keeps_up_is_read_and_the_figure_says_as_of_when(parts):
    primary, replica, server, token = parts
    wait_until("figures come from the replica", lambda: from_replica(server, token), 20)
    before, as_of = figure(server, token)
    assert as_of and age(as_of) < BOUND
    ask_for_help(server, token)
    seconds = wait_until("the new request is counted on the replica", lambda: figure(server, token)[0] == before + 1, 10)
    print(f"a new request showed in a figure after {seconds:.2f} s; the figure was {age(as_of):.2f} s old at most")
    # Nothing was written for longer than the bound: that the replica has nothing to replay does not make it late.
    for _ in range(BOUND + 2):
        time.sleep(1)
        assert from_replica(server, token)


def test_a_replica_that_falls_behind_is_read_within_the_bound_and_not_beyond_it(parts):
    primary, replica, server, token = parts
    wait_until("figures come from the replica", lambda: from_replica(server, token), 20)
    before, _ = figure(server, token)
    replica.pause()
    written = datetime.now(timezone.utc)
    ask_for_help(server, token)
    value, as_of = figure(server, token)
    assert value == before and as_of is not None, "it was read from the replica, which does not show the request"
    assert datetime.fromisoformat(as_of.replace("Z", "+00:00")) < written, "and says so"
    ends = time.monotonic() + BOUND + 10
    while as_of is not None and time.monotonic() < ends:
        assert age(as_of) < BOUND + 1 and value == before
        time.sleep(0.2)
        value, as_of = figure(server, token)
    assert as_of is None and value == before + 1, "beyond the bound the primary is read"
    replica.resume()
    wait_until("the replica is read again", lambda: from_replica(server, token), 20)
    assert figure(server, token)[0] == before + 1


def test_a_replica_cut_off_from_its_primary_is_not_taken_for_one_that_keeps_up(parts):
    primary, replica, server, token = parts
    wait_until("figures come from the replica", lambda: from_replica(server, token), 20)
    before, _ = figure(server, token)
    replica.cut()
    ask_for_help(server, token)
    wait_until("the primary is read", lambda: not from_replica(server, token), BOUND + 10)
    assert figure(server, token) == (before + 1, None)
    replica.mend()
    wait_until("the replica is read again", lambda: from_replica(server, token), 30)


def test_while_the_replica_is_down_figures_come_from_the_primary(parts):
    primary, replica, server, token = parts
    wait_until("figures come from the replica", lambda: from_replica(server, token), 20)
    before, _ = figure(server, token)
    replica.kill()
    start = time.monotonic()
    assert figure(server, token) == (before, None)
    print(f"the first figure after the replica was killed took {time.monotonic() - start:.2f} s")
    ask_for_help(server, token)
    assert figure(server, token) == (before + 1, None)
    replica.start()
    wait_until("the replica is read again", lambda: from_replica(server, token), 30)
