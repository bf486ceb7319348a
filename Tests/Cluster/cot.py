"""A program of the field that speaks Cursor on Target, as others see it: a socket, XML, and TAK's protocol 1 by the messages of takproto.

    with Map(("127.0.0.1", 8087), "awa", token) as map:
        map.report("UN-1", 4.39, 18.56)
        map.hears("UN-2")
"""

from __future__ import annotations

import socket
import ssl
import time
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

from takproto.proto import TakMessage


def moment(seconds: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Map:
    def __init__(self, address: tuple[str, int], user: str | None, token: str = "", trust: ssl.SSLContext | None = None):
        self.socket = socket.create_connection(address, timeout=20)
        if trust:
            self.socket = trust.wrap_socket(self.socket, server_hostname="localhost")
        self.received = bytearray()
        self.rest = b""
        self.is_framed = False
        # What the map shows: uid to (latitude, longitude, stale), and the events as they came.
        self.shown: dict[str, tuple[float, float, str]] = {}
        self.events: list[dict[str, str]] = []
        if user is not None:
            self.send(f'<?xml version="1.0"?>\n<auth><cot username="{user}" password="{token}" uid="MAP-{id(self)}"/></auth>')

    def __enter__(self) -> "Map":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    # MARK: saying

    def send(self, text: str | bytes) -> None:
        self.socket.sendall(text.encode() if isinstance(text, str) else text)

    def report(self, uid: str, latitude: float, longitude: float, stale: float = 300, opex: str = "") -> None:
        if self.is_framed:
            return self.send(framed(uid, latitude, longitude, stale))
        exercise = f' opex="{opex}"' if opex else ""
        self.send(f'<event version="2.0" uid="{uid}" type="a-f-G-U-C" time="{moment()}" start="{moment()}" stale="{moment(stale)}" how="m-g"{exercise}>'
                  f'<point lat="{latitude}" lon="{longitude}" hae="381.5" ce="9.9" le="9999999.0"/><detail><contact callsign="{uid}"/></detail></event>')

    def agree_on_frames(self) -> None:
        """Asks for TAK's protocol 1 and waits for the yes; from then on both sides send frames."""
        assert self.hears("t-x-takp-v"), "nothing was offered"
        self.send(f'<event version="2.0" uid="map" type="t-x-takp-q" time="{moment()}" start="{moment()}" stale="{moment(60)}" how="m-g">'
                  '<point lat="0" lon="0" hae="0" ce="999999" le="999999"/><detail><TakControl><TakRequest version="1"/></TakControl></detail></event>')
        assert self.hears("t-x-takp-r"), "the question was not answered"
        self.is_framed = True

    # MARK: hearing

    def hears(self, text: str, within: float = 10) -> bool:
        """Whether an event with the text, in its uid, type or detail, comes or has come."""
        until = time.monotonic() + within
        while not any(text in value for event in self.events for value in event.values()):
            if not self.listen(until - time.monotonic()):
                return False
        return True

    def sees(self, uid: str, within: float = 10) -> bool:
        until = time.monotonic() + within
        while uid not in self.shown:
            if not self.listen(until - time.monotonic()):
                return False
        return True

    def loses(self, uid: str, within: float = 10) -> bool:
        until = time.monotonic() + within
        while uid in self.shown:
            if not self.listen(until - time.monotonic()):
                return False
        return True

    def is_ended(self, within: float = 15) -> bool:
        """Whether the other side ends the connection; what it says before is kept."""
        self.socket.settimeout(within)
        try:
            while piece := self.socket.recv(65536):
                self.received += piece
            return True
        except TimeoutError:
            return False
        except OSError:
            return True

    def listen(self, seconds: float) -> bool:
        if seconds <= 0:
            return False
        self.socket.settimeout(seconds)
        try:
            piece = self.socket.recv(65536)
        except TimeoutError:
            return False
        self.received += piece
        self.rest += piece
        self.read()
        return bool(piece)

    def read(self) -> None:
        while self.rest:
            if not self.is_framed and not self.rest.startswith(b"\xbf"):
                end = self.rest.find(b"</event>")
                if end < 0:
                    return
                self.take(ET.fromstring(self.rest[: end + 8].strip()))
                self.rest = self.rest[end + 8:].lstrip()
            elif (frame := self.frame()) is not None:
                self.take_message(TakMessage.FromString(frame))
            else:
                return

    def frame(self) -> bytes | None:
        assert self.rest[0] == 0xBF, self.rest[:20]
        length, shift, at = 0, 0, 1
        while True:
            if at >= len(self.rest):
                return None
            length |= (self.rest[at] & 0x7F) << shift
            shift += 7
            at += 1
            if self.rest[at - 1] < 0x80:
                break
        if len(self.rest) < at + length:
            return None
        payload, self.rest = self.rest[at: at + length], self.rest[at + length:]
        return payload

    def take(self, event: ET.Element) -> None:
        point, link = event.find("point"), event.find("detail/link")
        self.note(event.get("uid"), event.get("type"), ET.tostring(event, "unicode"), float(point.get("lat")), float(point.get("lon")), event.get("stale"),
                  link.get("uid") if link is not None else None)

    def take_message(self, message: TakMessage) -> None:
        event = message.cotEvent
        detail = ET.fromstring(f"<detail>{event.detail.xmlDetail}</detail>").find("link")
        stale = datetime.fromtimestamp(event.staleTime / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.note(event.uid, event.type, event.detail.contact.callsign, event.lat, event.lon, stale, detail.get("uid") if detail is not None else None)

    def note(self, uid: str, kind: str, text: str, latitude: float, longitude: float, stale: str, link: str | None) -> None:
        self.events.append({"uid": uid, "type": kind, "text": text})
        if kind == "t-x-d-d":
            self.shown.pop(link, None)
        elif not kind.startswith("t-"):
            self.shown[uid] = (latitude, longitude, stale)


def framed(uid: str, latitude: float, longitude: float, stale: float) -> bytes:
    now = int(time.time() * 1000)
    message = TakMessage()
    event = message.cotEvent
    event.uid, event.type, event.how, event.lat, event.lon = uid, "a-f-G-U-C", "m-g", latitude, longitude
    event.hae, event.ce, event.le = 381.5, 9.9, 999999
    event.sendTime, event.startTime, event.staleTime = now, now, now + int(stale * 1000)
    event.detail.contact.callsign = uid
    payload = message.SerializeToString()
    length, head = len(payload), b"\xbf"
    while length >= 0x80:
        head += bytes([length & 0x7F | 0x80])
        length >>= 7
    return head + bytes([length]) + payload
