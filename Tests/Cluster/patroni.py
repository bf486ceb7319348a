"""Three database hosts: etcd, Patroni with PostgreSQL, pgbouncer, and HAProxy of an application host that finds the primary.

    with Cluster() as cluster:
        psql(cluster.url(), "select 1")      through HAProxy, to whoever is primary
        cluster.kill_node(cluster.primary())   kill -9 of Patroni and PostgreSQL of that host
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import ssl
import urllib.error
import urllib.request

from Cluster.haproxy import HAProxy
from Cluster.parts import PartFailed, kill_tree, listens, program, run, wait_until, working_in
from Cluster.postgres import BIN, psql
from Cluster.site import Site


class Cluster:
    def __init__(self, site: Site | None = None, *, pooled: bool = True, archive: bool = False, apps: list[str] | None = None):
        self.owns_site = site is None
        self.site = site or Site()
        self.pooled, self.archive = pooled, archive
        self.nodes = self.site.hosts["db"]
        env = {"PATH": f"{BIN}:{os.environ.get('PATH', '')}:/usr/bin:/bin"}
        self.etcd = {node: self.site.process(node, "etcd", [program("etcd", "etcd-server")], self.etcd_settings(node)) for node in self.nodes}
        # Debian's Python: Patroni is a package of the system and not of whatever Python the caller has.
        self.patroni = {node: self.site.process(node, "patroni", ["/usr/bin/python3", program("patroni", "patroni"), str(self.config(node))], env) for node in self.nodes}
        self.pgbouncer = {node: self.site.process(node, "pgbouncer", [program("pgbouncer", "pgbouncer"), str(self.site.path(node, "etc/pgbouncer/pgbouncer.ini"))])
                          for node in self.nodes} if pooled else {}
        self.haproxy = {app: HAProxy(self.site, app) for app in apps or self.site.hosts["app"][:1]}
        self.trust = ssl.create_default_context(cafile=str(self.site.path("lb1", "etc/mandate/tls/ca.crt")))

    def config(self, node: str):
        return self.site.path(node, "etc/patroni/config.yml")

    def etcd_settings(self, node: str) -> dict[str, str]:
        lines = self.site.path(node, "etc/default/etcd").read_text().splitlines()
        return {"ETCD_LOG_LEVEL": "warn", **dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))}

    # MARK: its life

    def start(self) -> "Cluster":
        if not self.archive:  # nobody listens for the log: to archive would fail, and be tried again for ever
            for node in self.nodes:
                path = self.config(node)
                path.write_text(path.read_text().replace("archive_command: pgbackrest", "archive_command: /bin/true"))
        for node in self.nodes:
            self.etcd[node].start()
        for node in self.nodes:
            wait_until(f"etcd of {node} is healthy", lambda: self.etcd_is_healthy(node), 30)
        for node in self.nodes:
            self.patroni[node].start()
        for node in self.pgbouncer:
            self.pgbouncer[node].start(ready=lambda: listens(6432, self.site.address(node)))
        for haproxy in self.haproxy.values():
            haproxy.start()
        wait_until("there is a primary and every other host streams from it", self.is_whole, 120, 0.25)
        wait_until("HAProxy sees the primary", lambda: all(len(haproxy.up("primary")) == 1 for haproxy in self.haproxy.values()), 15)
        return self

    def close(self) -> None:
        for node in self.nodes:
            self.patroni[node].kill()
            for pid in working_in(self.data(node)):
                kill_tree(pid)
        if self.owns_site:
            self.site.close()

    def __enter__(self) -> "Cluster":
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_: object) -> None:
        self.close()

    def data(self, node: str):
        return self.site.path(node, f"lib/postgresql/15/{self.site.name}")

    # MARK: looking at it

    def url(self, app: str = "app1", *, port: int = 5432, user: str = "mandate") -> str:
        return self.site.url(app, port=port, user=user)

    def etcd_is_healthy(self, node: str) -> bool:
        tls = self.site.path(node, "etc/mandate/tls")
        try:
            run([program("etcdctl", "etcd-client"), f"--endpoints=https://{self.site.address(node)}:2379", f"--cacert={tls}/ca.crt", f"--cert={tls}/host.crt",
                 f"--key={tls}/host.key", "--command-timeout=2s", "endpoint", "health"], env={"ETCDCTL_API": "3"}, timeout=10)
            return True
        except PartFailed:
            return False

    def ask(self, node: str, path: str) -> tuple[int, dict]:
        """What a host's Patroni answers; status 0 when nobody does."""
        try:
            with urllib.request.urlopen(f"https://{self.site.address(node)}:8008{path}", timeout=3, context=self.trust) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, {}
        except (OSError, ValueError):
            return 0, {}

    def primary(self) -> str | None:
        return next((node for node in self.nodes if self.ask(node, "/primary")[0] == 200), None)

    def members(self) -> list[dict]:
        for node in self.nodes:
            status, answer = self.ask(node, "/cluster")
            if status == 200:
                return answer["members"]
        return []

    def is_whole(self) -> bool:
        members = self.members()
        return (len(members) == len(self.nodes) and sorted(member["role"] for member in members)[0] == "leader"
                and all(member["state"] in ("running", "streaming") and member.get("lag", 0) == 0 for member in members)
                and any(member["role"] == "sync_standby" for member in members))

    def wait_whole(self, timeout: float = 90) -> float:
        return wait_until("every host follows the primary, one of them synchronously", self.is_whole, timeout, 0.25)

    def psql(self, sql: str, *, port: int = 5432, timeout: float = 30) -> str:
        return psql(self.url(port=port), sql, timeout=timeout)

    # MARK: hurting it

    def switch(self, to: str | None = None) -> str:
        """An orderly change of the primary, as before maintenance of its host. Answers the new one."""
        before = self.primary()
        node = next(node for node in self.nodes if node != before)
        run(["/usr/bin/python3", program("patronictl", "patroni"), "-c", str(self.config(node)), "switchover", self.site.name, "--master", before, "--force",
             *(["--candidate", to] if to else [])], timeout=60)
        wait_until("there is another primary", lambda: self.primary() not in (before, None), 60)
        return self.primary()

    def postmaster(self, node: str) -> int:
        return int((self.data(node) / "postmaster.pid").read_text().split("\n")[0])

    def kill_postgres(self, node: str) -> None:
        """kill -9 of PostgreSQL alone; its Patroni lives."""
        kill_tree(self.postmaster(node))

    def kill_node(self, node: str) -> None:
        """kill -9 of everything on a host at once, as when it loses its power."""
        parts = [self.patroni[node], self.etcd[node], *([self.pgbouncer[node]] if node in self.pgbouncer else [])]
        for part in parts:
            part.send(signal.SIGKILL)
        for pid in working_in(self.data(node)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until(f"{node} is dead", lambda: not any(part.is_running for part in parts) and not working_in(self.data(node)), 10, 0.02)

    def start_node(self, node: str) -> None:
        """Brings a killed host back; does nothing to one that lives. The dead server's lock goes first: after a real loss of power nobody has its number."""
        if not working_in(self.data(node)):
            (self.data(node) / "postmaster.pid").unlink(missing_ok=True)
        for part in (self.etcd[node], self.patroni[node], *([self.pgbouncer[node]] if node in self.pgbouncer else [])):
            if not part.is_running:
                part.start()
