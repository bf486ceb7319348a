"""The rows of Request Tracker's tables that a ticket is made of, as its Perl API writes them."""

from __future__ import annotations

from datetime import UTC, datetime

from product import Names
from world import Request

NEVER = "1970-01-01 00:00:00"
STATUS = {"new": "new", "in-progress": "open", "pending": "stalled", "solved": "resolved"}
HEADERS = ("Content-Type: text/plain; charset=\"utf-8\"\nContent-Disposition: inline\nContent-Transfer-Encoding: binary\nMIME-Version: 1.0\n"
           "X-RT-Original-Encoding: utf-8\n")
COLUMNS = {
    "tickets": "id effectiveid queue type owner subject initialpriority finalpriority priority timeestimated timeworked status timeleft told starts started "
               "due resolved lastupdatedby lastupdated creator created",
    "principals": "id principaltype disabled",
    "groups": "id name description domain instance creator created lastupdatedby lastupdated",
    "groupmembers": "id groupid memberid creator created lastupdatedby lastupdated",
    "cachedgroupmembers": "id groupid memberid via immediateparentid disabled",
    "transactions": "id objecttype objectid timetaken type field oldvalue newvalue creator created",
    "attachments": "id transactionid parent subject contenttype contentencoding content headers creator created",
}


class Rows:
    """Tickets as rows, in the form of COPY."""

    COUNTED = tuple(table for table in COLUMNS if table != "groups")  # a group has the number of its principal

    def __init__(self, made: dict, next_ids: dict[str, int]):
        self.made, self.next_ids = made, dict(next_ids)
        self.now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        self.lines: dict[str, list[str]] = {table: [] for table in COLUMNS}

    @staticmethod
    def priority(request: Request) -> int:
        return 120 - 20 * request.priority

    def add(self, request: Request, names: Names, due: datetime) -> int:
        """The ticket's number."""
        agent, now = self.made["agent"], self.now
        person = self.made["people"][names.people[request.person]]
        owner = self.made["nobody"] if request.state == "new" else agent
        status = STATUS[request.state]
        started, resolved = now if status != "new" else NEVER, now if status == "resolved" else NEVER
        told = now if len(request.messages) > 1 else None
        ticket = self.number("tickets")
        self.put("tickets", ticket, ticket, self.made["queues"][names.queues[request.queue]], "ticket", owner, request.subject, 0, 0, self.priority(request), 0, 0,
                 status, 0, told, NEVER, started, due.strftime("%Y-%m-%d %H:%M:%S"), resolved, agent, now, agent, now)
        for role, member in (("AdminCc", None), ("Cc", None), ("Owner", owner), ("Requestor", person)):
            self.role(role, ticket, member)
        created = self.transaction("RT::Ticket", ticket, "Create")
        self.attachment(created, request.subject, request.messages[0].text)
        for message in request.messages[1:]:
            self.attachment(self.transaction("RT::Ticket", ticket, "Correspond", creator=person if message.by_requester else agent), None, message.text)
        if status != "new":
            self.transaction("RT::Ticket", ticket, "SetWatcher", "Owner", str(self.made["nobody"]), str(owner))
            self.transaction("RT::Ticket", ticket, "Status", "Status", "new", status)
        return ticket

    def role(self, name: str, ticket: int, member: int | None) -> None:
        agent, now = self.made["agent"], self.now
        group = self.number("principals")
        self.put("principals", group, "Group", 0)
        self.put("groups", group, name, None, "RT::Ticket-Role", ticket, agent, now, agent, now)
        self.transaction("RT::Group", group, "Create")
        for each in (group, member):
            if each is None:
                continue
            if each != group:
                self.put("groupmembers", self.number("groupmembers"), group, each, agent, now, agent, now)
            cached = self.number("cachedgroupmembers")
            self.put("cachedgroupmembers", cached, group, each, cached, group, 0)

    def transaction(self, kind: str, object: int, type: str, field: str | None = None, old: str | None = None, new: str | None = None,
                    creator: int | None = None) -> int:
        number = self.number("transactions")
        self.put("transactions", number, kind, object, 0, type, field, old, new, creator or self.made["agent"], self.now)
        return number

    def attachment(self, transaction: int, subject: str | None, text: str) -> None:
        headers = f"{HEADERS}Content-Length: {len(text.encode())}\n"
        self.put("attachments", self.number("attachments"), transaction, 0, subject, "text/plain", "none", text, headers, self.made["agent"], self.now)

    # MARK: the form of COPY

    def number(self, table: str) -> int:
        number = self.next_ids[table]
        self.next_ids[table] += 1
        return number

    def put(self, table: str, *values: object) -> None:
        self.lines[table].append("\t".join(self.text(value) for value in values))

    @staticmethod
    def text(value: object) -> str:
        if value is None:
            return r"\N"
        return str(value).replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")

    def sql(self) -> str:
        parts = ["begin;"]
        for table, lines in self.lines.items():
            parts += [f"copy {table} ({COLUMNS[table].replace(' ', ', ')}) from stdin;", *lines, "\\."]
        for table in COLUMNS:
            parts.append(f"select setval('{table}_id_seq', (select max(id) from {table}));")
        return "\n".join([*parts, "commit;", ""])
