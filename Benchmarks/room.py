#!/usr/bin/env python3
"""How soon the operations room is there on a slow link: a page on a demonstration server, in Chromium, 1 Mbit/s down and up, 300 ms.

    Benchmarks/room.py URL [TIMES]        .tools/venv/bin/python; the server serves with --demo and MANDATE_NO_RATE_LIMITS=yes
    Benchmarks/room.py fill FILE COUNT    first copies the incidents of a demonstration's mandate.sqlite, server stopped, to so many in the last 30 days

Then it moves the map and tells how long a picture takes the server and a frame the browser. First paint is what the browser says (first-contentful-paint); the map is there when its base and the incidents are drawn. Each time with an empty cache, the
connection opened anew; then once more with what the browser kept.
"""

import json
import os
import random
import re
import sqlite3
import statistics
import sys
import time

from playwright.sync_api import sync_playwright

LINK = {"offline": False, "latency": 300, "downloadThroughput": 125_000, "uploadThroughput": 125_000}
DRAWN = """() => { const room = document.querySelector('[data-room]'), canvas = document.querySelector('.map-canvas canvas');
    return Boolean(room?.dataset.total && canvas?.width > 300); }"""


def visit(page, path):
    page.goto(path, wait_until="commit")
    page.wait_for_function(DRAWN, polling=20)
    return page.evaluate("""() => ({
        paint: performance.getEntriesByName('first-contentful-paint')[0].startTime, map: performance.now(),
        bytes: performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((sum, one) => sum + one.transferSize, 0) })""")


def fill(file, count):
    """Copies past the platform: other ids, numbers, places within four degrees and moments; no ledger entries, no search index."""
    dice = random.Random(29)
    with sqlite3.connect(file) as base:
        base.row_factory = sqlite3.Row
        rows = [dict(row) for row in base.execute("select * from situation_incident where state in ('reported', 'under-verification', 'verified')")]
        names = list(rows[0])
        columns = ", ".join(f'"{name}"' for name in names)
        insert = f"insert into situation_incident ({columns}) values ({', '.join('?' * len(names))})"
        now = int(time.time() * 1_000_000)
        for number in range(count):
            row = dict(dice.choice(rows))
            at = now - dice.randrange(30 * 86_400 * 1_000_000)
            row.update(id=os.urandom(16), reference=f"INC-1999-{number:06}", occurred=at, created_at=at, changed_at=at, reported_at=at)
            longitude, latitude = row["place_longitude"] + dice.uniform(-4, 4), row["place_latitude"] + dice.uniform(-2, 2)
            for place in ("place", "area"):
                point = json.dumps({"coordinates": [longitude, latitude], "type": "Point"}, separators=(",", ":"))
                row.update({place: point, f"{place}_longitude": longitude, f"{place}_latitude": latitude})
            base.execute(insert, [row[name] for name in names])


FRAMES = """async () => { const canvas = document.querySelector('.map-canvas'), { left, top, width, height } = canvas.getBoundingClientRect(), times = [];
    const fire = (type, target, x, y) => target.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: left + x, clientY: top + y, button: 0, buttons: 1, view: window }));
    fire('mousedown', canvas, width / 2, height / 2);
    let last = performance.now();
    for (let i = 0; i < 120; i += 1) { fire('mousemove', document, width / 2 + i * 2, height / 2 + Math.sin(i / 10) * 60); await new Promise(requestAnimationFrame); const now = performance.now(); times.push(now - last); last = now; }
    fire('mouseup', document, width / 2 + 240, height / 2);
    times.sort((a, b) => a - b);
    return { p50: times[60], p95: times[114], most: times[119] }; }"""


def move(page):
    """Drags the map over two seconds, then asks for pictures of several sizes."""
    print("frames while dragging, ms:", {name: round(value, 1) for name, value in page.evaluate(FRAMES).items()})
    for box, zoom in (("10,0,30,14", 6), ("16,4,22,8", 8), ("18,4,19,5", 10), ("-180,-85,180,85", 2)):
        spent = []
        for _ in range(10):
            begun = time.perf_counter()
            answer = page.request.get(f"/situation/room/picture?box={box}&zoom={zoom}&bars=1")
            spent.append(1000 * (time.perf_counter() - begun))
        found = answer.json()
        shown = {name: len(found.get(name, [])) for name in ("incidents", "cells")}
        print(f"picture of {box} at zoom {zoom}: {statistics.median(spent):.0f} ms of {found['total']} incidents, {shown}, {len(answer.body()) / 1000:.0f} kB")


def main(url, times):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        first, again = [], []
        for _ in range(times):
            context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
            page = context.new_page()
            page.goto("/sign-in")
            page.locator("button[name=persona][value='awa']").click()
            page.wait_for_url(re.compile(r"^(?!.*/sign-in)"))
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.clearBrowserCache")
            session.send("Network.emulateNetworkConditions", LINK)
            first.append(visit(page, "/situation/room"))
            again.append(visit(page, "/situation/room"))
            if len(first) == times:
                session.send("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
                page.wait_for_timeout(2000)
                move(page)
            context.close()
        browser.close()
    for name, found in (("empty cache", first), ("kept", again)):
        middle = {key: statistics.median(one[key] for one in found) for key in found[0]}
        print(f"{name}: first paint {middle['paint']:.0f} ms, map and incidents {middle['map']:.0f} ms, {middle['bytes'] / 1000:.0f} kB; median of {times}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if sys.argv[1] == "fill":
        fill(sys.argv[2], int(sys.argv[3]))
    else:
        main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
