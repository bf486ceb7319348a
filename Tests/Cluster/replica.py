"""A streaming replica of a server of Tests/Cluster, on a loopback port of its own.

    with Postgres() as primary, Replica(primary) as replica:
        replica.pause()             # what is written from here on does not show
        replica.psql("select 1")
"""

from __future__ import annotations

import shutil

from Cluster.parts import mark, read_mark, run, temporary_folder, wait_until
from Cluster.postgres import BIN, Postgres


class Replica(Postgres):
    """Made by pg_basebackup -R from a running primary; its passwords are the primary's."""

    def __init__(self, primary: Postgres):
        folder = temporary_folder("replica")
        super().__init__(folder, fast=primary.fast)
        self.primary, self.is_temporary = primary, True

    def make(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        run([f"{BIN}/pg_basebackup", "--pgdata", str(self.data), "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
             "--dbname", self.primary.url(user="postgres", database="postgres")], timeout=120)
        mark(self.folder, read_mark(self.folder).get("owner"), made=True, passwords=self.primary.passwords, tls=False, port=0)

    def start(self, timeout: float = 60) -> "Replica":
        super().start(timeout)
        wait_until("the replica follows its primary", lambda: self.psql("select count(*) from pg_stat_wal_receiver where status = 'streaming'") == "1", timeout)
        return self

    # MARK: falling behind

    def pause(self) -> None:
        """It goes on receiving what is written, and shows none of it."""
        self.psql("select pg_wal_replay_pause()")
        wait_until("the replay has paused", lambda: self.psql("select pg_get_wal_replay_pause_state()") == "paused", 10)

    def resume(self) -> None:
        self.psql("select pg_wal_replay_resume()")

    def cut(self) -> None:
        """It loses its way to the primary: everything received is shown, and nothing more arrives."""
        self.way = self.psql("show primary_conninfo")
        self.psql("alter system set primary_conninfo = ''")
        self.psql("select pg_reload_conf()")
        wait_until("nothing arrives any more", lambda: self.psql("select count(*) from pg_stat_wal_receiver") == "0", 20)

    def mend(self) -> None:
        self.psql("alter system set primary_conninfo = '" + self.way.replace("'", "''") + "'")
        self.psql("select pg_reload_conf()")
