"""The program itself: how it stops, and what it says when a demonstration was cut short."""

import http.cookiejar
import os
import re
import signal
import subprocess
import time
import urllib.parse
import urllib.request

from conftest import BINARY, ROOT, Server, free_port, wait_until_healthy


def start(data, *options) -> tuple[Server, subprocess.Popen]:
    port = free_port()
    log = data.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [BINARY, "serve", "--port", str(port), "--data", data, *options], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT)
    return Server(f"http://127.0.0.1:{port}", data, log), process


def signed_in(server: Server, persona: str) -> urllib.request.OpenerDirector:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = opener.open(server.url + "/sign-in", timeout=20).read().decode()
    form = {"csrf": re.search(r'name="csrf" value="([^"]+)"', page)[1], "persona": persona}
    opener.open(server.url + "/sign-in/demo", urllib.parse.urlencode(form).encode(), timeout=20).read()
    return opener


def test_a_server_that_is_asked_to_stop_ends_its_live_streams(tmp_path):
    server, process = start(tmp_path / "data", "--demo", "--demo-size", "20")
    try:
        wait_until_healthy(server, process)
        stream = signed_in(server, "lucie").open(server.url + "/events?topic=me", timeout=20)
        assert b"retry" in stream.readline()
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        stream.read()
        assert process.wait(timeout=15) == 0
        assert time.monotonic() - asked < 15, "live streams held the server up"
    finally:
        process.kill()


def test_a_demonstration_that_was_cut_short_is_not_served(tmp_path):
    data = tmp_path / "data"
    server, process = start(data, "--demo", "--demo-size", "5000")
    until = time.monotonic() + 30
    while "directory" not in server.log.read_text() and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    again = subprocess.run([BINARY, "serve", "--demo", "--data", data, "--port", "0"], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert again.returncode == 1 and "interrupted" in again.stderr, again.stdout + again.stderr
