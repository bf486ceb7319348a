"""Mandate, filled and driven through its own API; its release build, on SQLite or on the PostgreSQL server that the others use."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from drive import Address, Call, Wrong
from product import LEASH, ROWS, Names, Postgres, Process, Product, Seen
from world import QUEUES, Request
from Cluster.parts import free_port

API = "/api/v1/service-desk/requests"
FIELDS = "reference,subject,state,priority,resolution-due,service,owner,requester,created-at,changed-at"
PLAIN = "reference,subject,state,priority,resolution-due,created-at,changed-at"
BATCH = 100  # operations in one request: the API's limit


class Mandate(Product):
    name = "Mandate"

    def __init__(self, postgres: Postgres, folder: Path, binary: Path, database: str):
        super().__init__(postgres, folder)
        self.binary = binary.resolve()
        self.where: dict[str, str] = {}  # in the environment, since a command line shows the password to everybody
        self.engine = "SQLite"
        if database == "postgres":
            self.database, self.engine, database = "mandate", "PostgreSQL", postgres.url()
        elif database.startswith("postgres"):
            self.engine = "PostgreSQL"
        if database != "sqlite":
            self.where = {"MANDATE_DATABASE": database}
        self.version = self.command("--version").strip()
        self.ids: dict[int, str] = {}

    def command(self, *arguments: str) -> str:
        done = subprocess.run([self.binary, *arguments], capture_output=True, text=True, timeout=120, env={**os.environ, **self.where})
        if done.returncode != 0:
            raise Wrong(f"mandate {arguments[0]}: {done.stderr or done.stdout}")
        return done.stdout

    def start(self) -> Names:
        """The demonstration organisation with one request of its own; answers its first services and its people, which the peers get as queues and users."""
        data, port = self.folder / "data", free_port()
        data.mkdir(parents=True)
        self.address = Address(f"http://127.0.0.1:{port}")
        self.process = Process("mandate", [*LEASH, str(self.binary), "serve", "--demo", "--demo-size", "1", "--data", str(data), "--port", str(port)],
                               self.folder / "mandate.log", {"MANDATE_NO_RATE_LIMITS": "yes", **self.where}, as_caller=True, cwd=self.folder)
        self.process.start(lambda: self.answers(), timeout=120)
        token = self.command("token", "create", "--person", "joseph", "--data", str(data)).split()[-1]
        self.address.headers["Authorization"] = f"Bearer {token}"
        services = self.address.ask(Call("GET", "/api/v1/service-desk/services?limit=200"))["items"]
        # Not those whose requests only a few may see.
        plain = [service for service in services if service["state"] == "offered" and service["compartment"] is None]
        self.services = sorted(plain, key=lambda service: service["name"]["en"])[:QUEUES]
        self.people = self.address.ask(Call("GET", "/api/v1/directory/people?sort=handle&limit=200&fields=mail"))["items"]
        return Names([service["name"]["en"] for service in self.services], [person["mail"] for person in self.people])

    def answers(self) -> bool:
        return Address(self.address.base + "/healthz").answers()

    # MARK: loading

    def load(self, requests: list[Request], names: Names) -> None:
        for start in range(0, len(requests), BATCH):
            batch = requests[start:start + BATCH]
            for request, record in zip(batch, self.bulk([{"op": "create", "values": self.values(request)} for request in batch])):
                self.ids[request.number] = record["id"]
        # A request is taken before its answers, since an agent's answer takes it too; the other steps come after, since an answer may undo them.
        self.moves([request for request in requests if request.state == "in-progress"])
        answers = [(request, message.text) for request in requests for message in request.messages[1:]]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda each: self.address.ask(Call("POST", f"{API}/{self.ids[each[0].number]}/comments", {"body": each[1]})), answers))
        self.moves([request for request in requests if request.state in ("pending", "solved")])

    def moves(self, requests: list[Request]) -> None:
        for start in range(0, len(requests), BATCH):
            self.bulk([self.move(request) for request in requests[start:start + BATCH]])

    def bulk(self, operations: list[dict]) -> list[dict]:
        results = self.address.ask(Call("POST", f"{API}/bulk", {"atomic": True, "operations": operations}))["results"]
        return [result["record"] for result in results]

    def values(self, request: Request) -> dict:
        return {"subject": request.subject, "details": request.messages[0].text, "requester": self.people[request.person]["id"], "language": request.language,
                "service": self.services[request.queue]["id"], "impact": request.impact, "urgency": request.urgency}

    def move(self, request: Request) -> dict:
        move, values = {"in-progress": ("take", {}), "pending": ("wait", {"waiting-for": "requester"}), "solved": ("solve", {"solution": "Done."})}[request.state]
        return {"op": "move", "id": self.ids[request.number], "move": move, "values": values}

    # MARK: being asked

    def seen(self, request: Request) -> Seen:
        record = self.address.ask(self.read(request))
        comments = self.address.ask(Call("GET", f"{API}/{record['id']}/comments"))["items"]
        queue = next(service["name"]["en"] for service in self.services if service["id"] == record["service"])
        person = next(person["mail"] for person in self.people if person["id"] == record["requester"])
        return Seen(record["subject"], record["state"] in ("new", "in-progress", "pending"), 1 + len(comments), queue, person)

    def create(self, request: Request) -> Call:
        return Call("POST", API, self.values(request))

    def read(self, request: Request) -> Call:
        return Call("GET", f"{API}/{self.ids[request.number]}")

    def list(self, queue: int, plain: bool = False) -> Call:
        return self.found(f"view=open&filter[service]={self.services[queue]['id']}&sort=resolution-due,priority", plain)

    def search(self, word: str, plain: bool = False) -> Call:
        return self.found(f"q={quote(word)}", plain)

    def found(self, query: str, plain: bool) -> Call:
        return Call("GET", f"{API}?{query}&fields={PLAIN if plain else FIELDS}&limit={ROWS}&count=true")

    def total(self, call: Call) -> int:
        return self.address.ask(call)["count"]["number"]
