"""Cursor on Target over TCP and TLS, by programs of the field, on two servers over one database.

    .tools/venv/bin/python -m pytest Tests/Cluster/test_cot.py
"""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from Cluster.cot import Map
from Cluster.parts import free_ports, wait_until
from Cluster.postgres import Postgres
from Cluster.server import Server, mandate

TRACKS = "/api/v1/situation/tracks"


class Room:
    """Two servers, the ports of their doors, and the tokens of people."""

    def __init__(self, servers: list[Server], plain: list[int], secure: int, trust: ssl.SSLContext):
        self.servers, self.plain, self.secure, self.trust = servers, plain, secure, trust
        self.tokens: dict[str, str] = {}

    def token(self, person: str) -> str:
        if person not in self.tokens:
            self.tokens[person] = self.servers[0].token(person)
        return self.tokens[person]

    def map(self, person: str, server: int = 0, user: str | None = None) -> Map:
        return Map(("127.0.0.1", self.plain[server]), user or person, self.token(person))

    def secure_map(self, person: str) -> Map:
        return Map(("127.0.0.1", self.secure), person, self.token(person), self.trust)

    def tracks(self, person: str, server: int = 0) -> dict[str, dict]:
        status, body = self.servers[server].call("GET", f"{TRACKS}?limit=200", token=self.token(person))
        assert status == 200, body
        return {track["uid"]: track for track in body["items"]}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("cot")
    certificate, key = folder / "door.pem", folder / "door.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    first, second, secure = free_ports(3)
    with Postgres(fast=True) as database:
        env = {"MANDATE_DATABASE": database.url(), "MANDATE_DATA": str(folder / "data")}
        mandate("demo", "--size", "50", env=env, timeout=300)
        mandate("user", "grant", "vera", "situation.analyst", env=env)
        tls = ("--cot-tls", f"127.0.0.1:{secure}", "--cot-certificate", str(certificate), "--cot-key", str(key))
        servers = [Server(data=folder / "data", database=database.url(), options=("--cot", f"127.0.0.1:{port}", *more), env={"MANDATE_DRAIN": "1"})
                   for port, more in ((first, tls), (second, ()))]
        try:
            for server in servers:
                server.start()
            yield Room(servers, [first, second], secure, ssl.create_default_context(cafile=str(certificate)))
        finally:
            for server in servers:
                server.stop()


def test_a_track_appears_at_others_on_every_server_and_in_the_api_and_goes_stale(room):
    with room.map("awa") as sender, room.map("vera") as beside, room.map("vera", server=1) as elsewhere, room.secure_map("vera") as secure:
        for map in (beside, elsewhere, secure):
            assert map.hears("t-x-takp-v")
        start = time.monotonic()
        sender.report("UN-PATROL-7", 4.393797, 18.559861, stale=6)
        for map in (beside, elsewhere, secure):
            assert map.sees("UN-PATROL-7")
            assert map.shown["UN-PATROL-7"][:2] == pytest.approx((4.393797, 18.559861))
        assert time.monotonic() - start < 3, "at once"
        assert "UN-PATROL-7" in room.tracks("vera", server=1)
        sender.report("UN-PATROL-7", 4.40, 18.56, stale=6)
        assert wait_until("it moved elsewhere", lambda: elsewhere.listen(1) and elsewhere.shown["UN-PATROL-7"][0] == pytest.approx(4.40), 10) < 10
        assert not sender.sees("UN-PATROL-7", 1), "what one reports is not said back"
        time.sleep(6.5)
        with room.map("vera", server=1) as late:
            assert late.hears("t-x-takp-v")
            assert not late.sees("UN-PATROL-7", 2), "what is stale is shown to nobody"


def test_frames_of_tak_protocol_1_go_both_ways_over_tls(room):
    with room.secure_map("awa") as framed, room.map("vera") as plain:
        framed.agree_on_frames()
        assert plain.hears("t-x-takp-v")
        framed.report("UN-FRAMED", 4.5, 18.5)
        assert plain.sees("UN-FRAMED")
        plain.report("UN-PLAIN", 4.6, 18.6)
        assert framed.sees("UN-PLAIN")
        assert framed.shown["UN-PLAIN"][:2] == pytest.approx((4.6, 18.6))


def test_an_exercise_does_not_leak(room):
    with room.map("awa", user="awa+e-MIRADOR") as player, room.map("vera", server=1) as real, room.map("vera", server=1, user="vera+e-MIRADOR") as watcher:
        for map in (player, real, watcher):
            assert map.hears("t-x-takp-v")
        player.report("EX-1", 4.1, 18.1)
        player.report("EX-2", 4.2, 18.2, opex="e-MIRADOR")
        assert watcher.sees("EX-1") and watcher.sees("EX-2")
        assert "opex=\"e-MIRADOR\"" in next(event["text"] for event in watcher.events if event["uid"] == "EX-1")
        assert not real.sees("EX-1", 2) and "EX-2" not in real.shown
        assert not any(uid.startswith("mandate-") for uid in watcher.shown), "nothing real in the exercise"


def test_whoever_holds_nothing_receives_nothing_but_the_offer(room):
    with room.map("awa") as sender, room.map("meilin") as stranger:
        assert stranger.hears("t-x-takp-v")
        sender.report("UN-SECRET", 4.7, 18.7)
        assert not stranger.sees("UN-SECRET", 3)
        assert not stranger.shown
    assert "UN-SECRET" in room.tracks("awa")
    assert "UN-SECRET" not in room.tracks("meilin")


def test_strangers_and_nonsense_are_refused_without_a_word(room):
    address = ("127.0.0.1", room.plain[1])
    # Addresses of their own, so that the failures are not counted against the others.
    for hello in (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x00" * 100, b"<auth>" + b"x" * 10_000, f'<auth><cot username="awa" password="mdt_{"0" * 32}_{"0" * 64}"/></auth>'.encode(),
                  f'<auth><cot username="vera" password="{room.token("awa")}"/></auth>'.encode()):
        with Map(address, None) as stranger:
            stranger.send(hello)
            assert stranger.is_ended(), hello[:20]
            assert not stranger.received
    start = time.monotonic()
    with Map(address, None) as silent:
        assert silent.is_ended(20) and not silent.received
    assert 8 < time.monotonic() - start < 15
    with room.map("awa", server=1) as endless:
        assert endless.hears("t-x-takp-v")
        try:
            for _ in range(40):
                endless.send(b"<event " + b"x" * 65_000)
        except OSError:
            pass
        assert endless.is_ended()


def test_a_server_that_stops_ends_its_conversations_in_time(room):
    with room.map("vera", server=1) as map:
        assert map.hears("t-x-takp-v")
        start = time.monotonic()
        room.servers[1].stop()
        assert map.is_ended()
        assert time.monotonic() - start < 15
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", room.plain[1]), timeout=2)
