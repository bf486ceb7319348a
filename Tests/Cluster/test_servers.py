"""Three servers over one PostgreSQL behind HAProxy, with the configuration of deploy/: right together, and restarted in turn without a lost request.

    .tools/venv/bin/python -m pytest Tests/Cluster/test_servers.py
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

import pytest

from Cluster.haproxy import HAProxy
from Cluster.parts import wait_until
from Cluster.postgres import Postgres
from Cluster.server import Server
from Cluster.site import Site

REQUESTS = "/api/v1/service-desk/requests"
NAMES = ("app1", "app2", "app3")
# Longer than the balancer needs to see it: two answers of /readyz, the second half a second after the first, and one being on its way.
DRAIN = 4


class Servers:
    """The servers of a site and the balancer in front."""

    def __init__(self, site: Site, database: Postgres):
        self.site, self.database = site, database
        self.all: list[Server] = []
        self.balancer = HAProxy(site, "lb1")
        self.tokens: dict[str, str] = {}

    def server(self, name: str, env: dict[str, str]) -> Server:
        settings = {"MANDATE_ORIGIN": f"https://{self.site.address('lb1')}:8443", "MANDATE_TRUST_PROXY": "yes", "MANDATE_DRAIN": str(DRAIN), **env}
        data = self.site.folder / "data"
        return Server(data=data, database=self.database.url(), host=self.site.address(name), port=8080, env=settings, options=("--demo", "--demo-size", "60"))

    def start(self, **env: str) -> "Servers":
        self.all = [self.server(name, env) for name in NAMES]
        self.all[0].start()  # the first fills the empty database
        for server in self.all[1:]:
            server.start()
        wait_until("all are known to each other", lambda: [self.count(server) for server in self.all] == [3, 3, 3], 20)
        return self

    def stop(self) -> None:
        for server in self.all:
            server.process.send(15)
        for server in self.all:
            server.stop()

    def token(self, person: str) -> str:
        if person not in self.tokens:
            self.tokens[person] = self.all[0].token(person)
        return self.tokens[person]

    def count(self, server: Server) -> int:
        return int(float(re.search(r"^mandate_servers (\S+)$", str(server.call("GET", "/metrics")[1]), re.M)[1]))

    def outside(self) -> http.client.HTTPSConnection:
        """A connection to the balancer, as people have it."""
        trust = ssl.create_default_context(cafile=str(self.site.authority))
        return http.client.HTTPSConnection(self.site.address("lb1"), 8443, timeout=30, context=trust)

    def inside(self, number: int) -> http.client.HTTPConnection:
        """A connection to one of the servers, past the balancer."""
        return http.client.HTTPConnection(self.all[number].host, 8080, timeout=30)


class Browser:
    """Cookies and the token of the last form, over any connection."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    def ask(self, link: http.client.HTTPConnection, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        headers |= {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Accept-Language": "en"}
        if form is None:
            link.request("GET", path, headers=headers)
        else:
            link.request("POST", path, urlencode({"csrf": self.csrf, **form}), {**headers, "Content-Type": "application/x-www-form-urlencoded"})
        answer = link.getresponse()
        body = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in cookie:
                del self.cookies[name]
        if found := re.search(r'name="csrf" value="([^"]+)"', body):
            self.csrf = found[1]
        return answer.status, body

    def sign_in(self, link: http.client.HTTPConnection, person: str) -> "Browser":
        self.ask(link, "/sign-in")
        assert self.ask(link, "/sign-in/demo", {"persona": person})[0] == 303
        assert self.ask(link, "/account")[0] == 200
        return self


@pytest.fixture(scope="module")
def place() -> Iterator[Servers]:
    with Postgres(fast=True) as database, Site(apps=3, databases=1, values={"maxconn": "2000"}) as site:
        servers = Servers(site, database)
        servers.balancer.start()
        yield servers
        servers.stop()
        servers.balancer.stop()


@contextmanager
def running(place: Servers, **env: str) -> Iterator[Servers]:
    place.start(**env)
    try:
        wait_until("the balancer uses all", lambda: sorted(place.balancer.up("servers")) == sorted(NAMES), 20)
        yield place
    finally:
        place.stop()


@pytest.fixture(scope="module")
def servers(place: Servers) -> Iterator[Servers]:
    """With the limits on, as real servers have them."""
    with running(place) as servers:
        yield servers


# MARK: the same everywhere


