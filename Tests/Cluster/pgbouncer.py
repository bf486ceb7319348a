"""pgbouncer in front of one server, with the settings of deploy/db: a bound on connections.

    with Postgres() as database, Pgbouncer(database) as pool:
        psql(pool.url(), "select 1")
"""

from __future__ import annotations

import configparser
import shutil
import signal

from Cluster.parts import ROOT, Process, free_port, listens, program, temporary_folder, write
from Cluster.postgres import Postgres


class Pgbouncer:
    def __init__(self, postgres: Postgres, **settings: str):
        self.postgres, self.port = postgres, free_port()
        self.folder = temporary_folder("pgbouncer")
        recipe = configparser.ConfigParser(interpolation=None, comment_prefixes=(";",), delimiters=("=",))
        recipe.read_string((ROOT / "deploy/db/etc/pgbouncer/pgbouncer.ini").read_text())
        # Of the recipe everything but places and names: these are this machine's. Without TLS, the server being one of Tests/Cluster.
        kept = {name: value for name, value in recipe["pgbouncer"].items() if "@" not in value and not name.startswith(("client_tls", "auth_"))}
        own = {"listen_addr": "127.0.0.1", "listen_port": str(self.port), "unix_socket_dir": "", "logfile": str(self.folder / "pgbouncer.log"),
               "pidfile": str(self.folder / "pgbouncer.pid"), "auth_type": "scram-sha-256", "auth_file": str(self.folder / "userlist.txt"),
               "admin_users": "mandate", **({"server_tls_sslmode": "require"} if postgres.tls else {})}
        lines = ["[databases]", f"* = host=127.0.0.1 port={postgres.port}", "[pgbouncer]", *(f"{name} = {value}" for name, value in {**kept, **own, **settings}.items())]
        write(self.folder / "pgbouncer.ini", "\n".join(lines) + "\n")
        write(self.folder / "userlist.txt", "".join(f'"{user}" "{password}"\n' for user, password in postgres.passwords.items()))
        self.process = Process("pgbouncer", [program("pgbouncer", "pgbouncer"), str(self.folder / "pgbouncer.ini")], self.folder / "stderr.log")

    def url(self, database: str = "mandate", user: str = "mandate") -> str:
        return f"postgres://{user}:{self.postgres.passwords[user]}@127.0.0.1:{self.port}/{database}"

    def start(self) -> "Pgbouncer":
        self.process.start(ready=lambda: listens(self.port), timeout=10)
        return self

    def stop(self) -> None:
        """SIGINT: what is under way is finished first."""
        self.process.stop(number=signal.SIGINT)

    def kill(self) -> None:
        self.process.kill()

    def __enter__(self) -> "Pgbouncer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
