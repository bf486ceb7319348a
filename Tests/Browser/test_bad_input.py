"""What no browser sends, over real sockets: bodies of a gigabyte, bodies that never end, requests with two readings, text in wrong encodings.

The server answers each in a stated time, holds little memory, and goes on answering others. docs/bad-input.md lists the cases.
"""

import re
import socket
import threading
import time
import urllib.parse
import urllib.request

import pytest

from conftest import ROOT

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
GIGABYTE = 1 << 30
PROMPT = 2  # seconds: others are answered meanwhile
MEGABYTES_HELD = 60  # by a gigabyte that is being refused, beside what the server held before


class Place:
    """The server's address, and what may be asked of it beside attacks."""

    def __init__(self, server):
        parts = urllib.parse.urlsplit(server.url)
        self.address = (parts.hostname, parts.port)
        self.url = server.url

    def connect(self, timeout=30.0) -> socket.socket:
        return socket.create_connection(self.address, timeout=timeout)

    def ask(self, request: bytes, timeout=30.0) -> bytes:
        with self.connect(timeout) as one:
            one.sendall(request)
            return answer(one)

    def seconds_to_answer(self) -> float:
        start = time.monotonic()
        with urllib.request.urlopen(self.url + "/healthz", timeout=10) as got:
            assert got.status == 200
        return time.monotonic() - start

    def resident(self) -> int:
        """Megabytes in memory, as the server itself counts them."""
        with urllib.request.urlopen(self.url + "/metrics", timeout=10) as got:
            figure = re.search(r"^mandate_resident_bytes (\S+)$", got.read().decode(), re.M)
        return round(float(figure.group(1)) / 1_000_000)


@pytest.fixture(scope="session")
def place(server) -> Place:
    return Place(server)


def answer(one: socket.socket) -> bytes:
    """The whole answer, as far as the connection gives it."""
    got = b""
    try:
        while b"\r\n\r\n" not in got:
            piece = one.recv(65536)
            if not piece:
                return got
            got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        while length and len(body) < int(length.group(1)):
            piece = one.recv(65536)
            if not piece:
                break
            body += piece
        return head + b"\r\n\r\n" + body
    except OSError:
        return got


def status(got: bytes) -> int:
    return int(got[9:12] or 0) if got.startswith(b"HTTP/1.1 ") else 0


def request(line: bytes, *headers: bytes, host=b"Host: mandate.test\r\n") -> bytes:
    return line + b" HTTP/1.1\r\n" + host + b"".join(headers) + b"\r\n"


# MARK: HTTP itself