def test_a_session_holds_at_every_server_and_ends_at_every_server(servers: Servers):
    browser = Browser().sign_in(servers.outside(), "lucie")
    inside = [servers.inside(number) for number in range(3)]
    for link in inside:
        assert browser.ask(link, "/today")[0] == 200
    assert browser.ask(inside[1], "/account/theme", {"theme": "dark"})[0] == 303, "the token of a form of one server is taken by another"
    kept = dict(browser.cookies)
    assert browser.ask(inside[2], "/sign-out", {})[0] == 200
    for link in inside:
        browser.cookies = dict(kept)
        assert browser.ask(link, "/today")[0] == 303


def test_what_one_server_changes_of_a_person_the_others_know_within_a_second(servers: Servers):
    browser = Browser().sign_in(servers.inside(0), "lucie")
    inside = [servers.inside(number) for number in range(3)]
    for language in ("fr", "es", "en"):
        assert browser.ask(inside[0], "/account/language", {"language": language})[0] == 303
        browser.cookies.pop("language")  # what is asked is the person's, not the browser's
        for link in inside:
            wait_until(f"{language} everywhere", lambda: f'<html lang="{language}"' in browser.ask(link, "/today")[1], 1, 0.02)


def test_together_they_allow_what_one_would(servers: Servers):
    browser = Browser().sign_in(servers.outside(), "joseph")
    allowed, start = [0, 0, 0], time.monotonic()

    def ask(number: int) -> None:
        link, own = servers.inside(number), Browser()
        own.cookies = dict(browser.cookies)
        for _ in range(40):
            allowed[number] += own.ask(link, "/search?q=", **{"X-Fragment": "search"})[0] == 200

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Sixty at once and ten a second (Sources/Web/Edge/RateLimits.swift); a part of one may be left over at each server.
    most = 60 + 10 * (time.monotonic() - start)
    assert 57 <= sum(allowed) <= most, f"{allowed} of 120 in {time.monotonic() - start:.1f} s"


def test_failed_sign_ins_at_all_of_them_count_together(servers: Servers):
    links = [servers.inside(number) for number in range(3)]
    browser = Browser()
    browser.ask(links[0], "/sign-in")
    statuses = [browser.ask(links[number % 3], "/sign-in", {"user": "nobody-at-all", "password": "guess guess guess"})[0] for number in range(9)]
    assert statuses == [422] * 5 + [429] * 4


# MARK: live pages


def test_an_event_of_one_server_reaches_a_stream_of_another_within_a_second(servers: Servers):
    browser = Browser().sign_in(servers.inside(2), "joseph")
    token = servers.token("joseph")
    late: list[float] = []
    for link, path in [(servers.inside(2), "straight"), (servers.outside(), "through the balancer")]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
        link.request("GET", "/events?topic=" + quote("service-desk.request"), headers=headers)
        stream = link.getresponse()
        assert stream.status == 200
        for number in range(6):
            status, made = servers.all[number % 2].call("POST", REQUESTS, {"subject": f"Heard {path}"}, token)
            made_at = time.monotonic()
            assert status == 201, made
            while not (line := stream.readline().decode()).startswith("data:") or json.loads(line[5:]).get("record") != made["id"]:
                assert line and time.monotonic() - made_at < 5, f"the event of {made['id']} did not come {path}"
            late.append(time.monotonic() - made_at)
        link.close()
    assert max(late) < 1, late
    print(f"events at another server after {sorted(late)[len(late) // 2] * 1000:.0f} ms (median), {max(late) * 1000:.0f} ms (most)")


# MARK: jobs and the ledger


def test_periodic_jobs_run_once_and_in_their_time(servers: Servers):
    """The webhooks' job is due every five seconds; whoever runs it leaves one row a run."""
    database, seen, start = servers.database, {}, time.monotonic()
    while time.monotonic() - start < 21:
        rows = database.psql("select id, name, state, attempts from kernel_job").splitlines()
        waiting = [row.split("|")[1] for row in rows if row.split("|")[2] in ("waiting", "running")]
        assert len(waiting) == len(set(waiting)), f"a periodic job waits once: {sorted(waiting)}"
        for row in rows:
            job, name, _, attempts = row.split("|")
            seen[job] = (name, int(attempts))
        time.sleep(0.25)
    runs = [attempts for name, attempts in seen.values() if name == "kernel.webhooks"]
    assert 4 <= len(runs) <= 7 and max(runs) == 1, f"{len(runs)} runs of a job of five seconds in 21: {runs}"
    assert database.psql("select count(*) from kernel_job where state = 'failed'") == "0"


