"""pgBackRest: of one server with a repository beside it (`Repository`), and of the three database hosts of a site with a backup host (`BackupHost`).

    with Postgres(socket=True) as database, Repository(database) as backups:
        backups.backup("full")
        with backups.restored(to=moment) as earlier: …
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from Cluster.parts import ROOT, listens, make_folder, program, run, temporary_folder, wait_until, write
from Cluster.patroni import Cluster
from Cluster.postgres import Postgres

sys.path.insert(0, str(ROOT / "deploy"))
import render  # noqa: E402

STANZA = "mandate"


def moment(database: Postgres) -> str:
    """Now, as the database's clock has it and as `--target` takes it."""
    return database.psql("select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US+00')")


class Repository:
    """The backups of one server, in a folder of its own, with the configuration of deploy/single. The server must be made with `socket=True`."""

    def __init__(self, postgres: Postgres):
        self.postgres = postgres
        self.folder = temporary_folder("backup")
        for part in ("lib/pgbackrest", "spool", "run", "log"):
            make_folder(self.folder / part)
        self.pgbackrest = program("pgbackrest", "pgbackrest")
        values = {**render.STANDARD, "name": STANZA, "secret.backup": "of-a-test-only", "etc": str(self.folder), "lib": str(self.folder / "lib"),
                  "run": str(self.folder / "run"), "log": str(self.folder / "log"), "spool": str(self.folder / "spool")}
        text = render.fill((ROOT / "deploy/single/etc/pgbackrest.conf").read_text(), values, {}, "deploy/single/etc/pgbackrest.conf")
        # The one server is not where Debian has it; everything else is as the recipe says.
        own = {"pg1-path": str(postgres.data), "pg1-port": str(postgres.port), "pg1-socket-path": str(postgres.data)}
        lines = [f"{line.split('=')[0]}={own[line.split('=')[0]]}" if line.split("=")[0] in own else line for line in text.splitlines()]
        self.config = write(self.folder / "pgbackrest.conf", "\n".join(lines) + "\n")

    def __enter__(self) -> "Repository":
        settings = {"archive_mode": "on", "archive_timeout": "60", "archive_command": f"{self.pgbackrest} --config={self.config} --stanza={STANZA} archive-push %p"}
        self.postgres.configure(settings)
        self.postgres.restart()
        self.run("stanza-create")
        self.run("check")
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments: str, timeout: float = 120) -> str:
        return run([self.pgbackrest, f"--config={self.config}", f"--stanza={STANZA}", *arguments], timeout=timeout)

    def backup(self, type: str = "full") -> dict:
        """full, diff or incr. Answers what pgBackRest knows of it."""
        self.run(f"--type={type}", "backup")
        return self.backups()[-1]

    def backups(self) -> list[dict]:
        return json.loads(self.run("--output=json", "info"))[0]["backup"]

    def switch(self) -> None:
        """Sends the log written so far to the repository and waits until it is there."""
        name = self.postgres.psql("select pg_walfile_name(pg_switch_wal())")
        wait_until(f"{name} is in the repository", lambda: self.postgres.psql("select last_archived_wal >= '" + name + "' from pg_stat_archiver") == "t", 60, 0.2)

    @contextmanager
    def restored(self, to: str | None = None, **settings: str) -> Iterator[Postgres]:
        """A server as the database was at the moment `to`, or at the end of the log."""
        folder = temporary_folder("restored")
        make_folder(folder / "data")
        target = ["--type=time", f"--target={to}", "--target-action=promote"] if to else []
        server = Postgres.over(folder, self.postgres.passwords, {"unix_socket_directories": "", **settings})
        try:
            self.run(f"--pg1-path={server.data}", *target, "restore")
            server.start()
            wait_until("the log is replayed", lambda: server.psql("select pg_is_in_recovery()") == "f", 60, 0.1)
            yield server
        finally:
            server.close()
            shutil.rmtree(folder, ignore_errors=True)


class BackupHost:
    """The backup host of a site: the repository, and `pgbackrest server` on every host, speaking TLS with certificates of the site."""

    def __init__(self, cluster: Cluster, host: str = "backup1"):
        self.cluster, self.site, self.host = cluster, cluster.site, host
        self.pgbackrest = program("pgbackrest", "pgbackrest")
        self.config = self.site.path(host, "etc/pgbackrest.conf")
        self.servers = {name: self.site.process(name, "pgbackrest", [self.pgbackrest, f"--config={self.site.path(name, 'etc/pgbackrest.conf')}", "server"])
                        for name in [*self.site.hosts["db"], host]}

    def start(self) -> "BackupHost":
        for name, server in self.servers.items():
            server.start(ready=lambda: listens(8432, self.site.address(name)), timeout=15)
        self.run("stanza-create")
        self.run("check")
        return self

    def run(self, *arguments: str, timeout: float = 180) -> str:
        return run([self.pgbackrest, f"--config={self.config}", f"--stanza={STANZA}", *arguments], timeout=timeout)

    def backup(self, type: str = "full") -> dict:
        self.run(f"--type={type}", "backup")
        return json.loads(self.run("--output=json", "info"))[0]["backup"][-1]

    def rehearse(self, to: str | None = None, check: str | None = None) -> str:
        """Restores on the backup host as deploy/backup has it, and runs the check with the address in $DATABASE."""
        return run([str(self.site.path(self.host, "usr/local/sbin/mandate-rehearse")), *([to] if to else [])], env={"REHEARSE_CHECK": check} if check else {}, timeout=180)