BROKEN = {
    "no host": (request(b"GET /today", host=b""), 400),
    "two hosts": (request(b"GET /today", b"Host: evil.example\r\n"), 400),
    "10,000 headers": (request(b"GET /today", *[b"X-%d: y\r\n" % n for n in range(10_000)]), 400),
    "a header of 1 MB": (request(b"GET /today", b"X-A: " + b"a" * 1_000_000 + b"\r\n"), 400),
    "an address of 1 MB": (request(b"GET /" + b"a" * 1_000_000), 400),
    "not HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 10 + b"\r\n\r\n", 400),
    "HTTP/0.9": (b"GET /\r\n\r\n", 400),
    "HTTP/2 at once": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "a length and chunks": (request(b"POST /sign-in", b"Content-Length: 6\r\n", CHUNKED) + b"0\r\n\r\nG", 400),
    "an unknown coding": (request(b"POST /sign-in", b"Transfer-Encoding: xchunked\r\n") + b"0\r\n\r\n", 400),
    "chunks, then another coding": (request(b"POST /sign-in", b"Transfer-Encoding: chunked, identity\r\n") + b"0\r\n\r\n", 400),
    "packed chunks": (request(b"POST /sign-in", b"Transfer-Encoding: gzip, chunked\r\n") + b"0\r\n\r\n", 400),
    "two lengths": (request(b"POST /sign-in", b"Content-Length: 3\r\n", b"Content-Length: 5\r\n") + b"abcde", 400),
    "a length with a sign": (request(b"POST /sign-in", b"Content-Length: +3\r\n") + b"abc", 400),
    "a negative length": (request(b"POST /sign-in", b"Content-Length: -1\r\n"), 400),
    "a length beyond 64 bits": (request(b"POST /sign-in", b"Content-Length: 99999999999999999999999\r\n"), 400),
    "a length of 2^63 - 1": (request(b"POST /sign-in", FORM, b"Content-Length: 9223372036854775807\r\n"), 413),
    "a chunk beyond 64 bits": (request(b"POST /sign-in", FORM, CHUNKED) + b"FFFFFFFFFFFFFFFFF\r\nabc", 400),
    "a chunk without a size": (request(b"POST /sign-in", FORM, CHUNKED) + b"zz\r\nabc\r\n0\r\n\r\n", 400),
    "a folded header": (request(b"GET /today", b"X-A: b\r\n c\r\n"), 400),
    "a blank before the colon": (request(b"GET /today", b"X-A : b\r\n"), 400),
    "a NUL in a header": (request(b"GET /today", b"X-A: a\0b\r\n"), 400),
    "bare line feeds": (b"GET /today HTTP/1.1\nHost: x\n\n", 400),
    "an unknown method": (request(b"BREW /today"), 400),
    "TRACE": (request(b"TRACE /today"), 405),
    "CONNECT": (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "raw bytes in the path": (request(b"GET /\xff\xfe"), 400),
    "a path that is not UTF-8": (request(b"GET /%ff"), 400),
    "overlong UTF-8": (request(b"GET /%c0%ae%c0%ae/"), 400),
    "half a surrogate in the path": (request(b"GET /%ed%a0%80"), 400),
    "a NUL in the path": (request(b"GET /a%00b"), 400),
    "a query that is not UTF-8": (request(b"GET /sign-in?to=%C3%28"), 400),
    "a path upwards": (request(b"GET /assets/..%2f..%2fPackage.swift"), 404),
    "a forged session": (request(b"GET /sign-in", b"Cookie: mandate=" + b"a" * 43 + b"; language=<i>; theme=<i>; mandate-flash=%ff\r\n"), 200),
    "a cookie that is not UTF-8": (request(b"GET /sign-in", b"Cookie: mandate=\xff\xfe\r\n"), 200),
    "a form without a token": (request(b"POST /sign-in", FORM, b"Content-Length: 6\r\n") + b"user=a", 403),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_the_rules_of_http_is_refused(place, name):
    sent, expected = BROKEN[name]
    try:
        got = place.ask(sent, timeout=15)
    except (BrokenPipeError, ConnectionResetError):
        got = b""  # the server had seen enough while we were still sending
    assert status(got) == expected or (not got and len(sent) > 500_000), got[:200]
    assert b"<i>" not in got and place.seconds_to_answer() < PROMPT


def test_a_second_request_is_not_smuggled_behind_the_first(place):
    """Whatever a proxy in front would take for a body never becomes a request of its own."""
    inner = request(b"GET /healthz")
    for sent in [
        request(b"POST /sign-in", FORM, b"Content-Length: %d\r\n" % (len(inner) + 5), CHUNKED) + b"0\r\n\r\n" + inner,
        request(b"POST /sign-in", FORM, b"Transfer-Encoding: xchunked\r\n") + b"0\r\n\r\n" + inner,
        request(b"POST /sign-in", FORM, b"Transfer-Encoding: chunked, identity\r\n") + b"0\r\n\r\n" + inner,
    ]:
        with place.connect() as one:
            one.sendall(sent)
            got = b""
            while piece := one.recv(65536):  # until the server closes
                got += piece
        assert got.count(b"HTTP/1.1 ") == 1 and status(got) == 400, got[:300]


def test_the_host_that_was_asked_for_leads_nowhere(place):
    got = place.ask(request(b"GET /today", b"X-Forwarded-Host: evil.example\r\n", b"Forwarded: host=evil.example\r\n", host=b"Host: evil.example\r\n"))
    assert status(got) == 303 and b"evil.example" not in got
    got = place.ask(b"GET http://evil.example/today HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status(got) == 303 and b"evil.example" not in got


# MARK: size


def pour(place: Place, head: bytes, chunked: bool) -> tuple[int, bytes, int]:
    """Sends up to a gigabyte; the megabytes that were taken, the answer, and the most memory held meanwhile."""
    block = b"a" * 65536
    piece = b"10000\r\n" + block + b"\r\n" if chunked else block
    sent = most = 0
    with place.connect() as one:
        one.sendall(head)
        try:
            while sent < GIGABYTE:
                one.sendall(piece)
                sent += len(block)
                if sent % (1 << 28) == 0:
                    most = max(most, place.resident())
        except OSError:
            pass  # closed on us, as it may be
        return sent >> 20, answer(one), max(most, place.resident())


@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
@pytest.mark.parametrize("path", [b"/sign-in", b"/healthz"])
def test_a_gigabyte_is_refused_and_not_held(place, path, chunked):
    before = place.resident()
    framing = CHUNKED if chunked else b"Content-Length: %d\r\n" % GIGABYTE
    _, got, most = pour(place, request(b"POST " + path, FORM, framing), chunked)
    assert status(got) in (405, 413) or not got, got[:200]
    assert most - before < MEGABYTES_HELD
    assert place.seconds_to_answer() < PROMPT


# MARK: slowness


def drip(place: Place, head: bytes, results: dict, name: str, limit=45.0):
    """A byte a second: the seconds until the server ends the connection, and what it answered."""
    start = time.monotonic()
    got = b""
    with place.connect() as one:
        one.sendall(head)
        one.settimeout(1)
        while time.monotonic() - start < limit:
            try:
                piece = one.recv(65536)
                if not piece:
                    break
                got += piece
            except TimeoutError:
                try:
                    one.sendall(b"a")
                except OSError:
                    break
            except OSError:
                break
    results[name] = (time.monotonic() - start, status(got))


SLOW = {
    # name: (what is sent at once, the statuses that may come, the seconds within which the connection ends)
    "body": (request(b"POST /sign-in", FORM, b"Content-Length: 5000\r\n"), (408,), 25),
    "chunked body": (request(b"POST /sign-in", FORM, CHUNKED) + b"1388\r\n", (408,), 25),
    "refused body": (request(b"POST /sign-in", b"Content-Type: text/xml\r\n", b"Content-Length: 5000\r\n"), (415,), 15),
    "body nobody asked for": (request(b"GET /healthz", b"Content-Length: 5000\r\n"), (200,), 15),
    "headers": (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ", (0,), 25),
}


def test_whoever_sends_slowly_is_ended_and_holds_up_nobody(place):
    results: dict = {}
    threads = [threading.Thread(target=drip, args=(place, head, results, name), daemon=True) for name, (head, _, _) in SLOW.items()]
    # Many at once: each costs a connection and no more.
    threads += [threading.Thread(target=drip, args=(place, SLOW["body"][0], results, f"body {n}"), daemon=True) for n in range(50)]
    before = place.resident()
    for thread in threads:
        thread.start()
    slowest = 0.0
    while any(thread.is_alive() for thread in threads):
        slowest = max(slowest, place.seconds_to_answer())
        time.sleep(0.5)
    assert slowest < 2
    assert place.resident() - before < MEGABYTES_HELD
    wrong = {
        name: results.get(name) for name, (_, statuses, seconds) in SLOW.items()
        if name not in results or results[name][1] not in statuses or results[name][0] > seconds
    }
    assert not wrong


def test_slow_readers_hold_little_memory(place):
    """A hundred ask for a large answer and take none of it: it is read as it is taken, not before."""
    urllib.request.urlopen(place.url + "/assets/mandate.css", timeout=10).read()  # what the first answer of all leaves behind is not theirs
    before = place.resident()
    readers = [place.connect() for _ in range(100)]
    try:
        for one in readers:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.sendall(request(b"GET /assets/mandate.css") * 40)
        time.sleep(1)
        assert place.seconds_to_answer() < PROMPT
        assert place.resident() - before < MEGABYTES_HELD
    finally:
        for one in readers:
            one.close()


def test_many_open_connections_hold_up_nobody(place):
    """Five hundred that say nothing: all are closed again after twenty seconds; meanwhile others are answered."""
    silent = [place.connect() for _ in range(500)]
    try:
        assert place.seconds_to_answer() < PROMPT
    finally:
        for one in silent:
            one.close()
    assert place.seconds_to_answer() < PROMPT


def test_the_list_of_cases_names_tests_that_exist():
    """docs/bad-input.md says which test tries what; a renamed test would leave it wrong."""
    sources = "\n".join(path.read_text() for path in (ROOT / "Tests").rglob("*") if path.suffix in (".swift", ".py"))
    listed = (ROOT / "docs/bad-input.md").read_text()
    named = {name for name in re.findall(r"`([^`\n]+)`", listed) if name.startswith("test_") or len(name.split()) > 4 and "--" not in name and "/" not in name}
    missing = sorted(name for name in named if f"func `{name}`" not in sources and f"def {name}(" not in sources)
    assert len(named) > 30 and not missing
