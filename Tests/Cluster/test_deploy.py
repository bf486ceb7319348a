"""The recipe's files: every template is filled, and every program accepts its configuration.

    .tools/venv/bin/python -m pytest Tests/Cluster/test_deploy.py
"""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from Cluster.libpq import Connection
from Cluster.parts import ROOT, program
from Cluster.pgbouncer import Pgbouncer
from Cluster.postgres import Postgres, psql

DEPLOY = ROOT / "deploy"
SINGLE = "name = mandate\norigin = https://mandate.example\nnetwork = 10.20.0.0/24\nsingle = one 127.0.0.1\n"


def rendered(folder: Path, text: str) -> Path:
    (folder / "site.conf").write_text(text)
    subprocess.run([sys.executable, DEPLOY / "render.py", folder / "site.conf", folder / "out", "--certificates"], check=True, capture_output=True)
    return folder / "out"


@pytest.fixture(scope="module", params=["several hosts", "one host"])
def out(request, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    return rendered(folder, (DEPLOY / "site.conf.example").read_text() if request.param == "several hosts" else SINGLE)


def configurations(out: Path) -> list[Path]:
    return [path for path in out.glob("*/**/*") if path.is_file() and not path.is_relative_to(out / "authority") and "tls" not in path.parts]


def test_every_variable_is_filled_and_nobody_else_reads_a_password(out: Path):
    secrets = [line.split(" = ")[1] for line in (out / "secrets").read_text().splitlines()]
    files = configurations(out)
    assert len(files) > 8
    unfilled = [f"{path}: {found}" for path in files for found in re.findall(r"@[a-z_.-]+@", path.read_text())]
    open_to_all = [str(path) for path in files if any(secret in path.read_text() for secret in secrets) and stat.S_IMODE(path.stat().st_mode) != 0o600]
    assert (unfilled, open_to_all) == ([], [])
    assert stat.S_IMODE((out / "secrets").stat().st_mode) == 0o600


def test_a_second_run_keeps_passwords_and_certificates(tmp_path: Path):
    out = rendered(tmp_path, SINGLE)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    rendered(tmp_path, SINGLE)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_haproxy_accepts_its_files(out: Path):
    files = [path for path in configurations(out) if path.name == "haproxy.cfg"]
    assert files
    for path in files:
        # What it refers to is on the host it is for.
        text = path.read_text().replace("/etc/mandate", str(path.parents[1] / "mandate")).replace("/run/haproxy", str(path.parent))
        own = path.with_suffix(".here")
        own.write_text(text)
        done = subprocess.run([program("haproxy", "haproxy"), "-c", "-f", own], capture_output=True, text=True)
        own.unlink()
        assert done.returncode == 0 and "WARNING" not in done.stderr, f"{path}: {done.stderr}"


def test_systemd_accepts_the_units(out: Path, tmp_path: Path):
    units = [path for path in configurations(out) if path.suffix in (".service", ".timer", ".target")]
    assert units
    for path in units:
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(), flags=re.M)  # the program is on its own host only
        own = tmp_path / path.name.replace("@.", "@8080.")
        own.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.glob("*.*"))], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    assert complaints == []


def test_the_server_is_well_shut_in(out: Path, tmp_path: Path):
    """systemd's own measure of a service's exposure: 0 is none, 10 is that of a service without any protection."""
    unit = next((path for path in configurations(out) if path.name == "mandate@.service"), None)
    assert unit is not None
    copy = tmp_path / "mandate@8080.service"
    copy.write_text(unit.read_text())
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15", str(copy)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr


def test_pgbouncer_lends_whole_sessions_and_waits_instead_of_refusing():
    with Postgres(fast=True) as database, Pgbouncer(database, default_pool_size="2", reserve_pool_size="0", query_wait_timeout="2") as pool:
        with Connection(pool.url()) as first, Connection(pool.url()) as second:
            first.run("prepare kept as select 1; set statement_timeout = '7s'")
            second.run("select 1")
            assert first.run("execute kept; show statement_timeout") == [["7s"]]
            with pytest.raises(Exception, match="query_wait_timeout"):
                Connection(pool.url(), timeout=5).run("select 1")
        assert psql(pool.url(), "show statement_timeout") == "0", "a session's settings do not reach the next"
