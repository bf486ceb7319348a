#!/usr/bin/env python3
"""A PostgreSQL 15 of one's own, in a folder, on a loopback port, with passwords.

    python3 Tests/Cluster/postgres.py start --folder F [--port N] [--fast] [--tls]    prints its postgres:// address and leaves it running
    python3 Tests/Cluster/postgres.py stop --folder F [--keep]                        stops it and removes the folder

`start` on a running server prints the address again. In Python:

    with Postgres(fast=True) as database:
        database.psql("select 1")
"""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import shutil
import signal
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from Cluster.parts import (PartFailed, alive, give, kill_tree, locked, make_folder, mark, free_port, program, read_mark, remove, run, sweep, system_user,
                           temporary_folder, wait_until, working_in, write)

BIN = os.environ.get("MANDATE_PG_BIN", "/usr/lib/postgresql/15/bin")

# What a test server may give up: it need not survive the machine's crash. Benches and faults leave it away.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}
# Small, and with room for a suite that opens a pool for each test.
BASE = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "300", "shared_buffers": "128MB",
        "timezone": "UTC", "log_timezone": "UTC", "log_line_prefix": "%m [%p] %q%u@%d ", "password_encryption": "scram-sha-256"}


class Postgres:
    """One server. The role `mandate` owns the database `mandate` and may make others, and roles; `postgres` is the superuser.

    - Parameters:
      folder: where it lives; a temporary one, removed by `close`, when not given.
      fast: without fsync, for tests that do not kill it.
      tls: False, True (offered), or "required"; the certificate is made here.
      socket: also on a socket in its data folder, where the system user it runs as is the superuser without a password (pgBackRest wants that).
    """

    def __init__(self, folder: Path | str | None = None, *, port: int | None = None, settings: dict[str, str] | None = None,
                 fast: bool = False, tls: bool | str = False, checksums: bool = False, socket: bool = False):
        self.is_temporary = folder is None
        self.folder = temporary_folder("pg") if folder is None else Path(folder).resolve()
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.port = port or 0
        self.wants_port = port
        self.fast, self.tls, self.checksums = fast, tls, checksums
        self.settings = {**BASE, **(FAST if fast else {}), **({"unix_socket_directories": str(self.data)} if socket else {}), **(settings or {})}

    def __enter__(self) -> "Postgres":
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_: object) -> None:
        self.close()

    # MARK: making it

    @property
    def is_made(self) -> bool:
        return bool(read_mark(self.folder).get("made"))

    def make(self) -> None:
        """initdb, roles and database. A folder left half made is made again; one that is not ours is refused."""
        owner = read_mark(self.folder).get("owner")
        if self.folder.exists() and any(self.folder.iterdir()) and not read_mark(self.folder):
            raise PartFailed(f"{self.folder} is not empty and was not made by Tests/Cluster")
        make_folder(self.folder)
        mark(self.folder, owner)
        shutil.rmtree(self.data, ignore_errors=True)
        passwords = {name: secrets.token_hex(12) for name in ("postgres", "mandate")}
        pwfile = write(self.folder / "pwfile", passwords["postgres"] + "\n")
        run([f"{BIN}/initdb", "-D", str(self.data), "--username=postgres", f"--pwfile={pwfile}", "--auth=scram-sha-256", "--locale=C", "--encoding=UTF8",
             "--no-sync", "--no-instructions", *(["--data-checksums"] if self.checksums else [])])
        pwfile.unlink()
        if self.tls:
            certificate(self.folder)
            self.settings |= {"ssl": "on", "ssl_cert_file": str(self.folder / "server.crt"), "ssl_key_file": str(self.folder / "server.key")}
        kind = "hostssl" if self.tls == "required" else "host"
        write(self.data / "pg_hba.conf", f"local all postgres peer map=system\n{kind} all,replication all 127.0.0.1/32 scram-sha-256\n")
        write(self.data / "pg_ident.conf", f"system {system_user() or getpass.getuser()} postgres\n")
        # In single-user mode, so that no moment passes in which the server answers and the roles are missing.
        run([f"{BIN}/postgres", "--single", "-j", "-D", str(self.data), "-c", "listen_addresses=", "-c", "fsync=off", "postgres"], input=(
            f"create role mandate login createdb createrole password '{passwords['mandate']}';\n\n"
            "create database mandate owner mandate;\n\n"))
        mark(self.folder, owner, made=True, passwords=passwords, tls=self.tls, port=self.port)

    @staticmethod
    def over(folder: Path, passwords: dict[str, str], settings: dict[str, str] | None = None) -> "Postgres":
        """A server over `folder`/data, which was restored from a backup of another: that one's passwords, a port of its own, archiving nothing."""
        mark(folder, read_mark(folder).get("owner"), made=True, passwords=passwords, tls=False, port=0)
        return Postgres(folder, settings=settings)

    def configure(self, settings: dict[str, str] | None = None) -> None:
        """Writes the settings; a running server reads them again, and those that need a restart wait for one."""
        self.settings |= settings or {}
        lines = {**self.settings, "port": str(self.port)}
        write(self.data / "postgresql.conf", "".join(f"{name} = '{value}'\n".replace("''", "''") for name, value in lines.items()))
        if self.is_running:
            os.kill(self.pid, signal.SIGHUP)

    # MARK: its life

    @property
    def pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None

    @property
    def is_running(self) -> bool:
        pid = self.pid
        return pid is not None and alive(pid) and b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()

    def start(self, timeout: float = 60) -> "Postgres":
        if not self.is_made:
            self.make()
        seen = read_mark(self.folder)
        self.tls = seen["tls"]
        if self.tls:
            self.settings |= {"ssl": "on", "ssl_cert_file": str(self.folder / "server.crt"), "ssl_key_file": str(self.folder / "server.key")}
        if self.is_running:
            self.port = seen["port"]
            return self
        self.clear_killed()
        for attempt in range(5):
            self.port = self.wants_port or self.port or (seen["port"] if attempt == 0 else 0) or free_port()
            self.configure()
            mark(self.folder, **{"owner": seen["owner"], "made": True, "passwords": seen["passwords"], "tls": self.tls, "port": self.port})
            try:
                run([f"{BIN}/pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", str(int(timeout)), "-s", "start"], timeout=timeout + 10)
                return self
            except PartFailed:
                end = "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])
                if "Address already in use" in end and not self.wants_port:
                    self.port = 0  # somebody took it since it was asked for
                else:
                    raise PartFailed(f"PostgreSQL did not start in {self.folder}:\n{end}") from None
        raise PartFailed(f"PostgreSQL did not start in {self.folder}:\n{end}")

    def clear_killed(self) -> None:
        """After a kill: waits for the server's last children, then removes its lock file. PostgreSQL would respect the lock for as long as nobody reaps the
        dead process, and not every machine's first process is quick at that."""
        if self.pid is not None:
            wait_until("the killed server's processes are gone", lambda: not working_in(self.data), 15)
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self, mode: str = "fast") -> None:
        """fast: ends sessions, writes everything. immediate: as a crash of the server, recovery at the next start. smart: waits for the sessions."""
        if self.is_running:
            run([f"{BIN}/pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-s", "-m", mode, "stop"], timeout=70)

    def kill(self) -> None:
        """kill -9 of the server and all its processes."""
        pid = self.pid
        if pid is not None and self.is_running:
            kill_tree(pid)

    def restart(self, mode: str = "fast") -> "Postgres":
        self.stop(mode)
        return self.start()

    def close(self) -> None:
        """Ends it without ceremony; removes the folder if it was a temporary one."""
        self.kill()
        if self.is_temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    # MARK: using it

    @property
    def passwords(self) -> dict[str, str]:
        return read_mark(self.folder)["passwords"]

    def password(self, user: str = "mandate") -> str:
        return self.passwords[user]

    def url(self, *, user: str = "mandate", database: str = "mandate", **options: str) -> str:
        """postgres://mandate:…@127.0.0.1:…/mandate. With TLS it asks for the certificate to be checked, host name and all."""
        if self.tls:
            options = {"sslmode": "verify-full", "sslrootcert": str(self.folder / "ca.crt"), **options}
        query = "?" + urlencode(options, quote_via=quote, safe="/,:") if options else ""
        return f"postgres://{user}:{self.password(user)}@127.0.0.1:{self.port}/{database}{query}"

    def psql(self, sql: str, *, user: str = "postgres", database: str = "mandate", timeout: float = 60) -> str:
        """Runs SQL and answers rows as lines, columns joined by |. The first error ends it."""
        return psql(self.url(user=user, database=database), sql, timeout=timeout)


