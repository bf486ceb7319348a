"""Backups of PostgreSQL with pgBackRest, as deploy/single has them: taken under load, restored to a moment, compared.

    .tools/venv/bin/python -m pytest Tests/Cluster/test_backup.py
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from Cluster.failover import Writer
from Cluster.pgbackrest import Repository, moment
from Cluster.postgres import Postgres
from Cluster.server import Server, mandate


@pytest.fixture(scope="module")
def repository():
    with Postgres(socket=True, checksums=True) as database, Repository(database) as backups:
        yield backups


def test_a_backup_taken_under_load_is_restored_to_the_moment_before_a_mistake(repository: Repository):
    database = repository.postgres
    database.psql("create table written (n int primary key); create table precious (n int primary key, text text)", user="mandate")
    writers = [Writer(database.url(), number) for number in (1, 2)]
    for writer in writers:
        writer.start()
    full = repository.backup("full")
    database.psql("insert into precious select n, 'value ' || n from generate_series(1, 500) n", user="mandate")
    incremental = repository.backup("incr")
    database.psql("insert into precious select n, 'value ' || n from generate_series(501, 1000) n", user="mandate")
    digest = "select count(*) || ' ' || md5(string_agg(n || text, ',' order by n)) from precious"
    expected = database.psql(digest)

    known = {number for writer in writers for _, number in list(writer.acknowledged)}
    before = moment(database)
    time.sleep(0.2)
    database.psql("drop table precious", user="mandate")
    time.sleep(0.5)
    for writer in writers:
        writer.stopping.set()
    for writer in writers:
        writer.join(10)
    repository.switch()

    assert [full["type"], incremental["type"], full["error"], incremental["error"]] == ["full", "incr", False, False]
    assert incremental["info"]["repository"]["delta"] < full["info"]["repository"]["size"] / 4, "an incremental backup copies what changed, not everything"
    with repository.restored(to=before) as earlier:
        assert earlier.psql(digest) == expected
        there = {int(line) for line in earlier.psql("select n from written").splitlines()}
        everything = {number for writer in writers for _, number in writer.acknowledged}
        assert known and known <= there, "what was acknowledged before the moment is there"
        assert there < everything, "what was written after it is not"
        assert earlier.psql("select to_regclass('precious') is not null") == "t"
    with repository.restored() as latest:
        assert {int(line) for line in latest.psql("select n from written").splitlines()} >= everything, "every acknowledged write is in the log"
        assert latest.psql("select to_regclass('precious') is null") == "t"


def test_an_installation_restored_to_a_moment_verifies_against_its_ledger(repository: Repository, tmp_path: Path):
    database = repository.postgres
    database.psql("create database installation owner mandate")
    address, data = database.url(database="installation"), tmp_path / "data"
    server = Server(data=data, database=address, options=("--demo", "--demo-size", "50"), env={"MANDATE_NO_RATE_LIMITS": "yes"}).start()
    try:
        token = server.token("lucie")

        def ask(subject: str) -> str:
            status, made = server.call("POST", "/api/v1/service-desk/requests", {"subject": subject, "details": "For the rehearsal"}, token)
            assert status == 201, made
            return made["id"]

        kept = ask("Before the moment")
        repository.backup("incr")
        last = ask("After the backup, before the moment")
        before = moment(database)
        time.sleep(0.2)
        gone = ask("After the moment")
    finally:
        server.stop()
    repository.switch()
    with repository.restored(to=before) as earlier:
        earlier_address = earlier.url(database="installation")
        report = json.loads(mandate("verify", "--data", str(data), "--database", earlier_address, "--json").stdout)
        assert report["good"] and report["entries"] > 50, report
        again = Server(data=data, database=earlier_address, env={"MANDATE_NO_RATE_LIMITS": "yes"}).start()
        try:
            path = "/api/v1/service-desk/requests/"
            assert [again.call("GET", path + id, token=token)[0] for id in (kept, last, gone)] == [200, 200, 404]
        finally:
            again.stop()
