"""Reporting logins by the command of the administrator, on a database whose own role may not make logins.

    .tools/venv/bin/python -m pytest Tests/Cluster/test_reporting.py
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from Cluster.parts import ROOT, environment, wait_until
from Cluster.postgres import BIN, Postgres, psql
from Cluster.server import BINARY, Server, mandate

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("reporting")
    with Postgres(fast=True) as database:
        database.psql("alter role mandate nocreaterole")
        env = {"MANDATE_DATA": str(folder / "data"), "MANDATE_DATABASE": database.url()}
        mandate("demo", "--size", "50", env=env, timeout=300)
        yield database, env


def reporting(*arguments: str, env: dict[str, str], input: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([BINARY, "reporting", *arguments], capture_output=True, text=True, timeout=60, env=environment(env), cwd=ROOT, input=input)


def as_login(database: Postgres, login: str, sql: str) -> str:
    return psql(f"postgres://{login}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{database.port}/mandate", sql)


def test_a_role_that_may_not_make_logins_says_what_an_administrator_should_run_and_that_is_enough(installation):
    database, env = installation
    done = reporting("grant", "lucie", "--login", "by_hand", "--no-password", env=env)
    assert done.returncode == 3 and 'CREATE ROLE "by_hand"' in done.stderr, done.stderr
    database.psql("\n".join(line for line in done.stderr.splitlines() if line.endswith(";")))
    database.psql(f"alter role by_hand password '{PASSWORD}'")
    done = reporting("grant", "lucie", "--login", "by_hand", "--no-password", env=env)
    assert done.returncode == 0, done.stderr
    assert as_login(database, "by_hand", "select count(*) > 0 from directory_person") == "t"
    done = reporting("revoke", "--login", "by_hand", env=env)
    assert done.returncode == 0, done.stderr
    assert database.psql("select count(*) from pg_roles where rolname = 'by_hand'") == "1", "it was there before the grant, and is not ours to drop"
    assert database.psql("select count(*) from pg_namespace where nspname like 'reporting_%'") == "0"


def test_a_login_made_by_an_administrator_reads_what_its_person_exports_and_follows_the_servers(installation):
    database, env = installation
    admin = {**env, "MANDATE_DATABASE_ADMIN": database.url(user="postgres")}
    for login, person in (("tool", "lucie"), ("other", "vera")):
        done = reporting("grant", person, "--login", login, env=admin, input=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
        listed = mandate("export", "service-desk.request", "--person", person, env=env).stdout.splitlines()
        ids = sorted(json.loads(line)["id"] for line in listed)
        assert as_login(database, login, "select id from service_desk_request order by id").splitlines() == ids
        assert PASSWORD not in (database.log.read_text(errors="replace") + database.psql("select string_agg(rolpassword, ' ') from pg_authid"))
    names = [line["login"] for line in json.loads(reporting("list", "--json", env=env).stdout)]
    assert names == ["other", "tool"]

    server = Server(data=Path(env["MANDATE_DATA"]), database=env["MANDATE_DATABASE"]).start()
    try:
        count = "select count(*) from service_desk_request"
        before = int(as_login(database, "tool", count))
        total = int(database.psql("select count(*) from service_desk_request where label = 'unclassified'"))
        assert before < total
        # Another process gives the role; the server hears of it.
        mandate("user", "grant", "lucie", "service-desk.agent", env=env)
        seconds = wait_until("the role shows in the views", lambda: int(as_login(database, "tool", count)) > before, 60)
        print(f"a role given elsewhere showed after {seconds:.2f} s")
        # What somebody removes by hand comes back with the next run of the job.
        database.psql("drop view reporting_tool.service_desk_request")
        seconds = wait_until("the view is back", lambda: database.psql("select to_regclass('reporting_tool.service_desk_request') is not null") == "t", 60)
        print(f"a view that was dropped came back after {seconds:.2f} s")
    finally:
        server.stop()
    done = reporting("revoke", "--login", "tool", env=admin)
    assert done.returncode == 0, done.stderr
    assert database.psql("select string_agg(rolname, ' ') from pg_roles where rolname in ('tool', 'other')") == "other"
    mandate("verify", env=env)  # grants are in the ledger


def test_a_backup_holds_no_login_s_views(installation, tmp_path: Path):
    database, env = installation
    assert database.psql("select count(*) from pg_namespace where nspname = 'reporting_other'") == "1"
    mandate("backup", str(tmp_path / "copy"), env=env)
    (tmp_path / "copy").chmod(0o755)
    content = subprocess.run([f"{BIN}/pg_restore", "--list", str(tmp_path / "copy" / "mandate.dump")], capture_output=True, text=True, check=True).stdout
    assert "kernel_reporting" in content and "reporting_other" not in content


def test_sqlite_has_no_logins_and_the_command_says_so(tmp_path: Path):
    env = {"MANDATE_DATA": str(tmp_path / "data")}
    mandate("demo", "--size", "1", env=env, timeout=300)
    done = reporting("grant", "lucie", "--login", "tool", "--no-password", env=env)
    assert done.returncode == 2 and "need PostgreSQL" in done.stderr
