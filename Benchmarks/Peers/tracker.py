"""Request Tracker 5 of Debian on PostgreSQL: Starman in front, full text indexed, driven over REST2.

Its bulk goes in as SQL, shaped as its own Perl API leaves it (four role groups a ticket, their principals, members and transactions);
rt-validator, its own check of a database, must find nothing wrong afterwards.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import secrets
import subprocess
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from drive import Address, Call, Wrong
from product import LEASH, ROWS, Names, Process, Product, Seen
from tracker_rows import Rows
from world import Request
from Cluster.parts import as_user, environment, free_port, make_folder, write

SERVER = "/usr/share/request-tracker5/libexec/rt-server"
FIELDS = "Subject,Status,Priority,Due,Queue,Owner,Requestor,Created,LastUpdated"
PLAIN = "Subject,Status,Priority,Due,Created,LastUpdated"


class Tracker(Product):
    name = "Request Tracker"
    database = "rt"

    def load(self, requests: list[Request], names: Names) -> None:
        self.names = names
        self.password, self.port = secrets.token_hex(12), free_port()
        make_folder(self.folder)
        for name in ("conf.d", "mason", "session"):
            make_folder(self.folder / name)
        self.configure()
        self.run("rt-setup-database-5", "--action", "init", env={"RT_DBA_PASSWORD": self.postgres.password("postgres")})
        asked = {"queues": names.queues, "people": names.people, "password": self.password}
        # From a copy: the system user that it runs as need not be able to read the project.
        script = write(self.folder / "tracker.pl", (Path(__file__).parent / "tracker.pl").read_text())
        self.made = json.loads(self.run("perl", str(script), input=json.dumps(asked)))
        rows = Rows(self.made, {table: self.after(table) for table in Rows.COUNTED})
        self.ids = {request.number: rows.add(request, names, self.due(request)) for request in requests}
        self.postgres.psql(rows.sql(), database=self.database, timeout=1200)
        self.index()
        self.postgres.psql("vacuum analyze", database=self.database, timeout=600)
        self.run("rt-validator-5", "--check", timeout=900)
        self.serve()

    def after(self, table: str) -> int:
        return int(self.postgres.psql(f"select coalesce(max(id), 0) + 1 from {table}", database=self.database))

    @staticmethod
    def due(request: Request) -> datetime:
        return datetime.now(UTC) + timedelta(hours=request.due_hours)

    # MARK: setting up

    def configure(self, more: str = "") -> None:
        write(self.folder / "RT_SiteConfig.pm", f"""
            Set($rtname, 'bench'); Set($Organization, 'bench'); Set($WebDomain, '127.0.0.1'); Set($WebPort, {self.port}); Set($Timezone, 'UTC');
            Set($DatabaseType, 'Pg'); Set($DatabaseHost, '127.0.0.1'); Set($DatabasePort, {self.postgres.port}); Set($DatabaseAdmin, 'postgres');
            Set($DatabaseName, 'rt'); Set($DatabaseUser, 'rt'); Set($DatabasePassword, '{self.password}');
            Set($LogToSyslog, undef); Set($LogToSTDERR, 'error'); Set($MailCommand, 'testfile');
            $RT::VarPath = '{self.folder}'; $RT::MasonDataDir = '{self.folder}/mason'; $RT::MasonSessionDir = '{self.folder}/session';
            {more}
            1;
            """)

    def variables(self) -> dict[str, str]:
        return {"RT_SITE_CONFIG": str(self.folder / "RT_SiteConfig.pm"), "RT_SITE_CONFIG_DIR": str(self.folder / "conf.d"), "PATH": "/usr/sbin:/usr/bin:/bin",
                "LC_ALL": "C.UTF-8"}

    def run(self, *arguments: str, env: dict[str, str] | None = None, input: str = "", timeout: float = 120) -> str:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=timeout, cwd="/", input=input,
                              env=environment({**self.variables(), **(env or {})}), **as_user())
        if done.returncode != 0:
            raise Wrong(f"{arguments[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
        return done.stdout

    def index(self) -> None:
        """Full text as its manual says: rt-setup-fulltext-index makes the index and prints the setting that belongs into the configuration."""
        told = self.run("rt-setup-fulltext-index-5", "--noask", "--dba", "postgres", "--dba-password", self.postgres.password("postgres"), timeout=1200)
        setting = re.search(r"Set\(\s*%FullTextSearch.*?\);", told, re.S)
        if setting is None:
            raise Wrong(f"rt-setup-fulltext-index: {told[-2000:]}")
        self.configure(setting.group(0))
        self.run("rt-fulltext-indexer-5", "--all", timeout=1200)

    def serve(self) -> None:
        # Workers: twice the cores, as is usual for a database behind them, and no fewer than there are connections, since a worker keeps its connection.
        workers = max(5, 2 * (os.cpu_count() or 1))
        self.address = Address(f"http://127.0.0.1:{self.port}")
        self.process = Process("starman", [*LEASH, SERVER, "--server", "Starman", "--workers", str(workers), "--preload-app", "--max-requests", "100000",
                                           "--host", "127.0.0.1", "--port", str(self.port)], self.folder / "starman.log", self.variables())
        self.process.start(self.address.answers, timeout=60)
        package = subprocess.run(["dpkg-query", "-W", "-f=${Version}", "request-tracker5"], capture_output=True, text=True).stdout
        self.version = f"{package}, Starman with {workers} workers"
        self.engine = "PostgreSQL"
        self.by_token = Address(self.address.base, {"Authorization": f"token {self.made['token']}"})
        self.address.headers["Cookie"] = self.sign_in()

    def sign_in(self) -> str:
        """A session's cookie, which REST2 takes too: a token costs bcrypt anew at each request."""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        form = urllib.parse.urlencode({"user": "agent", "pass": self.password}).encode()
        opener.open(f"{self.address.base}/NoAuth/Login.html", form, timeout=60).read()
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)

    # MARK: being asked

    def seen(self, request: Request) -> Seen:
        ticket = self.address.ask(self.read(request))
        history = self.address.ask(Call("GET", f"/REST/2.0/ticket/{ticket['id']}/history?fields=Type&per_page=100"))["items"]
        queue = next(name for name, id in self.made["queues"].items() if str(id) == ticket["Queue"]["id"])
        return Seen(ticket["Subject"], ticket["Status"] in ("new", "open", "stalled"), sum(item["Type"] in ("Create", "Correspond") for item in history),
                    queue, ticket["Requestor"][0]["id"])

    def create(self, request: Request) -> Call:
        return Call("POST", "/REST/2.0/ticket", {
            "Queue": self.names.queues[request.queue], "Subject": request.subject, "Content": request.messages[0].text, "ContentType": "text/plain",
            "Requestor": self.names.people[request.person], "Priority": Rows.priority(request), "Due": self.due(request).strftime("%Y-%m-%d %H:%M:%S")})

    def read(self, request: Request) -> Call:
        return Call("GET", f"/REST/2.0/ticket/{self.ids[request.number]}")

    def list(self, queue: int, plain: bool = False) -> Call:
        return self.found(f"Queue = '{self.names.queues[queue]}' AND Status = '__Active__'", plain, "&orderby=Due&order=ASC&orderby=Priority&order=DESC")

    def search(self, word: str, plain: bool = False) -> Call:
        return self.found(f"Content LIKE '{word}'", plain, "&orderby=Created&order=DESC")

    def found(self, query: str, plain: bool, order: str) -> Call:
        return Call("GET", f"/REST/2.0/tickets?query={quote(query)}&fields={PLAIN if plain else FIELDS}&per_page={ROWS}{order}")

    def total(self, call: Call) -> int:
        return self.address.ask(call)["total"]