def test_all_sign_one_ledger(servers: Servers):
    token, threads = servers.token("joseph"), []
    for number in range(3):
        def create(server: Server = servers.all[number]) -> None:
            for turn in range(10):
                assert server.call("POST", REQUESTS, {"subject": f"For the ledger {turn}"}, token)[0] == 201
        threads.append(threading.Thread(target=create))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    size = "select coalesce(max(position) + 1, 0) from ledger"
    wait_until("every entry is signed", lambda: servers.database.psql("select max(size) from ledger_checkpoint") == servers.database.psql(size), 10)
    for server in servers.all:
        complaints = [line for line in server.process.log.read_text().splitlines() if " jobs: " in line or " servers: " in line]
        assert not complaints, f"{server.process.name} says: {complaints[:3]}"


# MARK: one after the other


class Load(threading.Thread):
    """Reads and writes over connections that stay open, as fast as it is answered; notes what went wrong."""

    def __init__(self, servers: Servers, number: int, token: str):
        super().__init__(daemon=True)
        self.servers, self.number, self.token = servers, number, token
        self.answered, self.failed = 0, []
        self.made: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        link, turn = self.servers.outside(), 0
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        while not self.stopping.is_set():
            turn += 1
            try:
                if turn % 3:
                    link.request("GET", REQUESTS + "?limit=5", headers=headers)
                else:
                    link.request("POST", REQUESTS, json.dumps({"subject": f"While they restart {self.number}-{turn}"}), headers)
                answer = link.getresponse()
                body = answer.read()
                if answer.status not in (200, 201):
                    self.failed.append(f"{answer.status} {body[:120]!r}")
                elif answer.status == 201:
                    self.made.append(json.loads(body)["id"])
                self.answered += 1
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
                link.close()
                link = self.servers.outside()
            time.sleep(0.01)


def test_restarted_in_turn_under_load_no_request_is_lost(place: Servers, servers: Servers):
    servers.stop()
    with running(place, MANDATE_NO_RATE_LIMITS="yes") as servers:
        token = servers.token("joseph")
        # A dozen, since fewer seldom meet a server just as it closes: without the drain two requests of some 1,500 are lost.
        load = [Load(servers, number, token) for number in range(12)]
        for one in load:
            one.start()
        time.sleep(1)
        for name, server in zip(NAMES, servers.all):
            before = sum(one.answered for one in load)
            seconds = time.monotonic()
            server.process.send(15)
            wait_until(f"{name} says that it is going", lambda: server.call("GET", "/readyz")[0] == 503, 2, 0.01)
            assert server.call("GET", "/healthz")[0] == 200, "and goes on answering"
            server.stop()
            seconds = time.monotonic() - seconds
            assert DRAIN <= seconds < DRAIN + 10, f"{name} took {seconds:.1f} s"
            assert all(servers.count(other) == 2 for other in servers.all if other is not server), "the others know that it is gone"
            server.start()
            wait_until("the balancer uses all again", lambda: sorted(servers.balancer.up("servers")) == sorted(NAMES), 20)
            assert sum(one.answered for one in load) > before + 50, "there is load"
        for one in load:
            one.stopping.set()
        for one in load:
            one.join(30)
        failed = [text for one in load for text in one.failed]
        assert not failed, f"{len(failed)} of {sum(one.answered for one in load)} failed: {failed[:5]}"
        made = [id for one in load for id in one.made]
        there = set(servers.database.psql("select id from service_desk_request where subject like 'While they restart %'").splitlines())
        assert len(made) == len(set(made)) == len(there) and set(made) == there, "each is there once"
        print(f"{sum(one.answered for one in load)} requests while three servers restarted, {len(made)} of them written, none failed")


def test_streams_through_the_balancer_end_with_their_server_and_go_on_at_another(place: Servers):
    with running(place, MANDATE_NO_RATE_LIMITS="yes") as servers:
        browser = Browser().sign_in(servers.outside(), "joseph")
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}

        def open_stream() -> http.client.HTTPResponse:
            link = servers.outside()
            link.request("GET", "/events?topic=service-desk.request", headers=headers)
            return link.getresponse()

        streams = [open_stream() for _ in range(6)]
        assert [stream.status for stream in streams] == [200] * 6
        held = [servers.balancer.sessions("live", name) for name in NAMES]
        assert held == [2, 2, 2], f"spread over all: {held}"
        servers.all[0].stop()
        wait_until("its streams have ended", lambda: servers.balancer.sessions("live", "app1") == 0, 5)
        again = open_stream()
        assert again.status == 200
        token = servers.token("joseph")
        made = servers.all[1].call("POST", REQUESTS, {"subject": "After one stopped"}, token)[1]
        heard = 0
        for stream in [*streams, again]:
            for line in iter(stream.readline, b""):
                if made["id"].encode() in line:
                    heard += 1
                    break
        assert heard == 5, "four that stayed and the one that came back"