def psql(url: str, sql: str, *, timeout: float = 60) -> str:
    return run([f"{BIN}/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"], input=sql, timeout=timeout,
               env={"PGCONNECT_TIMEOUT": str(max(2, int(timeout)))}).rstrip("\n")


def certificate(folder: Path, *names: str) -> None:
    """ca.crt, server.crt and server.key for 127.0.0.1 and localhost, for this folder only; the authority's own key is thrown away."""
    openssl, day = program("openssl", "openssl"), "2"
    subject = "subjectAltName=IP:127.0.0.1,DNS:localhost" + "".join(f",DNS:{name}" for name in names)
    make_folder(folder)
    write(folder / "server.ext", subject + "\n")
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    run([openssl, "req", "-x509", *new_key, "-keyout", str(folder / "ca.key"), "-out", str(folder / "ca.crt"), "-days", day, "-subj", "/CN=Mandate test authority"])
    run([openssl, "req", *new_key, "-keyout", str(folder / "server.key"), "-out", str(folder / "server.csr"), "-subj", "/CN=localhost"])
    run([openssl, "x509", "-req", "-in", str(folder / "server.csr"), "-CA", str(folder / "ca.crt"), "-CAkey", str(folder / "ca.key"), "-CAcreateserial",
         "-out", str(folder / "server.crt"), "-days", day, "-extfile", str(folder / "server.ext")])
    for name in ("ca.key", "ca.srl", "server.csr", "server.ext"):
        (folder / name).unlink(missing_ok=True)
    give(folder / "server.key", 0o600)
    if system_user():  # whoever connects must be able to read the authority's certificate
        os.chmod(folder, 0o711)
        os.chmod(folder / "ca.crt", 0o644)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["start", "stop", "sweep"])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--port", type=int)
    parser.add_argument("--fast", action="store_true", help="without fsync: for tests that do not kill it")
    parser.add_argument("--tls", nargs="?", const=True, default=False, choices=[True, "required"], help="with a certificate made here")
    parser.add_argument("--admin", action="store_true", help="print the superuser's address instead of that of mandate")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of postgresql.conf")
    parser.add_argument("--keep", action="store_true", help="stop: leave the folder as it is")
    options = parser.parse_args()
    if options.command == "sweep":
        for folder in sweep():
            print(f"removed {folder}")
        return
    if options.folder is None:
        parser.error("--folder is needed")
    folder = options.folder.resolve()
    try:
        if options.command == "stop":
            if not folder.exists():
                return
            if not read_mark(folder):
                raise PartFailed(f"{folder} was not made by Tests/Cluster")
            with locked(folder):
                Postgres(folder).stop("fast" if options.keep else "immediate")
                if not options.keep:
                    remove(folder)
            return
        settings = dict(setting.split("=", 1) for setting in options.set)
        server = Postgres(folder, port=options.port, fast=options.fast, tls=options.tls, settings=settings)
        with locked(folder):  # two that start the same folder at once get one server
            server.start()
        print(server.url(user="postgres" if options.admin else "mandate"))
    except PartFailed as failure:
        sys.exit(f"postgres.py: {failure}")


if __name__ == "__main__":
    main()
