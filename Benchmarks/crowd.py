#!/usr/bin/env python3
"""Hundreds of people in the operations room at once: their streams, pages and pictures at one server.

    Benchmarks/crowd.py --binary .build/release/mandate [--database sqlite|postgres] [--data FOLDER] [--people 400] [--seconds 60]

Each has the room open with a stream of events and a map of their own, and does what its script does: an incident that changed brings the page and the picture
anew, something that moved what moves, no more often than the script asks; now and then everybody moves their map. An incident is reported every few seconds, and
tracks move all the time. `--data`: a folder filled by Benchmarks/fill.py.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import time
from pathlib import Path
from urllib.request import Request, urlopen

from room_server import ROOT, Browser, RoomServer, at

TOPIC = "situation.incident,situation.track,situation.track-point,situation.patrol,situation.alert"


class Line:
    """One kept connection."""

    def __init__(self, port: int, browser: Browser):
        self.port, self.browser, self.streams = port, browser, None

    async def ask(self, path: str) -> tuple[int, bytes]:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        reader, writer = self.streams
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: mandate={self.browser.cookie}\r\nAccept: */*\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if "transfer-encoding: chunked" in head:
            body = b""
            while size := int((await reader.readline()).split(b";")[0], 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readline()
        else:
            body = await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
        return int(head.split()[1]), body


class Crowd:
    def __init__(self, port: int):
        self.port = port
        self.open, self.lost, self.faults = 0, 0, 0
        self.times: dict[str, list[float]] = {"page": [], "picture": [], "moving": [], "map": []}
        self.sizes: dict[str, list[int]] = {name: [] for name in self.times}
        # When an incident was asked for, and how long after it each picture with it was there.
        self.reported: dict[str, float] = {}
        self.late: list[float] = []
        self.ends = float("inf")

    async def person(self, browser: Browser, dice: random.Random) -> None:
        line, pages = Line(self.port, browser), Line(self.port, browser)
        longitude, latitude = dice.uniform(16, 24), dice.uniform(4, 9)
        zoom = dice.choice([6, 7, 8, 9])
        wanted: dict[str, float] = {}
        wake, took = asyncio.Event(), 0.0

        def box() -> str:
            width, height = 360 / 2**zoom * 1000 / 256 / 2, 360 / 2**zoom * 700 / 256 / 2
            return f"box={longitude - width:.4f},{max(-85, latitude - height):.4f},{longitude + width:.4f},{min(85, latitude + height):.4f}&zoom={zoom}"

        async def timed(kind: str, connection: Line, path: str) -> None:
            nonlocal took
            begun = time.monotonic()
            status, body = await connection.ask(path)
            self.faults += status != 200
            took = time.monotonic() - begun
            self.times[kind].append(took)
            self.sizes[kind].append(len(body))

        async def hear() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(f"GET /events?topic={TOPIC} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: mandate={browser.cookie}\r\n\r\n".encode())
            if b" 200 " not in await reader.readline():
                self.lost += 1
                return
            self.open += 1
            while text := await reader.readline():
                if text.startswith(b"data: {") and b"schema" in text:
                    event = json.loads(text[6:])
                    part = "all" if event["schema"] in ("situation.incident", "situation.alert") else "moving"
                    wanted.setdefault(part, time.monotonic())
                    if event["record"] in self.reported:
                        wanted[event["record"]] = self.reported[event["record"]]
                    wake.set()

        async def look() -> None:
            last = -10.0
            while True:
                await wake.wait()
                least = 0.5 if "all" in wanted else 1.0
                await asyncio.sleep(max(0.0, last + max(least, 4 * took) - time.monotonic()))
                wake.clear()
                last, now = time.monotonic(), dict(wanted)
                wanted.clear()
                if "all" in now:
                    await timed("picture", line, f"/situation/room/picture?{box()}&bars=1")
                    self.late += [time.monotonic() - moment for name, moment in now.items() if name not in ("all", "moving")]
                    await timed("page", pages, "/situation/room")
                else:
                    await timed("moving", line, f"/situation/room/picture?{box()}&part=moving")

        async def roam() -> None:
            nonlocal longitude, latitude
            mine = Line(self.port, browser)
            while True:
                await asyncio.sleep(dice.expovariate(1 / 20))
                longitude, latitude = longitude + dice.uniform(-0.5, 0.5), latitude + dice.uniform(-0.3, 0.3)
                await timed("map", mine, f"/situation/room/picture?{box()}&bars=1")

        await asyncio.gather(hear(), look(), roam())


async def measure(room: RoomServer, token: str, options: argparse.Namespace) -> Crowd:
    crowd, dice = Crowd(room.port), random.Random(29)
    tasks = []
    for browser in room.browsers(options.people, room.granted):
        tasks.append(asyncio.create_task(crowd.person(browser, random.Random(dice.random()))))
        await asyncio.sleep(0.02)
    deadline = time.monotonic() + 60
    while crowd.open + crowd.lost < options.people and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    for kind in crowd.times:
        crowd.times[kind].clear()
    loop, start, number = asyncio.get_running_loop(), time.monotonic(), 0
    spent = room.seconds()
    moving = asyncio.create_task(move(room, token, options.moving))
    while time.monotonic() - start < options.seconds:
        number += 1
        record = await loop.run_in_executor(None, report, room.port, token, number, dice, crowd)
        crowd.reported.setdefault(record, time.monotonic())
        await asyncio.sleep(options.every)
    passed, spent = time.monotonic() - start, room.seconds() - spent
    for task in [*tasks, moving]:
        task.cancel()
    crowd.load = spent / passed
    crowd.passed = passed
    return crowd


def report(port: int, token: str, number: int, dice: random.Random, crowd: Crowd) -> str:
    """A reported incident, as a duty officer's program makes one."""
    def post(path: str, body: dict) -> dict:
        request = Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 600))
    made = post("/api/v1/situation/incidents", {
        "summary": f"Shots heard {number}", "category": "armed-clash", "occurred": moment,
        "place": {"type": "Point", "coordinates": [round(dice.uniform(17, 23), 4), round(dice.uniform(4, 8), 4)]}})
    crowd.reported[made["id"]] = time.monotonic()
    post(f"/api/v1/situation/incidents/{made['id']}/moves/report", {})
    return made["id"]


