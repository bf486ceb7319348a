#!/usr/bin/env python3
"""How many positions a second the operations room takes: patrols' in lots over HTTP, and tracks' over Cursor on Target while programs watch them.

    Benchmarks/intake.py --binary .build/release/mandate [--database sqlite|postgres] [--seconds 20] [--rate 5000]

Patrols: lots of 500 positions, one after another over each of four connections, for as long as said; each is one transaction with its rules, its entry in the
ledger and the check-in. Tracks: `--rate` units report once a second over so many connections as the limit of one allows, and two programs watch; told are
what was kept of what was sent, and how long a position took to reach a watcher.
"""

from __future__ import annotations

import argparse
import http.client
import re
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from room_server import ROOT, RoomServer, at

LOT = 500
UNITS = 250  # of one connection: 500 bytes each a second are half of what it may send


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def patrols(room: RoomServer, seconds: float) -> str:
    [[reference]] = room.ask("select reference from situation_patrol where state = 'underway' order by id limit 1")
    [[before]] = room.ask("select count(*) from situation_position")
    browsers, taken, faults = room.browsers(4, "'awa'"), [], []
    start, spent = time.monotonic(), room.seconds()

    def send(place: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", room.port, timeout=60)
        base, number = datetime.now(UTC) - timedelta(days=30 + place), 0
        while time.monotonic() - start < seconds:
            lines = "\n".join(f"{(base + timedelta(seconds=number + index)).strftime('%Y-%m-%dT%H:%M:%SZ')},{4 + index / 10_000:.6f},{18 + index / 10_000:.6f}" for index in range(LOT))
            number += LOT
            begun = time.monotonic()
            line.request("POST", f"/situation/track/{reference}", urlencode({"positions": lines}),
                         {"Content-Type": "application/x-www-form-urlencoded", **browsers[place].headers})
            answer = line.getresponse()
            body = answer.read()
            if answer.status == 200:
                taken.append(time.monotonic() - begun)
            elif answer.status != 409:  # two check-ins at once: sent again
                faults.append((answer.status, body[:200]))
                return

    threads = [threading.Thread(target=send, args=[place]) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent, passed = room.seconds() - spent, time.monotonic() - start
    [[after]] = room.ask("select count(*) from situation_position")
    kept = int(after) - int(before)
    if faults:
        raise SystemExit(f"patrols: {faults[0]}")
    return (f"positions of patrols: {kept:,} in {passed:.0f} s, {kept / passed:,.0f} a second; a lot of {LOT} took p50 {at(taken, 0.5) * 1000:.0f} ms, "
            f"p95 {at(taken, 0.95) * 1000:.0f} ms; {spent / passed:.2f} processors, {spent / kept * 1e6:.0f} µs each; {room.memory()} MB")


class Reporter(threading.Thread):
    """One connection that reports its units once a second, a tenth of them at a time."""

    def __init__(self, room: RoomServer, token: str, place: int, units: int, until: float):
        super().__init__()
        self.line = socket.create_connection(("127.0.0.1", room.door), timeout=60)
        self.line.sendall(f'<auth><cot username="awa" password="{token}" uid="R-{place}"/></auth>'.encode())
        self.place, self.units, self.until, self.sent, self.late = place, units, until, 0, 0.0

    def run(self) -> None:
        threading.Thread(target=self.drain, daemon=True).start()
        begun, turn = time.time(), 0
        while time.time() < self.until:
            now = time.time()
            head, stale, size = moment(now), moment(now + 120), max(1, self.units // 10)
            first = turn % 10 * size
            text = "".join(
                f'<event version="2.0" uid="B-{self.place}-{unit}" type="a-f-G-U-C" time="{head}" start="{head}" stale="{stale}" how="m-g">'
                f'<point lat="{4 + unit % 100 / 100 + turn / 1e5:.6f}" lon="{18 + self.place / 20 + turn / 1e5:.6f}" hae="381.5" ce="9.9" le="9999999.0"/>'
                f'<detail><contact callsign="U {self.place}-{unit}"/><track course="271.0" speed="8.5"/></detail></event>'
                for unit in range(first, min(self.units, first + size)))
            self.line.sendall(text.encode())
            self.sent += min(self.units, first + size) - first
            turn += 1
            self.late = max(self.late, time.time() - begun - turn / 10)
            time.sleep(max(0.0, begun + turn / 10 - time.time()))

    def drain(self) -> None:
        try:
            while self.line.recv(1 << 20):
                pass
        except OSError:
            return


class Watcher(threading.Thread):
    """A program that shows everything: how long after its moment each position arrives."""

    def __init__(self, room: RoomServer, token: str):
        super().__init__(daemon=True)
        self.line = socket.create_connection(("127.0.0.1", room.door), timeout=60)
        self.line.sendall(f'<auth><cot username="awa" password="{token}" uid="W"/></auth>'.encode())
        self.delays: list[float] = []
        self.heard = 0

    def run(self) -> None:
        rest = b""
        try:
            while piece := self.line.recv(1 << 20):
                now = time.time()
                rest += piece
                found = re.findall(rb'uid="B-[^>]* time="([^"]+)"', rest[: rest.rfind(b"</event>") + 1])
                rest = rest[rest.rfind(b"</event>") + 8:] if b"</event>" in rest else rest
                self.heard += len(found)
                # One of twenty is enough, and reading their moments takes time.
                self.delays += [now - datetime.strptime(text.decode().replace("Z", "+0000"), "%Y-%m-%dT%H:%M:%S.%f%z" if b"." in text else "%Y-%m-%dT%H:%M:%S%z").timestamp()
                                for text in found[::20]]
        except OSError:
            return


def tracks(room: RoomServer, seconds: float, rate: int) -> str:
    awa = room.server.token("awa")
    watchers = [Watcher(room, awa) for _ in range(2)]
    for watcher in watchers:
        watcher.start()
    connections = max(1, rate // UNITS)
    # The first time each is new: that is told apart.
    warm = time.time() + 15
    reporters = [Reporter(room, awa, place, rate // connections, warm + seconds) for place in range(connections)]
    for reporter in reporters:
        reporter.start()
    time.sleep(max(0.0, warm - time.time()))
    count = "select count(*) from situation_track_point"
    [[first]], sent, spent, start = room.ask(count), sum(reporter.sent for reporter in reporters), room.seconds(), time.monotonic()
    for watcher in watchers:
        watcher.delays, watcher.heard = [], 0
    for reporter in reporters:
        reporter.join()
    sent, passed = sum(reporter.sent for reporter in reporters) - sent, time.monotonic() - start
    spent = room.seconds() - spent
    heard, delays = sum(watcher.heard for watcher in watchers), [delay for watcher in watchers for delay in watcher.delays]
    [[last]] = room.ask(count)
    time.sleep(5)
    [[end]] = room.ask(count)
    [[all_tracks]] = room.ask("select count(*) from situation_track")
    total = sum(reporter.sent for reporter in reporters)
    kept = int(last) - int(first)
    return (f"tracks over {connections} connections: {sent:,} reported and {kept:,} kept in {passed:.0f} s, {kept / passed:,.0f} a second, of {all_tracks} tracks; "
            f"{int(end):,} of {total:,} kept 5 s after the last; a sender was {max(reporter.late for reporter in reporters):.1f} s late at most; two watchers heard {heard / passed:,.0f} "
            f"a second after p50 {at(delays, 0.5) * 1000:.0f} ms, p95 {at(delays, 0.95) * 1000:.0f} ms; {spent / passed:.2f} processors; {room.memory()} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/mandate")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--data", type=Path, help="a folder with a filled mandate.sqlite")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=int, default=5000)
    parser.add_argument("--only", choices=["patrols", "tracks"])
    options = parser.parse_args()
    with RoomServer(options.binary, options.database, options.data, doors=True) as room:
        print(f"== {options.database}; an idle server: {room.memory()} MB", flush=True)
        if options.only != "tracks":
            print(patrols(room, options.seconds), flush=True)
        if options.only != "patrols":
            print(tracks(room, options.seconds, options.rate), flush=True)


if __name__ == "__main__":
    main()
