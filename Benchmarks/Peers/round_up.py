"""roundup on PostgreSQL with its own full-text index, served by gunicorn as its manual says, driven over its REST interface."""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
import subprocess
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from drive import Address, Call, Wrong
from product import LEASH, ROWS, Names, Postgres, Process, Product, Seen
from world import Request
from Cluster.parts import free_port

STATUS = {"new": "unread", "in-progress": "in-progress", "pending": "deferred", "solved": "resolved"}
PRIORITIES = ["critical", "urgent", "bug", "feature", "wish"]  # of its own template, the most pressing first
FIELDS = "title,status,priority,deadline,queue,assignedto,requester,creation,activity"
PLAIN = "title,status,priority,deadline,creation,activity"
# What a desk needs beyond the template's issue.
QUEUE = 'queue = Class(db, "queue", name=String())\nqueue.setkey("name")\n'
MORE = 'status=Link("status"),\n                queue=Link("queue"),\n                requester=Link("user"),\n                deadline=Date())'
RIGHTS = "\ndb.security.addPermissionToRole('User', 'View', 'queue')\n"


class Roundup(Product):
    name = "roundup"
    database = "roundup"

    def __init__(self, postgres: Postgres, folder: Path, tools: Path):
        super().__init__(postgres, folder)
        self.tools = tools

    def load(self, requests: list[Request], names: Names) -> None:
        self.names, self.port = names, free_port()
        self.address = Address(f"http://127.0.0.1:{self.port}")
        self.install()
        told = {"queues": names.queues, "people": names.people, "requests": [asdict(request) | {"due": self.due(request)} for request in requests]}
        told |= {"status": STATUS, "priorities": PRIORITIES}
        script = Path(__file__).parent / "round_up_load.py"
        self.made = json.loads(self.run(str(self.tools / "bin/python"), str(script), str(self.folder), input=json.dumps(told), timeout=3600))
        self.ids = {request.number: id for request, id in zip(requests, self.made["issues"])}
        self.postgres.psql("vacuum analyze", database=self.database, timeout=600)
        self.serve()

    @staticmethod
    def due(request: Request) -> str:
        return (datetime.now(UTC) + timedelta(hours=request.due_hours)).strftime("%Y-%m-%d.%H:%M:%S")

    # MARK: setting up

    def install(self) -> None:
        self.secret, mail = secrets.token_hex(32), self.folder.parent / "roundup.mail"
        settings = {"rdbms_name": self.database, "rdbms_host": "127.0.0.1", "rdbms_port": self.postgres.port, "rdbms_user": "mandate",
                    "rdbms_password": self.postgres.password(), "tracker_web": self.address.base + "/", "mail_domain": "example.org", "mail_host": "localhost",
                    "mail_debug": mail, "web_jwt_secret": self.secret, "indexer": "native-fts", "logging_level": "ERROR"}
        self.admin("install", "classic", "postgresql", ",".join(f"{name}={value}" for name, value in settings.items()))
        schema = self.folder / "schema.py"
        text = schema.read_text()
        for before, after in (('issue = IssueClass', QUEUE + 'issue = IssueClass'), ('status=Link("status"))', MORE)):
            if text.count(before) != 1:
                raise Wrong(f"roundup's template has changed: no {before}")
            text = text.replace(before, after)
        schema.write_text(text + RIGHTS)
        # Nothing is mailed, as with Request Tracker.
        (self.folder / "detectors/nosyreaction.py").unlink()
        self.admin("initialise", secrets.token_hex(8))

    def admin(self, *arguments: str) -> None:
        self.run(str(self.tools / "bin/roundup-admin"), "-i", str(self.folder), *arguments)

    def run(self, *arguments: str, input: str = "", timeout: float = 120) -> str:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=timeout, input=input)
        if done.returncode != 0:
            raise Wrong(f"{arguments[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
        return done.stdout

    def serve(self) -> None:
        workers = max(5, 2 * (os.cpu_count() or 1) + 1)
        (self.folder / "wsgi.py").write_text("from roundup.cgi.wsgi_handler import RequestDispatcher\n"
                                             f"app = RequestDispatcher({str(self.folder)!r}, feature_flags={{'cache_tracker': ''}})\n")
        # gthread, since gunicorn's plain workers close the connection after each answer.
        self.process = Process("gunicorn", [*LEASH, str(self.tools / "bin/gunicorn"), "--bind", f"127.0.0.1:{self.port}", "--workers", str(workers), "--worker-class",
                                            "gthread", "--threads", "1", "--log-level", "error", "wsgi:app"], self.folder.parent / "gunicorn.log",
                               as_caller=True, cwd=self.folder)
        self.process.start(self.address.answers, timeout=60)
        version = self.run(str(self.tools / "bin/roundup-admin"), "-v").split()
        self.version = f"{next((word for word in version if word[0].isdigit()), '?')}, gunicorn with {workers} workers"
        self.engine = "PostgreSQL"
        self.address.headers |= {"Authorization": f"Bearer {self.token()}", "X-Requested-With": "rest", "Origin": self.address.base}

    def token(self) -> str:
        """A JSON Web Token, roundup's token for programs."""
        def part(data: bytes) -> str:
            return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
        web = self.address.base + "/"
        claims = {"sub": self.made["agent"], "iss": web, "aud": web, "roles": ["User"], "iat": int(time.time()) - 10, "exp": int(time.time()) + 86_400}
        text = ".".join(part(json.dumps(each).encode()) for each in ({"alg": "HS256", "typ": "JWT"}, claims))
        return f"{text}.{part(hmac.digest(self.secret.encode(), text.encode(), 'sha256'))}"

    # MARK: being asked

    def seen(self, request: Request) -> Seen:
        issue = self.address.ask(self.read(request))["data"]["attributes"]
        queue = next(name for name, id in self.made["queues"].items() if id == issue["queue"]["id"])
        person = next(mail for mail, id in self.made["people"].items() if id == issue["requester"]["id"])
        closed = issue["status"]["id"] == self.made["status"]["resolved"]
        return Seen(issue["title"], not closed, len(issue["messages"]), queue, person)

    def create(self, request: Request) -> Call:
        """An issue without its text: that is a message, which takes a request of its own before."""
        return Call("POST", "/rest/data/issue", {
            "title": request.subject, "queue": self.names.queues[request.queue], "requester": self.names.people[request.person], "status": "unread",
            "priority": PRIORITIES[request.priority - 1], "deadline": self.due(request)})

    def read(self, request: Request) -> Call:
        return Call("GET", f"/rest/data/issue/{self.ids[request.number]}")

    def list(self, queue: int, plain: bool = False) -> Call:
        status = ",".join(name for state, name in STATUS.items() if state != "solved")
        return self.found(f"status={status}&queue={self.made['queues'][self.names.queues[queue]]}", plain, "deadline,priority")

    def search(self, word: str, plain: bool = False) -> Call:
        return self.found(f"title={quote(word)}", plain, "-creation")

    def found(self, query: str, plain: bool, order: str) -> Call:
        return Call("GET", f"/rest/data/issue?{query}&@sort={order}&@fields={PLAIN if plain else FIELDS}&@page_size={ROWS}&@page_index=1")

    def total(self, call: Call) -> int:
        return self.address.ask(call)["data"]["@total_size"]
