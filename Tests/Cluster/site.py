"""A whole site of deploy/ on this machine: every host is an address of 127.0.0.0/8 and a folder, and has the configuration files of a real one.

    site = Site()                 # three database hosts, three application hosts, a load balancer, a backup host
    site.address("db1")           # 127.84.12.21
    site.path("db1", "etc/patroni/config.yml")
"""

from __future__ import annotations

import getpass
import os
import random
import resource
import shutil
import sys
from pathlib import Path

from Cluster.parts import ROOT, Process, give, make_folder, system_user, temporary_folder, write

sys.path.insert(0, str(ROOT / "deploy"))
import render  # noqa: E402

NUMBERS = {"lb": 10, "app": 11, "db": 21, "backup": 31}


def free_network() -> str:
    """The first three bytes of a loopback network of our own: the usual ports are free there, whatever else runs on the machine."""
    return f"127.{random.SystemRandom().randrange(16, 240)}.{random.SystemRandom().randrange(1, 255)}"


class Site:
    def __init__(self, folder: Path | None = None, *, apps: int = 3, databases: int = 3, values: dict[str, str] | None = None):
        self.is_temporary = folder is None
        self.folder = folder or temporary_folder("site")
        make_folder(self.folder)
        self.network = free_network()
        self.hosts = {"lb": ["lb1"], "app": [f"app{n + 1}" for n in range(apps)], "db": [f"db{n + 1}" for n in range(databases)], "backup": ["backup1"]}
        self.name = "mandate"
        self.parts: list[Process] = []
        here, db = str(self.folder / "hosts/@host@"), str(self.folder / "hosts/@db.name@")
        user = system_user() or getpass.getuser()
        # Made of the host's own folders instead of the system's; everything else is as the recipe has it.
        own = {"name": self.name, "network": "127.0.0.0/8", "origin": f"https://{self.network}.{NUMBERS['lb']}:8443", "https": "8443", "http": "8080",
               **{part: f"{here}/{part}" for part in ("etc", "lib", "run", "log", "spool")},
               "db-etc": f"{db}/etc", "db-run": f"{db}/run", "db-data": f"{db}/lib/postgresql/15/{self.name}",
               "backup-etc": str(self.folder / "hosts/backup1/etc"), "lb-address": "@address@", "primary-address": "@address@",
               "user": user, "haproxy-user": user, "data": str(self.folder / "data"), "shared_buffers": "64MB", "max_connections": "100",
               "maxconn": str((resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 100) // 2 if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 41000 else 20000)}
        lines = [f"{name} = {value}" for name, value in {**own, **(values or {})}.items()]
        lines += [f"{role} = {host} {self.address(host)}" for role, hosts in self.hosts.items() for host in hosts]
        write(self.folder / "site.conf", "\n".join(lines) + "\n")
        self.render()

    def render(self) -> None:
        """Writes the hosts' configurations as `deploy/render.py site.conf hosts/ --certificates` does."""
        out = self.folder / "hosts"
        site = render.Site.read(self.folder / "site.conf")
        out.mkdir(exist_ok=True)
        render.render(site, out)
        render.certificates(site, out)
        for host in (host for hosts in self.hosts.values() for host in hosts):
            for part in ("lib/postgresql/15", "lib/etcd", "lib/pgbackrest", "run/postgresql", "run/haproxy", "log/postgresql", "log/pgbackrest", "spool/pgbackrest"):
                (out / host / part).mkdir(parents=True, exist_ok=True)
        for path in [out, *out.rglob("*")]:
            give(path)
        if system_user():  # a server or a test of the caller's must reach the authority's certificate
            os.chmod(self.folder, 0o711)
            os.chmod(out, 0o711)

    @property
    def secrets(self) -> dict[str, str]:
        return render.keep_secrets(self.folder / "hosts/secrets")

    def address(self, host: str) -> str:
        role, number = host.rstrip("0123456789"), int(host.lstrip("abcdefghijklmnopqrstuvwxyz"))
        return f"{self.network}.{NUMBERS[role] + number - 1}"

    def path(self, host: str, *parts: str) -> Path:
        return self.folder.joinpath("hosts", host, *parts)

    @property
    def authority(self) -> Path:
        return self.path("app1", "etc/mandate/tls/ca.crt")

    def url(self, host: str = "app1", *, port: int = 5432, user: str = "mandate") -> str:
        """The database as the application host sees it: 5432 the primary, 6432 the primary through pgbouncer, 5433 a replica."""
        password = self.secrets["superuser" if user == "postgres" else user]
        return f"postgres://{user}:{password}@{self.address(host)}:{port}/{self.name}?sslmode=verify-ca&sslrootcert={self.authority}"

    def process(self, host: str, name: str, arguments: list[str], env: dict[str, str] | None = None, as_caller: bool = False) -> Process:
        part = Process(f"{name} of {host}", arguments, self.path(host, "log", f"{name}.log"), env, as_caller=as_caller)
        self.parts.append(part)
        return part

    def close(self) -> None:
        """Kills what still runs, and removes the folder if it was a temporary one."""
        for part in reversed(self.parts):
            part.kill()
        if self.is_temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