async def move(room: RoomServer, token: str, units: int) -> None:
    """So many units, once a second."""
    reader, writer = await asyncio.open_connection("127.0.0.1", room.door)
    writer.write(f'<auth><cot username="awa" password="{token}" uid="CROWD"/></auth>'.encode())
    drain = asyncio.create_task(reader.read(-1))
    dice, turn = random.Random(7), 0
    places = [(dice.uniform(17, 23), dice.uniform(4, 8)) for _ in range(units)]
    try:
        while True:
            now = time.time()
            head, stale = (time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(moment)) for moment in (now, now + 120))
            writer.write("".join(
                f'<event version="2.0" uid="C-{unit}" type="a-f-G-U-C" time="{head}" start="{head}" stale="{stale}" how="m-g"><point lat="{latitude + turn / 1e4:.6f}" lon="{longitude:.6f}" '
                f'hae="381.5" ce="9.9" le="9999999.0"/><detail><contact callsign="C {unit}"/></detail></event>' for unit, (longitude, latitude) in enumerate(places)).encode())
            await writer.drain()
            turn += 1
            await asyncio.sleep(1)
    finally:
        drain.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/mandate")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--every", type=float, default=10, help="seconds between two reported incidents")
    parser.add_argument("--moving", type=int, default=200, help="tracks that report once a second")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(20_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    with RoomServer(options.binary, options.database, options.data, doors=True) as room:
        room.grant(options.people // 10, "situation.analyst")
        token, before = room.server.token("awa"), room.memory()
        crowd = asyncio.run(measure(room, token, options))
        print(f"{crowd.open} people in the room ({crowd.lost} refused, {crowd.faults} faults) for {crowd.passed:.0f} s, on {options.database}; {crowd.load:.2f} processors; "
              f"memory {before} MB before, {room.memory()} MB at the end")
        for kind, name in (("picture", "picture after a change"), ("page", "page after a change"), ("moving", "what moves"), ("map", "picture of a moved map")):
            times, sizes = crowd.times[kind], crowd.sizes[kind]
            if times:
                print(f"  {name}: {len(times) / crowd.passed:.1f} a second, p50 {at(times, 0.5) * 1000:.0f} ms, p95 {at(times, 0.95) * 1000:.0f} ms, p99 {at(times, 0.99) * 1000:.0f} ms, {at(sizes, 0.5) / 1000:.0f} kB")
        if crowd.late:
            print(f"  a reported incident was in a picture after p50 {at(crowd.late, 0.5) * 1000:.0f} ms, p95 {at(crowd.late, 0.95) * 1000:.0f} ms, of {len(crowd.reported)} incidents")


if __name__ == "__main__":
    main()
