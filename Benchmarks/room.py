#!/usr/bin/env python3
"""How soon the operations room is there on a slow link: a page on a demonstration server, in Chromium, 1 Mbit/s down and up, 300 ms.

    .tools/venv/bin/python Benchmarks/room.py FOLDER [TIMES]     with a mandate.sqlite, which Benchmarks/fill.py may have filled; .build/release/mandate, or MANDATE_BIN
    .tools/venv/bin/python Benchmarks/room.py URL [TIMES]        at a server that serves with --demo and MANDATE_NO_RATE_LIMITS=yes

Then it moves and zooms the map and moves the time bar, and tells how long a picture takes the server and a frame the browser. First paint is what the browser
says (first-contentful-paint); the map is there when its base and the incidents are drawn. Each time with an empty cache, the connection opened anew; then once
more with what the browser kept.
"""

import os
import re
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from room_server import ROOT, RoomServer

LINK = {"offline": False, "latency": 300, "downloadThroughput": 125_000, "uploadThroughput": 125_000}
DRAWN = """() => { const room = document.querySelector('[data-room]'), canvas = document.querySelector('.map-canvas canvas');
    return Boolean(room?.dataset.total && canvas?.width > 300); }"""


def visit(page, path):
    page.goto(path, wait_until="commit")
    page.wait_for_function(DRAWN, polling=20)
    return page.evaluate("""() => ({
        paint: performance.getEntriesByName('first-contentful-paint')[0].startTime, map: performance.now(),
        bytes: performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((sum, one) => sum + one.transferSize, 0) })""")


FRAMES = """async () => { const canvas = document.querySelector('.map-canvas'), { left, top, width, height } = canvas.getBoundingClientRect(), times = [];
    const fire = (type, target, x, y) => target.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: left + x, clientY: top + y, button: 0, buttons: 1, view: window }));
    fire('mousedown', canvas, width / 2, height / 2);
    let last = performance.now();
    for (let i = 0; i < 120; i += 1) { fire('mousemove', document, width / 2 + i * 2, height / 2 + Math.sin(i / 10) * 60); await new Promise(requestAnimationFrame); const now = performance.now(); times.push(now - last); last = now; }
    fire('mouseup', document, width / 2 + 240, height / 2);
    times.sort((a, b) => a - b);
    return { p50: times[60], p95: times[114], most: times[119] }; }"""


# Eight steps in and out with the keyboard's plus and minus, and how long each frame took meanwhile.
ZOOMS = """async () => { const canvas = document.querySelector('.map-canvas'), times = [];
    let last = performance.now(), isOver = false;
    const frame = () => { const now = performance.now(); times.push(now - last); last = now; if (!isOver) requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
    for (let i = 0; i < 8; i += 1) { canvas.dispatchEvent(new KeyboardEvent('keydown', { key: i % 4 < 2 ? '+' : '-', bubbles: true })); await new Promise(resolve => setTimeout(resolve, 400)); }
    isOver = true;
    times.sort((a, b) => a - b);
    return { p50: times[Math.floor(times.length * 0.5)], p95: times[Math.floor(times.length * 0.95)], most: times.at(-1) }; }"""
# From the change of a handle of the time bar until the picture of that part is drawn.
STEP = """async part => { const room = document.querySelector('[data-room]'), handle = document.querySelector('[data-time=from]'), before = room.dataset.at, begun = performance.now();
    handle.value = part; handle.dispatchEvent(new Event('input', { bubbles: true })); handle.dispatchEvent(new Event('change', { bubbles: true }));
    while (room.dataset.at === before && performance.now() - begun < 20000) await new Promise(requestAnimationFrame);
    return performance.now() - begun; }"""


def move(page):
    """Drags the map over two seconds, zooms it, moves the time bar, then asks for pictures of several sizes."""
    for name, script in (("dragging", FRAMES), ("zooming", ZOOMS)):
        print(f"frames while {name}, ms:", {name: round(value, 1) for name, value in page.evaluate(script).items()})
    steps = []
    for part in (4, 8, 12, 16, 0):
        steps.append(page.evaluate(STEP, part))
        page.wait_for_timeout(700)
    print(f"a step of the time bar: {statistics.median(steps):.0f} ms, most {max(steps):.0f} ms")
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
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    if sys.argv[1].startswith("http"):
        main(sys.argv[1], times)
    else:
        with RoomServer(Path(os.environ.get("MANDATE_BIN", ROOT / ".build/release/mandate")), "sqlite", Path(sys.argv[1])) as room:
            main(room.server.address, times)
